"""Where the tables hold things of a tenant. By one tenant's id alone most of them can be found only by looking at every
row: an operator does so once, when a tenant leaves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_batches import partition
from adapters.dynamodb_customer_places import delete_rows
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_tenants import tenant_of
from adapters.dynamodb_transactions import transact, update
from adapters.dynamodb_values import from_item, to_item
from domain.tenants import Tenant, TenantId, TenantStatus

_NUMBERS = "formerNumbers"


class RowsPlace(ABC):
    """Rows of one table, by whatever their keys are found."""

    table: str

    def count(self, tenant_id: TenantId) -> int:
        return sum(1 for _ in self._keys(tenant_id))

    def erase(self, tenant_id: TenantId) -> int:
        return delete_rows(self.table, self._keys(tenant_id))

    @abstractmethod
    def _keys(self, tenant_id: TenantId) -> Iterator[dict[str, str]]: ...


@dataclass(frozen=True)
class PartitionPlace(RowsPlace):
    """All rows under the tenant's id."""

    name: str
    table: str
    key_names: tuple[str, ...]
    but: tuple[str, ...] = ()
    """Range keys of rows that stay."""
    closes: bool = False

    def _keys(self, tenant_id: TenantId) -> Iterator[dict[str, str]]:
        names = {f"#{n}": name for n, name in enumerate(self.key_names)}
        values = to_item({":tenant": tenant_id})
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                KeyConditionExpression="#0 = :tenant",
                ProjectionExpression=", ".join(names),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
            )
        )
        with translated(f"read {self.name} of a tenant"):
            for page in pages:
                for row in map(from_item, page["Items"]):
                    if row[self.key_names[-1]] not in self.but:
                        yield row


@dataclass(frozen=True)
class PrefixPlace(RowsPlace):
    """All rows whose partition begins with the tenant's id and `#`."""

    name: str
    table: str
    key_names: tuple[str, ...]
    closes: bool = False

    def _keys(self, tenant_id: TenantId) -> Iterator[dict[str, str]]:
        """No id of another tenant begins so: the first `#` ends the tenant's part."""
        return _scanned(self.name, self.table, self.key_names, f"{tenant_id}#")


@dataclass(frozen=True)
class NumberClaimsPlace(RowsPlace):
    """That a number is this tenant's, wherever its row has gone."""

    table: str
    name: str = "number-claims"
    closes: bool = True

    def _keys(self, tenant_id: TenantId) -> Iterator[dict[str, str]]:
        values = {":claims": keys.NUMBER, ":tenant": tenant_id}
        condition = "begins_with(#0, :claims) AND #owner = :tenant"
        return _rows(self.name, self.table, ("tenantId", "sk"), condition, {"#owner": "owner"}, values)


@dataclass(frozen=True)
class TenantQuarantinePlace(RowsPlace):
    """What came for the tenant's numbers and was put aside: while they were suspended, and since."""

    table: str
    numbers: Callable[[TenantId], Collection[str]]
    name: str = "quarantine"
    closes: bool = False

    def _keys(self, tenant_id: TenantId) -> Iterator[dict[str, str]]:
        named = set(self.numbers(tenant_id))
        for row in _scanned(self.name, self.table, ("conversationId", "sk"), f"{keys.QUARANTINE}#"):
            if row["conversationId"].split("#")[1] in named:
                yield row


class DynamoTenantRemovals:
    def __init__(self, tenants_table: str) -> None:
        self._table = tenants_table

    def find(self, tenant_id: TenantId) -> Tenant | None:
        profile = read_row(self._table, keys.tenant_profile(tenant_id))
        return tenant_of(profile) if profile else None

    def suspend(self, tenant_id: TenantId) -> None:
        """With a note of the numbers: by them is found what names no tenant, when their rows are gone."""
        noted = {"status": TenantStatus.SUSPENDED, _NUMBERS: self.numbers(tenant_id) or None}
        key = keys.tenant_profile(tenant_id)
        transact([update(self._table, key, noted, condition="attribute_exists(#tenantId)")])

    def numbers(self, tenant_id: TenantId) -> set[str]:
        """Phone number ids and account ids, as they are and as they were noted."""
        rows = list(partition(self._table, "tenantId", tenant_id))
        named = {str(row[name]) for row in rows for name in ("phoneNumberId", "wabaId") if row.get(name)}
        return named.union(*(row.get(_NUMBERS, set()) for row in rows))

    def forget(self, tenant_id: TenantId) -> None:
        delete_rows(self._table, [keys.tenant_profile(tenant_id)])


def _scanned(what: str, table: str, key_names: tuple[str, ...], prefix: str) -> Iterator[dict[str, str]]:
    return _rows(what, table, key_names, "begins_with(#0, :prefix)", {}, {":prefix": prefix})


def _rows(  # noqa: PLR0913, PLR0917 (a filter and its names and values)
    what: str, table: str, key_names: tuple[str, ...], condition: str, names: dict[str, str], values: dict[str, str]
) -> Iterator[dict[str, str]]:
    projected = {f"#{n}": name for n, name in enumerate(key_names)}
    pages = (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression=condition,
            ProjectionExpression=", ".join(projected),
            ExpressionAttributeNames=projected | names,
            ExpressionAttributeValues=to_item(values),
            ConsistentRead=True,
        )
    )
    with translated(f"look for {what} of a tenant"):
        for page in pages:
            yield from map(from_item, page["Items"])
