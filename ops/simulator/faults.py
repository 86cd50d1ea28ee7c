"""Faults that a test or a demo orders: what goes wrong, for which sends, how often."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    # An error body of Meta's with `code` and `http_status`; nothing is accepted.
    ERROR = "error"
    HTTP_500 = "http_500"
    # Silence for `seconds`, then the connection drops; nothing is accepted.
    TIMEOUT = "timeout"
    # Accepted at once, answered only after `seconds`: the caller's time-out may come first.
    SLOW = "slow"
    # Accepted, then the connection drops without an answer.
    RESET_AFTER_ACCEPT = "reset_after_accept"


class Match(BaseModel):
    """Which sends a fault strikes; what is not given matches all."""

    model_config = ConfigDict(extra="forbid")

    phone_number_id: str | None = None
    # A phone number or a business-scoped user id, as it stands in the body.
    to: str | None = None
    type: str | None = None

    def strikes(self, phone_number_id: str, to: str | None, message_type: str | None) -> bool:
        wanted_and_found = (
            (self.phone_number_id, phone_number_id),
            (self.to, to),
            (self.type, message_type),
        )
        return all(wanted in (None, found) for wanted, found in wanted_and_found)


class Fault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    match: Match = Match()
    times: int = Field(default=1, ge=1)
    code: int = 131000
    http_status: int = Field(default=400, ge=400, le=599)
    seconds: float = Field(default=30, ge=0)


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def all(self) -> list[Fault]:
        return list(self._faults)

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, phone_number_id: str, to: str | None, message_type: str | None) -> Fault | None:
        """The first fault that strikes this send, one use of it spent."""
        struck = next((fault for fault in self._faults if fault.match.strikes(phone_number_id, to, message_type)), None)
        if struck:
            struck.times -= 1
            self._faults = [fault for fault in self._faults if fault.times > 0]
        return struck
