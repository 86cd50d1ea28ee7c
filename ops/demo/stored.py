"""The rows that the day's messages left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_catalogue import read_products
from adapters.dynamodb_keys import Key
from domain.catalogue import Money
from domain.conversations import conversation_id
from domain.customers import CustomerId
from domain.messages import MessageId
from domain.ports import quarantine_id
from domain.tenants import TenantId
from ops.demo.casting import customer_keys
from ops.demo.phones import Written
from ops.outcomes.conversations import StoredConversation, whole_conversation
from ops.outcomes.rows import DynamoRows, Row


@dataclass(frozen=True, slots=True)
class Stored:
    tables: Mapping[str, str]
    """Logical name to deployed name."""
    rows: DynamoRows

    def conversations(self, written: Sequence[Written]) -> dict[str, StoredConversation]:
        """By message id; messages of one conversation share it."""
        table = self.tables["conversations"]
        pointers = self.rows.find(
            table,
            [keys.pointer(TenantId(one.step.tenant), MessageId(one.message_id)) for one in written if one.step.tenant],
        )
        names = {
            key: conversation_id(TenantId(row["tenantId"]), CustomerId(row["customerId"]))
            for key, row in pointers.items()
        }
        read = {name: whole_conversation(self.rows, table, name) for name in set(names.values())}
        return {one.message_id: read[names[key]] for one in written if (key := _pointer_key(one)) in names}

    def knows(self, customers: Iterable[Key]) -> bool:
        return bool(self.rows.find(self.tables["customers"], customers))

    def customers(self, written: Sequence[Written]) -> list[Row]:
        wanted = [key for one in written for key in customer_keys(one.step)]
        found = self.rows.find(self.tables["customers"], wanted).values()
        return [row for row in found if "aliasOf" not in row]  # an alias leads to a row that is found as well

    def quarantine(self, written: Sequence[Written]) -> dict[str, Row]:
        """By message id."""
        wanted = {
            one.message_id: keys.quarantined(quarantine_id(one.phone_number_id, one.message_id)) for one in written
        }
        found = self.rows.find(self.tables["conversations"], wanted.values())
        return {name: found[tuple(key.values())] for name, key in wanted.items() if tuple(key.values()) in found}

    def prices(self, tenants: Iterable[str]) -> dict[tuple[str, str], Money]:
        return {
            (tenant, product.product_id): product.price
            for tenant in tenants
            for product in read_products(self.tables["products"], TenantId(tenant))
        }

    def counts(self) -> dict[str, int]:
        """How many rows each table has: an operator's question, never one of a request."""
        return {name: _count(table) for name, table in self.tables.items()}


def _pointer_key(written: Written) -> tuple[str, ...]:
    return tuple(keys.pointer(TenantId(written.step.tenant or ""), MessageId(written.message_id)).values())


def _count(table: str) -> int:
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=table, Select="COUNT")
    return sum(page["Count"] for page in pages)
