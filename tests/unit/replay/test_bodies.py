"""Which files are replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.errors import OpsError
from ops.replay.bodies import read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.json", "messages/a.json", "lambda/event.json", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_folder_however_deep_but_no_events_of_lambda(folder: Path) -> None:
    assert [(body.name, body.content) for body in read([folder])] == [
        ("b.json", b"b.json"),
        ("messages/a.json", b"messages/a.json"),
    ]


def test_a_file_is_taken_as_named(folder: Path) -> None:
    assert [body.name for body in read([folder / "README.md"])] == ["README.md"]


def test_each_file_once(folder: Path) -> None:
    assert len(read([folder, folder / "b.json", folder / "messages"])) == 2


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_nothing_to_replay(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(OpsError):
        read([tmp_path / name])
