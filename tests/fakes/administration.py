"""What those ask of the world who administer tenants, in memory."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.audit_trail import AuditEntry
from domain.errors import AccountRefusedError, ForbiddenError, NotDeliveredError
from domain.ports_administration import ShownNumber
from domain.tenant_webhooks import PLACE_HELD_FOR, TenantWebhook, WebhookDelivery
from domain.tenants import PhoneNumberId, SendingPause, Tenant, TenantId, WhatsAppNumber


@dataclass(slots=True)
class FakeTenantProfiles:
    tenants: dict[TenantId, Tenant] = field(default_factory=dict)
    trail: list[AuditEntry] = field(default_factory=list)

    def find(self, tenant_id: TenantId) -> Tenant | None:
        return self.tenants.get(tenant_id)

    def create(self, tenant_id: TenantId, tenant: Tenant, entry: AuditEntry) -> bool:
        if tenant_id in self.tenants:
            return False
        self._write(tenant_id, tenant, entry)
        return True

    def save(self, tenant_id: TenantId, seen: Tenant, tenant: Tenant, entry: AuditEntry) -> bool:
        if self.tenants.get(tenant_id) != seen:
            return False
        self._write(tenant_id, tenant, entry)
        return True

    def page(self, after: TenantId | None, limit: int) -> list[Tenant]:
        return [self.tenants[one] for one in sorted(self.tenants) if after is None or one > after][:limit]

    def _write(self, tenant_id: TenantId, tenant: Tenant, entry: AuditEntry) -> None:
        self.tenants[tenant_id] = tenant
        self.trail.append(entry)


@dataclass(slots=True)
class FakeTenantNumbers:
    profiles: FakeTenantProfiles
    numbers: dict[tuple[TenantId, PhoneNumberId], WhatsAppNumber] = field(default_factory=dict)
    pauses: Mapping[tuple[TenantId, PhoneNumberId], SendingPause] = field(default_factory=dict)
    """What `FakeNumberStates` writes on the same rows."""

    def of_tenant(self, tenant_id: TenantId) -> list[WhatsAppNumber]:
        tenant = self.profiles.find(tenant_id)
        own = [(key, number) for key, number in sorted(self.numbers.items()) if key[0] == tenant_id]
        return [replace(one, tenant=tenant, sending_pause=self.pauses.get(key)) for key, one in own] if tenant else []

    def is_free(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> bool:
        return all(owner == tenant_id for owner, number in self.numbers if number == phone_number_id)

    def connect(self, tenant_id: TenantId, number: WhatsAppNumber, entry: AuditEntry) -> bool:
        if not self.is_free(tenant_id, number.phone_number_id):
            return False
        self.numbers[tenant_id, number.phone_number_id] = number
        self.profiles.trail.append(entry)
        return True

    def disconnect(self, tenant_id: TenantId, phone_number_id: PhoneNumberId, entry: AuditEntry) -> None:
        if self.numbers.pop((tenant_id, phone_number_id), None) is not None:
            self.profiles.trail.append(entry)


@dataclass(slots=True)
class FakeTenantSecrets:
    kept: dict[str, str] = field(default_factory=dict)

    def access_token_name(self, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> str:
        return f"tenants/{tenant_id}/{phone_number_id}"

    def webhook_secret_name(self, tenant_id: TenantId) -> str:
        return f"tenants/{tenant_id}/webhook"

    def keep(self, tenant_id: TenantId, name: str, secret: str) -> None:
        self._demand_own(tenant_id, name)
        self.kept[name] = secret

    def read(self, tenant_id: TenantId) -> str:
        """For who signs a webhook."""
        return self.kept[self.webhook_secret_name(tenant_id)]

    def forget(self, tenant_id: TenantId, name: str) -> None:
        self._demand_own(tenant_id, name)
        self.kept.pop(name, None)

    @staticmethod
    def _demand_own(tenant_id: TenantId, name: str) -> None:
        if not name.startswith(f"tenants/{tenant_id}/"):
            raise ForbiddenError("not a secret of this tenant")


@dataclass(slots=True)
class FakeAccountNumbers:
    """Meta: which token opens which number of which account."""

    numbers: dict[tuple[str, PhoneNumberId], tuple[str, str]] = field(default_factory=dict)
    """By account and number: the token, and how the number is written."""
    quality: str = ""

    def shown(self, waba_id: str, phone_number_id: PhoneNumberId, token: str) -> ShownNumber | None:
        if token not in {own for own, _ in self.numbers.values()}:
            raise AccountRefusedError("Meta refuses this: Invalid OAuth access token (190)")
        own, display = self.numbers.get((waba_id, phone_number_id), ("", ""))
        return ShownNumber(phone_number_id, display, self.quality) if own == token else None


@dataclass(slots=True)
class FakeTenantWebhooks:
    profiles: FakeTenantProfiles
    webhooks: dict[TenantId, TenantWebhook] = field(default_factory=dict)
    places: dict[tuple[TenantId, int], datetime] = field(default_factory=dict)
    """Until when each is taken."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    log: list[tuple[TenantId, WebhookDelivery]] = field(default_factory=list)

    def find(self, tenant_id: TenantId) -> TenantWebhook | None:
        return self.webhooks.get(tenant_id)

    def put(self, tenant_id: TenantId, webhook: TenantWebhook, entry: AuditEntry) -> None:
        self.webhooks[tenant_id] = webhook
        self.places = {}
        self.profiles.trail.append(entry)

    def remove(self, tenant_id: TenantId, entry: AuditEntry) -> None:
        if self.webhooks.pop(tenant_id, None) is not None:
            self.profiles.trail.append(entry)

    def take_place(self, tenant_id: TenantId, at: datetime, most: int) -> int | None:
        with self.lock:
            for place in range(1, most + 1):
                if tenant_id in self.webhooks and self.places.get((tenant_id, place), at) <= at:
                    self.places[tenant_id, place] = at + PLACE_HELD_FOR
                    return place
        return None

    def note_taken(self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery) -> None:
        self._note(tenant_id, place, delivery, delivered_at=delivery.at, failures=0, paused_until=None)

    def note_failure(
        self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery, paused_until: datetime | None
    ) -> None:
        found, noted = self.webhooks.get(tenant_id), {"failed_at": delivery.at, "failure": delivery.failure}
        if paused_until is not None:
            noted |= {"failures": found.failures + 1 if found else 0, "paused_until": paused_until}
        self._note(tenant_id, place, delivery, **noted)

    def _note(self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery, **noted: Any) -> None:
        with self.lock:
            if place is not None:
                self.places.pop((tenant_id, place), None)
            if tenant_id in self.webhooks:
                self.webhooks[tenant_id] = replace(self.webhooks[tenant_id], **noted)
                self.log.append((tenant_id, delivery))

    def deliveries(self, tenant_id: TenantId, limit: int) -> list[WebhookDelivery]:
        own = [delivery for owner, delivery in self.log if owner == tenant_id]
        return sorted(own, key=lambda one: one.at, reverse=True)[:limit]


@dataclass(slots=True)
class FakeSender:
    """Whatever sellers have under their addresses."""

    posts: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    reason: str = ""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        self.posts.append((url, headers, body))
        if self.reason:
            raise NotDeliveredError(self.reason)
