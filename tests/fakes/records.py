"""`Quarantine` and `AccountEvents`, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.ports import AccountEvent, QuarantineReason
from domain.tenants import TenantId


class FakeQuarantine:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[QuarantineReason, Mapping[str, Any], datetime]] = {}

    def keep(self, update_id: str, reason: QuarantineReason, raw: Mapping[str, Any], received_at: datetime) -> bool:
        new = update_id not in self.kept
        self.kept[update_id] = (reason, raw, received_at)
        return new


class FakeAccountEvents:
    def __init__(self) -> None:
        self.kept: dict[tuple[TenantId, str], AccountEvent] = {}

    def keep(self, tenant_id: TenantId, event: AccountEvent) -> None:
        self.kept[tenant_id, event.event_id] = event
