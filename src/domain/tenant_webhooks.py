"""A seller's own address, to which what concerns them is sent, signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from domain.audit_trail import AuditEntry
from domain.errors import InvalidInputError
from domain.host_names import NAME, VISIBLE_ASCII
from domain.tenants import TenantId

_LONGEST_URL = 500
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,88}={0,2}")
_LEAST_SECRET_BYTES, _SECRET_BYTES, _MOST_SECRET_BYTES = 24, 32, 64
_HTTPS_PORTS = {None, 443}

PLACE_HELD_FOR = timedelta(seconds=60)
"""Longer than a worker lives: the place of one that died is free again by itself."""
_AT_ONCE, _ON_TRIAL = 3, 1
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)


class EventKind(StrEnum):
    ESCALATION = "escalation"
    HANDOFF = "handoff"
    ACCOUNT_ALERT = "account_alert"


@dataclass(frozen=True, slots=True)
class TenantWebhook:
    url: str
    kinds: frozenset[EventKind]
    enabled: bool = True
    delivered_at: datetime | None = None
    """When it took an event for the last time."""
    failed_at: datetime | None = None
    failure: str = ""
    """Why it did not, the last time: one word of ours."""
    failures: int = 0
    """In a row, since it last took one."""
    paused_until: datetime | None = None
    """It is not asked before, since it did not take an event."""

    @property
    def at_once(self) -> int:
        """How many workers may ask it at once: some of the ten there are, and one alone to see whether it is back."""
        return _ON_TRIAL if self.failures else _AT_ONCE

    @property
    def pause(self) -> timedelta:
        """After one more failure: 10 s, 20 s, 40 s … five minutes at most, so that it is not long until it is known
        to be back."""
        return min(_FIRST_PAUSE * (1 << min(self.failures, 8)), _LONGEST_PAUSE)


TEST: Literal["test"] = "test"
"""Kind of what is sent at a seller's word, to see whether it arrives; no webhook asks for it."""


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One attempt to send an event."""

    at: datetime
    event_id: str
    kind: str
    failure: str = ""
    """Why it was not taken: one word of ours. Empty: it was."""


@dataclass(frozen=True, slots=True)
class TenantEvent:
    """What docs/events.md says of it, and an id: the same event has the same, however often it comes."""

    event_id: str
    kind: EventKind | Literal["test"]
    tenant_id: TenantId
    body: Mapping[str, Any]


class TenantWebhooks(Protocol):
    def find(self, tenant_id: TenantId) -> TenantWebhook | None: ...

    def put(self, tenant_id: TenantId, webhook: TenantWebhook, entry: AuditEntry) -> None:
        """Stores or replaces it, in one transaction with its audit entry."""

    def remove(self, tenant_id: TenantId, entry: AuditEntry) -> None:
        """Nothing is written where there is none."""

    def take_place(self, tenant_id: TenantId, at: datetime, most: int) -> int | None:
        """One of so many; None where all are taken. It is free again once it is noted what became of it, or by itself
        after `PLACE_HELD_FOR`."""

    def note_taken(self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery) -> None:
        """That it took an event: what it failed before counts no longer. Nothing is written where there is none any
        more, here and below. A test event has no place."""

    def note_failure(
        self, tenant_id: TenantId, place: int | None, delivery: WebhookDelivery, paused_until: datetime | None
    ) -> None:
        """Why not. A test event pauses nothing, and is no failure in a row."""

    def deliveries(self, tenant_id: TenantId, limit: int) -> Sequence[WebhookDelivery]:
        """Newest first; kept for a week."""


class WebhookSecrets(Protocol):
    def read(self, tenant_id: TenantId) -> str:
        """Raises `ServiceUnavailableError`."""


class WebhookSender(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """To a public address alone, following no redirect. Raises `NotDeliveredError` unless the answer is 2xx."""


def event_of(body: Mapping[str, Any]) -> TenantEvent | None:
    """Of what was published on one of the topics; None for what this version does not know."""
    names: tuple[str, ...]
    if "alertId" in body:
        kind, names = EventKind.ACCOUNT_ALERT, ("tenantId", "alertId")
    elif "change" in body:
        kind, names = EventKind.HANDOFF, ("conversationId", "at", "change")
    elif "priority" in body:
        kind, names = EventKind.ESCALATION, ("conversationId", "at", "reason", "repeatedAs")
    else:
        return None
    told = "\0".join([kind, *(str(body.get(name, "")) for name in names)])
    event_id = f"evt_{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    return TenantEvent(event_id, kind, TenantId(body["tenantId"]), body)


def signed(event: TenantEvent, secret: str, at: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body, as the specification of Standard Webhooks has them (standardwebhooks.com)."""
    body = json.dumps({"type": event.kind, "data": dict(event.body)}, separators=(",", ":")).encode()
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(_key(secret), f"{event.event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "content-type": "application/json",
        "user-agent": "ai-marketplace-webhooks/1",
        "webhook-id": event.event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
    return headers, body


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def check_secret(secret: str) -> None:
    """Raises `InvalidInputError`."""
    try:
        length = len(_key(secret)) if _SECRET.fullmatch(secret) else 0
    except binascii.Error:
        length = 0
    if not _LEAST_SECRET_BYTES <= length <= _MOST_SECRET_BYTES:
        raise InvalidInputError("/secret", "whsec_ and 24 to 64 random bytes in base64")


def check_url(url: str) -> None:
    """What can be told without asking: to what the name leads is looked at with each delivery.

    Raises `InvalidInputError`.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise InvalidInputError("/url", "this is no address") from error
    plain = VISIBLE_ASCII.fullmatch(url) and len(url) <= _LONGEST_URL and not parts.fragment
    named = parts.netloc.lower() in {host, f"{host}:443"} and NAME.fullmatch(host)  # and so without a user in it
    if not (plain and named and parts.scheme == "https" and port in _HTTPS_PORTS):
        raise InvalidInputError("/url", "https:// and the public name of a host, on port 443")
