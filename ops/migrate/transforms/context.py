"""What a transform has to know beside its row. The same in every run of one migration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.product_feed import FeedDefaults
from domain.tenants import PhoneNumberId, TenantId
from ops.migrate.legacy import UnfitRowError

Erased = Callable[[TenantId, str, datetime], bool]
"""Whether what somebody of this identity said then has been erased since."""


def _nobody(tenant_id: TenantId, identity: str, at: datetime) -> bool:  # noqa: ARG001 (as `Erased`)
    return False


@dataclass(frozen=True, slots=True)
class Context:
    unanswered_since: datetime
    """Who wrote last, later than this, and had no answer by then, waits for a person."""
    secrets_prefix: str
    numbers: Mapping[TenantId, tuple[PhoneNumberId, ...]] = field(default_factory=dict)
    defaults: Mapping[TenantId, FeedDefaults] = field(default_factory=dict)
    """Currency and language of each tenant."""
    erased: Erased = _nobody

    def number_of(self, tenant_id: TenantId) -> PhoneNumberId:
        """The tenant's only one. Raises `UnfitRowError`."""
        numbers = self.numbers.get(tenant_id, ())
        if len(numbers) != 1:
            raise UnfitRowError(f"no phoneNumberId, and tenant {tenant_id} has {len(numbers)} numbers to choose from")
        return numbers[0]

    def access_token_secret(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> str:
        return f"{self.secrets_prefix}{tenant_id}/{phone_number_id}"
