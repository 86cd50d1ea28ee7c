"""Who takes part: sellers, their numbers and catalogues, and the people who write to them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.catalogue import Money, Product, ProductId
from domain.tenants import PhoneNumberId, Tenant, TenantId, TenantStatus, WhatsAppNumber

APP_SECRET = "app-secret-of-the-proof"  # noqa: S105 (made up)
"""Made up; nothing outside of the process knows it."""


@dataclass(frozen=True, slots=True)
class Customer:
    """The same person writes to several sellers, with the same phone."""

    phone: str | None
    user_id: str | None

    @property
    def key(self) -> str:
        return self.phone or self.user_id or ""


def _number(tenant: Tenant, phone_number_id: str, display: str, catalog_id: str | None = None) -> WhatsAppNumber:
    return WhatsAppNumber(
        tenant=tenant,
        phone_number_id=PhoneNumberId(phone_number_id),
        waba_id=f"waba-{tenant.tenant_id}",
        display_phone_number=display,
        access_token_secret=f"ai-marketplace-platform/tenants/{tenant.tenant_id}/{phone_number_id}",
        catalog_id=catalog_id,
    )


_ACME = Tenant(TenantId("acme"), "Acme")
_GLOBEX = Tenant(TenantId("globex"), "Globex", escalation_keywords=("refund",))
_INITECH = Tenant(TenantId("initech"), "Initech", status=TenantStatus.SUSPENDED)

NOT_CONNECTED = "718840365529107"
"""A catalogue that Meta does not know of: what shows its products is refused."""

NUMBERS = (
    _number(_ACME, "106540352242922", "15550100001", "905518227431066"),
    _number(_GLOBEX, "106540352242923", "15550100002"),
    _number(_ACME, "106540352242924", "15550100003", NOT_CONNECTED),
    _number(_INITECH, "106540352242925", "15550100004"),
)
SUSPENDED = 3
UNKNOWN = len(NUMBERS)
"""A number that belongs to nobody."""
UNKNOWN_NUMBER_ID = "106540352242999"

CUSTOMERS = (
    Customer("12025550143", None),
    Customer("12025550144", "US.13491208655302741918"),
    Customer(None, "BR.99991208655302741999"),
    Customer("5511955501234", None),
)

WARES = {
    TenantId("acme"): ("Azure mug", "Amber teapot"),
    TenantId("globex"): ("Green lamp", "Grey kettle"),
    TenantId("initech"): ("Indigo stapler",),
}
"""What a seller sells, no other does: a title in an answer tells whose catalogue was read."""


def products(tenant_id: TenantId) -> list[Product]:
    return [
        Product(ProductId(f"{tenant_id}-{index}"), title, Money(1250, "USD"))
        for index, title in enumerate(WARES[tenant_id])
    ]


def phone_number_id(number: int) -> str:
    return NUMBERS[number].phone_number_id if number < len(NUMBERS) else UNKNOWN_NUMBER_ID


def tenant_of(number: int) -> TenantId | None:
    """None where what is sent there is quarantined."""
    return NUMBERS[number].tenant.tenant_id if number < len(NUMBERS) and number != SUSPENDED else None


def token(number: WhatsAppNumber) -> str:
    return f"token-{number.phone_number_id}"
