"""What a dead letter says of itself: ids, kind and time. Never a customer's words, number or name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.dead_letters.queues import Held, QueueName
from adapters.queue_bodies import decoded
from adapters.sqs_media_jobs import parse_media_job
from adapters.sqs_reply_jobs import parse_job
from domain.conversations import ReplyJob
from domain.deliveries import DeliveryStatus
from domain.errors import MalformedRecordError
from domain.messages import InboundMessage, Position, message_id_of

_FIELD = re.compile(r"[a-z_]{1,64}")
_TENANT_ID = re.compile(r"[a-z0-9-]{3,40}")
_OTHER = "other"
_LONGEST_TEXT = 512
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Letter:
    queue: QueueName
    sqs_message_id: str
    kind: str
    """message, status, change, malformed, reply_job, media_job; unreadable where the function cannot know either."""
    type: str
    """Of a message its type, of a status its word, of a change its field: each from a closed set, or `other`."""
    at: datetime
    """When the update came in, as far as it tells."""
    receive_count: int
    update_id: str = ""
    """The correlation id in the function's log."""
    tenant_id: str = ""
    phone_number_id: str = ""
    waba_id: str = ""
    job: ReplyJob | None = None
    unreadable_because: str = ""


class _UnreadableError(ValueError):
    pass


def read(queue: QueueName, held: Held) -> Letter:
    blank = Letter(queue, held.message_id, UNREADABLE, "", held.sent_at, held.receive_count)
    try:
        body = decoded(held.body)
        return _READERS[queue](blank, body, held.body)
    except ValueError as error:
        return replace(blank, unreadable_because=str(error))


def _message(blank: Letter, body: Mapping[str, Any], _: str) -> Letter:
    message = body.get("message")
    if not isinstance(message, dict):
        raise _UnreadableError("has no message")
    return replace(
        _addressed(blank, body),
        kind="message",
        type=_one_of(InboundMessage.KNOWN_TYPES, message.get("type")),
        update_id=_text(message, "id"),
    )


def _update(blank: Letter, body: Mapping[str, Any], _: str) -> Letter:
    letter = replace(_addressed(blank, body), update_id=_text(body, "update_id"))
    match body.get("kind"):
        case "status":
            status = body.get("status")
            if not isinstance(status, dict):
                raise _UnreadableError("has no status")
            word = _one_of(set(DeliveryStatus), status.get("status"))
            return replace(letter, kind="status", type=word, update_id=_text(status, "id"))
        case "malformed":
            return replace(letter, kind="malformed")
        case _:
            field = _text(body, "field")
            return replace(letter, kind="change", type=field if _FIELD.fullmatch(field) else _OTHER)


def _reply_job(blank: Letter, body: Mapping[str, Any], text: str) -> Letter:
    for name in ("tenant_id", "phone_number_id", "customer_id", "message_id", "position"):
        _text(body, name)
    try:
        job = parse_job(text)
    except MalformedRecordError as error:
        raise _UnreadableError(str(error)) from error
    return replace(
        blank,
        kind="reply_job",
        at=_time_of_position(job.position, blank.at),
        update_id=job.message_id,
        tenant_id=job.tenant_id if _TENANT_ID.fullmatch(job.tenant_id) else "",
        phone_number_id=job.phone_number_id,
        job=job,
    )


def _media_job(blank: Letter, body: Mapping[str, Any], text: str) -> Letter:
    for name in ("tenant_id", "customer_id", "position"):
        _text(body, name)
    try:
        job = parse_media_job(text)
    except MalformedRecordError as error:
        raise _UnreadableError(str(error)) from error
    return replace(
        blank,
        kind="media_job",
        at=_time_of_position(job.position, blank.at),
        update_id=message_id_of(job.position),
        tenant_id=job.tenant_id if _TENANT_ID.fullmatch(job.tenant_id) else "",
    )


_READERS: Mapping[QueueName, Callable[[Letter, Mapping[str, Any], str], Letter]] = {
    QueueName.INBOX: _message,
    QueueName.REPLIES: _reply_job,
    QueueName.STATUSES: _update,
    QueueName.MEDIA: _media_job,
}


def _addressed(blank: Letter, body: Mapping[str, Any]) -> Letter:
    received_at_ms = body.get("received_at_ms")
    try:
        at = datetime.fromtimestamp(received_at_ms / 1000, UTC)  # type: ignore[operator]  # None ends as any other wrong type
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise _UnreadableError("has no received_at_ms") from error
    return replace(
        blank,
        at=at,
        phone_number_id=_text(body, "phone_number_id"),
        waba_id=_text(body, "waba_id") if "waba_id" in body else "",
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    """It becomes a key, and is shown: one letter of somebody's must not hide all the others by failing there."""
    value = body.get(name)
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST_TEXT:
        raise _UnreadableError(f"has no {name}")
    return value


def _one_of(known: Collection[str], value: Any) -> str:
    return value if isinstance(value, str) and value in known else _OTHER


def _time_of_position(position: Position, otherwise: datetime) -> datetime:
    """A position begins with its message's time (`messages.position_of`)."""
    try:
        return datetime.strptime(position[:20], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return otherwise
