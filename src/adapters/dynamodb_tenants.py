"""Tenants and their numbers in DynamoDB, remembered for a while by each worker."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from adapters import dynamodb_keys as keys
from adapters.assistant_settings_rows import assistant_attributes, assistant_of
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import update
from adapters.dynamodb_values import from_item, time_of, to_item
from domain.opening_hours import ALWAYS_OPEN, OpeningHours, Span
from domain.plans import BeyondPlan, PlanLimits
from domain.tenants import PhoneNumberId, ReplyPolicy, SendingPause, Tenant, TenantId, TenantStatus, WhatsAppNumber
from domain.waiting import WaitingStep, WaitingTimes

T = TypeVar("T")

_MOST_REMEMBERED = 10_000


class DynamoTenants:
    def __init__(self, table: str, cache_seconds: float, clock: Callable[[], float] | None = None) -> None:
        self._table = table
        self._numbers: _Remembered[WhatsAppNumber | None] = _Remembered(cache_seconds, clock or time.monotonic)
        self._wabas: _Remembered[TenantId | None] = _Remembered(cache_seconds, clock or time.monotonic)

    def number(self, phone_number_id: PhoneNumberId) -> WhatsAppNumber | None:
        return self._numbers.get(phone_number_id, self._read_number)

    def of_waba(self, waba_id: str) -> TenantId | None:
        return self._wabas.get(waba_id, self._read_waba)

    def tenant(self, tenant_id: TenantId) -> Tenant | None:
        profile = self._read_profile(tenant_id)
        return tenant_of(profile) if profile else None

    def remember(self, number: WhatsAppNumber) -> None:
        self._numbers.put(number.phone_number_id, number)

    def put(self, number: WhatsAppNumber) -> None:
        """Stores or replaces a tenant's profile and this one of its numbers; what Meta says of it stays on its row."""
        key = keys.tenant_number(number.tenant.tenant_id, number.phone_number_id)
        row = {name: value for name, value in number_row(number).items() if name not in key}
        absent = [name for name, value in row.items() if value is None]
        with translated("store a tenant"):
            client("dynamodb").transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": self._table, "Item": to_item(profile_row(number.tenant))}},
                    update(self._table, key, row, removes=absent),  # type: ignore[list-item]  # an `Update` of boto3's
                ]
            )

    def _read_number(self, phone_number_id: str) -> WhatsAppNumber | None:
        rows = self._query("PhoneNumberIdIndex", "phoneNumberId", phone_number_id)
        if len(rows) != 1:
            return None  # a number that two tenants claim belongs to neither: never guessed
        profile = self._read_profile(TenantId(rows[0]["tenantId"]))
        return number_of(rows[0], profile) if profile else None

    def _read_profile(self, tenant_id: TenantId) -> dict[str, Any]:
        key: Any = to_item(keys.tenant_profile(tenant_id))
        with translated("read a tenant"):
            return from_item(client("dynamodb").get_item(TableName=self._table, Key=key).get("Item", {}))

    def _read_waba(self, waba_id: str) -> TenantId | None:
        owners = {row["tenantId"] for row in self._query("WabaIdIndex", "wabaId", waba_id)}
        return TenantId(owners.pop()) if len(owners) == 1 else None

    def _query(self, index: str, attribute: str, value: str) -> list[dict[str, Any]]:
        if not value:
            return []
        with translated("find a tenant"):
            found = client("dynamodb").query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression="#key = :value",
                ExpressionAttributeNames={"#key": attribute},
                ExpressionAttributeValues=to_item({":value": value}),
                Limit=20,
            )
        return [from_item(item) for item in found["Items"]]


def tenant_of(profile: Mapping[str, Any]) -> Tenant:
    return Tenant(
        tenant_id=TenantId(profile["tenantId"]),
        name=profile["name"],
        status=TenantStatus(profile["status"]),
        language=profile["language"],
        currency=profile["currency"],
        timezone=profile["timezone"],
        plan=profile["plan"],
        limits=limits_of(profile),
        beyond_plan=BeyondPlan(profile.get("beyondPlan", BeyondPlan.FALLBACK)),
        escalation_keywords=tuple(profile["escalationKeywords"]),
        opening_hours=_opening_hours(profile),
        waiting=_waiting(profile),
        replies=ReplyPolicy(thanks=bool((profile.get("replies") or {}).get("thanks", False))),
        links=tuple(profile.get("links", ())),
        assistant=assistant_of(profile),
    )


def number_of(row: Mapping[str, Any], profile: Mapping[str, Any]) -> WhatsAppNumber:
    return WhatsAppNumber(
        tenant=tenant_of(profile),
        phone_number_id=PhoneNumberId(row["phoneNumberId"]),
        waba_id=row["wabaId"],
        display_phone_number=row["displayPhoneNumber"],
        access_token_secret=row["accessTokenSecret"],
        catalog_id=row.get("catalogId"),
        sending_pause=sending_pause_of(row),
        quality=row.get("qualityUpdate", ""),
    )


def sending_pause_of(row: Mapping[str, Any]) -> SendingPause | None:
    """Of a number's row."""
    if "sendingPausedAt" not in row:
        return None
    code = row.get("sendingPausedCode")
    return SendingPause(
        at=time_of(row["sendingPausedAt"]),
        code=None if code is None else int(code),
        title=row["sendingPausedTitle"],
        token_fingerprint=row.get("sendingPausedToken"),
    )


def profile_row(tenant: Tenant) -> dict[str, Any]:
    return {
        **keys.tenant_profile(tenant.tenant_id),
        "name": tenant.name,
        "status": tenant.status,
        "language": tenant.language,
        "currency": tenant.currency,
        "timezone": tenant.timezone,
        "plan": tenant.plan,
        "limits": limits_attribute(tenant.limits),
        "beyondPlan": tenant.beyond_plan,
        "escalationKeywords": list(tenant.escalation_keywords),
        "openingHours": {
            day: [[f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in spans]
            for day, spans in tenant.opening_hours.week.items()
        },
        "holidays": sorted(day.isoformat() for day in tenant.opening_hours.holidays),
        "waiting": {step: minutes or 0 for step, minutes in asdict(tenant.waiting).items()},
        "replies": asdict(tenant.replies),
        "links": list(tenant.links),
        "assistant": assistant_attributes(tenant.assistant),
    }


def limits_of(row: Mapping[str, Any]) -> PlanLimits:
    """Of a profile, or of a plan's row: what is not there is not limited."""
    given = {name: int(limit) for name, limit in (row.get("limits") or {}).items()}
    return PlanLimits(given.get("replies"), given.get("tokens"), given.get("microUsd"))


def limits_attribute(limits: PlanLimits) -> dict[str, int]:
    given = {"replies": limits.replies, "tokens": limits.tokens, "microUsd": limits.micro_usd}
    return {name: limit for name, limit in given.items() if limit is not None}


def _opening_hours(profile: Mapping[str, Any]) -> OpeningHours:
    if not profile.get("openingHours"):
        return ALWAYS_OPEN
    week = {
        day: tuple(Span(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)) for opens, closes in spans)
        for day, spans in profile["openingHours"].items()
    }
    return OpeningHours(profile["timezone"], week, frozenset(map(dt.date.fromisoformat, profile.get("holidays", ()))))


def _waiting(profile: Mapping[str, Any]) -> WaitingTimes:
    """Nought switches a step off; what is not given is as by default."""
    given = profile.get("waiting") or {}
    return WaitingTimes(**{step: max(int(given[step] or 0), 0) or None for step in WaitingStep if step in given})


def number_row(number: WhatsAppNumber) -> dict[str, Any]:
    return {
        **keys.tenant_number(number.tenant.tenant_id, number.phone_number_id),
        "phoneNumberId": number.phone_number_id,
        "wabaId": number.waba_id,
        "displayPhoneNumber": number.display_phone_number,
        "accessTokenSecret": number.access_token_secret,
        "catalogId": number.catalog_id,
    }


class _Remembered(Generic[T]):
    """What was read, for some seconds; unknown ids too, but bounded, so that made-up ones cannot fill the worker."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._entries: dict[str, tuple[float, T]] = {}

    def get(self, key: str, read: Callable[[Any], T]) -> T:
        entry = self._entries.get(key)
        if entry is not None and entry[0] > self._clock():
            return entry[1]
        value = read(key)
        self.put(key, value)
        return value

    def put(self, key: str, value: T) -> None:
        if len(self._entries) >= _MOST_REMEMBERED:
            self._entries.clear()
        self._entries[key] = (self._clock() + self._seconds, value)
