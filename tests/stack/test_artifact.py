"""What Lambda would have: the built artifact, its layer and the runtime's own boto3, nothing else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from adapters.aws_clients import client
from tests.stack.deployed import Deployed

HANDLERS = (
    "webhook",
    "message_handler",
    "reply_handler",
    "status_handler",
    "sweeper",
    "media_handler",
    "embedder",
    "indexer",
    "tenant_admin_api",
    "admin_dashboard",
    "admin_gui",
)
SEARCH, CONSOLE = "SearchLayer", "ConsoleLayer"
LAYERS = {
    **dict.fromkeys(("reply_handler", "embedder", "indexer"), SEARCH),
    **dict.fromkeys(("tenant_admin_api", "admin_dashboard", "admin_gui"), CONSOLE),
}
NOT_IN_IT = ("boto3", "botocore", "aws_xray_sdk", "s3transfer", "numpy", "tantivy", "jwt", "jinja2", "babel")
# Builds what the first invocation would build, too: what a builder imports is missing just as well.
_PROGRAM = """
import sys
sys.path[:0] = sys.argv[2:]
name = sys.argv[1]
module = __import__(f"handlers.{name}", fromlist=["handler"])
assert callable(module.handler)
from handlers import bootstrap, bootstrap_console
builder = getattr(bootstrap, name, None) or getattr(bootstrap_console, name)
builder(None) if name == "message_handler" else builder()
assert module.__file__.startswith(sys.argv[2]), module.__file__
"""


@pytest.fixture(scope="module")
def runtime_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """boto3 and what it needs, as links to what is installed here: all of it is plain Python."""
    folder = tmp_path_factory.mktemp("runtime-packages")
    for name in sorted(_closure("boto3")):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or () if not file.parts[0].startswith(("..", "__"))}:
            target = Path(str(found.locate_file(top)))
            if not (folder / top).exists():
                (folder / top).symlink_to(target)
    return folder


def _closure(name: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    seen |= {name}
    for wanted in _requirements(name):
        if wanted not in seen:
            seen |= _closure(wanted, seen)
    return seen


def _requirements(name: str) -> Iterator[str]:
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_needs_nothing_but_the_artifact_and_boto3(
    stack: Deployed, runtime_packages: Path, handler: str
) -> None:
    function = stack.file.functions[handler.replace("_", "-")]
    settings = stack.aws.functions().get_function_configuration(FunctionName=function)["Environment"]["Variables"]

    finished = subprocess.run(  # noqa: S603 - an interpreter of this machine on a program of ours
        [
            *(str(stack.runtime.python), "-I", "-S", "-B", "-W", "error", "-c", _PROGRAM, handler),
            *(str(_artifact(stack, handler)), str(runtime_packages)),
            *((str(stack.artifacts / LAYERS[handler] / "python"),) if handler in LAYERS else ()),
        ],
        env={**settings, "AWS_REGION": stack.file.region, "AWS_DEFAULT_REGION": stack.file.region, "LANG": "C.UTF-8"},
        cwd=os.sep,
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("handler", HANDLERS)
def test_the_artifact_holds_neither_what_the_runtime_has_nor_tracing(stack: Deployed, handler: str) -> None:
    artifact = _artifact(stack, handler)

    assert [name for name in NOT_IN_IT if (artifact / name).exists()] == []
    assert (artifact / "handlers" / f"{handler}.py").exists()


@pytest.mark.parametrize("module", ["adapters.product_index", "adapters.ngram_embeddings"])
def test_what_searches_finds_its_packages_in_the_layer(stack: Deployed, runtime_packages: Path, module: str) -> None:
    """They are imported when the first large catalogue is searched, not by a handler."""
    layer = stack.artifacts / SEARCH / "python"
    program = f"import sys; sys.path[:0] = sys.argv[1:]; import {module}"
    finished = subprocess.run(  # noqa: S603 - an interpreter of this machine on a program of ours
        [
            *(str(stack.runtime.python), "-I", "-S", "-B", "-W", "error", "-c", program),
            *(str(_artifact(stack, "reply_handler")), str(layer), str(runtime_packages)),
        ],
        env={"LANG": "C.UTF-8"},
        cwd=os.sep,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_only_who_needs_a_layer_has_it(stack: Deployed) -> None:
    with_one = {
        name: layers[0]["Arn"].rsplit(":", 2)[-2]
        for name, function in stack.file.functions.items()
        if (layers := stack.aws.functions().get_function_configuration(FunctionName=function).get("Layers"))
    }
    assert with_one == {
        name.replace("_", "-"): f"ai-marketplace-{layer.removesuffix('Layer').lower()}-platform"
        for name, layer in LAYERS.items()
    }


def test_the_deployed_functions_run_what_was_built(stack: Deployed) -> None:
    for name in stack.file.functions.values():
        settings = stack.aws.functions().get_function_configuration(FunctionName=name)
        assert settings["Runtime"] == f"python{stack.runtime.version}"
    assert client("sqs") is not None


def _artifact(stack: Deployed, handler: str) -> Path:
    logical = "".join(word.capitalize() for word in handler.split("_"))
    return stack.artifacts / f"{logical}Function"
