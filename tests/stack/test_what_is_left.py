"""After everything else: no dead letter, no leak, and usage that agrees with the rows. The last file of the folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from domain.replies import ReplyPurpose
from domain.tenants import TenantStatus
from ops.local import demo_data
from ops.outcomes.log_search import LogSearch, Private
from tests.stack.deployed import Deployed

SELLERS = [tenant.id for tenant in demo_data.tenants() if tenant.status is TenantStatus.ACTIVE]


def test_the_dead_letter_queues_are_empty(stack: Deployed) -> None:
    assert {depth.queue: depth.total for depth in stack.queues.depths() if depth.dead_letters} == {
        "inbox-dlq": 0,
        "replies-dlq": 0,
        "statuses-dlq": 0,
        "media-dlq": 0,
        "embedder-dlq": 0,
        "indexing-dlq": 0,
        "imports-dlq": 0,
        "tenant-events-dlq": 0,
    }


@pytest.mark.parametrize("seller", SELLERS)
def test_usage_is_what_the_rows_say(stack: Deployed, seller: str) -> None:
    stack.wait_until_idle()
    rows = [row for row in stack.rows("conversations") if row.get("tenantId") == seller]
    types = Counter(row["type"] for row in rows if row.get("direction") == "in")
    customers = [row for row in stack.rows("customers") if row["tenantId"] == seller]
    usage = stack.usage(seller)

    assert usage["messages"] == types.total()
    assert {name: usage[f"messages_{name}"] for name in types} == dict(types)
    assert usage["customers"] == len(customers)
    assert usage["escalations"] == sum(row["sk"].startswith("e#") for row in rows)
    assert usage["replies"] == sum(_is_reply_of_ours(row) for row in rows)
    assert usage["billable_service"] == sum(row.get("metered", False) for row in rows)


def _is_reply_of_ours(row: Mapping[str, Any]) -> bool:
    """What a person wrote from the phone app stands in the conversation too, and is counted by nobody; a send counts
    as one."""
    others = {ReplyPurpose.PERSON, ReplyPurpose.SEND}
    return row.get("direction") == "out" and row["state"] == "sent" and row["purpose"] not in others


def test_no_log_line_tells_what_customers_told(stack: Deployed) -> None:
    secrets = [Private("the app secret", stack.file.app_secret), Private("the verify token", stack.file.verify_token)]
    secrets += [Private("an access token", tenant.access_token) for tenant in demo_data.tenants()]
    numbers = [Private("a seller's number", tenant.display_phone_number) for tenant in stack.file.tenants]
    search = LogSearch(tuple(stack.file.functions.values()), stack.home.logs)

    searched = search.search([*stack.told, *secrets, *numbers], since=0)

    assert searched.lines > 100
    assert searched.leaks == []
