"""Who wants no offers, in DynamoDB.

The state stands on the customers row: whoever is about to send an offer holds the customer's identity, and the
transaction that records a message writes that row anyway, so a STOP costs no call of its own. Each word on it is one
more row in the conversations table, in the customer's own partition, beside the message that caused it: the customers
table has no sort key, and so cannot list. `optOutChange` on the customers row names the newest of these rows.

Of somebody who never wrote, the customers row holds the state and nothing else. Without a `customerId` it is no
customer and stands in no index; the first message makes one of it, and the state is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_transactions import put, transact, update
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.customers import CustomerId, CustomerIdentity, first_customer_id
from domain.errors import ContentionError
from domain.opt_out import OptOut, OptOutSource
from domain.tenants import TenantId

_TRIES = 5

NEWEST_OPT_OUT = "(attribute_not_exists(optOutChange) OR optOutChange < :optOutChange)"
"""The condition on which a word becomes the state; the names of the rows sort as `OptOut.supersedes` decides."""


OPT_OUT = ("optedOut", "optOutSince", "optOutToldAt", "optOutSource", "optOutCause", "optOutChange")
"""Attributes of the customers row."""


def opt_out_attributes(opt_out: OptOut) -> dict[str, Any]:
    """Of the customers row."""
    return {**_told(opt_out), "optOutChange": keys.opt_out_change(opt_out)}


def opt_out_item(tenant_id: TenantId, customer_id: CustomerId, opt_out: OptOut) -> dict[str, Any]:
    """The row of the history."""
    return {
        **keys.opt_out(tenant_id, customer_id, opt_out),
        "tenantId": tenant_id,
        "customerId": customer_id,
        **_told(opt_out),
    }


def opt_out_of(row: Mapping[str, Any]) -> OptOut | None:
    """Of either row."""
    if "optedOut" not in row:
        return None
    return OptOut(
        opted_out=row["optedOut"],
        since=time_of(row["optOutSince"]),
        told_at=time_of(row["optOutToldAt"]),
        source=OptOutSource(row["optOutSource"]),
        cause=row["optOutCause"],
    )


def _told(opt_out: OptOut) -> dict[str, Any]:
    return {
        "optedOut": opt_out.opted_out,
        "optOutSince": time_text(opt_out.since),
        "optOutToldAt": time_text(opt_out.told_at),
        "optOutSource": opt_out.source,
        "optOutCause": opt_out.cause,
    }


class DynamoOptOuts:
    def __init__(self, conversations_table: str, customers_table: str) -> None:
        self._conversations = conversations_table
        self._customers = customers_table

    def current(self, tenant_id: TenantId, identity: CustomerIdentity) -> OptOut | None:
        told = [opt_out for row in self._rows(tenant_id, identity) if (opt_out := opt_out_of(row))]
        return max(told, key=lambda opt_out: opt_out.rank, default=None)

    def keep(self, tenant_id: TenantId, identity: CustomerIdentity, opt_out: OptOut) -> None:
        for _ in range(_TRIES):
            rows = self._rows(tenant_id, identity)
            if not transact([action for row in rows for action in self._actions(tenant_id, row, opt_out)]):
                return
        raise ContentionError("the customer's row kept changing while a word on offers was kept")

    def _rows(self, tenant_id: TenantId, identity: CustomerIdentity) -> list[dict[str, Any]]:
        """The row of each customer whom the identity names, nearly always one; else a row for each of its names.

        Of somebody who never wrote, nobody knows by which of them they will.
        """
        found = [self._read(keys.filed(tenant_id, key)) for key in identity.keys]
        owners = {row.get("aliasOf", row["phoneNumber"]): row for row in found if "customerId" in row}
        if not owners:
            return found
        return [self._read({"phoneNumber": key}) if "aliasOf" in row else row for key, row in owners.items()]

    def _actions(self, tenant_id: TenantId, row: Mapping[str, Any], opt_out: OptOut) -> Iterator[dict[str, Any]]:
        key = {"phoneNumber": row["phoneNumber"]}
        customer_id = CustomerId(
            row.get("customerId") or first_customer_id(tenant_id, keys.filed_under(row["phoneNumber"]))
        )
        yield put(self._conversations, opt_out_item(tenant_id, customer_id, opt_out))
        if opt_out.supersedes(opt_out_of(row)):
            yield self._becomes_state(key, tenant_id, row, opt_out)

    def _read(self, key: keys.Key) -> dict[str, Any]:
        wire: Any = to_item(key)
        with translated("read a customer"):
            found = client("dynamodb").get_item(TableName=self._customers, Key=wire, ConsistentRead=True)
        return {**key, **from_item(found.get("Item", {}))}

    def _becomes_state(
        self, key: keys.Key, tenant_id: TenantId, row: Mapping[str, Any], opt_out: OptOut
    ) -> dict[str, Any]:
        """On condition that it is the same customer still: their history is theirs."""
        known = "customerId" in row
        same = (
            "customerId = :customer AND attribute_not_exists(aliasOf)" if known else "attribute_not_exists(customerId)"
        )
        return update(
            self._customers,
            key,
            {"tenantId": tenant_id, **opt_out_attributes(opt_out)},
            condition=f"{same} AND {NEWEST_OPT_OUT}",
            values={":customer": row["customerId"]} if known else {},
        )
