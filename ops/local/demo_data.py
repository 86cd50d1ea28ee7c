"""The demo's sellers and their catalogues, as `ops/demo/` holds them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from domain.catalogue import Product
from domain.feed_rows import read_rows
from domain.product_feed import FeedDefaults, parse_product
from domain.tenants import PhoneNumberId, Tenant, TenantId, TenantStatus, WhatsAppNumber
from domain.waiting import USUAL_TIMES, WaitingTimes
from ops.local.places import REPOSITORY
from ops.simulator.templates import SimulatedTemplate
from ops.stack_file import StackTenant

DEMO = REPOSITORY / "ops" / "demo"


class DemoNumber(BaseModel):
    model_config = ConfigDict(frozen=True)

    phone_number_id: str
    waba_id: str
    display_phone_number: str
    catalog_id: str | None = None


class DemoTenant(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    number: DemoNumber
    access_token: str
    status: TenantStatus = TenantStatus.ACTIVE
    language: str = "en"
    currency: str = "USD"
    timezone: str = "UTC"
    plan: str = "standard"
    escalation_keywords: tuple[str, ...] = ()
    waiting: WaitingTimes = USUAL_TIMES

    def whatsapp_number(self, secrets_prefix: str) -> WhatsAppNumber:
        return WhatsAppNumber(
            tenant=Tenant(
                tenant_id=TenantId(self.id),
                name=self.name,
                status=self.status,
                language=self.language,
                currency=self.currency,
                timezone=self.timezone,
                plan=self.plan,
                escalation_keywords=self.escalation_keywords,
                waiting=self.waiting,
            ),
            phone_number_id=PhoneNumberId(self.number.phone_number_id),
            waba_id=self.number.waba_id,
            display_phone_number=self.number.display_phone_number,
            access_token_secret=f"{secrets_prefix}{self.id}/{self.number.phone_number_id}",
            catalog_id=self.number.catalog_id,
        )

    def stack_tenant(self) -> StackTenant:
        return StackTenant(
            id=self.id,
            name=self.name,
            phone_number_id=self.number.phone_number_id,
            waba_id=self.number.waba_id,
            display_phone_number=self.number.display_phone_number,
        )


def tenants(folder: Path = DEMO) -> list[DemoTenant]:
    return TypeAdapter(list[DemoTenant]).validate_json((folder / "tenants.json").read_bytes())


def templates(tenant_id: str, folder: Path = DEMO) -> list[SimulatedTemplate]:
    """Message templates that Meta holds for the seller's account."""
    held = TypeAdapter(dict[str, list[SimulatedTemplate]]).validate_json((folder / "templates.json").read_bytes())
    return held.get(tenant_id, [])


def catalogue(tenant_id: str, folder: Path = DEMO) -> list[Product]:
    with (folder / "catalogues" / f"{tenant_id}.csv").open("rb") as file:
        return [parse_product(row, FeedDefaults("", "")) for row in read_rows(file)]


def fingerprint(folder: Path = DEMO) -> str:
    files = [folder / "tenants.json", *sorted((folder / "catalogues").glob("*.csv"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
