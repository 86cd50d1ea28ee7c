"""What customers told in recorded bodies, and what no log line may repeat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ops.outcomes.log_search import Private

_PHONES = frozenset({"from", "wa_id", "recipient_id", "phone", "phone_number", "to", "input"})
_NAMES = frozenset({"name", "username", "formatted_name", "full_name"})
_TEXTS = frozenset({"body", "caption", "title", "description", "address", "response_json", "payload"})
_SHORTEST_NUMBER = 7
_SHORTEST_NAME = 5
_SHORTEST_TEXT = 8
"""Shorter ones stand in log lines by chance: `audio`, `text`."""


def told_by_customers(bodies: Iterable[bytes]) -> list[Private]:
    return sorted({private for body in bodies for private in _of(body)}, key=lambda private: private.value)


def _of(body: bytes) -> Iterator[Private]:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return
    for value in _messages_and_contacts(envelope):
        yield from _walked(value)


def _messages_and_contacts(envelope: Any) -> Iterator[Any]:
    for entry in _list(envelope, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            for key in ("messages", "contacts", "statuses"):
                yield from _list(value, key)


def _walked(value: Any, key: str = "") -> Iterator[Private]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walked(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _walked(inner, key)
    elif isinstance(value, str):
        yield from _private(key, value)


def _private(key: str, value: str) -> Iterator[Private]:
    digits = value.lstrip("+")
    if key in _PHONES and digits.isdigit() and len(digits) >= _SHORTEST_NUMBER:
        yield Private("a phone number", digits)
    elif key in _NAMES and len(value) >= _SHORTEST_NAME:
        yield Private("a name", value)
    elif key in _TEXTS and len(value) >= _SHORTEST_TEXT:
        yield Private("a text", value)


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
