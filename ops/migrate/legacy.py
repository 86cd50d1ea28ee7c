"""Rows of the earlier system, read tolerantly: of their attributes only keys and indexes are documented.

Each value is looked for under every name that is assumed for it (docs/migration.md lists them); what nobody asks for is
kept aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.errors import InvalidInputError
from domain.tenant_rules import check_tenant_id
from domain.tenants import TenantId

_SECRET = re.compile(r"token|secret|password|credential|api_?key", re.IGNORECASE)
_MILLISECONDS_FROM = 10**11
"""As seconds this would be the year 5138."""
_PHONES = re.compile(r"\+?[\d\s().-]{5,25}")


class UnfitRowError(ValueError):
    """Why a row of the earlier system cannot become one of today's."""


class LegacyRow:
    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._read: set[str] = set()

    def take(self, *names: str) -> Any:
        """The first of these attributes that says something. All of them count as read."""
        self._read.update(names)
        return next((value for name in names if (value := self.values.get(name)) is not None and value != ""), None)

    def text(self, *names: str) -> str | None:
        value = self.take(*names)
        if isinstance(value, Mapping):  # Meta's own form: {"body": "…"}
            value = value.get("body")
        return None if value is None or isinstance(value, (list, set)) else str(value).strip() or None

    def time(self, *names: str) -> datetime | None:
        value = self.take(*names)
        return None if value is None else time_of(value)

    def number(self, *names: str) -> int | None:
        value = self.take(*names)
        return None if value is None else _number(value)

    def flag(self, *names: str) -> bool | None:
        value = self.take(*names)
        if value is None or isinstance(value, bool):
            return value
        return str(value).strip().lower() in {"true", "yes", "1", "active", "enabled"}

    def unread(self) -> Iterator[str]:
        return (name for name in self.values if name not in self._read)

    def rest(self) -> dict[str, Any] | None:
        """What nobody asked for. Secrets do not wander into another row."""
        kept = {name: self.values[name] for name in self.unread() if not self._is_secret(name)}
        return kept or None

    def left_behind(self) -> list[str]:
        """Names of what looks like a secret that nobody asked for."""
        return sorted(filter(self._is_secret, self.unread()))

    def _is_secret(self, name: str) -> bool:
        """`tokensUsed` is a number, and none."""
        return isinstance(self.values[name], str) and _SECRET.search(name) is not None


def time_of(value: Any) -> datetime:
    """ISO 8601, or Unix time in seconds or milliseconds. Raises `UnfitRowError`."""
    try:
        if isinstance(value, (int, Decimal)) or re.fullmatch(r"\d{9,13}(\.\d+)?", str(value)):
            seconds = float(value)
            return datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds, UTC)
        parsed = datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError) as error:
        raise UnfitRowError(f"not a time: {str(value)[:40]!r}") from error
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def _number(value: Any) -> int:
    try:
        return int(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise UnfitRowError(f"not a number: {str(value)[:40]!r}") from error


def tenant_and_phone(row: LegacyRow, tenants: tuple[str, ...], phones: tuple[str, ...]) -> tuple[TenantId, str]:
    """Either may stand alone, or both in one, as `tenantId#phoneNumber`. Raises `UnfitRowError`."""
    tenant, phone = row.text(*tenants), row.text(*phones)
    if phone and "#" in phone:
        before, _, phone = phone.partition("#")
        if tenant and tenant != before:
            raise UnfitRowError(f"tenant {tenant!r}, but filed under {before!r}")
        tenant = before
    if not phone:
        raise UnfitRowError(f"no phone number under any of {', '.join(phones)}")
    return tenant_of(tenant), phone_of(phone)


def tenant_of(text: str | None) -> TenantId:
    if not text:
        raise UnfitRowError("no tenant")
    try:
        check_tenant_id(text)
    except InvalidInputError as error:
        raise UnfitRowError(f"tenant {text[:60]!r} is no id of today: {error}") from error
    return TenantId(text)


def phone_of(text: str) -> str:
    """As WhatsApp writes it: digits alone."""
    if not _PHONES.fullmatch(text):
        raise UnfitRowError("its phone number is none")
    return re.sub(r"\D", "", text)
