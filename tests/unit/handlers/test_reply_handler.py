"""One reply job: settled, or to come back at the time that Meta asks for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from adapters.sqs_reply_jobs import parse_job
from domain.answer import Answered, AnswerPorts
from domain.conversations import ReplyJob
from domain.customers import CustomerId
from domain.errors import (
    MarketplaceError,
    NumberPausedError,
    SendHeldBackError,
    SendThrottledError,
    SendUncertainError,
    ServiceUnavailableError,
)
from domain.language_models import Tokens
from domain.messages import MessageId, Position
from domain.model_use import FallbackReason, ModelUse
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber
from handlers import bootstrap, observability, reply_handler
from tests.builders import NOON
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.envelopes import NUMBER, PHONE
from tests.unit.handlers.records import CONTEXT, event, failures, record, sqs_record

SECRETS = (PHONE, "Ruth Okafor", "where is my order", "EAAG-access-token")
JOB = ReplyJob(
    TenantId("maple-home"),
    PhoneNumberId(NUMBER),
    CustomerId("6dc36ee1b05e3a5ac45f6c2a"),
    MessageId("wamid.1"),
    Position("2026-11-16T11:59:58Z#1794830400000#wamid.1"),
)
RECORD = json.dumps(dataclasses.asdict(JOB))


@dataclass
class FakeReplyJobs:
    deferred: list[tuple[str, int]] = field(default_factory=list)
    error: Exception | None = None

    def come_back(self, receipt_handle: str, seconds: int) -> None:
        if self.error:
            raise self.error
        self.deferred.append((receipt_handle, seconds))


@dataclass
class FakeTenants:
    """No number is known, or asking raises: what any port may do."""

    error: Exception | None = None

    def number(self, phone_number_id: PhoneNumberId) -> WhatsAppNumber | None:
        if self.error:
            raise self.error
        assert phone_number_id == NUMBER
        return None

    def of_waba(self, waba_id: str) -> TenantId | None:
        raise NotImplementedError(waba_id)

    def remember(self, number: WhatsAppNumber) -> None:
        raise NotImplementedError(number)


@dataclass
class Given:
    reply_jobs: FakeReplyJobs
    tenants: FakeTenants

    @property
    def services(self) -> bootstrap.ReplyHandler:
        unused: Any = None
        ports = AnswerPorts(self.tenants, *[unused] * 14)
        return bootstrap.ReplyHandler(parse_job, ports, cast("Any", self.reply_jobs))

    def handle(self, received: int = 1) -> None:
        reply_handler.handle(sqs_record(RECORD, received), self.services)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    made = Given(FakeReplyJobs(), FakeTenants())
    monkeypatch.setattr(bootstrap, "reply_handler", lambda: made.services)
    return made


def test_a_settled_job_is_acknowledged(given: Given, log: Log) -> None:
    assert failures(reply_handler.handler(event(record(RECORD)), CONTEXT)) == []
    [line] = log.lines
    assert (line["outcome"], line["correlation_id"], line["tenant_id"]) == (
        "tenant_inactive",
        "wamid.1",
        "maple-home",
    )
    assert given.reply_jobs.deferred == []


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 4), (2, 16), (3, 64), (4, 256), (5, 256), (9, 256)])
def test_what_is_throttled_comes_back_the_later_the_more_often_it_came(
    given: Given, attempt: int, seconds: int
) -> None:
    given.tenants.error = SendThrottledError(131056, "pair rate limit")
    with pytest.raises(SendThrottledError):
        given.handle(attempt)
    assert given.reply_jobs.deferred == [("receipt-sqs-1", seconds)]


def test_and_not_before_the_use_case_says(given: Given) -> None:
    given.tenants.error = SendHeldBackError(61)
    for attempt in (1, 4):
        with pytest.raises(SendHeldBackError):
            given.handle(attempt)
    assert given.reply_jobs.deferred == [("receipt-sqs-1", 61), ("receipt-sqs-1", 256)]


@pytest.mark.parametrize("attempt", [1, 2, 7])
def test_an_unclear_send_waits_for_the_status_that_settles_it(given: Given, attempt: int) -> None:
    given.tenants.error = SendUncertainError(None, "no answer")
    with pytest.raises(SendUncertainError):
        given.handle(attempt)
    assert given.reply_jobs.deferred == [("receipt-sqs-1", 60)]


@pytest.mark.parametrize(
    "error", [ServiceUnavailableError("DynamoDB"), NumberPausedError(190, "token"), RuntimeError("bug")], ids=repr
)
def test_any_other_error_comes_back_when_the_queue_says(given: Given, error: Exception) -> None:
    given.tenants.error = error
    assert failures(reply_handler.handler(event(record(RECORD)), CONTEXT)) == ["sqs-1"]
    assert given.reply_jobs.deferred == []


@pytest.mark.parametrize(
    ("error", "failed"),
    [
        (SendThrottledError(131056, "pair rate limit"), False),
        (SendUncertainError(None, "no answer"), False),
        (ServiceUnavailableError("DynamoDB"), True),
        (RuntimeError("bug"), True),
    ],
    ids=repr,
)
def test_a_release_is_judged_by_what_failed_and_not_by_what_waits(
    given: Given, capfd: pytest.CaptureFixture[str], error: Exception, *, failed: bool
) -> None:
    given.tenants.error = error
    reply_handler.handler(event(record(RECORD)), CONTEXT)
    assert ("RecordsFailed" in capfd.readouterr().out) is failed


def test_a_queue_that_cannot_defer_still_brings_the_job_back(given: Given) -> None:
    given.tenants.error = SendThrottledError(130429, "rate limit")
    given.reply_jobs.error = ServiceUnavailableError("SQS")
    assert failures(reply_handler.handler(event(record(RECORD)), CONTEXT)) == ["sqs-1"]


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"tenant_id": "maple-home"}'])
@pytest.mark.usefixtures("given")
def test_a_record_of_another_form_comes_back_and_its_neighbour_is_handled(body: str) -> None:
    records = event(record(body, "broken"), record(RECORD, "sound"))
    assert failures(reply_handler.handler(records, CONTEXT)) == ["broken"]


@pytest.mark.parametrize("answered", list(Answered))
def test_every_outcome_is_logged_and_counted(
    given: Given,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    answered: Answered,
) -> None:
    def answer(job: ReplyJob, **_ports: Any) -> Answered:
        assert job == JOB
        return answered

    monkeypatch.setattr(reply_handler, "answer", answer)
    assert failures(reply_handler.handler(event(record(RECORD)), CONTEXT)) == []
    [line] = log.lines
    assert line["outcome"] == answered
    assert ("RepliesSent" in line) is (answered is Answered.ANSWERED)
    assert ("Escalations" in line) is (answered in {Answered.HANDED_OVER, Answered.NUMBER_PAUSED})
    assert ("SendingPaused" in line) is (answered is Answered.NUMBER_PAUSED)
    assert given.reply_jobs.deferred == []


Made = Callable[[str], Exception]
ERRORS: dict[str, Made] = {
    "throttled": lambda words: SendThrottledError(131056, words, words),
    "uncertain": lambda words: SendUncertainError(None, words, words),
    "paused": lambda words: NumberPausedError(190, words, words),
    "ours": MarketplaceError,
    "a bug": ValueError,
}


@pytest.mark.parametrize("name", ERRORS)
def test_nothing_of_a_customer_is_logged(given: Given, log: Log, capfd: pytest.CaptureFixture[str], name: str) -> None:
    error = ERRORS[name](" ".join(SECRETS))
    error.__cause__ = RuntimeError(*SECRETS)
    given.tenants.error = error
    assert failures(reply_handler.handler(event(record(RECORD)), CONTEXT)) == ["sqs-1"]
    [line] = log.lines
    assert line["error"] == type(error).__name__
    assert line["correlation_id"] == "wamid.1"
    written = log.text + "".join(capfd.readouterr())
    for private in SECRETS:
        assert private not in written


def test_metas_code_is_logged(given: Given, log: Log) -> None:
    given.tenants.error = SendThrottledError(131056, "pair rate limit")
    with pytest.raises(SendThrottledError):
        given.handle(2)
    [line] = log.lines
    assert (line["message"], line["error_code"], line["seconds"]) == ("deferred", 131056, 16)


def test_a_job_of_a_lagging_queue_comes_back(given: Given) -> None:
    now_ms = int(NOON.timestamp() * 1000)
    job = dataclasses.replace(JOB, position=Position(f"2026-11-16T11:59:58Z#{now_ms - 30_000}#wamid.1"))
    response = reply_handler.handler(event(record(json.dumps(dataclasses.asdict(job)), sent_at_ms=now_ms)), CONTEXT)
    assert failures(response) == ["sqs-1"]
    assert given.reply_jobs.deferred == [("receipt-sqs-1", 30)]


USED = ModelUse(
    "eu.amazon.nova-lite-v1:0", Tokens(900, 40, 100, 0), 66, 1200, 2, ("search_catalogue", "unknown"), "end_turn"
)


@pytest.mark.parametrize(
    ("use", "counted"),
    [
        (USED, {"ModelTurns", "ModelTokensIn", "ModelTokensOut", "ModelLatency"}),
        (
            dataclasses.replace(USED, fallback=FallbackReason.TOO_MANY_ROUNDS),
            {"ModelTurns", "ModelTokensIn", "ModelTokensOut", "ModelLatency", "ModelFallbacks"},
        ),
        (ModelUse("m", fallback=FallbackReason.OVER_BUDGET), {"ModelBarred"}),
        (ModelUse("m", fallback=FallbackReason.TIMED_OUT), {"ModelFallbacks"}),
    ],
    ids=["used", "fallback", "over budget", "no time"],
)
def test_what_a_model_was_asked_is_metered(log: Log, use: ModelUse, counted: set[str]) -> None:
    observability.model_used(use)
    assert set(observability.metrics().metric_set) == counted
    [line] = log.lines
    assert (line["model_id"], line.get("fallback"), line["micro_usd"]) == (use.model_id, use.fallback, use.micro_usd)


@pytest.mark.usefixtures("given")
def test_the_assistant_is_to_be_done_while_there_is_time_to_send(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[datetime] = []

    def answer(_job: ReplyJob, *, answer_by: datetime, **_ports: Any) -> Answered:
        seen.append(answer_by)
        return Answered.ANSWERED

    monkeypatch.setattr(reply_handler, "answer", answer)
    reply_handler.handler(event(record(RECORD)), CONTEXT)  # of a function that has 30 seconds
    assert [answer_by - NOON for answer_by in seen] == [timedelta(seconds=18)]
