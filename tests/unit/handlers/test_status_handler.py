"""A batch of the statuses queue: each record succeeds or fails alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from domain.errors import ContentionError
from domain.ports import AccountEvent, QuarantineReason
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber
from domain.track import TrackPorts
from handlers import bootstrap, status_handler
from handlers.whatsapp_webhook import split
from tests.fakes.customers import FakeCustomers
from tests.fakes.number_states import FakeAccountAlerts, FakeNumberStates
from tests.fakes.opt_outs import FakeOptOuts
from tests.fakes.store import Store
from tests.fakes.templates import FakeTemplateCatalogue
from tests.fakes.tombstones import FakeTombstones
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.envelopes import (
    NUMBER,
    PHONE,
    RECEIVED_AT_MS,
    ROOT,
    WABA,
    body_with,
    change,
    entry,
    envelope,
    status,
    text_message,
    value,
)
from tests.unit.handlers.records import CONTEXT, event, failures, queued, record

WORDS = "please call me back"
[STATUS] = queued(
    body_with(
        statuses=[
            status(
                "wamid.1",
                "failed",
                errors=[{"code": 131026, "title": f"{PHONE} is gone", "error_data": {"details": WORDS}}],
            )
        ]
    )
)
[ECHO] = queued(
    envelope(entry(change(value(message_echoes=[text_message("wamid.2", WORDS)]), field="smb_message_echoes")))
)
MALFORMED_BODY = f"{PHONE} {WORDS}".encode()
[MALFORMED] = queued(MALFORMED_BODY)


@dataclass
class FakeTenants:
    """Knows accounts, but no number; or raises."""

    error: Exception | None = None

    def number(self, phone_number_id: PhoneNumberId) -> WhatsAppNumber | None:
        assert phone_number_id == NUMBER
        if self.error:
            raise self.error
        return None

    def of_waba(self, waba_id: str) -> TenantId | None:
        return TenantId("maple-home") if waba_id == WABA else None

    def remember(self, number: WhatsAppNumber) -> None:
        raise NotImplementedError(number)


@dataclass
class FakeQuarantine:
    kept: list[tuple[str, QuarantineReason]] = field(default_factory=list)

    def keep(self, update_id: str, reason: QuarantineReason, raw: Mapping[str, Any], received_at: datetime) -> bool:
        assert raw
        assert received_at.tzinfo
        self.kept.append((update_id, reason))
        return True


@dataclass
class FakeAccountEvents:
    kept: list[tuple[TenantId, AccountEvent]] = field(default_factory=list)

    def keep(self, tenant_id: TenantId, event: AccountEvent) -> None:
        self.kept.append((tenant_id, event))


@dataclass
class Given:
    tenants: FakeTenants = field(default_factory=FakeTenants)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    account_events: FakeAccountEvents = field(default_factory=FakeAccountEvents)

    @property
    def ports(self) -> TrackPorts:
        unused: Any = None
        return TrackPorts(
            tenants=self.tenants,
            deliveries=unused,
            customers=FakeCustomers(Store()),
            conversations=unused,
            ledger=unused,
            escalations=unused,
            notifications=unused,
            account_events=self.account_events,
            quarantine=self.quarantine,
            opt_outs=FakeOptOuts(Store()),
            tombstones=FakeTombstones(Store()),
            templates=FakeTemplateCatalogue(Store()),
            number_states=FakeNumberStates(Store()),
            account_alerts=FakeAccountAlerts(),
        )


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    made = Given()
    monkeypatch.setattr(bootstrap, "status_handler", lambda: made.ports)
    return made


def test_each_kind_of_record_goes_its_way(given: Given, log: Log) -> None:
    records = event(record(STATUS, "a"), record(ECHO, "b"), record(MALFORMED, "c"))
    assert failures(status_handler.handler(records, CONTEXT)) == []
    [malformed] = split(MALFORMED_BODY, RECEIVED_AT_MS)
    assert given.quarantine.kept == [
        (f"{NUMBER}#wamid.1#failed", QuarantineReason.UNKNOWN_NUMBER),
        (malformed.update_id, QuarantineReason.MALFORMED),
    ]
    assert [(tenant_id, kept.field) for tenant_id, kept in given.account_events.kept] == [
        ("maple-home", "smb_message_echoes")
    ]
    assert [(line["kind"], line["outcome"]) for line in log.lines] == [
        ("StatusItem", "quarantined"),
        ("AccountEvent", "recorded"),
        ("MalformedItem", "quarantined"),
    ]


def test_a_failed_record_comes_back_alone(given: Given) -> None:
    given.tenants.error = ContentionError("others kept writing")
    records = event(record(MALFORMED, "a"), record(STATUS, "b"), record(MALFORMED, "c"))
    assert failures(status_handler.handler(records, CONTEXT)) == ["b"]
    assert len(given.quarantine.kept) == 2


def test_a_batch_that_fails_whole_is_an_answer(given: Given) -> None:
    given.tenants.error = ContentionError("others kept writing")
    assert failures(status_handler.handler(event(record(STATUS, "a"), record(STATUS, "b")), CONTEXT)) == ["a", "b"]


@pytest.mark.parametrize("body", ["", "no JSON", "{}", "[]", '{"kind": "status"}'])
def test_a_record_of_another_form_comes_back_alone(given: Given, body: str) -> None:
    records = event(record(body, "broken"), record(MALFORMED, "sound"))
    assert failures(status_handler.handler(records, CONTEXT)) == ["broken"]
    assert len(given.quarantine.kept) == 1


def test_the_correlation_id_is_the_message_or_the_update(given: Given, log: Log) -> None:
    status_handler.handler(event(record(STATUS), record(ECHO)), CONTEXT)
    [(_, echo)] = given.account_events.kept
    assert [line["correlation_id"] for line in log.lines] == ["wamid.1", echo.event_id]


@pytest.mark.usefixtures("given", "log")
def test_a_failed_send_is_counted(capfd: pytest.CaptureFixture[str]) -> None:
    status_handler.handler(event(record(STATUS), record(STATUS)), CONTEXT)
    [metrics] = [json.loads(line) for line in capfd.readouterr().out.splitlines() if "SendsFailed" in line]
    assert metrics["SendsFailed"] == [1.0, 1.0]


@pytest.mark.parametrize("error", [None, ContentionError(f"{PHONE}: {WORDS}"), KeyError(PHONE, WORDS)], ids=repr)
def test_nothing_of_a_customer_is_logged(
    given: Given, log: Log, capfd: pytest.CaptureFixture[str], error: Exception | None
) -> None:
    given.tenants.error = error
    status_handler.handler(event(record(STATUS), record(ECHO), record(MALFORMED), record(WORDS + PHONE)), CONTEXT)
    written = log.text + "".join(capfd.readouterr())
    assert len(log.lines) >= 3
    for private in (PHONE, WORDS):
        assert private not in written


def test_the_recorded_batch_is_read(monkeypatch: pytest.MonkeyPatch, given: Given) -> None:
    monkeypatch.setattr(given.tenants, "number", lambda _phone_number_id: None)
    recorded = json.loads((ROOT / "events/lambda/status_handler_sqs.json").read_text())
    assert failures(status_handler.handler(recorded, CONTEXT)) == []
