"""`ai-marketplace media`: what an operator sees of customers' files, and the links that they get."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.s3_media import S3MediaLibrary
from domain import messages as m
from domain.customers import CustomerIdentity
from domain.media import MediaId, MediaJob, MediaRefusal, StoredMedia
from ops import cli, target
from ops.target import Target
from tests.builders import ACME, ALICE, BOB, GLOBEX, message, recording
from tests.contracts.keeping_files import file
from tests.contracts.world import World
from tests.integration.template_resources import TemplateResources

NOW = datetime.now(UTC)
LOGICAL = {"conversations": "ConversationsTable", "customers": "CustomersTable"}


@pytest.fixture(autouse=True)
def _target(resources: TemplateResources, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {name: resources.tables[logical] for name, logical in LOGICAL.items()}
    found = Target("shop", False, tables, {}, {}, {}, {"media": resources.buckets["MediaBucket"]})
    monkeypatch.setattr(target, "find", lambda _home, _stack_name: found)


@pytest.fixture
def jobs(world: World, resources: TemplateResources) -> dict[str, MediaJob]:
    """Three files of two customers: stored, refused, awaited."""
    made = {}
    sent: list[tuple[str, CustomerIdentity, m.Content]] = [
        ("wamid.stored", ALICE, m.Document("1", "application/pdf", filename="Alice's receipt.pdf")),
        ("wamid.refused", ALICE, m.Image("2", "image/png")),
        ("wamid.awaited", BOB, m.Audio("3", "audio/ogg", voice=True)),
    ]
    for message_id, sender, content in sent:
        of = recording(message(content, message_id, at=NOW, sender=sender))
        recorded = world.record(of)
        made[message_id] = MediaJob(ACME, recorded.customer_id, recorded.position)
    world.record(recording(message("Hello", "wamid.text", at=NOW)))
    key = S3MediaLibrary(resources.buckets["MediaBucket"]).keep(
        ACME, made["wamid.stored"].customer_id, MediaId("1"), file()
    )
    world.media.stored(ACME, made["wamid.stored"], StoredMedia(key, "application/pdf", 9))
    world.media.refused(ACME, made["wamid.refused"], MediaRefusal.TYPE_MISMATCH)
    return made


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["ai-marketplace", "media", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[Any]:
    assert run(monkeypatch, "list", "--output", "json", *arguments) == 0
    rows: list[Any] = json.loads(capsys.readouterr().out)
    return rows


@pytest.mark.usefixtures("jobs")
class TestMediaCommand:
    def test_a_sellers_files_are_listed(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = listed(monkeypatch, capsys, "--tenant", ACME)
        assert {
            (row["message_id"], row["kind"], row["state"], row["refused_because"], row["bytes"]) for row in rows
        } == {
            ("wamid.stored", "document", "stored", None, 9),
            ("wamid.refused", "image", "refused", "type_mismatch", None),
            ("wamid.awaited", "voice", "awaited", None, None),
        }

    def test_those_that_are_missing_alone(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = listed(monkeypatch, capsys, "--tenant", ACME, "--missing")
        assert {row["message_id"] for row in rows} == {"wamid.refused", "wamid.awaited"}

    def test_another_seller_has_none(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        assert listed(monkeypatch, capsys, "--tenant", GLOBEX) == []
        assert run(monkeypatch, "list", "--tenant", GLOBEX) == 0
        assert "No files." in capsys.readouterr().out

    def test_nothing_that_a_customer_said_or_named_is_shown(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(monkeypatch, "list", "--tenant", ACME) == 0
        printed = capsys.readouterr().out
        assert "stored" in printed
        assert "receipt" not in printed
        assert ALICE.phone is not None
        assert ALICE.phone not in printed

    def test_a_link_leads_to_the_file(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jobs: dict[str, MediaJob]
    ) -> None:
        assert run(monkeypatch, "link", "--tenant", ACME, "wamid.stored") == 0
        link = urlsplit(capsys.readouterr().out.strip())
        assert link.path == f"/{ACME}/{jobs['wamid.stored'].customer_id}/1"
        assert "response-content-disposition=attachment" in link.query

    @pytest.mark.parametrize(
        ("tenant", "message_id", "why"),
        [
            (ACME, "wamid.refused", "refused: type_mismatch"),
            (ACME, "wamid.awaited", "awaited"),
            (ACME, "wamid.text", "no message of that id that carries a file"),
            (ACME, "wamid.none", "no message of that id that carries a file"),
            (GLOBEX, "wamid.stored", "no message of that id that carries a file"),
        ],
    )
    def test_there_is_none_to_what_is_not_there_or_not_theirs(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        tenant: str,
        message_id: str,
        why: str,
    ) -> None:
        assert run(monkeypatch, "link", "--tenant", tenant, message_id) == 1
        assert why in capsys.readouterr().err
