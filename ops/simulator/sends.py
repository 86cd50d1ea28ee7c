"""Every POST to /messages that the simulator received: the evidence that nothing was sent twice."""

from collections import deque
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

_MOST_SENDS = 10_000


class Outcome(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    # Accepted, but addressed in `to` by a business-scoped user id: it reaches nobody.
    LOST = "lost"
    # The simulated fault left the caller without an answer, and nothing was accepted.
    UNANSWERED = "unanswered"
    MARKED_READ = "marked_read"


class Send(BaseModel):
    at: float
    phone_number_id: str
    body: Any
    outcome: Outcome = Outcome.RECEIVED
    message_id: str | None = None
    error: dict[str, Any] | None = None
    # The kind of the simulated fault that this send met.
    fault: str | None = None


class Sends:
    def __init__(self) -> None:
        self._sends: deque[Send] = deque(maxlen=_MOST_SENDS)

    def add(self, send: Send) -> Send:
        self._sends.append(send)
        return send

    def all(self) -> list[Send]:
        return list(self._sends)

    def clear(self) -> None:
        self._sends.clear()
