"""A month's counters stand in an item of their own, put as they are: read again, they are not twice as many."""

from __future__ import annotations

import re
from decimal import Decimal

from adapters import dynamodb_keys as keys
from adapters.dynamodb_values import time_text
from domain.usage import CUSTOMERS, ESCALATIONS, MESSAGES, REPLIES
from ops.migrate.legacy import LegacyRow, UnfitRowError, tenant_of
from ops.migrate.rows import ASIDE, TargetRow, Transformed
from ops.migrate.transforms.context import Context

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_NAMES = {
    MESSAGES: ("messages", "messageCount", "messagesReceived", "inboundMessages", "totalMessages"),
    REPLIES: ("replies", "replyCount", "responses", "aiResponses", "messagesSent", "outboundMessages"),
    ESCALATIONS: ("escalations", "escalationCount", "handoffs", "humanHandoffs"),
    CUSTOMERS: ("customers", "customerCount", "uniqueCustomers", "activeCustomers"),
}


def usage(row: LegacyRow, context: Context) -> Transformed:  # noqa: ARG001 (a transform like the others)
    tenant_id, month = tenant_of(row.text("tenantId", "tenant_id")), row.text("month") or ""
    if not _MONTH.fullmatch(month):
        raise UnfitRowError(f"month {month[:20]!r} is none (YYYY-MM)")
    version = row.time("updatedAt", "lastUpdated", "updated_at")
    counters = {counter: count for counter, names in _NAMES.items() if (count := row.number(*names)) is not None}
    if any(count < 0 for count in counters.values()):
        raise UnfitRowError("a counter is below nought")
    item = {**keys.migrated_usage(tenant_id, month), **counters}
    groups = [(TargetRow("tenant-usage", item, time_text(version) if version else "", marked=False),)]
    # A counter of unknown meaning would be billed as what it is not.
    rest = {name: value for name, value in (row.rest() or {}).items() if value != Decimal(0)}
    if rest:
        aside = {**keys.migration(f"usage#{tenant_id}#{month}"), "tenantId": tenant_id, ASIDE: rest}
        groups.append((TargetRow("conversations", aside, time_text(version) if version else ""),))
    return Transformed(groups)
