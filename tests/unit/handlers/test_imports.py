"""What a cold start pays for, and how much a handler holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import handlers

SRC = Path(handlers.__path__[0]).parent
HANDLERS = [
    "webhook",
    "message_handler",
    "reply_handler",
    "status_handler",
    "sweeper",
    "media_handler",
    "embedder",
    "indexer",
    "tenant_admin_api",
    "catalogue_importer",
    "tenant_notifier",
    "admin_dashboard",
    "admin_gui",
]
MOST_LINES = 60

# Reading the environment is seen by a dict that complains; Powertools reads its own variables when a Logger is made.
IMPORT = """
import os, sys, socket
for name in {third_party!r}:
    __import__(name)  # what a library reads of the environment when it is imported is its own business
def refuse(*_args, **_kwargs):
    raise AssertionError("a socket was opened")
socket.socket = socket.create_connection = refuse
class Watched(dict):
    def __getitem__(self, key): raise AssertionError(f"{{key}} was read")
    def get(self, key, default=None): raise AssertionError(f"{{key}} was read")
    def __contains__(self, key): raise AssertionError(f"{{key}} was looked for")
os.environ = Watched()
import handlers.{module}
ours = [name for name in sys.modules if name.split(".")[0] in ("adapters", "boto3", "httpx", "jwt", "numpy", "tantivy")]
assert not ours, ours
from handlers import bootstrap, bootstrap_api, bootstrap_console, bootstrap_imports, bootstrap_notifier, observability
roots = (bootstrap, bootstrap_api, bootstrap_console, bootstrap_imports, bootstrap_notifier)
builders = [builder for root in roots for builder in vars(root).values()]
built = [f.__name__ for f in builders if hasattr(f, "cache_info") and f.cache_info().currsize]
built += [f.__name__ for f in vars(observability).values() if hasattr(f, "cache_info") and f.cache_info().currsize]
assert not built, built
"""
THIRD_PARTY = [
    "aws_lambda_powertools",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.data_classes.sqs_event",
    "pydantic",
    "pydantic.type_adapter",
    "babel.dates",
    "babel.messages.catalog",
    "babel.numbers",
    "jinja2",
]


@pytest.mark.parametrize("module", HANDLERS)
def test_import_builds_nothing_and_reads_nothing(module: str) -> None:
    code = IMPORT.format(module=module, third_party=THIRD_PARTY)
    done = subprocess.run(  # noqa: S603 (our own code, in a process whose imports are fresh)
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(SRC)!r})\n{code}"],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", HANDLERS)
def test_handlers_stay_small(module: str) -> None:
    lines = (SRC / "handlers" / f"{module}.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < MOST_LINES


BUILD = """
import os, sys
from dataclasses import fields
from handlers import bootstrap, reply_handler, settings
forms = (settings.ReplyHandlerSettings, settings.AssistantSettings)
os.environ |= {field.name.upper(): "set" for form in forms for field in fields(form)}
os.environ |= {"AWS_DEFAULT_REGION": "eu-west-1", "S3_VECTORS_FROM_PRODUCTS": "0"}
bootstrap.reply_handler()
assert not {"pydantic", "adapters.bedrock_assistant"} & set(sys.modules)
"""


PAGES = """
import sys
from handlers import bootstrap_gui
from handlers.gui import resolver
assert "domain.rehearsals" in sys.modules
assert not {"domain.grounding", "domain.prompts"} & set(sys.modules)
"""


@pytest.mark.parametrize("program", [BUILD, PAGES], ids=["answered without a model", "pages without a rehearsal"])
def test_nobody_pays_for_what_others_need(program: str) -> None:
    done = subprocess.run(  # noqa: S603 (as above)
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(SRC)!r})\n{program}"],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
