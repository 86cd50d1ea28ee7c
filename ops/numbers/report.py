"""What the commands tell, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, RootModel

from domain.tenants import WhatsAppNumber


class NumberReport(BaseModel):
    tenant: str
    phone_number_id: str
    waba_id: str
    paused_at: str | None
    code: int | None
    title: str | None
    account_update: str | None
    quality_update: str | None
    account_alert: str | None
    """Meta's newest word of each kind."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> NumberReport:
        code = row.get("sendingPausedCode")
        return cls(
            tenant=row["tenantId"],
            phone_number_id=row["phoneNumberId"],
            waba_id=row["wabaId"],
            paused_at=row.get("sendingPausedAt"),
            code=None if code is None else int(code),
            title=row.get("sendingPausedTitle"),
            account_update=row.get("accountUpdate"),
            quality_update=row.get("qualityUpdate"),
            account_alert=row.get("accountAlert"),
        )


class ListReport(RootModel[list[NumberReport]]):
    pass


class ResumeReport(BaseModel):
    tenant: str
    phone_number_id: str
    dry_run: bool
    resumed: bool
    """Whether this very command did it, or would."""
    was_paused: bool
    code: int | None
    meta: str | None = None
    """Meta's word on the number, where it was asked."""

    @classmethod
    def of(cls, number: WhatsAppNumber, *, resumed: bool, dry_run: bool) -> ResumeReport:
        pause = number.sending_pause
        return cls(
            tenant=number.tenant.tenant_id,
            phone_number_id=number.phone_number_id,
            dry_run=dry_run,
            resumed=resumed,
            was_paused=pause is not None,
            code=pause.code if pause else None,
        )
