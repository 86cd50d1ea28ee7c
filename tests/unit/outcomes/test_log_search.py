"""Leaks are found in every form in which a log can hold them, and are not repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.outcomes.log_search import LogSearch, Private, Searched

NUMBER, TEXT = Private("a number", "12025550143"), Private("a text", '¿Cuánto cuesta "esto"?')


def searched(folder: Path, *lines: str) -> Searched:
    (folder / "emulator.log").write_text("\n".join(lines))
    return LogSearch((), folder).search([NUMBER, TEXT], since=0)


def test_clean(tmp_path: Path) -> None:
    assert searched(tmp_path, "started", '{"correlation_id":"wamid.A"}') == Searched(2, [])


@pytest.mark.parametrize(
    "line", [TEXT.value, json.dumps({"words": TEXT.value}), json.dumps({"words": TEXT.value}, ensure_ascii=False)]
)
def test_a_text_plain_or_in_json(tmp_path: Path, line: str) -> None:
    assert searched(tmp_path, line).leaks == ["a text in emulator.log (1 ×)"]


def test_where_and_how_often_but_never_what(tmp_path: Path) -> None:
    [leak] = searched(tmp_path, "to +12025550143", "from=12025550143,").leaks
    assert leak == "a number in emulator.log (2 ×)"


def test_digits_inside_a_longer_number_are_another_number(tmp_path: Path) -> None:
    assert not searched(tmp_path, "phone_number_id 9120255501437").leaks


def test_a_rotated_log_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "front.log.1").write_text(NUMBER.value)
    assert searched(tmp_path, "nothing").leaks == ["a number in front.log.1 (1 ×)"]
