"""I4: usage is what is stored, in the month of the message's own time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.dynamodb_values import time_of
from ops.prove.cast import tenant_of
from ops.prove.evidence import Row
from ops.prove.invariants.case import Case, dead_statuses, rows_of


def usage_is_what_is_stored(case: Case) -> Iterator[str]:
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in case.evidence.rows["TenantUsageTable"]:
        for name, value in row.items():
            if isinstance(value, Decimal):
                counted[name][row["tenantId"], row["month"][:7]] += int(value)

    distinct = Counter((tenant_id, rows[0]["at"][:7]) for (tenant_id, _), rows in case.messages.items())
    escalated = Counter((row["tenantId"], row["at"][:7]) for row in rows_of(case, "e#"))
    customers = Counter(
        (row["tenantId"], month)
        for row in case.evidence.rows["CustomersTable"]
        for month in row.get("activeMonths", ())
    )
    for name, expected in (("messages", distinct), ("escalations", escalated), ("customers", customers)):
        yield from _differences(name, counted[name], expected)
    by_type: Counter[tuple[str, str]] = Counter()
    for name, months in counted.items():
        if name.startswith("messages_"):
            by_type.update(months)
    yield from _differences("messages by type", by_type, distinct)
    yield from _replies_counted(case, counted["replies"])
    yield from _billed(case, counted)


def _differences(name: str, counted: Counter[Any], expected: Counter[Any]) -> Iterator[str]:
    for key in sorted({*counted, *expected}):
        if counted[key] != expected[key]:
            yield f"{name} of {' '.join(key)}: {counted[key]} counted, {expected[key]} stored"


def _replies_counted(case: Case, counted: Counter[tuple[str, str]]) -> Iterator[str]:
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for reply_id, row in case.replies.items():
        tenant_id = row["tenantId"]
        took = any(post.verdict.sent for post in case.posts.get(reply_id, ()))
        most[tenant_id] += took
        least[tenant_id] += took and row["state"] == "sent" and not _ever_failed(case, row)
    for tenant_id in {*least, *most}:
        total = sum(value for (owner, _), value in counted.items() if owner == tenant_id)
        if not least[tenant_id] <= total <= most[tenant_id]:
            yield f"replies of {tenant_id}: {total} counted, {least[tenant_id]} to {most[tenant_id]} sent"


def _ever_failed(case: Case, row: Row) -> bool:
    return any(
        status.status == "failed" and status.message_id == row.get("messageId")
        for attempt in case.evidence.attempts
        for status in attempt.statuses
    )


def _billed(case: Case, counted: dict[str, Counter[tuple[str, str]]]) -> Iterator[str]:
    charged: dict[str, set[str]] = defaultdict(set)
    sure: dict[str, set[str]] = defaultdict(set)
    for attempt in case.evidence.attempts:
        for status in attempt.statuses:
            tenant_id = tenant_of(status.number)
            if status.billable and tenant_id:
                charged[tenant_id].add(status.message_id)
                if attempt.acknowledged and status.message_id not in case.dead:
                    sure[tenant_id].add(status.message_id)
    for seller, ids in charged.items():
        total = sum(value for (owner, _), value in counted["billable_service"].items() if owner == seller)
        if not len(sure[seller]) - dead_statuses(case) <= total <= len(ids):
            yield f"billable messages of {seller}: {total} metered, {len(sure[seller])} charged by Meta"


def times_are_the_messages_own(case: Case) -> Iterator[str]:
    """A message stands, and counts, at its own time, held to what can be true of its receipt."""
    for (tenant_id, message_id), rows in case.messages.items():
        said = case.said.get((tenant_id, message_id))
        if said is None:
            continue
        claimed, at = int(min(said.attempts) - said.update.age), time_of(rows[0]["at"]).timestamp()
        held = [max(min(float(claimed), received), received - _OLDEST) for received in said.attempts]
        if not any(-1 <= at - one <= _SECONDS_TO_BE_QUEUED for one in held):
            yield f"{message_id} stands at {rows[0]['at']}; its own time is {datetime.fromtimestamp(claimed, UTC)}"


_OLDEST = 8 * 86_400
_SECONDS_TO_BE_QUEUED = 5
