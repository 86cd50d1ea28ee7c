"""Who writes: a phone number, a business-scoped user id (BSUID), or both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from domain.tenants import TenantId

CustomerId = NewType("CustomerId", str)
"""Stable for the life of a customer, whatever happens to phone number or BSUID."""


@dataclass(frozen=True, slots=True)
class CustomerIdentity:
    """As WhatsApp gives it, verbatim: `wa_id` of Brazil and Mexico may differ from the dialled number.

    At least one of `phone` and `user_id` is set.
    """

    phone: str | None = None
    user_id: str | None = None
    """The business-scoped user id of a customer who adopted a username."""
    profile_name: str | None = None
    username: str | None = None

    @property
    def key(self) -> str:
        """What the customer is filed under: the phone number, or the BSUID where WhatsApp gives no phone."""
        return self.phone or self.user_id or ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that the customer may be found by, in the order of looking: the BSUID is theirs alone."""
        return tuple(key for key in (self.user_id, self.phone) if key)

    def first_customer_id(self, tenant_id: TenantId) -> CustomerId:
        """The id that a customer gets who is seen for the first time under this identity.

        Derived, so that two workers that meet a new customer at once agree on it without asking each other.
        """
        return first_customer_id(tenant_id, self.key)


def first_customer_id(tenant_id: TenantId, key: str) -> CustomerId:
    """Of who is filed under `key` for the first time."""
    return CustomerId(hashlib.sha256(f"{tenant_id}#{key}".encode()).hexdigest()[:24])


@dataclass(frozen=True, slots=True)
class Customer:
    tenant_id: TenantId
    customer_id: CustomerId
    identity: CustomerIdentity
    first_interaction: datetime
    last_interaction: datetime
    """Time of the newest message; it never goes back, in whatever order messages arrive."""
    message_count: int
    active_months: frozenset[str]
    key: str = ""
    """What they are filed under: the identity that was seen first."""
    aliases: frozenset[str] = frozenset()
    """Every further identity, by which they are found as well."""
    moved_by: str = ""
    """Position of the newest notice that their number or user id has changed."""
    former_customer_ids: frozenset[CustomerId] = frozenset()
    """Customers that turned out to be this one."""
    apart_from: frozenset[CustomerId] = frozenset()
    """Customers of whom an operator has said that they are somebody else."""
