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
from enum import StrEnum
from itertools import count, repeat
from typing import Any

import msgspec

from domain.intake import QueueMessage
from handlers import quick_json
from handlers.whatsapp_keys import LONGEST_FIELD, LONGEST_STATUS, clean, is_id

SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")

# Fields whose value lists several updates under this key; each goes its own way. `messages` is apart: it has three.
_LISTED_UPDATES = {
    "smb_message_echoes": "message_echoes",
    "user_preferences": "user_preferences",
    "smb_app_state_sync": "state_sync",
    "automatic_events": "automatic_events",
    "calls": "calls",
}

# Of the value of a `messages` change; whatever else stands there (errors, one day something new) is an update too.
_GOES_ALONG = frozenset({"messaging_product", "metadata", "contacts"})
_TAKEN_APART = frozenset({"messages", "statuses"})

# An SQS message holds 1 MiB; this leaves room for the encoding of a batch.
_MOST_BYTES = 900_000

# What goes along with each of several updates must be short, in bytes of JSON: else a body could multiply.
_MOST_ALONG = 2_000
_MOST_OF_A_NAME = 200
_MOST_WORDS = 4_096  # Meta's own limit of a text


# `json.dumps` makes an encoder for each call that is not its usual one.
_CANONICAL = json.JSONEncoder(separators=(",", ":"), sort_keys=True)


class Queue(StrEnum):
    INBOX = "inbox"
    STATUSES = "statuses"


class QueueItem(msgspec.Struct, frozen=True):
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
        return _digest_of_texts(self.body["phone_number_id"], self.update_id)

    @property
    def label(self) -> str:
        """Kind and id in characters that every client can read."""
        return f"{self.kind} {self.update_id}".encode("unicode_escape").decode("ascii")


def handshake_challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer to Meta's GET, or None where it is not for us. An empty token matches nothing."""
    given = query.get("hub.verify_token", "")
    same = hmac.compare_digest(given.encode("utf-8", "surrogatepass"), verify_token.encode())
    return query.get("hub.challenge", "") if query.get("hub.mode") == "subscribe" and verify_token and same else None


def is_signed(body: bytes, signature: str | None, app_secrets: Iterable[str]) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC-SHA256 of the raw bytes under one of the secrets.

    Fails closed: an empty secret signs nothing. Each comparison takes constant time.
    """
    if signature is None or not SIGNATURE.fullmatch(signature):
        return False
    signed = False
    for secret in filter(None, app_secrets):  # all of them: each secret takes its time
        signed |= hmac.compare_digest("sha256=" + hmac.digest(secret.encode(), body, "sha256").hex(), signature)
    return signed


def split(body: bytes, received_at_ms: int) -> list[QueueItem]:
    """Every entry, every change, every item of an envelope. What is not in Meta's form is kept as `malformed`.

    Each is received a millisecond after the one before it: Meta's times have whole seconds, and within one the order of
    receipt decides.
    """
    try:
        return _of_envelope(quick_json.read(body), count(received_at_ms))
    except (ValueError, RecursionError):  # no JSON, or nested deeper than it could ever be written again
        return [_malformed(base64.b64encode(body).decode(), "", received_at_ms)]


def _of_envelope(envelope: Any, times: Iterator[int]) -> list[QueueItem]:
    if not isinstance(envelope, dict) or not isinstance(envelope.get("entry"), list):
        return [_malformed(envelope, "", next(times))]
    return [item for entry in envelope["entry"] for item in _of_entry(entry, times)]


def _of_entry(entry: Any, times: Iterator[int]) -> list[QueueItem]:
    if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
        return [_malformed(entry, "", next(times))]
    items, waba_id = [], clean(entry.get("id"))
    for change in entry["changes"]:
        if isinstance(change, dict) and isinstance(change.get("value"), dict) and isinstance(change.get("field"), str):
            base = {"waba_id": waba_id, "phone_number_id": _number(change["value"])}
            field = clean(change["field"], LONGEST_FIELD)
            items += _of_change(field, change["value"], base, entry.get("time"), times)
        else:
            items.append(_malformed(change, waba_id, next(times)))
    return items


def _number(value: dict[str, Any]) -> str:
    metadata = value.get("metadata")
    return clean(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""


def _of_change(
    field: str, value: dict[str, Any], base: dict[str, Any], told_at: Any, times: Iterator[int]
) -> list[QueueItem]:
    """`told_at`: Meta's time of the entry, for what has no time of its own."""
    items, rest = _singles(value, base, times) if field == "messages" else ([], value)
    if items and not rest:
        return items
    if isinstance(told_at, int) and not isinstance(told_at, bool):
        base = {**base, "told_at": told_at}
    return items + [_change(field, part, base, next(times)) for part in _parts(field, rest if items else value)]


def _singles(
    value: dict[str, Any], base: dict[str, Any], times: Iterator[int]
) -> tuple[list[QueueItem], dict[str, Any]]:
    """Each message and each status, and what else the value says."""
    items: list[QueueItem] = []
    rest: dict[str, Any] = {}
    for key, part in value.items():
        if key == "messages" and isinstance(part, list):
            items += map(_message, part, _contacts_of(part, value), repeat(base), times)
        elif key == "statuses" and isinstance(part, list):
            items += map(_status, part, repeat(base), times)
        elif part and key not in _GOES_ALONG:
            rest[key] = part
    return items, rest


def _message(message: Any, contact: dict[str, Any] | None, base: dict[str, Any], received_at_ms: int) -> QueueItem:
    sender = _sender(message)
    if not (is_id(sender) and is_id(message.get("id"))):  # as every message of Meta's has them
        return _malformed(message, base["waba_id"], received_at_ms)
    return QueueItem(
        Queue.INBOX,
        "message",
        message["id"],
        _digest_of_texts(base["phone_number_id"], sender),
        {**base, "received_at_ms": received_at_ms, "kind": "message", "contact": contact, "message": message},
    )


def _contacts_of(messages: list[Any], value: dict[str, Any]) -> list[dict[str, Any] | None]:
    """The contact of each message: by phone or user id, for `wa_id` may differ from the number that writes.

    The only contact of the only sender is theirs whatever it names.
    """
    contacts = [contact for contact in _list(value, "contacts") if isinstance(contact, dict)]
    if len(contacts) == 1 and _have_one_sender(messages):
        return [_short_contact(contacts[0])] * len(messages)
    by_name = _contacts_by_name(value)
    return [_own_contact(message, by_name) for message in messages]


def _have_one_sender(messages: list[Any]) -> bool:
    if len(messages) == 1:  # nearly always
        return True
    senders = [_sender(message) for message in messages if isinstance(message, dict)]
    return senders == senders[:1] * len(senders)


def _own_contact(message: Any, by_name: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
    names = [name for name in _strings(message, "from", "from_user_id") if name in by_name]
    return by_name[names[0]] if names else None


def _sender(message: Any) -> Any:
    """By phone or by user id."""
    return message.get("from") or message.get("from_user_id") if isinstance(message, dict) else None


def _contacts_by_name(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The contacts of a value, each under its phone and its user id."""
    found: dict[str, dict[str, Any]] = {}
    for contact in _list(value, "contacts"):
        names = _strings(contact, "wa_id", "user_id")
        short = _short_contact(contact) if names else {}
        for name in names:
            found.setdefault(name, short)
    return found


def _short_contact(contact: dict[str, Any]) -> dict[str, Any]:
    """As it came; where it is long, what is read of it."""
    if _is_short(contact):
        return contact
    ids = {key: contact[key] for key in ("wa_id", "user_id") if is_id(contact.get(key))}
    profile = contact.get("profile")
    names = {key: name[:_MOST_OF_A_NAME] for key in ("name", "username") for name in _strings(profile, key)}
    return {**ids, "profile": names}


def _is_short(piece: Any) -> bool:
    return len(quick_json.write(piece).encode()) <= _MOST_ALONG


def _short_parts(piece: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: piece[key] for key in keys if key in piece and _is_short(piece[key])}


def _strings(piece: Any, *keys: str) -> list[str]:
    """What stands under these keys, where it is a string and says something."""
    if not isinstance(piece, dict):
        return []
    return [text for key in keys if (text := piece.get(key)) and isinstance(text, str)]


def _status(status: Any, base: dict[str, Any], received_at_ms: int) -> QueueItem:
    if not isinstance(status, dict) or not is_id(status.get("id")):
        return _malformed(status, base["waba_id"], received_at_ms)
    update_id = f"{status['id']}:{clean(status.get('status'), LONGEST_STATUS)}"
    return _update("status", update_id, {**base, "received_at_ms": received_at_ms, "status": status})


def _change(field: str, value: Mapping[str, Any], base: dict[str, Any], received_at_ms: int) -> QueueItem:
    body = {**base, "received_at_ms": received_at_ms, "field": field, "value": value}
    return _update(field, _digest(field, base["waba_id"], value), body, kind="change")


def _update(name: str, update_id: str, body: dict[str, Any], kind: str | None = None) -> QueueItem:
    group = _digest_of_texts(body["phone_number_id"], update_id)
    return QueueItem(Queue.STATUSES, name, update_id, group, {**body, "kind": kind or name, "update_id": update_id})


def _malformed(piece: Any, waba_id: str, received_at_ms: int) -> QueueItem:
    body = {"waba_id": waba_id, "phone_number_id": "", "received_at_ms": received_at_ms, "raw": piece}
    return _update("malformed", _digest(piece), body)


def _parts(field: str, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The single updates in the value of a change; the whole value where it is one, or of a form not known.

    Of several, each takes along the number and its own contacts alone. What is left is a part of its own.
    """
    key = "history" if field == "history" else _LISTED_UPDATES.get(field, "")
    items = [*_threads(value)] if field == "history" else _list(value, key)
    if len(items) <= 1:
        yield value
        return
    along, contacts = _short_parts(value, "messaging_product", "metadata"), _contacts_by_name(value)
    matched: set[str] = set()
    for item in items:
        names = [name for name in _people(item) if name in contacts]
        matched.update(names)
        own = list({id(contacts[name]): contacts[name] for name in names}.values())
        yield {**along, **({"contacts": own} if own else {}), key: [item]}
    others = [one for one in _list(value, "contacts") if matched.isdisjoint(_strings(one, "wa_id", "user_id"))]
    rest = {name: part for name, part in value.items() if name not in {*along, key}}
    if isinstance(rest.get("contacts"), list):
        rest["contacts"] = others
    rest = {name: part for name, part in rest.items() if part}
    if rest:
        yield {**along, **rest}


def _threads(value: dict[str, Any]) -> Iterator[Any]:
    """The chunks of a history, each cut into its threads."""
    for chunk in _list(value, "history"):
        threads = _list(chunk, "threads")
        if len(threads) <= 1:
            yield chunk
            continue
        along = _short_parts(chunk, "metadata")
        yield from ({**along, "threads": [thread]} for thread in threads)
        rest = {name: part for name, part in chunk.items() if name not in {*along, "threads"}}
        if rest:
            yield rest


def _people(item: Any) -> list[str]:
    """Whom an update is about, or between: phones and user ids. A thread's id is the customer's."""
    threads = _list(item, "threads")
    return _strings(
        threads[0] if threads else item, "wa_id", "user_id", "from", "from_user_id", "to", "to_user_id", "id"
    )


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _digest(*parts: Any) -> str:
    return hashlib.sha256(_CANONICAL.encode(parts).encode()).hexdigest()[:40]


def _digest_of_texts(*texts: str) -> str:
    """The same of texts that can be printed, sooner: what is ASCII, as nearly all is, msgspec writes alike."""
    canonical = msgspec.json.encode(texts)
    return hashlib.sha256(canonical).hexdigest()[:40] if canonical.isascii() else _digest(*texts)


def queue_messages(items: Iterable[QueueItem], queue: Queue) -> list[QueueMessage]:
    return [QueueMessage(encode(item), item.group, item.deduplication_id) for item in items if item.queue is queue]


def encode(item: QueueItem) -> str:
    """The body of the queue's message. What is too big is compressed; what is even then, loses its content alone.

    Meta would retry for seven days what we refuse, and never send it smaller.
    """
    text = quick_json.write(item.body)
    if len(text.encode()) <= _MOST_BYTES:
        return text
    packed = json.dumps({"zlib": base64.b64encode(zlib.compress(text.encode())).decode()})
    return packed if len(packed) <= _MOST_BYTES else json.dumps(_without_content(item, len(text)))


def _without_content(item: QueueItem, size: int) -> dict[str, Any]:
    """What names the update, all of it short, and the first words of a message."""
    named = ("waba_id", "phone_number_id", "received_at_ms", "kind", "update_id", "contact")
    body = {key: item.body[key] for key in named if key in item.body}
    content: dict[str, Any] = {"kind": "malformed", "raw": None}
    match item.body["kind"]:
        case "message":
            content = {"message": _first_words(item.body["message"])}
        case "status":
            keys = ("id", "status", "timestamp", "biz_opaque_callback_data")
            content = {"status": _short_parts(item.body["status"], *keys)}
    return {**body, **content, "content_dropped_bytes": size}


def _first_words(message: Mapping[str, Any]) -> dict[str, Any]:
    """Who writes, where, and as many words as Meta lets anybody write."""
    kept = _short_parts(message, "id", "from", "from_user_id", "timestamp", "type", "context")
    if isinstance(message.get("group_id"), str):  # or it would be answered like any other
        kept["group_id"] = clean(message["group_id"])
    form = kept.get("type")
    content = message.get(form) if isinstance(form, str) and form not in kept else None
    if isinstance(content, dict):
        words = {key: text[:_MOST_WORDS] for key in ("body", "caption", "text") for text in _strings(content, key)}
        kept[str(form)] = _short_parts(content, "id", "mime_type", "sha256", "filename", "payload") | words
    return kept
