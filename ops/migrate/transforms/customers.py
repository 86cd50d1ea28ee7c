"""A legacy customer stays under `tenantId#phoneNumber`; the id that conversations go by follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_opt_outs import opt_out_attributes, opt_out_item
from adapters.dynamodb_values import storable, time_text
from domain.customers import CustomerIdentity
from domain.opt_out import OptOut, OptOutSource
from domain.tenants import TenantId
from domain.usage import month_of
from ops.migrate.legacy import LegacyRow, UnfitRowError, tenant_and_phone
from ops.migrate.rows import ASIDE, TargetRow, Transformed
from ops.migrate.transforms.context import Context

_MOST_CHARACTERS_OF_A_NAME = 256


def customer(row: LegacyRow, context: Context) -> Transformed:
    tenant_id, phone = tenant_and_phone(row, ("tenantId", "tenant_id"), ("phoneNumber", "phone", "customerPhone"))
    last = row.time("lastInteraction", "lastSeen", "lastMessageAt", "updatedAt")
    if last is None:
        raise UnfitRowError("no time of a last interaction")
    if context.erased(tenant_id, phone, last):
        raise UnfitRowError("the customer has been erased")
    first = min(row.time("firstInteraction", "firstSeen", "createdAt", "created_at") or last, last)
    identity = CustomerIdentity(phone, profile_name=row.text("profileName", "name", "customerName", "displayName"))
    content = customer_item(tenant_id, identity, first, last, row.number("messageCount", "totalMessages") or 0)
    word = _opt_out(row, last)
    content |= opt_out_attributes(word) if word else {}
    content[ASIDE] = row.rest()
    return Transformed([tuple(_rows(tenant_id, identity, content, word))])


def _rows(
    tenant_id: TenantId, identity: CustomerIdentity, content: dict[str, Any], word: OptOut | None
) -> Iterator[TargetRow]:
    version = f"1#{content['lastInteraction']}"
    yield TargetRow("customers", content, version)
    if word:
        history = opt_out_item(tenant_id, identity.first_customer_id(tenant_id), word)
        yield TargetRow("conversations", history, version)


def _opt_out(row: LegacyRow, last: datetime) -> OptOut | None:
    """Whoever wanted no offers gets none: every name under which that may stand is asked for."""
    since = row.time("optOutSince", "optedOutAt", "unsubscribedAt")
    out = row.flag("optedOut", "optOut", "marketingOptOut", "unsubscribed", "doNotContact")
    wanted = row.flag("marketingOptIn", "optedIn", "subscribed")
    if not out and wanted is not False:
        return None
    return OptOut(True, since or last, since or last, OptOutSource.EARLIER_SYSTEM, "migration")


def customer_item(
    tenant_id: TenantId, identity: CustomerIdentity, first: datetime, last: datetime, messages: int
) -> dict[str, Any]:
    name = identity.profile_name
    return {
        **keys.customer(tenant_id, identity),
        "tenantId": tenant_id,
        "customerId": identity.first_customer_id(tenant_id),
        "phone": identity.phone,
        "profileName": storable(name, _MOST_CHARACTERS_OF_A_NAME) if name else None,
        "firstInteraction": time_text(first),
        "lastInteraction": time_text(last),
        "messageCount": messages,
        # Who was here this month is not counted as this month's new customer again.
        "activeMonths": {month_of(first), month_of(last)},
    }
