"""Usage of the sellers over some months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adapters.dynamodb_usage import read_usage
from domain.tenants import TenantId
from domain.usage import total

Usage = dict[str, dict[str, int]]
"""Tenant id to counters."""


def usage_of(table: str, tenants: Iterable[str], months: Iterable[str]) -> Usage:
    wanted = list(months)
    return {tenant: total(read_usage(table, TenantId(tenant), month) for month in wanted) for tenant in tenants}


def grown(before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]) -> Usage:
    return {
        tenant: {name: count - before[tenant].get(name, 0) for name, count in counters.items()}
        for tenant, counters in after.items()
    }
