"""What a smoke test writes bears these marks, and nothing else does.

From a run's id follows every key that it touches.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from domain.customers import CustomerId, first_customer_id
from domain.messages import MessageId
from domain.tenant_rules import SMOKE_TENANT
from domain.tenants import PhoneNumberId, Tenant, TenantStatus, WhatsAppNumber

TENANT = SMOKE_TENANT
NAME = "Smoke test"
PHONE_NUMBER_ID = PhoneNumberId("100000000000017")
WABA_ID = "100000000000018"
DISPLAY_NUMBER = "15550100017"
CUSTOMER = "13055550117"
"""555-01xx is reserved for fiction."""
ACCESS_TOKEN = "audit-smoke-token"  # noqa: S105 (the simulator's; Meta never sees it)
RUN = "run#"
"""What the sort keys of the runs' own rows begin with, in the tenants table."""
SECONDS = 24 * 3600
"""After so long the marks expire, should nobody ever run it again."""


@dataclass(frozen=True, slots=True)
class Run:
    run_id: str

    @classmethod
    def new(cls) -> Run:
        return cls(secrets.token_hex(5))

    @property
    def mark(self) -> str:
        return f"{TENANT}#{self.run_id}"

    @property
    def message_id(self) -> MessageId:
        return MessageId(f"wamid.{TENANT}.{self.run_id}")

    @property
    def customer_id(self) -> CustomerId:
        return first_customer_id(TENANT, CUSTOMER)


def number(tenant_secrets_prefix: str) -> WhatsAppNumber:
    return WhatsAppNumber(
        tenant=Tenant(
            tenant_id=TENANT,
            name=NAME,
            status=TenantStatus.ACTIVE,
            language="en",
            currency="USD",
            timezone="UTC",
            plan="standard",
            escalation_keywords=(),
        ),
        phone_number_id=PHONE_NUMBER_ID,
        waba_id=WABA_ID,
        display_phone_number=DISPLAY_NUMBER,
        access_token_secret=f"{tenant_secrets_prefix}{TENANT}/{PHONE_NUMBER_ID}",
        catalog_id=None,
    )
