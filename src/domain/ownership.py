"""Who speaks for the seller, and how that changes.

                 ┌────────────────── hand back, resolve ─────────────────┐
                 ▼                                                        │
    ASSISTANT ──hand over──▶ WAITING ──take over──▶ PERSON ──take over──▶ PERSON (another)
        ▲ │                     │                     │
        │ └──────take over──────┼────────────────────▶│
        └───────hand back, resolve────────────────────┘

A resolved conversation belongs to the assistant and is closed; a new message opens it again. Every change is kept as
a row of its own with who, when and why, stored together with the state, and published afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.conversations import Conversation, Owner
from domain.customers import CustomerId
from domain.errors import NotAllowedError
from domain.messages import Position
from domain.tenants import PhoneNumberId, TenantId

ASSISTANT = "assistant"
CUSTOMER = "customer"
PHONE_APP = "phone_app"
"""Whom a change is put down to, beside the people who log in: a message from the seller's phone names nobody."""


class Change(StrEnum):
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    HANDED_BACK = "handed_back"
    RESOLVED = "resolved"
    REOPENED = "reopened"


_ALLOWED_FROM: Mapping[Change, frozenset[Owner]] = {
    Change.HANDED_OVER: frozenset({Owner.ASSISTANT}),
    Change.TAKEN_OVER: frozenset(Owner),
    Change.HANDED_BACK: frozenset({Owner.WAITING, Owner.PERSON}),
    Change.RESOLVED: frozenset(Owner),
    Change.REOPENED: frozenset({Owner.ASSISTANT}),
}

_LEADS_TO: Mapping[Change, Owner] = {
    Change.HANDED_OVER: Owner.WAITING,
    Change.TAKEN_OVER: Owner.PERSON,
    Change.HANDED_BACK: Owner.ASSISTANT,
    Change.RESOLVED: Owner.ASSISTANT,
    Change.REOPENED: Owner.ASSISTANT,
}


_OWNED_BY: Mapping[Owner, str] = {
    Owner.ASSISTANT: "the assistant has",
    Owner.WAITING: "waits for a person",
    Owner.PERSON: "a person has",
}
_INSTEAD: Mapping[Change, str] = {
    Change.HANDED_OVER: "a person is called already",
    Change.HANDED_BACK: "take it over first, or leave it as it is",
    Change.REOPENED: "hand it back, and the assistant goes on",
}


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """One change, as it is kept and published."""

    tenant_id: TenantId
    customer_id: CustomerId
    phone_number_id: PhoneNumberId
    change: Change
    by: str
    """A person's id, or one of `ASSISTANT`, `CUSTOMER`, `PHONE_APP`."""
    reason: str
    at: datetime
    cause: str
    """Names the change among those of its conversation: a message's position, or the version that it was made from."""
    person: str | None = None
    """Who owns the conversation now, where that is a person."""
    by_name: str | None = None
    """Of `by`, for people to read, where it is known."""

    @property
    def owner(self) -> Owner:
        return _LEADS_TO[self.change]


def reopening(
    tenant_id: TenantId, customer_id: CustomerId, phone_number_id: PhoneNumberId, position: Position, at: datetime
) -> OwnerChange:
    """The change that a message makes of a resolved conversation."""
    reason = "a new message"
    return OwnerChange(tenant_id, customer_id, phone_number_id, Change.REOPENED, CUSTOMER, reason, at, cause=position)


def check(change: Change, conversation: Conversation, person: str | None = None) -> None:
    """Raises `NotAllowedError` with what to do instead."""
    if conversation.owner not in _ALLOWED_FROM[change]:
        raise NotAllowedError(
            f"a conversation that {_OWNED_BY[conversation.owner]} cannot be {_said(change)}; {_INSTEAD[change]}"
        )
    if change is Change.TAKEN_OVER and not person:
        raise NotAllowedError("a conversation is taken over by somebody: say by whom")
    if change is Change.TAKEN_OVER and conversation.owner is Owner.PERSON and conversation.person == person:
        raise NotAllowedError(f"{conversation.person_name or person} has this conversation already")
    if change is Change.REOPENED and not conversation.resolved:
        raise NotAllowedError("this conversation is open: there is nothing to open again")
    if change is Change.RESOLVED and conversation.resolved:
        raise NotAllowedError("this conversation is resolved already; a new message opens it again")


def _said(change: Change) -> str:
    return change.value.replace("_", " ")
