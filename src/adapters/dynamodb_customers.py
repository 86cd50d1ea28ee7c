"""The customers row: found by identity, and as one message changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_opt_outs import NEWEST_OPT_OUT, opt_out_attributes, opt_out_of
from adapters.dynamodb_tombstones import tombstone_check, tombstone_of
from adapters.dynamodb_transactions import update
from adapters.dynamodb_values import from_item, storable, time_of, time_text, to_item
from domain.conversations import Recording
from domain.customers import CustomerId, CustomerIdentity
from domain.tenants import TenantId
from domain.tombstones import Tombstone
from domain.usage import month_of

_MOST_CHARACTERS_OF_A_NAME = 200


class DynamoCustomers:
    def __init__(self, table: str) -> None:
        self._table = table

    def find(self, tenant_id: TenantId, identity: CustomerIdentity) -> CustomerId | None:
        key: Any = to_item(keys.customer(tenant_id, identity))
        with translated("find a customer"):
            found = client("dynamodb").get_item(
                TableName=self._table, Key=key, ProjectionExpression="customerId", ConsistentRead=True
            )
        row = from_item(found.get("Item", {}))
        return CustomerId(row["customerId"]) if row else None


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """What a try believes of the row. Whatever it believes of an existing row is a condition of its update.

    Each belief can turn false only once: a row comes to exist, a month becomes active, a newer message comes. So of
    several workers with messages of one customer, each is right after a few tries.
    """

    customer_id: CustomerId
    exists: bool
    active: bool
    """In the month of the message."""
    newest: bool
    """No later message of the customer is stored."""
    earliest: bool = False
    """No earlier one is."""
    newest_opt_out: bool = True
    """No later word on offers is; asked only of a message that has one."""
    tombstone: Tombstone | None = None
    """Of who had been erased, and comes back with this message."""
    knows_opt_out: bool = False
    """Whether the row holds a word on offers of its own."""

    @classmethod
    def assumed(cls, recording: Recording) -> KnownCustomer:
        """The common case."""
        return cls(recording.customer_id, exists=True, active=True, newest=True)

    @classmethod
    def learnt(cls, recording: Recording, row: dict[str, Any] | None) -> KnownCustomer:
        supersedes = recording.opt_out is not None and recording.opt_out.supersedes(opt_out_of(row or {}))
        if row is None or "customerId" not in row:  # nobody, or nobody who has written: of them the opt-out alone
            return cls(
                recording.customer_id,
                exists=False,
                active=False,
                newest=True,
                earliest=True,
                newest_opt_out=supersedes,
                knows_opt_out=opt_out_of(row or {}) is not None,
            )
        at = time_text(recording.at)
        return cls(
            customer_id=CustomerId(row["customerId"]),
            exists=True,
            active=month_of(recording.at) in row["activeMonths"],
            newest=at >= row["lastInteraction"],
            earliest=at < row["firstInteraction"],
            newest_opt_out=supersedes,
        )

    def update(self, table: str, tenant_id: TenantId, recording: Recording) -> dict[str, Any]:
        """The `Update` of the transaction: last interaction never goes back, first never forward."""
        sender, at = recording.message.sender, time_text(recording.at)
        sets = {
            "tenantId": tenant_id,
            "customerId": self.customer_id,
            "phone": sender.phone,
            "userId": sender.user_id,
            "profileName": sender.profile_name and storable(sender.profile_name, _MOST_CHARACTERS_OF_A_NAME),
            "username": sender.username and storable(sender.username, _MOST_CHARACTERS_OF_A_NAME),
            "lastInteraction": at if self.newest else None,
            "firstInteraction": at if self.earliest else None,
        }
        sets |= self._remembered()
        opt_out = opt_out_attributes(recording.opt_out) if recording.opt_out else {}
        sets |= opt_out if self.newest_opt_out else {}
        conditions, values = self._conditions(recording, at)
        if opt_out and self.newest_opt_out:
            conditions.append(NEWEST_OPT_OUT)
        elif opt_out:
            conditions.append("optOutChange >= :optOutChange")
            values[":optOutChange"] = opt_out["optOutChange"]
        return update(
            table,
            keys.customer(tenant_id, sender),
            sets,
            adds={"messageCount": 1, **({} if self.active else {"activeMonths": {month_of(recording.at)}})},
            condition=" AND ".join(conditions),
            values=values,
        )

    # --- erased customers: a tombstone is asked of in the one transaction that makes somebody known ---

    def raised(self, recording: Recording, row: dict[str, Any] | None) -> KnownCustomer:
        """As their tombstone says, which has refused the last try."""
        tombstone = tombstone_of(row, opt_out_of(row or {}))
        customer_id = tombstone.next_customer_id if tombstone else recording.customer_id
        return replace(self, customer_id=customer_id, tombstone=tombstone)

    @staticmethod
    def erased_since(recording: Recording, row: dict[str, Any] | None) -> bool:
        """Whether the message was sent before the erasure that this row, or tombstone, tells of."""
        return row is not None and "erasedAt" in row and recording.message.timestamp <= time_of(row["erasedAt"])

    def tombstone_check(self, table: str, tenant_id: TenantId, recording: Recording) -> list[dict[str, Any]]:
        if self.exists:
            return []
        return [tombstone_check(table, tenant_id, recording.message.sender.key, self.tombstone)]

    def _remembered(self) -> dict[str, Any]:
        """On the row of who has come back: since when they are somebody new, and that they want no offers."""
        if self.tombstone is None:
            return {}
        kept = self.tombstone.opt_out if not self.knows_opt_out else None
        return {"erasedAt": time_text(self.tombstone.erased_at), **(opt_out_attributes(kept) if kept else {})}

    def _conditions(self, recording: Recording, at: str) -> tuple[list[str], dict[str, Any]]:
        if not self.exists:
            return ["attribute_not_exists(customerId)"], {}
        conditions = [
            "customerId = :customerId",
            "contains(activeMonths, :month)" if self.active else "NOT contains(activeMonths, :month)",
            "lastInteraction <= :at" if self.newest else "lastInteraction > :at",
        ]
        if self.earliest:
            conditions.append("firstInteraction > :at")
        conditions.append("(attribute_not_exists(erasedAt) OR erasedAt < :sent)")
        values = {":customerId": self.customer_id, ":month": month_of(recording.at), ":at": at}
        return conditions, {**values, ":sent": time_text(recording.message.timestamp)}
