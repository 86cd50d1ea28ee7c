"""Chats kept in a file, so that they outlive a restart of the local stack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import BaseModel

from ops.simulator.background import Background
from ops.simulator.chats import ChatMessage, Chats
from ops.simulator.customers import Customer, Customers

_INTERVAL_S = 1.0


class _State(BaseModel):
    customers: list[Customer]
    messages: list[ChatMessage]


class StateFile:
    """Reads the chats at the start, and writes them whenever they differ from what was written last."""

    def __init__(self, path: Path, chats: Chats, customers: Customers) -> None:
        self._path = path
        self._chats = chats
        self._customers = customers
        self._written = ""

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        self._read()
        background = Background()
        background.spawn(self._write_now_and_then())
        try:
            yield
        finally:
            await background.cancel()
            self._write()

    def _read(self) -> None:
        if self._path.exists():
            state = _State.model_validate_json(self._path.read_text(encoding="utf-8"))
            self._customers.restore(state.customers)
            self._chats.restore(state.messages)

    async def _write_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_INTERVAL_S)
            self._write()

    def _write(self) -> None:
        state = _State(customers=self._customers.all(), messages=self._chats.all_messages())
        text = state.model_dump_json()
        if text == self._written:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        # Atomic: whoever reads sees the old state or the new one, never half of it.
        partial.replace(self._path)
        self._written = text
