"""One customer under all their names, in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_tombstones import tombstone_of
from adapters.dynamodb_values import from_item, to_item, unpack
from domain.conversations import conversation_id
from domain.customer_data import Asked, Subject
from domain.customers import CustomerId, first_customer_id
from domain.tenants import TenantId
from domain.tombstones import hashed

Row = Mapping[str, Any]

_MOST_NAMES = 20
"""Of one customer. Nobody changes their number so often; and all of them have to go into one transaction."""


class DynamoCustomerSearch:
    def __init__(self, conversations_table: str, customers_table: str) -> None:
        self._conversations = conversations_table
        self._customers = customers_table

    def find(self, tenant_id: TenantId, asked: Asked) -> Subject:
        """From name to name: a row leads to a conversation, its messages to every name that they came from."""
        found = _Found(tenant_id, self)
        if asked.identity:
            found.follow_identity(asked.identity)
            if not found.customer_ids:
                found.follow_attribute(asked.identity)
            if not found.customer_ids:
                found.follow_stranger(asked.identity)
        elif asked.customer_id is not None:
            found.follow_customer(asked.customer_id)
        return Subject(
            tenant_id,
            tuple(sorted(found.customer_ids)),
            tuple(sorted(found.identities)),
            apart_from=tuple(sorted(found.apart_from)),
        )

    def customer_row(self, tenant_id: TenantId, identity: str) -> Row:
        return read_row(self._customers, keys.filed(tenant_id, identity))

    def canonical_row(self, row: Row) -> Row:
        return read_row(self._customers, {"phoneNumber": row["aliasOf"]}) if "aliasOf" in row else row

    def state(self, tenant_id: TenantId, customer_id: CustomerId) -> Row:
        return read_row(self._conversations, keys.state(tenant_id, customer_id))

    def ids_of_stranger(self, tenant_id: TenantId, identity: str) -> Iterator[CustomerId]:
        yield first_customer_id(tenant_id, identity)
        tombstone = tombstone_of(read_row(self._customers, keys.tombstone(tenant_id, hashed(tenant_id, identity))))
        if tombstone is not None:
            yield tombstone.next_customer_id

    def only_words(self, tenant_id: TenantId, customer_id: CustomerId) -> bool:
        """Whether words on offers are kept under this id, and no conversation."""
        with translated("look for words on offers"):
            newest = client("dynamodb").query(
                TableName=self._conversations,
                KeyConditionExpression="conversationId = :id",
                ExpressionAttributeValues=to_item({":id": conversation_id(tenant_id, customer_id)}),
                ScanIndexForward=False,
                Limit=1,
                ConsistentRead=True,
            )["Items"]
        return any(from_item(row)["sk"].startswith(keys.CONSENT) for row in newest)

    def rows_where(self, tenant_id: TenantId, condition: str, value: str) -> Iterator[Row]:
        """Of all of a tenant's customers: of whom the keys do not tell enough."""
        with translated("look for a customer"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._customers,
                    IndexName="TenantCustomersIndex",
                    KeyConditionExpression="tenantId = :tenant",
                    FilterExpression=condition,
                    ExpressionAttributeValues=to_item({":tenant": tenant_id, ":value": value}),
                )
            )
            for page in pages:
                yield from map(from_item, page["Items"])

    def senders(self, tenant_id: TenantId, customer_id: CustomerId) -> Iterator[str]:
        """Every name that a message of the conversation came from."""
        with translated("look who wrote"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._conversations,
                    KeyConditionExpression="conversationId = :id AND begins_with(sk, :messages)",
                    FilterExpression="direction = :in",
                    ProjectionExpression="#raw",
                    ExpressionAttributeNames={"#raw": "raw"},
                    ExpressionAttributeValues=to_item(
                        {":id": conversation_id(tenant_id, customer_id), ":messages": "m#", ":in": "in"}
                    ),
                    ConsistentRead=True,
                )
            )
            for page in pages:
                for item in page["Items"]:
                    yield from _senders_of(unpack(from_item(item)["raw"]))


def _senders_of(raw: Any) -> Iterator[str]:
    for key in ("from", "from_user_id"):
        name = raw.get(key) if isinstance(raw, dict) else None
        if isinstance(name, str) and name:
            yield name


class _Found:
    def __init__(self, tenant_id: TenantId, rows: DynamoCustomerSearch) -> None:
        self.tenant_id = tenant_id
        self.customer_ids: set[CustomerId] = set()
        self.identities: set[str] = set()
        self.apart_from: set[CustomerId] = set()
        self._rows = rows

    def follow_identity(self, identity: str) -> None:
        if identity in self.identities or len(self.identities) >= _MOST_NAMES:
            return
        row = self._rows.customer_row(self.tenant_id, identity)
        owner = row.get("customerId")
        if owner in self.apart_from:
            return  # they wrote here as well while the two were taken for one
        known = owner is None or not self.customer_ids or owner in self.customer_ids
        if not known and identity.isdigit():
            return  # a phone number that somebody else has by now; of BSUIDs Meta gives none twice
        self.identities.add(identity)
        if owner is not None:
            self._follow_row(self._rows.canonical_row(row))
            self.follow_customer(CustomerId(owner))
        if row:
            self._follow_words(identity)

    def follow_attribute(self, identity: str) -> None:
        """Who is filed under their phone number may be asked for by the user id that came with it."""
        for row in self._rows.rows_where(self.tenant_id, "userId = :value OR phone = :value", identity):
            self._follow_row(row)

    def follow_customer(self, customer_id: CustomerId) -> None:
        if customer_id in self.customer_ids:
            return
        self.customer_ids.add(customer_id)
        state = self._rows.state(self.tenant_id, customer_id)
        for former in sorted(state.get("formerCustomerIds", ())):
            self.follow_customer(CustomerId(former))
        names = {state.get("phone"), state.get("userId")}
        if "mergedInto" in state:
            self.follow_customer(CustomerId(state["mergedInto"]))
        if names == {None}:
            for row in self._rows.rows_where(self.tenant_id, "customerId = :value", customer_id):
                self._follow_row(row)
        self._follow_names(names)
        self._follow_names(self._rows.senders(self.tenant_id, customer_id))

    def follow_stranger(self, identity: str) -> None:
        """Of who never wrote, and is not found by anything else."""
        customer_id = first_customer_id(self.tenant_id, identity)
        state = self._rows.state(self.tenant_id, customer_id)
        if not state or identity in {state.get("phone"), state.get("userId")}:
            self.follow_customer(customer_id)
        self._follow_words(identity)

    def _follow_words(self, identity: str) -> None:
        """Before anybody wrote under it, offers may have been stopped: that history has the id that they would get."""
        for customer_id in self._rows.ids_of_stranger(self.tenant_id, identity):
            if customer_id not in self.apart_from and self._rows.only_words(self.tenant_id, customer_id):
                self.customer_ids.add(customer_id)

    def _follow_row(self, row: Row) -> None:
        if not row or row["customerId"] in self.apart_from:
            return
        self.apart_from |= set(map(CustomerId, row.get("apartFrom", ())))
        self.follow_customer(CustomerId(row["customerId"]))
        for former in sorted(row.get("formerCustomerIds", ())):
            self.follow_customer(CustomerId(former))
        filed = [key.partition("#")[2] for key in (row["phoneNumber"], *sorted(row.get("aliases", ())))]
        self._follow_names([*filed, row.get("phone"), row.get("userId")])

    def _follow_names(self, names: Iterable[str | None]) -> None:
        for name in sorted({name for name in names if name}):
            self.follow_identity(name)
