"""One record of the inbox queue: handled, or to come back; and nothing of the customer in any line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from domain.errors import ContentionError
from domain.messages import InboundMessage
from domain.receive import Outcome, Received
from domain.tenants import PhoneNumberId, TenantId
from handlers import bootstrap, message_handler
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.envelopes import NUMBER, PHONE, body_with, text_message
from tests.unit.handlers.records import CONTEXT, event, failures, queued, record

WORDS = "my card is 4111 and I am furious"
NAME = "Ruth Okafor"
TOKEN = "EAAG-access-token"
[RECORD] = queued(
    body_with(messages=[text_message("wamid.1", WORDS)], contacts=[{"wa_id": PHONE, "profile": {"name": NAME}}])
)


@dataclass
class Receiving:
    """Stands for the use case."""

    answer: Received
    error: BaseException | None = None
    seen: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, message: InboundMessage, phone_number_id: PhoneNumberId) -> Received:
        self.seen.append((message.message_id, phone_number_id))
        if self.error:
            raise self.error
        return self.answer


Given = Callable[..., Receiving]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    def _given(
        outcome: Outcome = Outcome.REPLY_DUE,
        *,
        tenant_id: TenantId | None = TenantId("maple-home"),  # noqa: B008 (a name)
        duplicate: bool = False,
        error: BaseException | None = None,
    ) -> Receiving:
        receiving = Receiving(Received(outcome, tenant_id, duplicate), error)
        monkeypatch.setattr(bootstrap, "message_handler", lambda: bootstrap.MessageHandler(receiving))
        return receiving

    return _given


def test_a_message_is_received_once_and_acknowledged(given: Given) -> None:
    receiving = given()
    assert failures(message_handler.handler(event(record(RECORD)), CONTEXT)) == []
    assert receiving.seen == [("wamid.1", NUMBER)]


def test_a_failed_record_comes_back_alone(given: Given) -> None:
    given(error=ContentionError("others kept writing"))
    assert failures(message_handler.handler(event(record(RECORD, "sqs-7")), CONTEXT)) == ["sqs-7"]


@pytest.mark.parametrize("body", ["", "no JSON", "{}", "[]"])
def test_a_record_of_another_form_comes_back_and_its_neighbour_is_handled(given: Given, body: str) -> None:
    receiving = given()
    records = event(record(body, "broken"), record(RECORD, "sound"))
    assert failures(message_handler.handler(records, CONTEXT)) == ["broken"]
    assert len(receiving.seen) == 1


def test_a_record_of_another_form_can_be_found_in_the_log(given: Given, log: Log) -> None:
    given()
    message_handler.handler(event(record(f"{PHONE} {WORDS}", "broken")), CONTEXT)
    [line] = log.lines
    assert (line["message"], line["sqs_message_id"]) == ("malformed_record", "broken")
    assert PHONE not in log.text
    assert WORDS not in log.text


def test_the_correlation_id_is_whatsapps_message_id(given: Given, log: Log) -> None:
    given()
    message_handler.handler(event(record(RECORD)), CONTEXT)
    [line] = log.lines
    assert line["correlation_id"] == "wamid.1"
    assert (line["outcome"], line["tenant_id"], line["message_type"]) == ("reply_due", "maple-home", "text")


@pytest.mark.parametrize("tenant_id", [None, "maple-home"])
def test_a_message_that_nobody_takes_is_told_with_its_number(given: Given, log: Log, tenant_id: str | None) -> None:
    given(Outcome.QUARANTINED, tenant_id=tenant_id)
    message_handler.handler(event(record(RECORD)), CONTEXT)
    [line] = log.lines
    assert (line["phone_number_id"], line.get("tenant_id")) == (NUMBER, tenant_id)


def test_the_correlation_ends_with_the_message(given: Given, log: Log) -> None:
    given()
    [second] = queued(body_with(messages=[text_message("wamid.2")]))
    message_handler.handler(event(record(RECORD), record(second)), CONTEXT)
    assert [line["correlation_id"] for line in log.lines] == ["wamid.1", "wamid.2"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_a_word_in_the_log(given: Given, log: Log, outcome: Outcome) -> None:
    given(outcome)
    message_handler.handler(event(record(RECORD)), CONTEXT)
    assert [line["outcome"] for line in log.lines] == [outcome]


@pytest.mark.parametrize(
    ("outcome", "duplicate", "due"),
    [
        (Outcome.REPLY_DUE, False, True),
        (Outcome.REPLY_DUE, True, False),
        (Outcome.RECORDED, False, False),
        (Outcome.OPT_OUT_CHANGED, False, True),
    ],
)
def test_a_reply_that_is_due_is_counted_once(
    given: Given, log: Log, outcome: Outcome, *, duplicate: bool, due: bool
) -> None:
    given(outcome, duplicate=duplicate)
    message_handler.handler(event(record(RECORD)), CONTEXT)
    assert [line.get("RepliesDue") for line in log.lines] == [1 if due else None]


def test_metrics_are_written_once(given: Given, log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    given()
    message_handler.handler(event(record(RECORD)), CONTEXT)
    written = log.text + capfd.readouterr().out
    [line] = [json.loads(line) for line in written.splitlines() if line]
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["service"]]
    assert {one["Name"]: line[one["Name"]] for one in directive["Metrics"]} == {"MessagesReceived": 1, "RepliesDue": 1}


@pytest.mark.parametrize(
    "error",
    [
        None,
        ContentionError(f"{PHONE} ({NAME}) wrote {WORDS}; Bearer {TOKEN}"),
        ValueError(PHONE, NAME, WORDS, TOKEN),
        KeyError(f"{PHONE}{NAME}{WORDS}{TOKEN}"),
    ],
    ids=repr,
)
def test_nothing_of_a_customer_is_logged(
    given: Given, log: Log, capfd: pytest.CaptureFixture[str], error: Exception | None
) -> None:
    if error is not None:
        error.__cause__ = RuntimeError(f"{PHONE} {NAME} {WORDS} {TOKEN}")
    given(error=error)
    message_handler.handler(event(record(RECORD), record(RECORD.replace("wamid", "\x00"))), CONTEXT)
    written = log.text + "".join(capfd.readouterr())
    assert log.lines
    for private in (PHONE, NAME, WORDS, TOKEN):
        assert private not in written


@pytest.mark.parametrize(("body", "error"), [("no JSON", None), (RECORD, ContentionError("others kept writing"))])
def test_what_could_not_be_done_is_counted(
    given: Given, capfd: pytest.CaptureFixture[str], body: str, error: Exception | None
) -> None:
    given(error=error)
    message_handler.handler(event(record(body)), CONTEXT)
    assert "RecordsFailed" in capfd.readouterr().out


def test_an_error_is_logged_with_type_and_place(given: Given, log: Log) -> None:
    given(error=ContentionError(PHONE))
    message_handler.handler(event(record(RECORD)), CONTEXT)
    [line] = log.lines
    assert (line["message"], line["error"], line["correlation_id"]) == ("not_recorded", "ContentionError", "wamid.1")
    assert any(place.startswith("message_handler.py:") for place in line["error_at"])
