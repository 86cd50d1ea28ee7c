"""The Lambda artifact and its layers, the fast way: zips for this host, their slow parts kept from build to build."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ops.errors import OpsError, ToolError
from ops.local import environment
from ops.local.uv import run_uv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.local.home import Home
    from ops.local.project import Project

PACKAGES = ("handlers", "domain", "adapters", "pages")
LAYER_FOLDER = "python"
"""Where Lambda looks for a layer's packages."""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # what SAM dates every file
_FILE_MODE = 0o644 << 16
# Each worker of the emulator unpacks the whole artifact: fast to write and to read counts, size does not.
_COMPRESSION_LEVEL = 1


@dataclass(frozen=True)
class Artifact:
    path: Path
    digest: str

    @property
    def key(self) -> str:
        return f"{self.digest}.zip"


@dataclass(frozen=True)
class Built:
    code: Artifact
    layers: dict[str, Artifact]
    """By the names of their folders."""

    @property
    def parts(self) -> list[Artifact]:
        return [self.code, *self.layers.values()]


def build(home: Home, project: Project) -> Built:
    with ThreadPoolExecutor() as pool:  # all wait for installer and compiler most of the time
        code = pool.submit(_build_code, home, project)
        pending = {name: pool.submit(_build_layer, home, project, name) for name in project.layers()}
        layers = {name: layer.result() for name, layer in pending.items()}
        return Built(code.result(), layers)


def _build_code(home: Home, project: Project) -> Artifact:
    digest = _digest(_interpreter(), project)
    artifact = Artifact(home.build / f"artifact-{digest}.zip", digest)
    if not artifact.path.exists():
        _discard_older(home.build, "artifact-*.zip")
        _assemble(artifact.path, home.build / "sources", project)
    return artifact


def _build_layer(home: Home, project: Project, name: str) -> Artifact:
    """A zip of what the layer's requirements name, for the interpreter of the emulator's workers."""
    requirements = project.layer_requirements(name)
    if not requirements.exists():
        raise OpsError(f"{requirements} is missing", "`make lock` exports it from uv.lock")
    digest = hashlib.sha256(requirements.read_bytes() + _interpreter()).hexdigest()[:16]
    layer = Artifact(home.build / f"layer-{name}-{digest}.zip", f"layer-{name}-{digest}")
    if not layer.path.exists():
        folder = home.build / f"layer-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        _install(requirements, folder / LAYER_FOLDER)
        _compile(folder)
        _discard_older(home.build, f"layer-{name}-*.zip")
        write_zip(layer.path, folder)
    return layer


def _interpreter() -> bytes:
    return (environment.ENVIRONMENT / "pyvenv.cfg").read_bytes()


def _install(requirements: Path, folder: Path) -> None:
    run_uv(
        [
            *("pip", "install", "--quiet", "--target", str(folder), "--python", str(environment.PYTHON)),
            *("--require-hashes", "--no-build", "--requirements", str(requirements)),
        ],
        f"install {requirements}",
    )
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for tests in list(folder.glob("numpy/**/tests")):  # a third of what would be compiled and packed
        shutil.rmtree(tests, ignore_errors=True)


def _assemble(target: Path, staging: Path, project: Project) -> None:
    shutil.rmtree(staging, ignore_errors=True)
    for name in PACKAGES:
        if (project.sources / name).is_dir():
            shutil.copytree(
                project.sources / name, staging / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
            )
    _compile(staging)
    write_zip(target, staging)


def _compile(folder: Path) -> None:
    """With unchecked hashes: unpacked anew for every worker, a pyc that is checked by date never matches."""
    finished = subprocess.run(  # noqa: S603 - an interpreter of ours on a folder of ours
        [
            *(str(environment.PYTHON), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
            # Without the staging folder in them, the paths in tracebacks are those of the artifact.
            *("-s", str(folder), str(folder)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise ToolError(f"the sources do not compile:\n{finished.stdout.strip()}")


def write_zip(target: Path, folder: Path) -> None:
    unfinished = target.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for file in _files(folder):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = _FILE_MODE
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, _COMPRESSION_LEVEL)
    unfinished.replace(target)


def _digest(interpreter: bytes, project: Project) -> str:
    digest = hashlib.sha256(interpreter)
    for name in PACKAGES:
        for file in _files(project.sources / name):
            if "__pycache__" not in file.parts:
                digest.update(f"\0{file.relative_to(project.sources)}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _discard_older(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.unlink()
