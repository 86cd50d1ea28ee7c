"""Work that goes on after an answer was given: retries, delivery reports."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Keeps its tasks alive (the event loop holds them weakly only) and ends them together."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def cancel(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
