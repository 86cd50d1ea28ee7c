"""What a dead letter tells of itself, and what it never tells."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from adapters.dead_letters.letters import UNREADABLE
from adapters.dead_letters.queues import QueueName
from tests.builders import ACME, ACME_NUMBER, NOON, job
from tests.unit.dlq.dead import WORDS, change_body, job_body, letter, media_job_body, message_body, status_body

INBOX, REPLIES, STATUSES = QueueName.INBOX, QueueName.REPLIES, QueueName.STATUSES


def test_a_message() -> None:
    found = letter(message_body())
    assert (found.kind, found.type, found.update_id) == ("message", "text", "wamid.in.1")
    assert (found.phone_number_id, found.at, found.receive_count) == (ACME_NUMBER, NOON, 5)


def test_a_message_that_was_too_long_for_plain_text() -> None:
    packed = json.dumps({"zlib": base64.b64encode(zlib.compress(json.dumps(message_body()).encode())).decode()})
    assert letter(packed).update_id == "wamid.in.1"


def test_a_reply_job() -> None:
    found = letter(job_body(), REPLIES)
    assert (found.kind, found.job, found.tenant_id, found.at) == ("reply_job", job(), ACME, NOON)


def test_a_media_job() -> None:
    found = letter(media_job_body(), QueueName.MEDIA)
    assert (found.kind, found.job, found.tenant_id, found.at) == ("media_job", None, ACME, NOON)
    assert found.update_id == job().message_id


@pytest.mark.parametrize("without", ["tenant_id", "customer_id", "position"])
def test_a_media_job_that_lacks_something(without: str) -> None:
    found = letter({**media_job_body(), without: None}, QueueName.MEDIA)
    assert (found.kind, found.unreadable_because) == (UNREADABLE, f"has no {without}")


def test_a_media_job_of_no_message() -> None:
    assert letter({**media_job_body(), "position": "x"}, QueueName.MEDIA).kind == UNREADABLE


@pytest.mark.parametrize(
    ("body", "kind", "type_", "update_id"),
    [
        (status_body(), "status", "delivered", "wamid.out.1"),
        (change_body(), "change", "account_update", "0c1f"),
        ({**change_body(), "kind": "malformed"}, "malformed", "", "0c1f"),
    ],
    ids=["status", "change", "malformed"],
)
def test_an_update(body: dict[str, Any], kind: str, type_: str, update_id: str) -> None:
    found = letter(body, STATUSES)
    assert (found.kind, found.type, found.update_id) == (kind, type_, update_id)


@pytest.mark.parametrize(
    ("queue", "body"),
    [
        (INBOX, message_body(type=WORDS)),
        (INBOX, message_body(type={"a": WORDS})),
        (STATUSES, status_body(WORDS)),
        (STATUSES, change_body(WORDS)),
    ],
    ids=["message type", "message type of another form", "status", "field"],
)
def test_words_that_anybody_may_have_chosen_are_not_repeated(queue: QueueName, body: dict[str, Any]) -> None:
    assert letter(body, queue).type == "other"


@pytest.mark.parametrize(
    ("queue", "body", "why"),
    [
        (INBOX, WORDS, "is not JSON"),
        (INBOX, "[" * 100_000, "is not JSON"),
        (INBOX, '{"zlib": "AAAA"}', "is not JSON"),
        (INBOX, [WORDS], "is not a JSON object"),
        (INBOX, {"text": WORDS}, "has no message"),
        (INBOX, {**message_body(), "received_at_ms": WORDS}, "has no received_at_ms"),
        (INBOX, {**message_body(), "received_at_ms": 1e30}, "has no received_at_ms"),
        (INBOX, {**message_body(), "phone_number_id": 5}, "has no phone_number_id"),
        (INBOX, message_body(id={"x": WORDS}), "has no id"),
        (INBOX, {**message_body(), "phone_number_id": "\ud800"}, "has no phone_number_id"),
        (INBOX, {**message_body(), "waba_id": "1" * 3000}, "has no waba_id"),
        (REPLIES, {**job_body(), "customer_id": "\ud800"}, "has no customer_id"),
        (STATUSES, {**status_body(), "status": WORDS}, "has no status"),
        (STATUSES, {**change_body(), "field": None}, "has no field"),
        (REPLIES, {**job_body(), "position": None}, "has no position"),
        (REPLIES, message_body(), "has no tenant_id"),
    ],
)
def test_what_cannot_be_read_says_why_and_quotes_nothing(queue: QueueName, body: Any, why: str) -> None:
    found = letter(body, queue)
    assert (found.kind, found.unreadable_because) == (UNREADABLE, why)
    assert WORDS not in repr(found)


@pytest.mark.parametrize(
    ("queue", "body"), [(INBOX, message_body()), (STATUSES, status_body()), (STATUSES, change_body())]
)
def test_no_letter_holds_a_customers_words_name_or_number(queue: QueueName, body: dict[str, Any]) -> None:
    shown = repr(letter(body, queue))
    assert not any(private in shown for private in ("12025550143", "Alice", WORDS))


def test_a_tenant_that_no_tenant_could_be_called_is_not_repeated() -> None:
    assert letter({**job_body(), "tenant_id": WORDS}, REPLIES).tenant_id == ""


def test_a_position_without_a_time_leaves_sqs_own() -> None:
    assert letter({**job_body(), "position": "soon"}, REPLIES).at > NOON
