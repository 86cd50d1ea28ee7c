"""Erasures in DynamoDB: the transaction that forgets a customer, and what the deletion goes by until it is done."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_opt_outs import opt_out_attributes, opt_out_of
from adapters.dynamodb_tombstones import tombstone_of
from adapters.dynamodb_transactions import put, transact, update
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.customer_data import Asked, Subject
from domain.customers import CustomerId
from domain.erase_customer import Erasure
from domain.errors import PermanentError
from domain.opt_out import OptOut
from domain.tenants import TenantId
from domain.tombstones import Tombstone, hashed

Row = Mapping[str, Any]

_MOST_ACTIONS = 100  # of one transaction
_CAUSE = "erased"
"""In place of the id of the message or update that said it."""


class DynamoTombstones:
    def __init__(self, customers_table: str) -> None:
        self._table = customers_table

    def newest(self, tenant_id: TenantId, identities: Iterable[str]) -> Tombstone | None:
        found = [self._of(tenant_id, identity) for identity in identities]
        return max((one for one in found if one), key=lambda one: one.erased_at, default=None)

    def _of(self, tenant_id: TenantId, identity: str) -> Tombstone | None:
        row = read_row(self._table, keys.tombstone(tenant_id, hashed(tenant_id, identity)))
        return tombstone_of(row, opt_out_of(row))


class DynamoErasures:
    def __init__(self, conversations_table: str, customers_table: str) -> None:
        self._conversations = conversations_table
        self._customers = customers_table

    def begin(self, tenant_id: TenantId, subject: Subject, erasure_id: str, now: datetime) -> Erasure | None:
        rows = [row for row in self._rows(tenant_id, subject) if belongs(row, subject)]
        if any(self._is_theirs(tenant_id, name, subject) for row in rows for name in names_of(row)):
            return None  # they have written under one more name
        # Never before the newest message: it is erased, and must not come back because clocks differ.
        erased_at = max([now, *(time_of(row["lastInteraction"]) for row in rows if "lastInteraction" in row)])
        until = replace(subject, until=erased_at)
        actions = [
            *(self._tombstone(tenant_id, identity, until, rows) for identity in subject.identities),
            *(self._forget_customer(row) for row in rows),
            *(self._forget_state(tenant_id, customer_id) for customer_id in subject.customer_ids),
            *(self._note(tenant_id, customer_id, until, erasure_id) for customer_id in subject.customer_ids),
        ]
        if len(actions) > _MOST_ACTIONS:
            raise PermanentError("a customer under more names than one transaction holds")
        return None if transact(actions) else Erasure(erasure_id, until)

    def unfinished(self, tenant_id: TenantId, asked: Asked) -> Erasure | None:
        customer_id = asked.customer_id
        if asked.identity:
            row = read_row(self._customers, keys.tombstone(tenant_id, hashed(tenant_id, asked.identity)))
            customer_id = CustomerId(row["unfinished"]) if "unfinished" in row else None
        note = read_row(self._conversations, keys.erasure(tenant_id, customer_id)) if customer_id else {}
        return _erasure_of(tenant_id, note) if note else None

    def finish(self, tenant_id: TenantId, erasure: Erasure) -> None:
        """All of it at once: whoever is stopped before has everything to go on by, and after it nothing is left."""
        actions = [self._finished(tenant_id, identity, erasure) for identity in erasure.subject.identities]
        actions += [
            {"Delete": {"TableName": self._conversations, "Key": to_item(keys.erasure(tenant_id, customer_id))}}
            for customer_id in erasure.subject.customer_ids
        ]
        while refused := {refusal.index for refusal in transact(actions)}:
            actions = [action for index, action in enumerate(actions) if index not in refused]

    def _finished(self, tenant_id: TenantId, identity: str, erasure: Erasure) -> dict[str, Any]:
        """A tombstone that is another erasure's by now is not touched."""
        return update(
            self._customers,
            keys.tombstone(tenant_id, hashed(tenant_id, identity)),
            {},
            removes=("unfinished",),
            condition="erasedAt = :erasedAt",
            values={":erasedAt": time_text(erasure.erased_at)},
        )

    def _rows(self, tenant_id: TenantId, subject: Subject) -> Iterator[Row]:
        for identity in subject.identities:
            row = read_row(self._customers, keys.filed(tenant_id, identity))
            if row:
                yield row

    def _is_theirs(self, tenant_id: TenantId, name: str, subject: Subject) -> bool:
        """Of a name that was not found, whether it is not somebody else's."""
        if name in subject.identities:
            return False
        row = read_row(self._customers, keys.filed(tenant_id, name))
        return not row or belongs(row, subject)

    def _tombstone(self, tenant_id: TenantId, identity: str, subject: Subject, rows: list[Row]) -> dict[str, Any]:
        key = keys.tombstone(tenant_id, hashed(tenant_id, identity))
        known = tombstone_of(before := read_row(self._customers, key), opt_out_of(before))
        opt_out = _newest([opt_out_of(row) for row in rows] + [known.opt_out if known else None])
        item = {
            **key,
            "erasedAt": time_text(subject.until) if subject.until else None,
            "nextCustomerId": secrets.token_hex(12),
            "unfinished": next(iter(subject.customer_ids), None),
            **(opt_out_attributes(_without_cause(opt_out)) if opt_out and opt_out.opted_out else {}),
        }
        return put(self._customers, item)

    def _forget_customer(self, row: Row) -> dict[str, Any]:
        """On condition that it is as it was seen: what they have said since then is to be erased as well."""
        conditions, values = [], {}
        for name in ("customerId", "messageCount", "optOutChange"):
            if name in row:
                conditions.append(f"{name} = :{name}")
                values[f":{name}"] = row[name]
            else:
                conditions.append(f"attribute_not_exists({name})")
        delete: dict[str, Any] = {
            "TableName": self._customers,
            "Key": to_item({"phoneNumber": row["phoneNumber"]}),
            "ConditionExpression": " AND ".join(conditions),
        }
        return {"Delete": {**delete, **({"ExpressionAttributeValues": to_item(values)} if values else {})}}

    def _forget_state(self, tenant_id: TenantId, customer_id: CustomerId) -> dict[str, Any]:
        """From now on nobody can answer, hand over or take over: each of them writes on this row's condition."""
        return {"Delete": {"TableName": self._conversations, "Key": to_item(keys.state(tenant_id, customer_id))}}

    def _note(self, tenant_id: TenantId, customer_id: CustomerId, subject: Subject, erasure_id: str) -> dict[str, Any]:
        item = {
            **keys.erasure(tenant_id, customer_id),
            "tenantId": tenant_id,
            "erasureId": erasure_id,
            "erasedAt": time_text(subject.until) if subject.until else None,
            "customerIds": list(subject.customer_ids),
            "identities": list(subject.identities),
            "apartFrom": list(subject.apart_from),
        }
        return put(self._conversations, item)


def belongs(row: Row, subject: Subject) -> bool:
    """Whether a row of the customers table, under one of their identities, is theirs.

    A number may be somebody else's by now; and who has come back since an erasure is somebody new.
    """
    if "customerId" in row:
        return row["customerId"] in subject.customer_ids
    opt_out = opt_out_of(row)
    return opt_out is None or subject.meant(opt_out.since)


def names_of(row: Row) -> set[str]:
    return {row[name] for name in ("phone", "userId") if name in row} | set(
        map(keys.filed_under, row.get("aliases", ()))
    )


def read_row(table: str, key: Mapping[str, str]) -> dict[str, Any]:
    wire: Any = to_item(key)
    with translated("read a row"):
        return from_item(client("dynamodb").get_item(TableName=table, Key=wire, ConsistentRead=True).get("Item", {}))


def _newest(words: Iterable[OptOut | None]) -> OptOut | None:
    return max((word for word in words if word), key=lambda word: word.rank, default=None)


def _without_cause(opt_out: OptOut) -> OptOut:
    """Ids of messages hold the customer's number."""
    return OptOut(opt_out.opted_out, opt_out.since, opt_out.told_at, opt_out.source, _CAUSE)


def _erasure_of(tenant_id: TenantId, note: Row) -> Erasure:
    customer_ids = tuple(map(CustomerId, note["customerIds"]))
    subject = Subject(
        tenant_id,
        customer_ids,
        tuple(note["identities"]),
        until=time_of(note["erasedAt"]),
        apart_from=tuple(map(CustomerId, note["apartFrom"])),
    )
    return Erasure(note["erasureId"], subject)
