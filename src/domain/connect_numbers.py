"""Use cases: a seller's WhatsApp numbers are connected with their access tokens, resumed, and disconnected.

A number that two tenants claim would belong to neither, so nobody connects one that Meta does not show them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Principal, Role
from domain.administer_tenants import demand_hand_in, entry_of
from domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from domain.pausing import TOKEN_CODES, resume_sending
from domain.ports import AccountAlerts, NumberStates
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
    number_states: NumberStates
    account_alerts: AccountAlerts


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

    A number that Meta stopped for its token sends again with one that Meta takes. Whoever dies before that leaves it to
    the next message, which finds another token too.

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
        quality=shown.quality,
    )
    ports.secrets.keep(tenant_id, number.access_token_secret, asked.token)
    entry = entry_of(who, tenant_id, "number.connected", asked.phone_number_id, now)
    if not ports.numbers.connect(tenant_id, number, entry):
        raise AlreadyExistsError("another tenant has this number")
    stored = _stored(tenant_id, asked.phone_number_id, ports)
    if stored.sending_pause and stored.sending_pause.code in TOKEN_CODES and resume_sending(stored, now, ports):
        return replace(stored, sending_pause=None)
    return stored


def replace_token(  # noqa: PLR0913 (whose token, by whom, and when)
    who: Principal,
    tenant_id: TenantId,
    phone_number_id: PhoneNumberId,
    token: str,
    *,
    now: datetime,
    ports: ConnectPorts,
) -> WhatsAppNumber:
    """As `connect_number`, of one that is connected. Raises `NotFoundError` too."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    known = _stored(tenant_id, phone_number_id, ports)
    asked = Connection(phone_number_id, known.waba_id, token, known.catalog_id)
    return connect_number(who, tenant_id, asked, now=now, ports=ports)


def resume_number(
    who: Principal, tenant_id: TenantId, phone_number_id: PhoneNumberId, *, now: datetime, ports: ConnectPorts
) -> WhatsAppNumber:
    """Takes the pause off, if there is one. If Meta still refuses, the next message pauses it anew.

    Raises `NotFoundError`.
    """
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    number = _stored(tenant_id, phone_number_id, ports)
    if number.sending_pause is None:
        return number
    code = str(number.sending_pause.code)
    resume_sending(number, now, ports, entry_of(who, tenant_id, "number.resumed", phone_number_id, now, code=code))
    return _stored(tenant_id, phone_number_id, ports)


def disconnect_number(
    who: Principal, tenant_id: TenantId, phone_number_id: PhoneNumberId, *, now: datetime, ports: ConnectPorts
) -> None:
    """What is gone can go again: its token goes last."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    entry = entry_of(who, tenant_id, "number.disconnected", phone_number_id, now)
    ports.numbers.disconnect(tenant_id, phone_number_id, entry)
    ports.secrets.forget(tenant_id, ports.secrets.access_token_name(tenant_id, phone_number_id))


def _stored(tenant_id: TenantId, phone_number_id: PhoneNumberId, ports: ConnectPorts) -> WhatsAppNumber:
    listed = ports.numbers.of_tenant(tenant_id)
    number = next((one for one in listed if one.phone_number_id == phone_number_id), None)
    if number is None:
        raise NotFoundError("the tenant has no such number")
    return number


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
