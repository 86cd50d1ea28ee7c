from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from ops import cli

if TYPE_CHECKING:
    from pathlib import Path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["ai-marketplace", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_status_without_a_stack_says_so_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "local", "status", "--home", str(tmp_path)) == 1
    assert "No stack is deployed" in capsys.readouterr().out


def test_our_errors_are_one_line_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stack.json").write_text("{}")
    assert run(monkeypatch, "local", "status", "--home", str(tmp_path)) == 1
    printed = capsys.readouterr().err.splitlines()
    assert printed[0].startswith("error: ")
    assert "ai-marketplace local up" in printed[1]


def test_reset_asks_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "settings.json"
    kept.write_text("{}")
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert run(monkeypatch, "local", "reset", "--home", str(tmp_path)) == 1
    assert kept.exists()
