"""What became of a message, as attributes: of the message's own row, or of the pointer row while it waits there.

`amended` names all of it in few characters: what was read is what is stored as long as it is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.dynamodb_transactions import Refusal, update
from adapters.dynamodb_values import time_of, time_text
from domain.amendments import NOTHING_WAITS, UNCHANGED, Amendments, Edited, Reacted, Waiting
from domain.customers import CustomerId
from domain.errors import ContentionError
from domain.messages import MessageId

Row = Mapping[str, Any]

WAITING = ("waiting", "amended")
"""Attributes of the pointer row of a message that has not come."""

_TRIES = 5


def amendments_of(row: Row) -> Amendments:
    edit = None
    if "editId" in row:
        edit = Edited(MessageId(row["editId"]), time_of(row["editedAt"]), row["editedType"], row["editedWords"])
    return Amendments(
        edit=edit,
        revoked_at=time_of(row["revokedAt"]) if "revokedAt" in row else None,
        reacted=tuple(
            Reacted(CustomerId(by), MessageId(said["messageId"]), time_of(said["at"]), said["emoji"])
            for by, said in sorted(row.get("reactions", {}).items())
        ),
    )


def amendment_attributes(amendments: Amendments) -> dict[str, Any]:
    """None where nothing became of it."""
    if amendments == UNCHANGED:
        return {}
    attributes = _attributes(amendments)
    return {**attributes, "amended": _digest(attributes)}


def as_amended(amendments: Amendments) -> tuple[str, dict[str, Any]]:
    """The condition that a row still says so."""
    return _as_seen(amendment_attributes(amendments).get("amended"))


def waiting_of(row: Row) -> Waiting:
    return Waiting({CustomerId(author): amendments_of(said) for author, said in row.get("waiting", {}).items()})


def waiting_attributes(waiting: Waiting) -> dict[str, Any]:
    said: dict[str, Any] = {author: _attributes(amendments) for author, amendments in waiting.by_author.items()}
    return {"waiting": said, "amended": _digest(said)} if said else {}


def as_waiting(waiting: Waiting) -> tuple[str, dict[str, Any]]:
    """The condition that this is what waits on a pointer row."""
    return _as_seen(waiting_attributes(waiting).get("amended"))


def known_pointer(table: str, key: Row, attributes: Mapping[str, Any], waiting: Waiting) -> dict[str, Any]:
    """The `Update` by which a message that was sent becomes known, and takes on what was waiting for it."""
    condition, values = as_waiting(waiting)
    removes = ("expiresAt", *(WAITING if values else ()))
    return update(table, key, attributes, removes=removes, condition=condition, values=values)


def with_what_waits(attempt: Callable[[Waiting], Sequence[Refusal]], pointer: int) -> Sequence[Refusal]:
    """Tries as if nothing waited, which is nearly always true; else with what the refusal of the pointer row tells."""
    waiting = NOTHING_WAITS
    for _ in range(_TRIES):
        refusals = attempt(waiting)
        stored = next((refusal.stored for refusal in refusals if refusal.index == pointer), None)
        found = waiting if stored is None else waiting_of(stored)
        if found == waiting:
            return refusals
        waiting = found
    raise ContentionError("what waits for a message kept changing while that became known")


def _as_seen(digest: str | None) -> tuple[str, dict[str, Any]]:
    if digest is None:
        return "attribute_not_exists(#amended)", {}
    return "#amended = :amended_as_seen", {":amended_as_seen": digest}


def _attributes(amendments: Amendments) -> dict[str, Any]:
    edit = amendments.edit
    attributes: dict[str, Any] = {}
    if edit is not None:
        attributes |= {"editId": edit.message_id, "editedAt": time_text(edit.at)}
        attributes |= {"editedType": edit.type, "editedWords": edit.words}
    if amendments.revoked_at:
        attributes["revokedAt"] = time_text(amendments.revoked_at)
    if amendments.reacted:
        attributes["reactions"] = {said.by: _reaction(said) for said in amendments.reacted}
    return attributes


def _reaction(said: Reacted) -> dict[str, str]:
    return {"messageId": said.message_id, "at": time_text(said.at), "emoji": said.emoji}


def _digest(attributes: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(attributes, sort_keys=True).encode()).hexdigest()[:24]
