"""`Tenants`, in memory."""

from __future__ import annotations

from dataclasses import replace

from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from tests.fakes.store import Store


class FakeTenants:
    def __init__(self, *numbers: WhatsAppNumber) -> None:
        self.store = Store()
        """Where `FakeNumberStates` keeps the pauses."""
        self._numbers: dict[tuple[TenantId, PhoneNumberId], WhatsAppNumber] = {}
        for number in numbers:
            self.put(number)

    def put(self, number: WhatsAppNumber) -> None:
        """Stores or replaces a tenant's profile and this one of its numbers."""
        self._numbers[number.tenant.tenant_id, number.phone_number_id] = number

    def number(self, phone_number_id: PhoneNumberId) -> WhatsAppNumber | None:
        claims = [number for number in self._numbers.values() if number.phone_number_id == phone_number_id]
        if len(claims) != 1:
            return None
        return replace(claims[0], sending_pause=self.store.pauses.get((claims[0].tenant.tenant_id, phone_number_id)))

    def remember(self, number: WhatsAppNumber) -> None:
        """This one reads the rows each time."""

    def of_waba(self, waba_id: str) -> TenantId | None:
        owners = {number.tenant.tenant_id for number in self._numbers.values() if number.waba_id == waba_id}
        return owners.pop() if waba_id and len(owners) == 1 else None

    @property
    def ids(self) -> set[TenantId]:
        return {tenant_id for tenant_id, _ in self._numbers}

    def tenant(self, tenant_id: TenantId) -> Tenant | None:
        return next((number.tenant for (owner, _), number in self._numbers.items() if owner == tenant_id), None)
