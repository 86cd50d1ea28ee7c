"""Cold starts, in instructions of user space: they repeat under noise, where seconds do not.

From the start of the process, through imports, the reading of the secret and the first TLS connection, to the answer to
the first message; from artifacts whose files are dated 1980, as `sam deploy` dates them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.artifacts import Artifacts, build
from bench.figures import Bar, Figure, Measurement, NotMeasuredError, Plot
from bench.tls import services
from ops.local.places import REPOSITORY

_REFERENCES = re.compile(r"I\s+refs:\s+([\d,]+)")
_SECRET = "made-up app secret"  # noqa: S105
_QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/inbox.fifo"
_HANDLE = """
import json, sys
from {module} import handler
class Context:
    aws_request_id = function_name = invoked_function_arn = "1"
    memory_limit_in_mb = 512
print(handler(json.loads(sys.argv[1]), Context())["statusCode"])
"""
_IMPORT = "import handlers.{module}"
_PEER_IMPORT = "import app"


def measure() -> Measurement:
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise NotMeasuredError("valgrind counts the instructions, and is not here: apt-get install valgrind")
    with tempfile.TemporaryDirectory(prefix="ai-marketplace-bench-") as name:
        folder = Path(name)
        artifacts = build(folder)
        secret = {"app_secret": _SECRET, "previous_app_secret": "", "verify_token": "made-up"}
        with services(folder, secret) as aws:
            environment = _environment(aws.url, aws.trusted)
            run = _Counter(valgrind, artifacts, environment)
            return _measured(run, artifacts, folder)


class _Counter:
    def __init__(self, valgrind: str, artifacts: Artifacts, environment: Mapping[str, str]) -> None:
        self._valgrind, self._artifacts, self._environment = valgrind, artifacts, environment

    def millions(self, path: Sequence[Path], program: str, *arguments: str, expected: str = "", **more: str) -> float:
        """Instructions of one process. `expected`: what it must print, so that no failure counts as fast."""
        finished = subprocess.run(  # noqa: S603 (programs of ours)
            [
                *(self._valgrind, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"),
                *(str(self._artifacts.python), "-S", "-c", program, *arguments),
            ],
            env={**self._environment, "PYTHONPATH": os.pathsep.join(map(str, path)), **more},
            capture_output=True,
            text=True,
            check=False,
        )
        found = _REFERENCES.search(finished.stderr)
        printed = finished.stdout.strip().splitlines()
        if finished.returncode != 0 or found is None or (expected and printed[-1:] != [expected]):
            raise AssertionError(f"the measured process failed:\n{finished.stdout[-2000:]}\n{finished.stderr[-3000:]}")
        return int(found[1].replace(",", "")) / 1e6


def _measured(run: _Counter, artifacts: Artifacts, folder: Path) -> Measurement:
    event = json.dumps(_event())
    ours = _HANDLE.format(module="handlers.webhook")
    webhook = run.millions(artifacts.ours, ours, event, expected="200")
    peer = run.millions([artifacts.peer], _HANDLE.format(module="app"), event, expected="200")
    kindly = run.millions(
        [_without_boto3(artifacts.peer, folder), artifacts.boto3], _HANDLE.format(module="app"), event, expected="200"
    )
    cache = {"PYTHONPYCACHEPREFIX": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
    bare = [_without_byte_code(path, folder) for path in artifacts.ours]
    run.millions(bare, ours, event, expected="200", **cache)
    warm = run.millions(bare, ours, event, expected="200", **cache)
    peer_import = run.millions([artifacts.peer], _PEER_IMPORT)
    imports = {
        name: run.millions(artifacts.ours, _IMPORT.format(module=name)) for name in ("message_handler", "reply_handler")
    }
    told = f"{webhook:,.0f} M against {peer:,.0f} M; against {kindly:,.0f} M where boto3 is the runtime's: "
    return Measurement(
        figures=(
            Figure("1", "webhook, cold", webhook / peer, 0.15, told=f"{told}{webhook / kindly:.2f}×"),
            *(
                Figure(
                    "2",
                    f"{name.replace('_', '-')}, cold import",
                    count / peer_import,
                    0.2,
                    told=f"{count:,.0f} M against {peer_import:,.0f} M",
                )
                for name, count in imports.items()
            ),
            Figure(
                "3",
                "byte code dated 1980 against a warm cache",
                webhook / warm,
                1.02,
                told=f"{webhook:,.0f} M against {warm:,.0f} M",
            ),
        ),
        plots=(
            Plot(
                "cold",
                "Cold start to the first answer",
                "M instructions",
                (
                    Bar("our webhook", webhook),
                    Bar("plain Powertools, boto3 of the runtime", kindly),
                    Bar("plain Powertools, as sam build leaves it", peer),
                ),
            ),
        ),
    )


def _environment(url: str, trusted: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "AWS_ENDPOINT_URL": url,
        "AWS_CA_BUNDLE": str(trusted),
        "SSL_CERT_FILE": str(trusted),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_SESSION_TOKEN": "made-up",
        "AWS_LAMBDA_FUNCTION_NAME": "measured",
        "POWERTOOLS_SERVICE_NAME": "measured",
        "POWERTOOLS_METRICS_NAMESPACE": "Measured",
        "PLATFORM_SECRET_NAME": "platform",
        "INBOX_QUEUE_URL": _QUEUE,
        "STATUSES_QUEUE_URL": _QUEUE.removesuffix(".fifo"),
        "APP_SECRET": _SECRET,
        "QUEUE_URL": _QUEUE,
    }


def _event() -> dict[str, object]:
    event: dict[str, object] = json.loads((REPOSITORY / "events" / "lambda" / "webhook_post.json").read_text("utf-8"))
    body, headers = event["body"], event["headers"]
    assert isinstance(body, str)
    assert isinstance(headers, dict)
    headers["x-hub-signature-256"] = "sha256=" + hmac.new(_SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
    return event


def _without_byte_code(path: Path, folder: Path) -> Path:
    target = folder / "bare" / path.parent.name / path.name
    shutil.copytree(path, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def _without_boto3(peer: Path, folder: Path) -> Path:
    target = folder / "peer-without-boto3"
    shutil.copytree(peer, target, ignore=shutil.ignore_patterns("boto*", "s3transfer*", "__pycache__"))
    return target
