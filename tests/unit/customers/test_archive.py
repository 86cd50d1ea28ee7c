"""What a customer is handed."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest

from domain.customer_data import Attachment, CustomerRecord
from domain.erase_customer import By
from domain.export_customer import Export
from ops.customers.archive import zip_archive
from tests.builders import ACME, NOON

EMPTY = Export("x-1", ACME, By("ana"), NOON, {"media": {}})


def test_records_of_several_kinds_may_come_mixed(tmp_path: Path) -> None:
    path = tmp_path / "out" / "alice.zip"
    with zip_archive(path) as archive:
        for n in range(3):
            archive.add("conversations", CustomerRecord("messages", {"n": n}))
            archive.add("conversations", CustomerRecord("consent", {"n": n, "words": "größer \ud800 👍"}))
        archive.finish(EMPTY)
    with zipfile.ZipFile(path) as file:
        messages = file.read("conversations/messages.jsonl").decode().splitlines()
        assert [json.loads(line) for line in messages] == [{"n": n} for n in range(3)]
        assert "größer" in file.read("conversations/consent.jsonl").decode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "c\\..\\d", "media-1"])
def test_no_file_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / "alice.zip"
    with zip_archive(path) as archive:
        attachment = Attachment(name, iter([b"fi", b"le"]))
        archive.add("media", CustomerRecord("files", {"key": name}, attachment))
        archive.finish(EMPTY)
    with zipfile.ZipFile(path) as file:
        [stored] = [one for one in file.namelist() if one.startswith("media/") and not one.endswith(".jsonl")]
        assert ".." not in stored.split("/")
        assert file.read(stored) == b"file"


def test_what_is_stopped_leaves_no_half_of_it(tmp_path: Path) -> None:
    def stopped() -> None:
        with zip_archive(tmp_path / "alice.zip") as archive:
            archive.add("conversations", CustomerRecord("messages", {"n": 1}))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []
