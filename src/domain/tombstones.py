"""What stays of an erased customer: when they were erased, and whether they wanted offers. Nothing of who they were.

Everything that tells of them from before is refused by it, whenever and however often it comes: a message that Meta
sends again for a week, a letter that is redriven after two. Whoever writes afterwards is a new customer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from domain.customers import CustomerId
from domain.opt_out import OptOut
from domain.tenants import TenantId

# Some 50 ms and 16 MB, once for each new customer: whoever has the table and wants to know which of ten billion phone
# numbers stand in it, computes for years.
_COST, _BLOCK_SIZE = 2**14, 8


@dataclass(frozen=True, slots=True)
class Tombstone:
    erased_at: datetime
    next_customer_id: CustomerId
    """Whom the next message under this identity begins: nobody's history, and in none of the old rows' way."""
    opt_out: OptOut | None = None
    """What held of offers. It goes on holding, without the word that said so: to forget it would be to start again."""
    unfinished: CustomerId | None = None
    """One of the erased ids while their rows are being deleted."""

    def covers(self, at: datetime) -> bool:
        """Whether what was said then is erased. Meta's times have whole seconds: all of that second is."""
        return at <= self.erased_at


@dataclass(frozen=True, slots=True)
class Erased:
    """The answer to a recording from before its sender's erasure: nothing was written."""


class Tombstones(Protocol):
    def newest(self, tenant_id: TenantId, identities: Iterable[str]) -> Tombstone | None:
        """Of those that stand for one of these phone numbers and BSUIDs."""


@lru_cache(maxsize=1024)
def hashed(tenant_id: TenantId, identity: str) -> str:
    """What stands for a phone number or BSUID on a tombstone, of one tenant alone."""
    salt = f"tombstone#{tenant_id}".encode()
    return hashlib.scrypt(identity.encode(), salt=salt, n=_COST, r=_BLOCK_SIZE, p=1, dklen=32).hex()
