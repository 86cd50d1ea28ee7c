"""One media job: settled, or to come back; and a Meta that is down dead-letters nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.sqs_media_jobs import parse_media_job
from domain.customers import CustomerId
from domain.errors import MediaRefusedError, MediaUnavailableError, ServiceUnavailableError
from domain.fetch_media import FetchMediaPorts
from domain.media import AwaitedMedia, MediaFile, MediaId, MediaJob, MediaKind, MediaRefusal
from domain.messages import Position
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber
from handlers import bootstrap, media_handler
from tests.builders import ACME_NUMBER, number
from tests.fakes.media import FakeMediaLibrary, FakeMediaSource
from tests.fakes.tenants import FakeTenants
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.envelopes import PHONE
from tests.unit.handlers.records import CONTEXT, event, failures, record

SECRETS = (PHONE, "receipt of Ruth.pdf", "EAAG-access-token")
JOB = MediaJob(
    TenantId("acme"),
    CustomerId("c" * 24),
    Position("2026-11-16T11:59:58Z#1794830400000#wamid.1"),
)
RECORD = json.dumps(dataclasses.asdict(JOB))
LATER = MediaUnavailableError(f"the answer was {SECRETS}")


@dataclass
class FakeRecords:
    """One file is awaited."""

    settled: list[object] = field(default_factory=list)

    def awaited(self, tenant_id: TenantId, job: MediaJob) -> AwaitedMedia | None:
        assert (tenant_id, job) == (JOB.tenant_id, JOB)
        return AwaitedMedia(MediaKind.IMAGE, MediaId("133"), ACME_NUMBER)

    def stored(self, tenant_id: TenantId, job: MediaJob, stored: object) -> bool:  # noqa: ARG002 (the port's signature)
        self.settled.append(stored)
        return True

    def refused(self, tenant_id: TenantId, job: MediaJob, reason: MediaRefusal) -> None:  # noqa: ARG002 (as above)
        self.settled.append(reason)

    def due_again(self, *given: object) -> None:
        raise NotImplementedError(given)


@dataclass
class FakeSource:
    error: Exception | None = None

    def fetch(self, number: WhatsAppNumber, media: AwaitedMedia) -> AbstractContextManager[MediaFile]:
        if self.error:
            raise self.error
        return FakeMediaSource().fetch(number, media)


@dataclass
class FakeMediaJobs:
    deferred: list[tuple[str, int]] = field(default_factory=list)

    def put(self, job: MediaJob) -> None:
        raise NotImplementedError(job)

    def come_back(self, receipt_handle: str, seconds: int) -> None:
        self.deferred.append((receipt_handle, seconds))


@dataclass
class Given:
    records: FakeRecords = field(default_factory=FakeRecords)
    source: FakeSource = field(default_factory=FakeSource)
    jobs: FakeMediaJobs = field(default_factory=FakeMediaJobs)
    tenants: FakeTenants = field(default_factory=lambda: FakeTenants(number()))

    @property
    def services(self) -> bootstrap.MediaHandler:
        ports = FetchMediaPorts(self.tenants, self.records, self.source, FakeMediaLibrary())
        jobs: Any = self.jobs
        return bootstrap.MediaHandler(parse_media_job, ports, jobs)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    made = Given()
    monkeypatch.setattr(bootstrap, "media_handler", lambda: made.services)
    return made


def run(received: int = 1) -> list[str]:
    return failures(media_handler.handler(event(record(RECORD, "sqs-1", received)), CONTEXT))


def test_a_file_is_fetched_and_told(given: Given, log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    assert run() == []
    assert len(given.records.settled) == 1
    [line] = log.lines
    assert (line["message"], line["outcome"]) == ("fetched", "stored")
    assert (line["correlation_id"], line["tenant_id"]) == ("wamid.1", "acme")
    assert "MediaStored" in capfd.readouterr().out


def test_what_is_refused_is_acknowledged(given: Given, log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    given.source.error = MediaRefusedError(MediaRefusal.FOREIGN_HOST)
    assert run() == []
    assert given.records.settled == [MediaRefusal.FOREIGN_HOST]
    assert log.lines[-1]["outcome"] == "refused"
    assert "MediaRefused" in capfd.readouterr().out


@pytest.mark.parametrize(("received", "seconds"), [(1, 4), (2, 16), (3, 64)])
def test_what_may_be_had_later_comes_back_after_a_growing_pause(given: Given, received: int, seconds: int) -> None:
    given.source.error = LATER
    assert run(received) == ["sqs-1"]
    assert given.jobs.deferred == [("receipt-sqs-1", seconds)]


@pytest.mark.parametrize("received", [4, 5])
def test_and_is_left_to_the_sweeper_before_it_would_be_dead_lettered(
    given: Given, log: Log, capfd: pytest.CaptureFixture[str], received: int
) -> None:
    given.source.error = LATER
    assert run(received) == []
    assert (given.jobs.deferred, given.records.settled) == ([], [])
    assert log.lines[-1]["outcome"] == "postponed"
    assert "MediaPostponed" in capfd.readouterr().out


@pytest.mark.parametrize("error", [ServiceUnavailableError(str(SECRETS)), RuntimeError(str(SECRETS))], ids=repr)
def test_whatever_else_fails_comes_back_as_the_queue_has_it(given: Given, log: Log, error: Exception) -> None:
    given.source.error = error
    assert run() == ["sqs-1"]
    assert given.jobs.deferred == []
    assert log.lines[-1]["error"] == type(error).__name__


def test_a_record_of_another_form_comes_back(given: Given, log: Log) -> None:
    assert given.records.settled == []
    assert failures(media_handler.handler(event(record("{}", "broken")), CONTEXT)) == ["broken"]
    assert log.lines[-1]["sqs_message_id"] == "broken"


@pytest.mark.parametrize("make", [lambda: None, lambda: LATER, lambda: RuntimeError(str(SECRETS))])
def test_nothing_of_a_customer_is_logged(
    given: Given, log: Log, capfd: pytest.CaptureFixture[str], make: Callable[[], Exception | None]
) -> None:
    given.source.error = make()
    run()
    written = log.text + "".join(capfd.readouterr())
    assert not [secret for secret in SECRETS if secret in written]


def test_of_a_number_that_nobody_owns_nothing_is_fetched(given: Given, log: Log) -> None:
    given.tenants = FakeTenants(number(phone_number_id=PhoneNumberId("1")))
    assert run() == []
    assert log.lines[-1]["outcome"] == "postponed"
