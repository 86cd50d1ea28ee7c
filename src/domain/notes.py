"""What people of the seller write for each other beside a conversation: never sent, never read by the assistant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.customers import CustomerId
from domain.messages import Position
from domain.tenants import TenantId

MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Note:
    position: Position
    """Where it stands among the messages."""
    by: str
    by_name: str
    words: str
    at: datetime


class Notes(Protocol):
    def write(self, tenant_id: TenantId, customer_id: CustomerId, key: str, note: Note) -> Note | None:
        """Keeps it once: under a key that was used before, the note of then is returned. None: no such conversation."""
