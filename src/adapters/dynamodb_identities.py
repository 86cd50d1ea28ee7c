"""Two customers made one, and two again, in DynamoDB: one transaction each.

The row of the one who goes becomes an alias, as do their own aliases; their state row keeps nothing but where they
went. Both rows of both customers, as they were, stand in the row of the merge: from it alone the merge can be undone,
and read who was merged, when, and because of which message. Everything is written on condition that both customers and
both conversations still are as they were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_customers import customer_of
from adapters.dynamodb_inbox_lines import line_of_both
from adapters.dynamodb_moved_waits import Side, moved_waits
from adapters.dynamodb_opt_outs import OPT_OUT, opt_out_attributes, opt_out_of
from adapters.dynamodb_rows import NO_LONGER_AWAITING, conversation_of, owner_change_item
from adapters.dynamodb_transactions import put, transact_spilling, update
from adapters.dynamodb_usage import add_usages
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.conversations import Conversation, conversation_id
from domain.customers import Customer, CustomerId
from domain.errors import ContentionError
from domain.inbox import folder_of
from domain.merging import Merge, Party, PastMerge, Split, Splittable
from domain.opt_out import OptOut
from domain.tenants import TenantId
from domain.usage import CUSTOMERS, UsageDelta

Row = dict[str, Any]

_TRIES = 5
_KEYS = ("phoneNumber", "conversationId", "sk")
_CUSTOMER_AS_SEEN = ("customerId", "messageCount", "optOutChange", "aliases", "movedBy")
"""A message changes the count, a word on offers its own attribute."""
_STATE_AS_SEEN = (
    *("version", "owner", "awaiting", "lastInboundAt", "resolved", "settledThrough", "inbound"),
    *("handoverTold", "handoverStep", "handoverNoted"),
)
_KEPT_OF_FORMER = ("tenantId", "customerId", "phoneNumberId", "settledThrough", "formerCustomerIds")
_NOT_OF_OWNER = frozenset(
    "tenantId customerId phoneNumberId phone userId lastInboundAt language awaiting awaitingPosition due dueAt version "
    "settledThrough formerCustomerIds resolved inbox profileName lastBy lastType lastWords lastAt inbound seen "
    "unansweredSince".split()
)
"""Attributes of a state row that say nothing of who speaks. All others go where the owner goes."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """As they were read."""

    customer: Row
    state: Row


@dataclass(frozen=True, slots=True)
class _MergeRows:
    merge: Row
    survivor: _Rows
    former_state: Row


class DynamoIdentities:
    def __init__(self, conversations_table: str, customers_table: str, usage_table: str) -> None:
        self._conversations = conversations_table
        self._customers = customers_table
        self._usage = usage_table

    # --- reading ---

    def party(self, tenant_id: TenantId, key: str) -> Party | None:
        for _ in range(_TRIES):
            row = self._customer(keys.filed(tenant_id, key))
            if "aliasOf" in row:
                row = self._customer({"phoneNumber": row["aliasOf"]})
            if "customerId" not in row:
                return None
            state = self._row(keys.state(tenant_id, CustomerId(row["customerId"])))
            if "owner" in state:
                return _party(_Rows(row, state))
            # Between the two reads somebody merged this customer into another.
        raise ContentionError("a customer kept being merged while they were read")

    def splittable(self, tenant_id: TenantId, former: CustomerId) -> Splittable | None:
        state = self._row(keys.state(tenant_id, former))
        if "mergedInto" not in state:
            return None
        survivor = CustomerId(state["mergedInto"])
        row = self._row(keys.merge(tenant_id, survivor, state["mergedAt"], former))
        party = self.party(tenant_id, keys.filed_under(row["survivor"]["customer"]["phoneNumber"]))
        if party is None or not isinstance(party.seen, _Rows):
            return None
        return Splittable(
            survivor=party,
            before=_party(_Rows(row["survivor"]["customer"], row["survivor"]["state"])),
            former=_party(_Rows(row["former"]["customer"], row["former"]["state"])),
            merged=_party(_Rows(row["merged"]["customer"], row["merged"]["state"])),
            cause=row["cause"],
            at=time_of(row["at"]),
            uncounted=tuple(row["uncounted"]),
            seen=_MergeRows(row, party.seen, state),
        )

    def merges(self, tenant_id: TenantId, survivor: CustomerId) -> list[PastMerge]:
        """Oldest first, those that were undone included."""
        with translated("read what was merged"):
            found = client("dynamodb").query(
                TableName=self._conversations,
                KeyConditionExpression="conversationId = :id AND begins_with(sk, :merges)",
                ExpressionAttributeValues=to_item(
                    {":id": conversation_id(tenant_id, survivor), ":merges": keys.MERGES}
                ),
                ConsistentRead=True,
            )
        return [_past(from_item(item)) for item in found["Items"]]

    def _customer(self, key: keys.Key) -> Row:
        return self._get(self._customers, key)

    def _row(self, key: keys.Key) -> Row:
        return self._get(self._conversations, key)

    def _get(self, table: str, key: keys.Key) -> Row:
        wire: Any = to_item(key)
        with translated("read a customer"):
            found = client("dynamodb").get_item(TableName=table, Key=wire, ConsistentRead=True)
        return from_item(found.get("Item", {}))

    # --- merging ---

    def merge(self, tenant_id: TenantId, merge: Merge) -> bool:
        survivor, former = _seen(merge.survivor), _seen(merge.former)
        merged = self._merged(merge, survivor, former)
        counted = [UsageDelta(month, {CUSTOMERS: -1}) for month in merge.uncounted]
        actions = [
            _overwrite(self._customers, survivor.customer, merged.customer, _CUSTOMER_AS_SEEN),
            _overwrite(self._customers, former.customer, _alias(merge), _CUSTOMER_AS_SEEN),
            _overwrite(self._conversations, survivor.state, merged.state, _STATE_AS_SEEN),
            _overwrite(self._conversations, former.state, _went(merge, survivor.state, former.state), _STATE_AS_SEEN),
            put(self._conversations, _merge_item(merge, survivor, former, merged)),
            *self._lead(merge.former.customer, merge.survivor.customer, merge.former.customer),
            *([put(self._conversations, owner_change_item(merge.change))] if merge.change else []),
            *self._waits(
                tenant_id,
                Side(survivor.state, merge.merged.conversation),
                Side(former.state, None),
                at=time_text(merge.at),
                because="merged",
            ),
        ]
        return not transact_spilling(
            lambda conflicts: [*actions, *add_usages(self._usage, tenant_id, counted, conflicts)]
        )

    def _merged(self, merge: Merge, survivor: _Rows, former: _Rows) -> _Rows:
        customer = {**survivor.customer, **_customer_attributes(merge.merged.customer, merge.merged.opt_out)}
        conversation = merge.merged.conversation
        stronger = survivor.state if conversation.owner == survivor.state["owner"] else former.state
        state = {name: value for name, value in survivor.state.items() if name in {*_NOT_OF_OWNER, *_KEYS}}
        state |= {name: value for name, value in stronger.items() if name not in {*_NOT_OF_OWNER, *_KEYS}}
        state |= _state_attributes(conversation) | {"formerCustomerIds": customer["formerCustomerIds"]}
        state |= line_of_both(survivor.state, former.state)
        due = [row["dueAt"] for row in (survivor.state, former.state) if "dueAt" in row]
        if due and conversation.awaiting:
            state |= {"due": keys.due(conversation.customer_id), "dueAt": min(due)}
        return _Rows(_present(customer), _present(state))

    def _waits(self, tenant_id: TenantId, *sides: Side, at: str, because: str) -> Iterator[dict[str, Any]]:
        return moved_waits(self._conversations, self._row, tenant_id, sides, at, because)

    def _lead(self, whose: Customer, to: Customer, seen_of: Customer) -> Iterator[dict[str, Any]]:
        """Their aliases lead to another row from now on."""
        for key in sorted(whose.aliases):
            yield update(
                self._customers,
                keys.filed(whose.tenant_id, key),
                {"aliasOf": _filed(to), "customerId": to.customer_id},
                condition="aliasOf = :seen_of",
                values={":seen_of": _filed(seen_of)},
            )

    # --- splitting ---

    def split(self, tenant_id: TenantId, split: Split) -> bool:
        seen = split.splittable.seen
        if not isinstance(seen, _MergeRows):
            raise TypeError("what is split must have been read here")
        survivor, former, was = split.survivor, split.former, seen.merge["former"]
        at = time_text(split.at)
        alias = self._customer({"phoneNumber": was["customer"]["phoneNumber"]})
        customer = {**seen.survivor.customer, **_customer_attributes(survivor.customer, survivor.opt_out)}
        formers = customer["formerCustomerIds"]
        state = _with_owner(seen.survivor.state, survivor.conversation, seen.merge["survivor"]["state"])
        state |= {"formerCustomerIds": formers}
        again = _with_owner(was["state"], former.conversation, seen.survivor.state)
        if again.get("awaiting"):
            again |= {"due": keys.due(former.customer.customer_id), "dueAt": at}
        back = {**was["customer"], **_customer_attributes(former.customer, former.opt_out)}
        counted = [UsageDelta(month, {CUSTOMERS: 1}) for month in split.splittable.uncounted]
        actions = [
            _overwrite(self._customers, seen.survivor.customer, _present(customer), _CUSTOMER_AS_SEEN),
            _overwrite(self._customers, alias, _present(back), ("customerId", "aliasOf")),
            _overwrite(self._conversations, seen.survivor.state, _present(state), _STATE_AS_SEEN),
            _overwrite(self._conversations, seen.former_state, _present(again), ("mergedInto", "mergedAt")),
            update(
                self._conversations,
                {name: seen.merge[name] for name in ("conversationId", "sk")},
                {"undoneAt": at, "undoneBy": split.by},
                condition="attribute_not_exists(#undoneAt)",
            ),
            *self._lead(split.splittable.former.customer, former.customer, survivor.customer),
            *self._waits(
                tenant_id,
                Side(seen.survivor.state, survivor.conversation),
                Side(seen.former_state, former.conversation),
                at=at,
                because="split",
            ),
        ]
        return not transact_spilling(
            lambda conflicts: [*actions, *add_usages(self._usage, tenant_id, counted, conflicts)]
        )


def _party(rows: _Rows) -> Party:
    return Party(customer_of(rows.customer), conversation_of(rows.state), opt_out_of(rows.customer), seen=rows)


def _seen(party: Party) -> _Rows:
    if not isinstance(party.seen, _Rows):
        raise TypeError("what is merged must have been read here")
    return party.seen


def _past(row: Row) -> PastMerge:
    return PastMerge(
        former=CustomerId(row["formerCustomerId"]),
        cause=row["cause"],
        at=time_of(row["at"]),
        undone_at=time_of(row["undoneAt"]) if "undoneAt" in row else None,
        undone_by=row.get("undoneBy"),
    )


def _filed(customer: Customer) -> str:
    return keys.filed(customer.tenant_id, customer.key)["phoneNumber"]


def _customer_attributes(customer: Customer, opt_out: OptOut | None) -> Row:
    """What merging and splitting change of a customers row. None, or an empty set: it has no such attribute."""
    return {
        "phone": customer.identity.phone,
        "userId": customer.identity.user_id,
        "profileName": customer.identity.profile_name,
        "username": customer.identity.username,
        "firstInteraction": time_text(customer.first_interaction),
        "lastInteraction": time_text(customer.last_interaction),
        "messageCount": customer.message_count,
        "activeMonths": set(customer.active_months),
        "aliases": {keys.filed(customer.tenant_id, key)["phoneNumber"] for key in customer.aliases},
        "movedBy": customer.moved_by or None,
        "formerCustomerIds": set(customer.former_customer_ids),
        "apartFrom": set(customer.apart_from),
        "erasedAt": time_text(customer.erased_at) if customer.erased_at else None,
        **(opt_out_attributes(opt_out) if opt_out else dict.fromkeys(OPT_OUT)),
    }


def _state_attributes(conversation: Conversation) -> Row:
    return {
        "phoneNumberId": conversation.phone_number_id,
        "phone": conversation.recipient.phone,
        "userId": conversation.recipient.user_id,
        "inbox": keys.inbox(conversation.tenant_id, folder_of(conversation.owner, resolved=conversation.resolved)),
        "awaiting": conversation.awaiting,
        "awaitingPosition": conversation.awaiting_position,
        "lastInboundAt": time_text(conversation.last_inbound_at),
        "language": conversation.language,
        "resolved": conversation.resolved or None,
        "settledThrough": time_text(conversation.settled_through) if conversation.settled_through else None,
        "version": conversation.version,
    }


def _with_owner(row: Row, conversation: Conversation, owned: Row) -> Row:
    """A state row as decided; who speaks, and why, is taken from `owned` where the row says otherwise."""
    told = row if row["owner"] == conversation.owner and row.get("person") == conversation.person else owned
    kept = {name: value for name, value in row.items() if name in {*_NOT_OF_OWNER, *_KEYS}}
    kept |= {name: value for name, value in told.items() if name not in {*_NOT_OF_OWNER, *_KEYS}}
    kept |= _state_attributes(conversation)
    return kept if conversation.awaiting else {name: v for name, v in kept.items() if name not in NO_LONGER_AWAITING}


def _alias(merge: Merge) -> Row:
    return {
        "tenantId": merge.tenant_id,
        "customerId": merge.survivor.customer.customer_id,
        "aliasOf": _filed(merge.survivor.customer),
    }


def _went(merge: Merge, survivor: Row, former: Row) -> Row:
    """What is left of the state row: where the conversation went, and what a person had seen of it until then."""
    return {
        **{name: former[name] for name in _KEPT_OF_FORMER if name in former},
        "mergedInto": merge.survivor.customer.customer_id,
        "mergedAt": time_text(merge.at),
        "awaitedApart": former.get("awaiting"),
        "settledApart": survivor.get("settledThrough"),
        "version": int(former.get("version", 0)) + 1,  # who saw it before, decides nothing about it any more
    }


def _merge_item(merge: Merge, survivor: _Rows, former: _Rows, merged: _Rows) -> Row:
    customer_id, former_id = merge.survivor.customer.customer_id, merge.former.customer.customer_id
    return {
        **keys.merge(merge.tenant_id, customer_id, time_text(merge.at), former_id),
        "tenantId": merge.tenant_id,
        "customerId": customer_id,
        "formerCustomerId": former_id,
        "at": time_text(merge.at),
        "cause": merge.cause,
        "uncounted": list(merge.uncounted),
        "survivor": {"customer": survivor.customer, "state": survivor.state},
        "former": {"customer": former.customer, "state": former.state},
        "merged": {"customer": merged.customer, "state": merged.state},
    }


def _overwrite(table: str, seen: Row, row: Row, as_seen: tuple[str, ...]) -> dict[str, Any]:
    """Makes the row that was seen another one, on condition that it still is as it was seen."""
    key = {name: seen[name] for name in _KEYS if name in seen}
    sets = {name: value for name, value in _present(row).items() if name not in _KEYS}
    conditions = [f"#{name} = :seen_{name}" if name in seen else f"attribute_not_exists(#{name})" for name in as_seen]
    return update(
        table,
        key,
        sets,
        removes=tuple(name for name in seen if name not in sets and name not in _KEYS),
        condition=" AND ".join(conditions),
        values={f":seen_{name}": seen[name] for name in as_seen if name in seen},
    )


def _present(row: Mapping[str, Any]) -> Row:
    """Without what says nothing: an attribute that is None, or an empty set, is not stored."""
    return {name: value for name, value in row.items() if value is not None and value != set()}
