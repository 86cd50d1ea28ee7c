"""The rows, letters and counters that the books are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dead_letters.queues import QueueName, dead_letter_queues
from adapters.dead_letters.survey import survey
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_tenant_list import tenant_ids
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_usage import read_usage
from adapters.dynamodb_values import from_item, to_item
from domain.ports import Tenants
from domain.tenants import PhoneNumberId, TenantId
from domain.usage import MESSAGES
from ops.outcomes.rows import DynamoRows
from ops.reconcile.books import Books, Claim, DeadLetter, MonthCount, claim_of, month_counts, months_in, reconcile
from ops.target import Target

_CACHE_SECONDS = 600


def look(found: Target, tenant: TenantId | None, window: tuple[str, str]) -> tuple[Books, list[MonthCount]]:
    """Each row of the conversations table is read once, and each conversation of the window a second time."""
    now, table = datetime.now(UTC), found.tables["conversations"]
    tenants = [tenant] if tenant else tenant_ids(found.tables["tenants"])
    months = months_in(window, f"{now:%Y-%m-%d}")
    before = _counters(found.tables["tenant-usage"], tenants, months)
    claims = list(_claims(table, tenant, window))
    after = _counters(found.tables["tenant-usage"], tenants, months)
    dead = [letter for letter in _dead(found, window) if tenant in {None, letter.tenant_id}]
    return reconcile(claims, dead, DynamoRows(), table, window, now), month_counts(claims, before, after)


def _claims(table: str, tenant: TenantId | None, window: tuple[str, str]) -> Iterator[Claim]:
    condition = "#sk = :pointer AND #position BETWEEN :first AND :last"
    values = {":pointer": keys.POINTER, ":first": window[0], ":last": f"{window[1]}~"}
    if tenant is not None:
        condition += " AND begins_with(conversationId, :tenant)"
        values[":tenant"] = f"{tenant}#"
    pages = (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression=condition,
            ExpressionAttributeNames={"#sk": "sk", "#position": "position"},
            ExpressionAttributeValues=to_item(values),
            ConsistentRead=True,
        )
    )
    with translated("look for messages"):
        for page in pages:
            yield from (claim_of(from_item(item)) for item in page["Items"])


def _counters(table: str, tenants: Sequence[TenantId], months: Sequence[str]) -> dict[tuple[str, str], int]:
    counted = {}
    for tenant in tenants:
        for month in months:
            earlier = read_row(table, keys.migrated_usage(tenant, month))
            total = read_usage(table, tenant, month).get(MESSAGES, 0)
            counted[str(tenant), month] = total - int(earlier.get(MESSAGES, 0))
    return counted


def _dead(found: Target, window: tuple[str, str]) -> Iterator[DeadLetter]:
    """They stay where they are."""
    tenants: Tenants = DynamoTenants(found.tables["tenants"], _CACHE_SECONDS)
    queues = dead_letter_queues(found.queues, wait_seconds=0 if found.local else 1)
    asked = [queue for queue in queues if queue.name in {QueueName.INBOX, QueueName.REPLIES}]
    for letter in survey(asked, {}).letters:
        day = f"{letter.at:%Y-%m-%d}"
        if not window[0] <= day <= window[1]:
            continue
        number = tenants.number(PhoneNumberId(letter.phone_number_id)) if not letter.tenant_id else None
        owner = TenantId(letter.tenant_id) if letter.tenant_id else (number.tenant.tenant_id if number else None)
        yield DeadLetter(owner, letter.update_id, day, recorded=letter.queue is QueueName.REPLIES)
