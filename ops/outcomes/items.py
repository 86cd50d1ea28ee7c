"""The single updates of a webhook body, and the list of those that the webhook accepted."""

from __future__ import annotations

from dataclasses import dataclass

MESSAGE = "message"
STATUS = "status"


@dataclass(frozen=True, slots=True)
class Address:
    """To whom an update was sent, as the body says."""

    phone_number_id: str
    waba_id: str


@dataclass(frozen=True, slots=True)
class Item:
    kind: str
    """message, status, malformed, or the name of the webhook field."""
    update_id: str
    """Of a message its WhatsApp id, of a status that id and the status, else a digest of the webhook's."""
    addresses: tuple[Address, ...]
    """One; several where the body does not tell which of its updates this is."""


def accepted(answer: str) -> list[tuple[str, str]]:
    """Kind and update id of each line that the webhook answers, in ASCII with Python's escapes."""
    lines = (line.encode("latin-1", "backslashreplace").decode("unicode_escape") for line in answer.split("\n"))
    return [_parsed(line) for line in lines if line]


def _parsed(line: str) -> tuple[str, str]:
    kind, _, update_id = line.partition(" ")
    if kind not in {MESSAGE, STATUS}:  # the name of a field may be anything; its digest has no space in it
        kind, _, update_id = line.rpartition(" ")
    return kind, update_id
