"""Meta's webhook as pure functions: handshake, signature, and an envelope taken apart into single updates.

Facts: Meta's "Webhooks" reference for the WhatsApp Business Platform. Nothing here does I/O, and nothing that Meta may
add one day breaks it: what cannot be understood is passed on as it came.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")

# Fields whose value lists several updates under this key; each goes its own way. `messages` is apart: it has three.
_LISTED_UPDATES = {
    "smb_message_echoes": "message_echoes",
    "user_preferences": "user_preferences",
    "smb_app_state_sync": "state_sync",
    "automatic_events": "automatic_events",
    "calls": "calls",
}

# An SQS message holds 1 MiB; this leaves room for the encoding of a batch.
_MOST_BYTES = 900_000


class Queue(StrEnum):
    INBOX = "inbox"
    STATUSES = "statuses"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One update, ready for its queue."""

    queue: Queue
    kind: str
    """message, status, error, malformed, or the name of the webhook field."""
    update_id: str
    """Names the update wherever it is kept: a message's own id, or a digest of what came."""
    group: str
    """Digest of number and customer, within which the order of messages is kept: no phone number stands in it."""
    body: Mapping[str, Any]

    @property
    def deduplication_id(self) -> str:
        return _digest(self.body.get("phone_number_id"), self.update_id)


def handshake_challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer to Meta's GET, or None where it is not for us. An empty token matches nothing."""
    given = query.get("hub.verify_token", "")
    same = hmac.compare_digest(given.encode(), verify_token.encode())
    return query.get("hub.challenge", "") if query.get("hub.mode") == "subscribe" and verify_token and same else None


def is_signed(body: bytes, signature: str | None, app_secrets: Iterable[str]) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC-SHA256 of the raw bytes under one of the secrets.

    Fails closed: an empty secret signs nothing. Each comparison takes constant time.
    """
    if signature is None or not _SIGNATURE.fullmatch(signature):
        return False
    given = signature.removeprefix("sha256=")
    expected = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in app_secrets if secret]
    matches = [hmac.compare_digest(digest, given) for digest in expected]  # all of them: each secret takes its time
    return any(matches)


def split(body: bytes, received_at_ms: int) -> list[QueueItem]:
    """Every entry, every change, every item of an envelope. What is not in Meta's form is kept as `malformed`."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return [_malformed(base64.b64encode(body).decode(), "", received_at_ms)]
    if not isinstance(envelope, dict) or not isinstance(envelope.get("entry"), list):
        return [_malformed(envelope, "", received_at_ms)]
    return [item for entry in envelope["entry"] for item in _of_entry(entry, received_at_ms)]


def _of_entry(entry: Any, received_at_ms: int) -> Iterator[QueueItem]:
    if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
        yield _malformed(entry, "", received_at_ms)
        return
    waba_id = _text(entry.get("id"))
    for change in entry["changes"]:
        if isinstance(change, dict) and isinstance(change.get("value"), dict) and isinstance(change.get("field"), str):
            yield from _of_change(change["field"], change["value"], waba_id, received_at_ms)
        else:
            yield _malformed(change, waba_id, received_at_ms)


def _of_change(field: str, value: dict[str, Any], waba_id: str, received_at_ms: int) -> Iterator[QueueItem]:
    metadata = value.get("metadata")
    base = {
        "waba_id": waba_id,
        "phone_number_id": _text(metadata.get("phone_number_id")) if isinstance(metadata, dict) else "",
        "received_at_ms": received_at_ms,
    }
    if field == "messages":
        items = [*_messages(value, base), *_statuses(value, base)]
        if items:
            yield from items
            value = {"errors": value["errors"]} if value.get("errors") else {}
            if not value:
                return
    for part in _parts(field, value):
        yield _change(field, part, base)


def _messages(value: dict[str, Any], base: dict[str, Any]) -> Iterator[QueueItem]:
    for message in _list(value, "messages"):
        if not _usable(message):
            yield _malformed(message, base["waba_id"], base["received_at_ms"])
            continue
        contact = _contact_of(message, _list(value, "contacts"))
        sender = message.get("from") or message.get("from_user_id")
        yield QueueItem(
            queue=Queue.INBOX,
            kind="message",
            update_id=message["id"],
            group=_digest(base["phone_number_id"], sender),
            body={**base, "kind": "message", "contact": contact, "message": message},
        )


def _usable(message: Any) -> bool:
    """Whether it has what every message of Meta's has: an id and a sender, be it by phone or by user id."""
    if not isinstance(message, dict) or not isinstance(message.get("id"), str) or not message["id"]:
        return False
    sender = message.get("from") or message.get("from_user_id")
    return isinstance(sender, str) and bool(sender)


def _contact_of(message: dict[str, Any], contacts: list[Any]) -> dict[str, Any] | None:
    known = [contact for contact in contacts if isinstance(contact, dict)]
    for contact in known:
        if message.get("from") and contact.get("wa_id") == message["from"]:
            return contact
        if message.get("from_user_id") and contact.get("user_id") == message["from_user_id"]:
            return contact
    return known[0] if len(known) == 1 else None


def _statuses(value: dict[str, Any], base: dict[str, Any]) -> Iterator[QueueItem]:
    for status in _list(value, "statuses"):
        if not isinstance(status, dict) or not isinstance(status.get("id"), str) or not status["id"]:
            yield _malformed(status, base["waba_id"], base["received_at_ms"])
            continue
        yield _update("status", f"{status['id']}:{_text(status.get('status'))}", {**base, "status": status})


def _change(field: str, value: Mapping[str, Any], base: dict[str, Any]) -> QueueItem:
    return _update(
        field, _digest(field, base["waba_id"], value), {**base, "field": field, "value": value}, kind="change"
    )


def _update(name: str, update_id: str, body: dict[str, Any], kind: str | None = None) -> QueueItem:
    group = _digest(body.get("phone_number_id"), update_id)
    return QueueItem(Queue.STATUSES, name, update_id, group, {**body, "kind": kind or name, "update_id": update_id})


def _malformed(piece: Any, waba_id: str, received_at_ms: int) -> QueueItem:
    body = {"waba_id": waba_id, "phone_number_id": "", "received_at_ms": received_at_ms, "raw": piece}
    return _update("malformed", _digest(piece), body)


def _parts(field: str, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The single updates in the value of a change; the whole value where it is one, or of a form not known."""
    if field == "history":
        for chunk in _list(value, "history"):
            for thread in _list(chunk, "threads") or [None]:
                yield {**value, "history": [chunk if thread is None else {**chunk, "threads": [thread]}]}
        if _list(value, "history"):
            return
    key = _LISTED_UPDATES.get(field, "")
    items = _list(value, key)
    if len(items) > 1:
        yield from ({**value, key: [item]} for item in items)
    else:
        yield value


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _digest(*parts: Any) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:40]


def encode(item: QueueItem) -> str:
    """The body of the queue's message. What is too big is compressed; what is even then, loses its content alone.

    Meta would retry for seven days what we refuse, and never send it smaller.
    """
    text = json.dumps(item.body, separators=(",", ":"))
    if len(text) <= _MOST_BYTES:
        return text
    packed = json.dumps({"zlib": base64.b64encode(zlib.compress(text.encode())).decode()})
    return packed if len(packed) <= _MOST_BYTES else json.dumps(_without_content(item, len(text)))


def _without_content(item: QueueItem, size: int) -> dict[str, Any]:
    message = item.body.get("message", {})
    kept = {key: message[key] for key in ("id", "from", "from_user_id", "timestamp", "type") if key in message}
    body = {key: value for key, value in item.body.items() if key not in {"message", "value", "raw", "status"}}
    content = {"message": kept} if item.kind == "message" else {"kind": "malformed", "raw": None}
    return {**body, **content, "content_dropped_bytes": size}


def decode(text: str) -> dict[str, Any]:
    """The reverse of `encode`. Raises `ValueError` for anything that is not a JSON object."""
    body = json.loads(text)
    if isinstance(body, dict) and isinstance(body.get("zlib"), str):
        body = json.loads(zlib.decompress(base64.b64decode(body["zlib"])))
    if not isinstance(body, dict):
        raise TypeError("a queue item is a JSON object")
    return body
