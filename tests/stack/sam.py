"""The SAM CLI as an operator runs it, and the Python that it builds for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ops.declared.transform import without_aliases
from ops.local import interpreters
from ops.local.aws import ROOT_KEY
from ops.local.places import DEFAULT_HOME, REPOSITORY
from ops.local.uv import run_uv

TEMPLATE = REPOSITORY / "template.yaml"
ENVIRONMENT = DEFAULT_HOME / "venvs" / "sam"
_RUNTIME = re.compile(r"^(?P<key>\s*Runtime:\s*)python(?P<version>3\.\d+)", re.MULTILINE)
_PLATFORMS = re.compile(r"^(?P<key>\s*WorkingDirectory:.*?)layers/platforms", re.MULTILINE)
_COMPATIBLE = re.compile(r"^(?P<key>\s*CompatibleRuntimes:\s*)\[python3\.\d+\]", re.MULTILINE)
_LAYER = re.compile(r"^(?P<key>\s*ContentUri:\s*)layers/(?P<layer>[a-z-]+)\s*$", re.MULTILINE)
_CODE = re.compile(r"^(?P<key>\s*CodeUri:\s*)src\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Runtime:
    """`sam build` compiles for one version of Python, and needs that very Python."""

    version: str
    python: Path
    asked_for: str
    """The template's."""

    @property
    def as_asked(self) -> bool:
        return self.version == self.asked_for

    def __str__(self) -> str:
        if self.as_asked:
            return f"python{self.version}, as the template says ({self.python})"
        return f"python{self.version} in place of the template's python{self.asked_for}, which this machine has not"


def runtime() -> Runtime:
    found = _RUNTIME.search(TEMPLATE.read_text(encoding="utf-8"))
    assert found is not None
    asked_for = found["version"]
    python = interpreters.find(asked_for)
    if python is not None:
        return Runtime(asked_for, python, asked_for)
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    # `sam build` calls pip: a virtual environment made by uv has none, one made by `python -m venv` has.
    folder = Path(sys.prefix if find_spec("pip") else sys.base_prefix) / "bin"
    return Runtime(running, folder / f"python{running}", asked_for)


@dataclass(frozen=True)
class Sam:
    folder: Path
    endpoint_url: str
    runtime: Runtime

    @property
    def built(self) -> Path:
        return self.folder / "build"

    def install(self) -> None:
        run_uv(
            ["sync", "--frozen", "--only-group", "sam"],
            "install the SAM CLI",
            {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)},
        )

    def validate(self) -> str:
        return self._run("validate", "--lint", "--template-file", str(TEMPLATE))

    def build(self) -> None:
        self._run(
            *("build", "--template-file", str(self._template())),
            *("--build-dir", str(self.built), "--cache-dir", str(self.folder / "cache")),
        )

    def deploy(self, parameters: dict[str, str]) -> None:
        """As `sam deploy --config-env local`, with these parameters in place of the configuration's."""
        self._run(
            *("deploy", "--config-env", "local", "--config-file", str(REPOSITORY / "samconfig.toml")),
            *("--template-file", str(self.built / "template.yaml")),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())),
        )

    def _template(self) -> Path:
        """As the local AWS gets it, and for the Python that this machine has."""
        text = without_aliases(TEMPLATE.read_text(encoding="utf-8"))
        text = _RUNTIME.sub(rf"\g<key>python{self.runtime.version}", text)
        text = _PLATFORMS.sub(lambda found: f"{found['key']}{REPOSITORY / 'layers' / 'platforms'}", text)
        text = _COMPATIBLE.sub(rf"\g<key>[python{self.runtime.version}]", text)
        text = _LAYER.sub(lambda found: f"{found['key']}{REPOSITORY / 'layers' / found['layer']}", text)
        copy = self.folder / "template.yaml"
        copy.write_text(_CODE.sub(lambda found: f"{found['key']}{REPOSITORY / 'src'}", text), encoding="utf-8")
        return copy

    def _run(self, *arguments: str) -> str:
        finished = subprocess.run(  # noqa: S603 - a program of ours, no shell, arguments made by us
            [str(ENVIRONMENT / "bin" / "sam"), *arguments],
            cwd=REPOSITORY,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, f"sam {arguments[0]}:\n{finished.stdout[-3000:]}\n{finished.stderr[-3000:]}"
        return finished.stdout + finished.stderr

    def _environment(self) -> dict[str, str]:
        """The operator's own, without a trace of AWS but where it is and who asks."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_"))}
        return kept | {
            "PATH": os.pathsep.join([str(self.runtime.python.parent), os.environ.get("PATH", os.defpath)]),
            "LAMBDA_PYTHON": str(self.runtime.python),
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.1",
        }
