"""Every attempt to deliver a webhook, for tests and for the developer's panel."""

from collections import deque
from typing import Any

from pydantic import BaseModel

_MOST_ATTEMPTS = 2_000


class Attempt(BaseModel):
    """`id` is the same for all attempts and duplicates of one webhook."""

    id: str
    at: float
    # 1 for the first try.
    attempt: int
    # The message type or the status that it carries, or the webhook field.
    subject: str
    status_code: int | None
    # The answer's text, or the reason why there was none.
    answer: str
    elapsed_ms: int
    body: Any


class Attempts:
    def __init__(self) -> None:
        self._attempts: deque[Attempt] = deque(maxlen=_MOST_ATTEMPTS)

    def add(self, attempt: Attempt) -> None:
        self._attempts.append(attempt)

    def all(self) -> list[Attempt]:
        return list(self._attempts)

    def clear(self) -> None:
        self._attempts.clear()
