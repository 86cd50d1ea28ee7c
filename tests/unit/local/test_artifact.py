from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from ops.errors import OpsError
from ops.local import artifact
from ops.local.home import Home
from ops.local.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package" / "inner").mkdir(parents=True)
    (tmp_path / "package" / "b.py").write_text("B = 1\n")
    (tmp_path / "package" / "inner" / "a.py").write_text("A = 1\n")
    return tmp_path / "package"


def test_the_same_files_give_the_same_zip(folder: Path, tmp_path: Path) -> None:
    artifact.write_zip(tmp_path / "one.zip", folder)
    for file in folder.rglob("*.py"):
        file.write_text(file.read_text())
    artifact.write_zip(tmp_path / "two.zip", folder)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_entries_are_sorted_dated_1980_and_readable_by_all(folder: Path, tmp_path: Path) -> None:
    artifact.write_zip(tmp_path / "one.zip", folder)
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["b.py", "inner/a.py"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}


def test_without_requirements_the_error_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("      ContentUri: layers/runtime\n")
    with pytest.raises(OpsError, match=r"requirements\.txt is missing"):
        artifact.build(Home(tmp_path / "home"), Project(tmp_path))
