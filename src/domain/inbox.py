"""A tenant's conversations as whoever answers customers sees them in a list, and what one line of it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.conversations import FREE_FORM_WINDOW, Conversation, Owner
from domain.customers import CustomerId
from domain.languages import fold
from domain.tenants import TenantId

MOST_LISTED = 50
"""Conversations of one page."""
_MOST_WORDS = 80
_MOST_OF_A_NAME = 60


class Folder(StrEnum):
    """Where a conversation is listed: each is in one."""

    ASSISTANT = "assistant"
    WAITING = "waiting_for_person"
    PERSON = "person"
    RESOLVED = "resolved"


class Speaker(StrEnum):
    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class LastSaid:
    """What was last written down of a conversation: the beginning of it."""

    by: Speaker
    type: str
    """Meta's name of the message's type."""
    words: str
    """Empty where it has none."""
    at: datetime


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One conversation in the list; all of it stands on the conversation's state row.

    Conversations from before a detail was kept show without it.
    """

    conversation: Conversation
    name: str = ""
    """As the customer calls themselves; else their phone number or user id."""
    last: LastSaid | None = None
    inbound: int = 0
    """Messages of the customer, as far as they were counted."""
    seen: int = 0
    """How many of these somebody of the tenant has seen."""
    unanswered_since: datetime | None = None
    """Receipt of the oldest message that neither the assistant nor a person has answered."""

    @property
    def customer_id(self) -> CustomerId:
        return self.conversation.customer_id

    @property
    def unread(self) -> int:
        return max(0, self.inbound - self.seen)

    @property
    def folder(self) -> Folder:
        return folder_of(self.conversation.owner, resolved=self.conversation.resolved)

    @property
    def window_closes_at(self) -> datetime:
        """From then on only templates can be sent."""
        return self.conversation.last_inbound_at + FREE_FORM_WINDOW


@dataclass(frozen=True, slots=True)
class InboxMark:
    """Behind which line a page ended."""

    last_inbound_at: datetime
    customer_id: CustomerId


@dataclass(frozen=True, slots=True)
class InboxFilter:
    person: str | None = None
    """Those that this person has: in `Folder.PERSON` alone."""
    unread: bool = False
    words: str = ""
    """Those whose name, phone number or last words contain this, case and accents aside."""

    @property
    def asks(self) -> bool:
        return self != EVERY_LINE

    def takes(self, line: InboxLine) -> bool:
        told = (line.name, line.last.words if line.last else "", *line.conversation.recipient.keys)
        return (
            (self.person is None or line.conversation.person == self.person)
            and (not self.unread or line.unread > 0)
            and fold(self.words) in fold(" ".join(told))
        )


EVERY_LINE = InboxFilter()


@dataclass(frozen=True, slots=True)
class InboxPage:
    lines: tuple[InboxLine, ...]
    """Those first whose customers wrote last."""
    next: InboxMark | None
    """None: there are no more. A page may be short, or empty, and others follow it."""


class Inbox(Protocol):
    def page(
        self, tenant_id: TenantId, folder: Folder, only: InboxFilter, after: InboxMark | None, limit: int
    ) -> InboxPage:
        """One call, however many conversations there are; with a filter, of the next few hundred those that match."""

    def lines(self, tenant_id: TenantId, customer_ids: Sequence[CustomerId]) -> list[InboxLine]:
        """Of these customers, as far as they have a conversation; in no order. At most a hundred, in one call."""

    def mark_seen(self, tenant_id: TenantId, customer_id: CustomerId, inbound: int) -> None:
        """So many of the customer's messages have been seen. It never goes back, and is no more than there are."""

    def count(self, tenant_id: TenantId, folder: Folder, most: int) -> int:
        """How many conversations are in it; counted up to `most`."""


class InboxPorts(Protocol):
    """Part of the ports of every use case that shows the inbox."""

    @property
    def inbox(self) -> Inbox: ...


def list_inbox(  # noqa: PLR0913 (what is listed, from where on, and how much)
    tenant_id: TenantId,
    folder: Folder,
    *,
    ports: InboxPorts,
    only: InboxFilter = EVERY_LINE,
    after: InboxMark | None = None,
    limit: int = 25,
) -> InboxPage:
    return ports.inbox.page(tenant_id, folder, only, after, max(1, min(limit, MOST_LISTED)))


def mark_read(tenant_id: TenantId, customer_id: CustomerId, inbound: int, *, ports: InboxPorts) -> None:
    """`inbound` of the line that was shown: what came since stays unread."""
    ports.inbox.mark_seen(tenant_id, customer_id, inbound)


def folder_of(owner: Owner, *, resolved: bool) -> Folder:
    return Folder.RESOLVED if resolved else Folder(owner.value)


def beginning(words: str) -> str:
    """As much of a message as a line shows, on one line."""
    plain = " ".join(words.split())
    return plain if len(plain) <= _MOST_WORDS else f"{plain[: _MOST_WORDS - 1]}…"


def shown_name(profile_name: str | None, username: str | None) -> str | None:
    """None where neither is told."""
    name = " ".join((profile_name or username or "").split())
    return name[:_MOST_OF_A_NAME] or None
