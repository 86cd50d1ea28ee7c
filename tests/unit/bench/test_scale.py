"""A platform whose rows are made as they are read."""

from __future__ import annotations

from typing import Any

import pytest

from bench.many_customers import ManyCustomers, Used
from bench.scale import used_by_requests

ROW = {
    "phoneNumber": {"S": "seller-00000000#120255500000000"},
    "tenantId": {"S": "seller-00000000"},
    "lastInteraction": {"S": "2026-11-22T12:00:00.000Z"},
    "profileName": {"S": "A customer" * 60},
}


@pytest.fixture
def aws() -> ManyCustomers:
    made = ManyCustomers()
    made.store.tables[made.tables["CustomersTable"]].put((ROW["phoneNumber"]["S"],), ROW)
    made.customers = 10_000_000
    return made


def asks(aws: ManyCustomers, **more: Any) -> dict[str, Any]:
    aws.used = Used()
    return aws.query(
        TableName=aws.tables["CustomersTable"],
        IndexName="TenantCustomersIndex",
        KeyConditionExpression="tenantId = :tenant",
        ExpressionAttributeValues={":tenant": {"S": "seller-00000000"}},
        ScanIndexForward=False,
        **more,
    )


def test_a_page_of_a_million_customers_is_as_many_rows_as_it_wants(aws: ManyCustomers) -> None:
    found = asks(aws, Limit=25)
    assert len({row["phoneNumber"]["S"] for row in found["Items"]}) == 25
    times = [row["lastInteraction"]["S"] for row in found["Items"]]
    assert times == sorted(times, reverse=True)
    further = asks(aws, Limit=25, ExclusiveStartKey=found["LastEvaluatedKey"])
    assert further["Items"][0]["lastInteraction"]["S"] < times[-1]


def test_who_asks_for_all_of_them_pays_for_a_megabyte_at_a_time(aws: ManyCustomers) -> None:
    found = asks(aws)
    assert "LastEvaluatedKey" in found
    assert 120 <= aws.used.read <= 125  # 1 MB of 4 KB, read without consistency


def test_each_request_takes_the_same_of_a_small_platform_and_a_large_one() -> None:
    small, large = used_by_requests(1_000), used_by_requests(10_000_000)
    assert small == large
    assert all(used.read + used.written > 0 for used in large.values())
