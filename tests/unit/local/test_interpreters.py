from __future__ import annotations

from pathlib import Path

import pytest

from ops.local import interpreters


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))


def installed(folder: Path, version: str) -> Path:
    python = folder / f"python{version}"
    folder.mkdir(parents=True)
    python.touch(mode=0o755)
    return python


def test_a_python_on_the_path_is_found(tmp_path: Path) -> None:
    python = installed(tmp_path / "bin", "3.13")
    assert interpreters.find("3.13") == python


def test_another_version_is_not(tmp_path: Path) -> None:
    installed(tmp_path / "bin", "3.12")
    assert interpreters.find("3.13") is None


def test_pyenvs_newest_is_found(tmp_path: Path) -> None:
    installed(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin", "3.13")
    newest = installed(tmp_path / "pyenv" / "versions" / "3.13.1" / "bin", "3.13")
    installed(tmp_path / "pyenv" / "versions" / "3.1.30" / "bin", "3.1")
    assert interpreters.find("3.13") == newest


def test_a_shim_of_pyenvs_is_no_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed(tmp_path / "pyenv" / "shims", "3.13")
    monkeypatch.setenv("PATH", str(tmp_path / "pyenv" / "shims"))
    assert interpreters.find("3.13") is None
