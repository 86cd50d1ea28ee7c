"""A conversation as it is stored, a page at a time, backwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.conversations import ThreadMessage
from domain.customers import CustomerId
from domain.escalations import Escalation
from domain.inbox import InboxLine
from domain.notes import Note
from domain.ownership import OwnerChange
from domain.replies import Reply
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class Inbound:
    message: ThreadMessage
    context_id: str = ""
    """Of the message that it answers."""
    raw: Mapping[str, Any] = field(default_factory=dict)
    """Meta's object, of types whose content stands nowhere else: places and contacts."""


@dataclass(frozen=True, slots=True)
class Outbound:
    reply: Reply
    raw: Mapping[str, Any] = field(default_factory=dict)
    """Meta's form of what a person, or the seller's system, sent."""


Entry = Inbound | Outbound | Note


@dataclass(frozen=True, slots=True)
class ThreadMark:
    """Before which entry a page begins."""

    before: str
    formers: tuple[CustomerId, ...] = ()
    """Whose conversations were merged into this one."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    customer_id: CustomerId
    """Of a customer who was merged into another: the other's."""
    line: InboxLine | None
    """With the newest page alone."""
    entries: tuple[Entry, ...]
    """Oldest first, as they stand in the conversation."""
    changes: tuple[OwnerChange, ...]
    """Of the time of these entries, as are the escalations."""
    escalations: tuple[Escalation, ...]
    older: ThreadMark | None
    """None: this is the beginning of the conversation."""
    stamp: str = ""
    """Of the newest page: another as soon as anything in it is. Who has seen how much of it is not in it."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The answer to whoever has seen a conversation as it is."""


class ThreadPages(Protocol):
    def page(
        self, tenant_id: TenantId, customer_id: CustomerId, before: ThreadMark | None, limit: int
    ) -> ThreadPage | None:
        """The newest entries before there; None where there is no conversation.

        Three calls, and one more for each conversation that was merged into this one.
        """

    def since(
        self, tenant_id: TenantId, customer_id: CustomerId, stamp: str, limit: int
    ) -> ThreadPage | Unchanged | None:
        """The newest entries, unless they are those of that stamp: to know so takes two calls fewer."""
