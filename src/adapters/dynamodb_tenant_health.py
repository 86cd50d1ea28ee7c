"""How a seller's numbers are, in one row: written in the transactions that change the numbers' own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_transactions import update
from adapters.dynamodb_values import time_of, time_text
from domain.account_alerts import AccountAlert, AlertKind, Severity
from domain.templates import STOPPED, MessageTemplate
from domain.tenants import PhoneNumberId, SendingPause, TenantId
from domain.tenants_overview import MetasWord, TenantHealth

_PAUSED = "paused#"
_TEMPLATE = "template#"
_AT, _SEVERITY = "At", "Severity"
_KINDS = (AlertKind.ACCOUNT_UPDATE, AlertKind.QUALITY_UPDATE, AlertKind.ACCOUNT_ALERT)


def paused(table: str, tenant_id: TenantId, phone_number_id: PhoneNumberId, pause: SendingPause) -> dict[str, Any]:
    code = "unknown" if pause.code is None else str(pause.code)
    return _named(update(table, keys.tenant_health(tenant_id), {"p": code}), f"{_PAUSED}{phone_number_id}")


def resumed(table: str, tenant_id: TenantId, phone_number_id: PhoneNumberId) -> dict[str, Any]:
    return _named(update(table, keys.tenant_health(tenant_id), {}, removes=("p",)), f"{_PAUSED}{phone_number_id}")


def template(table: str, tenant_id: TenantId, told: MessageTemplate) -> dict[str, Any]:
    """What Meta does not send any more, until it does again or is gone."""
    attribute, key = f"{_TEMPLATE}{told.name}#{told.language}", keys.tenant_health(tenant_id)
    if told.status in STOPPED:
        return _named(update(table, key, {"p": told.status}), attribute)
    return _named(update(table, key, {}, removes=("p",)), attribute)


def _named(action: dict[str, Any], attribute: str) -> dict[str, Any]:
    """An attribute for each number: its name holds what no expression may."""
    action["Update"]["ExpressionAttributeNames"]["#p"] = attribute
    return action


def said(table: str, tenant_id: TenantId, alert: AccountAlert) -> dict[str, Any]:
    """Refused where a newer word of the kind is known."""
    kind, at = alert.kind, time_text(alert.at)
    values = {kind: alert.event, f"{kind}{_AT}": at, f"{kind}{_SEVERITY}": alert.severity}
    newest = f"attribute_not_exists(#{kind}{_AT}) OR #{kind}{_AT} < :{kind}{_AT}"
    return update(table, keys.tenant_health(tenant_id), values, condition=newest)


def health_of(row: Mapping[str, Any]) -> TenantHealth:
    return TenantHealth(
        paused={
            PhoneNumberId(name.removeprefix(_PAUSED)): None if code == "unknown" else int(code)
            for name, code in sorted(row.items())
            if name.startswith(_PAUSED)
        },
        words={
            kind: MetasWord(row[kind], time_of(row[f"{kind}{_AT}"]), Severity(row[f"{kind}{_SEVERITY}"]))
            for kind in _KINDS
            if kind in row
        },
        templates={
            " · ".join(name.removeprefix(_TEMPLATE).rsplit("#", 1)): status
            for name, status in sorted(row.items())
            if name.startswith(_TEMPLATE)
        },
    )
