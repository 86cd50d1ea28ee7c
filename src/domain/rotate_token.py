"""Use case: a number gets another access token while messages go out.

The new one is tried at Meta before it is kept. Workers believe the one that they have read for some minutes; a refused
call makes them look again at once, so that nothing fails even where the old one is revoked early. The old one stays
beside the new one, and can be put back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.access import Principal, Role
from domain.administer_tenants import entry_of
from domain.audit_trail import AuditTrail
from domain.errors import AccountRefusedError, NotFoundError
from domain.ports_administration import AccountNumbers, TenantNumbers
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber


class TokenVersions(Protocol):
    """Secrets that are written and never read back: the current one, and the one before."""

    def rotate(self, tenant_id: TenantId, name: str, secret: str) -> None:
        """The current one becomes the one before."""

    def put_back(self, tenant_id: TenantId, name: str) -> bool:
        """The one before is current again. False where there is none."""


@dataclass(frozen=True, slots=True)
class RotatePorts:
    numbers: TenantNumbers
    accounts: AccountNumbers
    tokens: TokenVersions
    trail: AuditTrail


def rotate_token(  # noqa: PLR0913 (whose token, by whom, and when)
    who: Principal,
    tenant_id: TenantId,
    phone_number_id: PhoneNumberId,
    token: str,
    *,
    now: datetime,
    ports: RotatePorts,
) -> None:
    """Raises `NotFoundError`, `AccountRefusedError` where Meta does not show the number to this token."""
    who.demand(Role.OPERATOR)
    number = _number(tenant_id, phone_number_id, ports)
    if ports.accounts.shown(number.waba_id, phone_number_id, token) is None:
        raise AccountRefusedError("Meta does not show this number to that token")
    ports.tokens.rotate(tenant_id, number.access_token_secret, token)
    ports.trail.write(entry_of(who, tenant_id, "number.token_rotated", phone_number_id, now))


def put_token_back(
    who: Principal, tenant_id: TenantId, phone_number_id: PhoneNumberId, *, now: datetime, ports: RotatePorts
) -> bool:
    """The token before, as long as it is kept. False where there is none."""
    who.demand(Role.OPERATOR)
    number = _number(tenant_id, phone_number_id, ports)
    done = ports.tokens.put_back(tenant_id, number.access_token_secret)
    if done:
        ports.trail.write(entry_of(who, tenant_id, "number.token_put_back", phone_number_id, now))
    return done


def _number(tenant_id: TenantId, phone_number_id: PhoneNumberId, ports: RotatePorts) -> WhatsAppNumber:
    number = next((one for one in ports.numbers.of_tenant(tenant_id) if one.phone_number_id == phone_number_id), None)
    if number is None:
        raise NotFoundError("the tenant has no such number")
    return number
