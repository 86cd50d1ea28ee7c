"""What stands in a body, read independently of the function that is being checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ops.outcomes.items import MESSAGE, STATUS, Address, Item, accepted


@dataclass(frozen=True, slots=True)
class Content:
    """One update of a body that the webhook has to accept."""

    kind: str
    update_id: str | None
    """None where only the webhook knows: the digest of an update that is neither message nor status."""
    address: Address


@dataclass(frozen=True, slots=True)
class Matched:
    """A body held against the webhook's answer."""

    items: tuple[Item, ...]
    """Everything that was accepted."""
    missing: tuple[Content, ...]
    """What stands in the body and was not."""


def contents(body: bytes) -> list[Content]:
    """Empty for what is no envelope of Meta's."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [content for entry in _list(envelope, "entry") for content in _of_entry(entry)]


def match(found: Sequence[Content], answer: str) -> Matched:
    """Each accepted line is one update of the body; what remains of the body is missing."""
    remaining = list(found)
    items = [_item(kind, update_id, remaining, found) for kind, update_id in accepted(answer)]
    malformed = Counter(item.kind for item in items)["malformed"]
    return Matched(tuple(items), tuple(_unaccounted(remaining, {item.kind for item in items}, malformed)))


def _item(kind: str, update_id: str, remaining: list[Content], found: Sequence[Content]) -> Item:
    if kind in {MESSAGE, STATUS}:
        for content in remaining:
            if (content.kind, content.update_id) == (kind, update_id):
                remaining.remove(content)
                return Item(kind, update_id, (content.address,))
    same_field = [content.address for content in found if content.kind == kind]
    return Item(kind, update_id, tuple(same_field or [content.address for content in found]))


def _unaccounted(remaining: Sequence[Content], kinds: set[str], malformed: int) -> Iterator[Content]:
    """A change may be many updates, so its field need be named only once; pieces not in Meta's form are `malformed`."""
    for content in remaining:
        if content.update_id is None and content.kind in kinds:
            continue
        if malformed > 0:
            malformed -= 1
            continue
        yield content


def _of_entry(entry: Any) -> Iterator[Content]:
    waba_id = _text(entry.get("id")) if isinstance(entry, dict) else ""
    for change in _list(entry, "changes"):
        value = change.get("value") if isinstance(change, dict) else None
        metadata = value.get("metadata") if isinstance(value, dict) else None
        number = _text(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""
        yield from _of_change(change, value, Address(number, waba_id))


def _of_change(change: Any, value: Any, address: Address) -> Iterator[Content]:
    field = change.get("field") if isinstance(change, dict) else None
    if field != "messages":
        yield Content(_text(field) or "malformed", None, address)
        return
    messages, statuses = _list(value, "messages"), _list(value, "statuses")
    yield from (_single(MESSAGE, message, _id_of(message), address) for message in messages)
    yield from (_single(STATUS, status, _id_of(status, "status"), address) for status in statuses)
    if not messages and not statuses:
        yield Content("messages", None, address)


def _single(kind: str, update: Any, update_id: str | None, address: Address) -> Content:
    return Content(kind if isinstance(update, dict) and update_id else "malformed", update_id, address)


def _id_of(update: Any, suffix: str | None = None) -> str | None:
    name = update.get("id") if isinstance(update, dict) else None
    if not isinstance(name, str) or not name:
        return None
    return name if suffix is None else f"{name}:{_text(update.get(suffix))}"


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
