"""`Tenants`, in memory."""

from __future__ import annotations

from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber


class FakeTenants:
    def __init__(self, *numbers: WhatsAppNumber) -> None:
        self._numbers: dict[tuple[TenantId, PhoneNumberId], WhatsAppNumber] = {}
        for number in numbers:
            self.put(number)

    def put(self, number: WhatsAppNumber) -> None:
        """Stores or replaces a tenant's profile and this one of its numbers."""
        self._numbers[number.tenant.tenant_id, number.phone_number_id] = number

    def number(self, phone_number_id: PhoneNumberId) -> WhatsAppNumber | None:
        claims = [number for number in self._numbers.values() if number.phone_number_id == phone_number_id]
        return claims[0] if len(claims) == 1 else None

    def of_waba(self, waba_id: str) -> TenantId | None:
        owners = {number.tenant.tenant_id for number in self._numbers.values() if number.waba_id == waba_id}
        return owners.pop() if waba_id and len(owners) == 1 else None
