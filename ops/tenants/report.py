"""What the `tenant` commands answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from domain.delete_tenant import TenantReceipt
from domain.tenants import Tenant, WhatsAppNumber


class NumberShown(BaseModel):
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    paused: bool


class TenantReport(BaseModel):
    id: str
    name: str
    status: str
    plan: str
    language: str
    currency: str
    timezone: str
    numbers: list[NumberShown] | None = None

    @classmethod
    def of(cls, tenant: Tenant, numbers: Sequence[WhatsAppNumber] | None = None) -> TenantReport:
        return cls(
            id=tenant.tenant_id,
            name=tenant.name,
            status=tenant.status,
            plan=tenant.plan,
            language=tenant.language,
            currency=tenant.currency,
            timezone=tenant.timezone,
            numbers=None if numbers is None else [_shown(number) for number in numbers],
        )


class TenantsReport(BaseModel):
    tenants: list[TenantReport]


class RotationReport(BaseModel):
    tenant: str
    phone_number_id: str
    put_back: bool
    at: datetime


class EmptiedReport(BaseModel):
    place: str
    found: int
    deleted: int
    left: int


class DeletionReport(BaseModel):
    """The receipt."""

    tenant: str
    name: str
    operator: str
    identity: str
    begun_at: datetime
    dry_run: bool
    complete: bool
    places: list[EmptiedReport]
    kept: dict[str, str]
    """What is not deleted, and why."""


_KEPT = {
    "idempotency": "answers of the API, for a day: they expire",
    "logs": "lines with ids: they expire (LogRetentionDays)",
    "backups": "the tables as they were, for 35 days of point-in-time recovery",
    "operator-log": "that this was done, by whom, for 400 days",
}


def deletion_report(receipt: TenantReceipt) -> DeletionReport:
    return DeletionReport(
        tenant=receipt.tenant_id,
        name=receipt.name,
        operator=receipt.operator,
        identity=receipt.identity,
        begun_at=receipt.begun_at,
        dry_run=receipt.dry_run,
        complete=receipt.complete,
        places=[
            EmptiedReport(place=one.place, found=one.found, deleted=one.deleted, left=one.left)
            for one in receipt.places
        ],
        kept=_KEPT,
    )


def _shown(number: WhatsAppNumber) -> NumberShown:
    return NumberShown(
        phone_number_id=number.phone_number_id,
        waba_id=number.waba_id,
        display_phone_number=number.display_phone_number,
        paused=number.sending_pause is not None,
    )
