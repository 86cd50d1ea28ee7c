"""The demo's sellers and their catalogues, as `ops/demo/` holds them."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from domain.catalogue import Money, Product, ProductId, minor_digits
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
    with (folder / "catalogues" / f"{tenant_id}.csv").open(encoding="utf-8", newline="") as file:
        return [_product(row) for row in csv.DictReader(file)]


def fingerprint(folder: Path = DEMO) -> str:
    files = [folder / "tenants.json", *sorted((folder / "catalogues").glob("*.csv"))]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _product(row: dict[str, str]) -> Product:
    return Product(
        product_id=ProductId(row["id"]),
        title=row["title"],
        price=parse_price(row["price"]),
        description=row["description"],
        category=row["category"],
        link=row["link"],
        language=row["language"],
        available=row["availability"] == "in stock",
        stock=int(row["inventory"]) if row["inventory"] else None,
        active=row["active"] == "true",
    )


def parse_price(text: str) -> Money:
    """As in Meta's product feeds: `34.90 USD`."""
    amount, currency = text.split()
    whole, _, fraction = amount.partition(".")
    digits = minor_digits(currency)
    if len(fraction) > digits:
        raise ValueError(f"{text}: {currency} has {digits} decimal places")
    return Money(int(whole + fraction.ljust(digits, "0")), currency)
