"""What those need who administer tenants. What is changed is written in one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.audit_trail import AuditEntry
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber


class TenantProfiles(Protocol):
    def find(self, tenant_id: TenantId) -> Tenant | None:
        """As it is now, read consistently."""

    def create(self, tenant_id: TenantId, tenant: Tenant, entry: AuditEntry) -> bool:
        """False, and nothing written, where there is one of this id."""

    def save(self, tenant_id: TenantId, seen: Tenant, tenant: Tenant, entry: AuditEntry) -> bool:
        """Stores what differs from `seen`; whatever else stands in the row stays. False, and nothing written, where
        it is no longer what was seen."""

    def page(self, after: TenantId | None, limit: int) -> Sequence[Tenant]:
        """All tenants, by id, at most so many, from behind `after`. For operators alone; a new one may come late."""


class TenantNumbers(Protocol):
    def of_tenant(self, tenant_id: TenantId) -> Sequence[WhatsAppNumber]:
        """By phone number id."""

    def is_free(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> bool:
        """Whether no other tenant has it."""

    def connect(self, tenant_id: TenantId, number: WhatsAppNumber, entry: AuditEntry) -> bool:
        """Stores or replaces it. False, and nothing written, where another tenant has it."""

    def disconnect(self, tenant_id: TenantId, phone_number_id: PhoneNumberId, entry: AuditEntry) -> None:
        """Nothing is written where the tenant has no such number."""


class TenantSecrets(Protocol):
    """Secrets that are written and never read back."""

    def access_token_name(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> str: ...

    def webhook_secret_name(self, tenant_id: TenantId) -> str: ...

    def keep(self, tenant_id: TenantId, name: str, secret: str) -> None:
        """Stores or replaces it. `name`: one of this tenant's."""

    def forget(self, tenant_id: TenantId, name: str) -> None:
        """What is gone can go again."""


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number, as Meta shows it to who has its token."""

    phone_number_id: PhoneNumberId
    display_phone_number: str
    quality: str = ""
    """Meta's rating: GREEN, YELLOW, RED, or NA of one that has sent too little. Empty where Meta does not tell it."""


class AccountNumbers(Protocol):
    def shown(self, waba_id: str, phone_number_id: PhoneNumberId, token: str) -> ShownNumber | None:
        """The number of this account, if this token opens it.

        Raises `AccountRefusedError` where Meta refuses the token, `ServiceUnavailableError` where it does not answer.
        """
