"""Recorded bodies as if they were sent now.

WhatsApp's message ids count once, for ever, and what is older than a day gets no answer: a body that is replayed a
second time would show what happened the first time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ops.replay.addressing import compact
from ops.replay.bodies import Body


def freshened(bodies: Sequence[Body], run: str, now: int) -> list[Body]:
    """Each id with `run` in it, in whatever body it is referred to; `now` (Unix seconds) as the time of each."""
    envelopes = [_parsed(body.content) for body in bodies]
    ids = {update["id"] for envelope in envelopes for update in _updates(envelope) if isinstance(update.get("id"), str)}
    names = {name: f"wamid.{run}{name.removeprefix('wamid.')}" for name in ids if name}
    return [
        body if envelope is None else Body(body.name, compact(_renamed(_dated(envelope, str(now)), names)))
        for body, envelope in zip(bodies, envelopes, strict=True)
    ]


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _dated(envelope: Any, now: str) -> Any:
    for update in _updates(envelope):
        if "timestamp" in update:
            update["timestamp"] = now
    return envelope


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def _updates(envelope: Any) -> Iterator[dict[str, Any]]:
    """Every message and status."""
    for entry in _list(envelope, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            for key in ("messages", "statuses"):
                yield from (update for update in _list(value, key) if isinstance(update, dict))


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
