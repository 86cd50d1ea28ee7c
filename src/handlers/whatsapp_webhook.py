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
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from domain.intake import QueueMessage

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

# In bytes of UTF-8. Ids, words and fields are put together to keys, and a sort key of DynamoDB's holds 1,024.
LONGEST_ID = 256
LONGEST_STATUS = 64
LONGEST_FIELD = 128

_WIDEST = 4  # bytes of one character

# What goes along with each of several updates must be short, in characters of JSON: else a body could multiply.
_MOST_ALONG = 2_000
_MOST_OF_A_NAME = 200
_MOST_WORDS = 4_096  # Meta's own limit of a text


# `json.dumps` makes an encoder for each call that is not its usual one.
_COMPACT = json.JSONEncoder(separators=(",", ":"))
_CANONICAL = json.JSONEncoder(separators=(",", ":"), sort_keys=True)


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
    given = signature.removeprefix("sha256=")
    expected = [hmac.digest(secret.encode(), body, "sha256").hex() for secret in app_secrets if secret]
    matches = [hmac.compare_digest(digest, given) for digest in expected]  # all of them: each secret takes its time
    return any(matches)


def split(body: bytes, received_at_ms: int) -> list[QueueItem]:
    """Every entry, every change, every item of an envelope. What is not in Meta's form is kept as `malformed`.

    Each is received a millisecond after the one before it: Meta's times have whole seconds, and within one the order of
    receipt decides.
    """
    try:
        items = list(_of_envelope(json.loads(body), received_at_ms))
    except (ValueError, RecursionError):  # no JSON, or nested deeper than it could ever be written again
        return [_malformed(base64.b64encode(body).decode(), "", received_at_ms)]
    return items[:1] + [
        replace(item, body={**item.body, "received_at_ms": received_at_ms + index})
        for index, item in enumerate(items[1:], 1)
    ]


def _of_envelope(envelope: Any, received_at_ms: int) -> Iterator[QueueItem]:
    if not isinstance(envelope, dict) or not isinstance(envelope.get("entry"), list):
        yield _malformed(envelope, "", received_at_ms)
        return
    for entry in envelope["entry"]:
        yield from _of_entry(entry, received_at_ms)


def _of_entry(entry: Any, received_at_ms: int) -> Iterator[QueueItem]:
    if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
        yield _malformed(entry, "", received_at_ms)
        return
    waba_id, told_at = clean(entry.get("id")), entry.get("time")
    for change in entry["changes"]:
        if isinstance(change, dict) and isinstance(change.get("value"), dict) and isinstance(change.get("field"), str):
            items = _of_change(clean(change["field"], LONGEST_FIELD), change["value"], waba_id, received_at_ms)
            yield from (_told(item, told_at) for item in items)
        else:
            yield _malformed(change, waba_id, received_at_ms)


def _told(item: QueueItem, told_at: Any) -> QueueItem:
    """With Meta's time of the entry, where that is the only time that an update has."""
    if item.body["kind"] != "change" or not isinstance(told_at, int) or isinstance(told_at, bool):
        return item
    return replace(item, body={**item.body, "told_at": told_at})


def _of_change(field: str, value: dict[str, Any], waba_id: str, received_at_ms: int) -> Iterator[QueueItem]:
    metadata = value.get("metadata")
    base = {
        "waba_id": waba_id,
        "phone_number_id": clean(metadata.get("phone_number_id")) if isinstance(metadata, dict) else "",
        "received_at_ms": received_at_ms,
    }
    if field == "messages":
        items = [*_messages(value, base), *_statuses(value, base)]
        yield from items
        if items:
            value = {key: rest for key, rest in value.items() if _left_over(key, rest)}
            if not value:
                return
    for part in _parts(field, value):
        yield _change(field, part, base)


def _left_over(key: str, value: Any) -> bool:
    return bool(value) and key not in _GOES_ALONG and not (key in _TAKEN_APART and isinstance(value, list))


def _messages(value: dict[str, Any], base: dict[str, Any]) -> Iterator[QueueItem]:
    messages = _list(value, "messages")
    if not messages:
        return
    contacts = _contacts_by_name(value)
    alone = cache(lambda: _contact_of_all(value, messages, contacts))  # nearly every message has a contact of its own
    for message in messages:
        if not _usable(message):
            yield _malformed(message, base["waba_id"], base["received_at_ms"])
            continue
        own = [contacts[name] for name in _strings(message, "from", "from_user_id") if name in contacts]
        yield QueueItem(
            queue=Queue.INBOX,
            kind="message",
            update_id=message["id"],
            group=_digest(base["phone_number_id"], _sender(message)),
            body={**base, "kind": "message", "contact": own[0] if own else alone(), "message": message},
        )


def _sender(message: dict[str, Any]) -> Any:
    return message.get("from") or message.get("from_user_id")


def _usable(message: Any) -> bool:
    """Whether it has what every message of Meta's has: an id and a sender, be it by phone or by user id."""
    if not isinstance(message, dict):
        return False
    return is_id(message.get("id")) and is_id(_sender(message))


def is_id(value: Any) -> bool:
    """Ids become keys, and stand in logs: Meta's have some 60 characters, a user id 131 at most, none a control."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value.encode()) <= LONGEST_ID


def _contacts_by_name(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The contacts of a value, each under its phone and its user id."""
    found: dict[str, dict[str, Any]] = {}
    for contact in _list(value, "contacts"):
        names = _strings(contact, "wa_id", "user_id")
        short = _short_contact(contact) if names else {}
        for name in names:
            found.setdefault(name, short)
    return found


def _contact_of_all(
    value: dict[str, Any], messages: list[Any], by_name: Mapping[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """The only contact, where it can be nobody but the one sender: `wa_id` may differ from the number that writes."""
    known = [contact for contact in _list(value, "contacts") if isinstance(contact, dict)]
    if len(known) != 1:
        return None
    senders = [_sender(message) for message in messages if isinstance(message, dict)]
    if any(sender != senders[0] for sender in senders):
        return None
    names = _strings(known[0], "wa_id", "user_id")
    return by_name[names[0]] if names else _short_contact(known[0])


def _short_contact(contact: dict[str, Any]) -> dict[str, Any]:
    """As it came; where it is long, what is read of it."""
    if _is_short(contact):
        return contact
    ids = {key: contact[key] for key in ("wa_id", "user_id") if is_id(contact.get(key))}
    profile = contact.get("profile")
    names = {key: name[:_MOST_OF_A_NAME] for key in ("name", "username") for name in _strings(profile, key)}
    return {**ids, "profile": names}


def _is_short(piece: Any) -> bool:
    return len(json.dumps(piece)) <= _MOST_ALONG


def _short_parts(piece: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: piece[key] for key in keys if key in piece and _is_short(piece[key])}


def _strings(piece: Any, *keys: str) -> list[str]:
    """What stands under these keys, where it is a string and says something."""
    found = [piece.get(key) for key in keys] if isinstance(piece, dict) else []
    return [text for text in found if text and isinstance(text, str)]


def _statuses(value: dict[str, Any], base: dict[str, Any]) -> Iterator[QueueItem]:
    for status in _list(value, "statuses"):
        if not isinstance(status, dict) or not is_id(status.get("id")):
            yield _malformed(status, base["waba_id"], base["received_at_ms"])
            continue
        yield _update(
            "status", f"{status['id']}:{clean(status.get('status'), LONGEST_STATUS)}", {**base, "status": status}
        )


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


def clean(value: Any, most_bytes: int = LONGEST_ID) -> str:
    """A text or a number of Meta's as a key can carry it: printable, and not too long. Anything else is empty."""
    if isinstance(value, str) and len(value) * _WIDEST <= most_bytes and value.isprintable():  # as nearly always
        return value
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    printable = "".join(character if character.isprintable() else "\ufffd" for character in text[:most_bytes])
    return printable.encode()[:most_bytes].decode(errors="ignore")


def _digest(*parts: Any) -> str:
    canonical = _CANONICAL.encode(parts)
    return hashlib.sha256(canonical.encode()).hexdigest()[:40]


def queue_messages(items: Iterable[QueueItem], queue: Queue) -> list[QueueMessage]:
    return [QueueMessage(encode(item), item.group, item.deduplication_id) for item in items if item.queue is queue]


def encode(item: QueueItem) -> str:
    """The body of the queue's message. What is too big is compressed; what is even then, loses its content alone.

    Meta would retry for seven days what we refuse, and never send it smaller.
    """
    text = _COMPACT.encode(item.body)
    if len(text) <= _MOST_BYTES:
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


def decode(text: str) -> dict[str, Any]:
    """The reverse of `encode`. Raises `ValueError` or `TypeError` for anything that is not a JSON object."""
    body = json.loads(text)
    if isinstance(body, dict) and isinstance(body.get("zlib"), str):
        try:
            body = json.loads(zlib.decompress(base64.b64decode(body["zlib"])))
        except zlib.error as error:
            raise ValueError("a queue item is not compressed as it says") from error
    if not isinstance(body, dict):
        raise TypeError("a queue item is a JSON object")
    return body
