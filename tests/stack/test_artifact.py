"""What Lambda would have: the built artifact, its layer and the runtime's own boto3, nothing else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

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
    "catalogue_importer",
    "tenant_notifier",
)
RUNTIME, SEARCH, CONSOLE = "RuntimeLayer", "SearchLayer", "ConsoleLayer"
LAYERS = {
    **dict.fromkeys(("reply_handler", "embedder", "indexer"), (RUNTIME, SEARCH)),
    **dict.fromkeys(("tenant_admin_api", "admin_dashboard"), (RUNTIME, CONSOLE)),
    "admin_gui": (RUNTIME, CONSOLE, SEARCH),
}
NOT_IN_IT = ("boto3", "botocore", "aws_xray_sdk", "s3transfer", "numpy", "tantivy", "jwt", "jinja2", "babel")
# Builds what the first invocation would build, too: what a builder imports is missing just as well.
_PROGRAM = """
import sys
sys.path[:0] = sys.argv[2:]
name = sys.argv[1]
module = __import__(f"handlers.{name}", fromlist=["handler"])
assert callable(module.handler)
from handlers import bootstrap, bootstrap_console, bootstrap_imports, bootstrap_notifier
roots = (bootstrap, bootstrap_console, bootstrap_imports, bootstrap_notifier)
builder = next(getattr(root, name) for root in roots if hasattr(root, name))
builder()
assert module.__file__.startswith(sys.argv[2]), module.__file__
"""
_LAMBDAS_OWN = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "LANG": "C.UTF-8"}
MOST_BYTES = 262_144_000
"""Of a function's code and layers together, unzipped: Lambda's quota of 250 MB, beyond which no deployment goes."""
_UNCHECKED_HASH = 0b01
"""The flags of a pyc that is valid whatever date or content its source has: PEP 552."""


def _logical(handler: str) -> str:
    return "".join(word.capitalize() for word in handler.split("_"))


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
            *_layers(stack, handler),
        ],
        env={**settings, **_LAMBDAS_OWN, "AWS_REGION": stack.file.region, "AWS_DEFAULT_REGION": stack.file.region},
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


@pytest.mark.parametrize("part", [*(f"{_logical(handler)}Function" for handler in HANDLERS), RUNTIME, SEARCH, CONSOLE])
def test_all_byte_code_is_valid_at_run_time(stack: Deployed, part: str) -> None:
    """Lambda dates every file 1980, as SAM packs it: byte code that names its source's date would be made anew."""
    folder, version = stack.artifacts / part, stack.runtime.version.replace(".", "")
    sources = list(folder.rglob("*.py"))
    assert sources
    without = [
        str(source.relative_to(folder))
        for source in sources
        if not (pyc := source.parent / "__pycache__" / f"{source.stem}.cpython-{version}.pyc").exists()
        or int.from_bytes(pyc.read_bytes()[4:8], "little") != _UNCHECKED_HASH
    ]
    assert without == []


@pytest.mark.parametrize("handler", HANDLERS)
def test_code_and_layers_are_no_more_than_lambda_takes(stack: Deployed, handler: str) -> None:
    parts = [_artifact(stack, handler), *map(Path, _layers(stack, handler))]
    weights = sorted(((_bytes(one), one.name) for part in parts for one in part.iterdir()), reverse=True)

    heaviest = ", ".join(f"{name} {_megabytes(weight)}" for weight, name in weights[:8])
    weight = sum(weight for weight, _ in weights)
    assert 0 < weight < MOST_BYTES, f"{_megabytes(weight)} MB, more than {_megabytes(MOST_BYTES)}; of it {heaviest}"


@pytest.mark.parametrize("module", ["adapters.product_index", "adapters.ngram_embeddings"])
def test_what_searches_finds_its_packages_in_the_layer(stack: Deployed, runtime_packages: Path, module: str) -> None:
    """They are imported when the first large catalogue is searched, not by a handler."""
    layer = stack.artifacts / SEARCH / "python"
    program = f"import sys; sys.path[:0] = sys.argv[1:]; import {module}"
    finished = subprocess.run(  # noqa: S603 - an interpreter of this machine on a program of ours
        [
            *(str(stack.runtime.python), "-I", "-S", "-B", "-W", "error", "-c", program),
            *(
                str(_artifact(stack, "reply_handler")),
                str(layer),
                str(stack.artifacts / RUNTIME / "python"),
                str(runtime_packages),
            ),
        ],
        env={"LANG": "C.UTF-8"},
        cwd=os.sep,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_only_who_needs_a_layer_has_it(stack: Deployed) -> None:
    configured = {
        name: stack.aws.functions().get_function_configuration(FunctionName=function).get("Layers", [])
        for name, function in stack.file.functions.items()
    }
    assert {name: [layer["Arn"].rsplit(":", 2)[-2] for layer in layers] for name, layers in configured.items()} == {
        handler.replace("_", "-"): [
            f"ai-marketplace-{layer.removesuffix('Layer').lower()}-platform"
            for layer in LAYERS.get(handler, (RUNTIME,))
        ]
        for handler in HANDLERS
    }


def test_the_deployed_functions_run_what_was_built(stack: Deployed) -> None:
    for name in stack.file.functions.values():
        settings = stack.aws.functions().get_function_configuration(FunctionName=name)
        assert settings["Runtime"] == f"python{stack.runtime.version}"


def _layers(stack: Deployed, handler: str) -> list[str]:
    return [str(stack.artifacts / layer / "python") for layer in LAYERS.get(handler, (RUNTIME,))]


def _artifact(stack: Deployed, handler: str) -> Path:
    return stack.artifacts / f"{_logical(handler)}Function"


def _bytes(part: Path) -> int:
    return sum(file.stat().st_size for file in (part, *part.rglob("*")) if file.is_file())


def _megabytes(weight: int) -> str:
    return f"{weight / 1e6:.1f}"
