"""What happens in the simulator, told to every open phone page (Server-Sent Events)."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# A page that does not read this many events is gone; it reloads the chat when it comes back.
_MOST_WAITING = 1_000

Event = dict[str, Any]


class EventStream:
    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Event]] = set()

    def publish(self, kind: str, **details: Any) -> None:
        for listener in self._listeners:
            if not listener.full():
                listener.put_nowait({"kind": kind, **details})

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event]]:
        listener: asyncio.Queue[Event] = asyncio.Queue(maxsize=_MOST_WAITING)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)


def encoded(event: Event) -> str:
    """One event in the wire format of the HTML standard, section 9.2."""
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
