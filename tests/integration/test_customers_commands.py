"""`ai-marketplace customers export | erase`, from the command line to moto's tables."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from adapters.dead_letters.letters import read
from adapters.dead_letters.moving import Moved
from adapters.dead_letters.queues import dead_letter_queues
from ops import cli, target
from ops.dlq import wiring as dlq_wiring
from ops.target import Target
from tests.integration.data_rights_world import BOB, PHONE, URLS, Rights, letter, live_briefly, make
from tests.integration.test_data_rights import left_of_her


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> Rights:
    made = make(monkeypatch)
    live_briefly(made)
    tables = {name.removesuffix("Table").lower(): table for name, table in made.resources.tables.items()}
    urls = {name: made.resources.queues[logical] for name, logical in URLS.items()}
    found = Target(
        "stack",
        True,
        {**tables, "tenant-usage": tables["tenantusage"]},
        urls,
        made.resources.topics,
        {},
        {"media": made.bucket},
    )
    monkeypatch.setattr(target, "find", lambda *_: found)
    return made


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, stdin: str = "") -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["ai-marketplace", "customers", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    printed = capsys.readouterr().out
    return dict(json.loads(printed[printed.index("{\n") :]))


def test_erase_writes_a_receipt_and_names_nobody(
    rights: Rights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.json"
    capsys.readouterr()
    code = run(
        monkeypatch,
        *("erase", "--tenant", "acme", "--phone", "-", "--yes", "--output", "json", "--receipt", str(receipt)),
        stdin="+1 202 555 0143\n",
    )
    assert code == 0
    told = answer(capsys)
    assert told["complete"]
    assert told == json.loads(receipt.read_text())
    assert PHONE not in receipt.read_text()
    assert {place["place"] for place in told["kept"]} >= {"logs", "backups", "tenant-usage", "live-queues"}
    assert left_of_her(rights) == []
    assert rights.log.newest(1)[0].action_id == told["receipt_id"]


def test_a_rehearsal_and_a_no_leave_everything(
    rights: Rights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rights.snapshot()
    asked = ("erase", "--tenant", "acme", "--phone", PHONE)
    assert run(monkeypatch, *asked, "--dry-run") == 0
    assert "Nothing was done." in capsys.readouterr().out
    assert run(monkeypatch, *asked, stdin="n\n") == 1
    assert rights.snapshot() == before


def test_export_writes_a_zip(
    rights: Rights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "alice.zip"
    capsys.readouterr()
    assert run(monkeypatch, "export", str(path), "--tenant", "acme", "--phone", PHONE, "--output", "json") in {0, None}
    told = answer(capsys)
    assert told["found"]["media"] == {"files": 1}
    with zipfile.ZipFile(path) as file:
        assert len(file.read("conversations/messages.jsonl").splitlines()) == 4
    assert rights.log.newest(1)[0].command == "customers export"
    assert run(monkeypatch, "export", str(tmp_path / "no.zip"), "--tenant", "acme", "--phone", PHONE, "--dry-run") == 0
    assert not (tmp_path / "no.zip").exists()


def test_a_letter_of_hers_that_is_discarded_afterwards_is_not_kept(rights: Rights) -> None:
    rights.erase()
    found, before = target.find(Path(), None), rights.look.quarantined()
    act = dlq_wiring.discarding(found, "old", lambda _: "KeyError")
    queue = dead_letter_queues(rights.urls, wait_seconds=0)[0]
    for body in (letter(rights, "late"), letter(rights, "bobs", phone=BOB)):
        rights.dead("inbox-dlq", body, group=str(body["message"]["from"]))
    for held in queue.take():
        assert act(queue, held, read(queue.name, held)) is Moved.DISCARDED
    assert rights.letters() == []
    assert len(rights.look.quarantined()) == len(before) + 1
    assert left_of_her(rights) == []


def test_a_seller_of_that_name_must_exist(
    rights: Rights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rights.snapshot()
    assert run(monkeypatch, "erase", "--tenant", "acmee", "--phone", PHONE, "--yes") == 1
    assert "there is no seller acmee" in capsys.readouterr().err
    assert rights.snapshot() == before


@pytest.mark.parametrize(
    "names", [(), ("--phone", "1", "--user-id", "US.1"), ("--phone", "nobody"), ("--phone", "1", "--customer-id", "c")]
)
def test_one_name_is_needed(rights: Rights, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    before = rights.snapshot()
    assert run(monkeypatch, "erase", "--tenant", "acme", "--yes", *names) == 2
    assert rights.snapshot() == before
