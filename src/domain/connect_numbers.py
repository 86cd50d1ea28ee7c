"""Use cases: a seller's WhatsApp numbers are connected with their access tokens, and disconnected.

A number that two tenants claim would belong to neither, so nobody connects one that Meta does not show them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.access import Principal, Role
from domain.administer_tenants import demand_hand_in, entry_of
from domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from domain.ports_administration import AccountNumbers, ShownNumber, TenantNumbers, TenantProfiles, TenantSecrets
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber

_ID = re.compile(r"[0-9]{5,25}")
_TOKEN = re.compile(r"[!-~]{8,1000}")


@dataclass(frozen=True, slots=True)
class ConnectPorts:
    profiles: TenantProfiles
    numbers: TenantNumbers
    secrets: TenantSecrets
    accounts: AccountNumbers


@dataclass(frozen=True, slots=True)
class Connection:
    phone_number_id: PhoneNumberId
    waba_id: str
    token: str
    catalog_id: str | None = None


def list_numbers(who: Principal, tenant_id: TenantId, *, ports: ConnectPorts) -> Sequence[WhatsAppNumber]:
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN, Role.TENANT_AGENT)
    return ports.numbers.of_tenant(tenant_id)


def connect_number(
    who: Principal, tenant_id: TenantId, asked: Connection, *, now: datetime, ports: ConnectPorts
) -> WhatsAppNumber:
    """Again with another token: the token is replaced. The token is stored before the row that needs it.

    Raises `NotFoundError` where there is no such tenant, `AlreadyExistsError` where another one has the number,
    `AccountRefusedError` or `InvalidInputError` where Meta does not show it to this token.
    """
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    _check(asked)
    tenant = ports.profiles.find(tenant_id)
    if tenant is None:
        raise NotFoundError("no such tenant")
    shown = _shown(asked, ports)
    if not ports.numbers.is_free(tenant_id, asked.phone_number_id):
        raise AlreadyExistsError("another tenant has this number")
    number = WhatsAppNumber(
        tenant=tenant,
        phone_number_id=asked.phone_number_id,
        waba_id=asked.waba_id,
        display_phone_number=shown.display_phone_number,
        access_token_secret=ports.secrets.access_token_name(tenant_id, asked.phone_number_id),
        catalog_id=asked.catalog_id,
    )
    ports.secrets.keep(tenant_id, number.access_token_secret, asked.token)
    entry = entry_of(who, tenant_id, "number.connected", asked.phone_number_id, now)
    if not ports.numbers.connect(tenant_id, number, entry):
        raise AlreadyExistsError("another tenant has this number")
    return number


def disconnect_number(
    who: Principal, tenant_id: TenantId, phone_number_id: PhoneNumberId, *, now: datetime, ports: ConnectPorts
) -> None:
    """What is gone can go again: its token goes last."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    entry = entry_of(who, tenant_id, "number.disconnected", phone_number_id, now)
    ports.numbers.disconnect(tenant_id, phone_number_id, entry)
    ports.secrets.forget(tenant_id, ports.secrets.access_token_name(tenant_id, phone_number_id))


def _check(asked: Connection) -> None:
    for field, text, pattern in (
        ("/phoneNumberId", asked.phone_number_id, _ID),
        ("/wabaId", asked.waba_id, _ID),
        ("/accessToken", asked.token, _TOKEN),
        ("/catalogId", asked.catalog_id or "00000", _ID),
    ):
        if not pattern.fullmatch(text):
            raise InvalidInputError(field, "this is none of Meta's")


def _shown(asked: Connection, ports: ConnectPorts) -> ShownNumber:
    shown = ports.accounts.shown(asked.waba_id, asked.phone_number_id, asked.token)
    if shown is None:
        raise InvalidInputError("/phoneNumberId", "this account has no such number, or not for this token")
    return shown
