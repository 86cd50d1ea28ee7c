"""What is to happen, and by when: rows of the conversations table with a due time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.customers import CustomerId
from domain.messages import Position
from domain.replies import ReplyPurpose
from domain.tenants import TenantId


class DueKind(StrEnum):
    CONVERSATION = "conversation"
    """A message waits for its answer."""
    REPLY = "reply"
    """A reply is being sent, waits to be offered again, or is unclear; or an answer failed and calls for a person."""
    ESCALATION = "escalation"
    OWNER_CHANGE = "owner_change"
    ACCOUNT_ALERT = "account_alert"
    WAIT = "wait"
    """A conversation waits for a person: its next step, or the first look at it, has come."""
    MEDIA = "media"
    """A customer's file is to be fetched."""


PATIENCE: Mapping[DueKind, timedelta] = {
    # Longer than the queue goes on bringing the job back (template.yaml: RepliesQueue).
    DueKind.CONVERSATION: timedelta(minutes=30),
    DueKind.REPLY: timedelta(minutes=10),
    DueKind.ESCALATION: timedelta(minutes=2),
    DueKind.OWNER_CHANGE: timedelta(minutes=2),
    DueKind.ACCOUNT_ALERT: timedelta(minutes=2),
    DueKind.WAIT: timedelta(0),  # it is the sweeper's alone
    # Longer than the queue goes on bringing the job back (template.yaml: MediaQueue).
    DueKind.MEDIA: timedelta(hours=1),
}
"""How long the functions themselves are left to it."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One row that is due, by what its key tells."""

    kind: DueKind
    tenant_id: TenantId
    customer_id: CustomerId
    due_at: datetime
    position: Position | None = None
    """Of the message that the reply or escalation is about, or that carries the file."""
    purpose: ReplyPurpose | None = None
    alert_id: str = ""
    sort_key: str = ""

    def overdue(self, now: datetime) -> bool:
        return now - self.due_at >= PATIENCE[self.kind]
