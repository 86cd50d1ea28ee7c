"""Conversations in DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_amended import waiting_of
from adapters.dynamodb_customers import KnownCustomer
from adapters.dynamodb_inbox_lines import ANSWERED
from adapters.dynamodb_merged_threads import merged_thread
from adapters.dynamodb_recording import RecordingTransaction, Tables
from adapters.dynamodb_rows import (
    HANDOVER,
    NO_LONGER_AWAITING,
    conversation_of,
    decision_of,
    entry_of,
    escalation_item,
    escalation_of,
    handover_attributes,
    owner_change_item,
    owner_change_key,
)
from adapters.dynamodb_transactions import Refusal, put, transact, transact_spilling, update, write_alone
from adapters.dynamodb_usage import add_usages
from adapters.dynamodb_values import from_item, time_text, to_item
from adapters.dynamodb_waits import wait_ended, wait_item
from domain.amendments import Waited
from domain.conversations import (
    Conversation,
    Disposition,
    Handover,
    OwnedBy,
    Owner,
    Recorded,
    RecordedBecause,
    Recording,
    ReplyJob,
    Thread,
    ThreadMessage,
    TwoCustomers,
    conversation_id,
)
from domain.customers import CustomerId
from domain.errors import ContentionError
from domain.escalations import Escalation
from domain.inbox import folder_of
from domain.messages import Position
from domain.ownership import Change, OwnerChange
from domain.tenants import TenantId
from domain.tombstones import Erased
from domain.usage import ESCALATIONS, UsageDelta, month_of

_TRIES = 10
"""A refusal teaches one thing at a time: who is behind an alias, what their row holds, who else is linked."""
_MOST_ACTIONS = 100  # of one transaction
_NEWEST_ENTRIES = 40
"""How much of a conversation one query brings: more than a burst, enough to know what it is about."""
_MOST_ENTRIES = 500
"""Beyond that an unanswered burst is not read further: nobody types so much and waits for one answer to all of it."""


class DynamoConversations:
    def __init__(self, conversations_table: str, customers_table: str, usage_table: str) -> None:
        self._tables = Tables(conversations_table, customers_table, usage_table)

    def record(self, tenant_id: TenantId, recording: Recording) -> Recorded | OwnedBy | Waited | TwoCustomers | Erased:
        customer = KnownCustomer.assumed(tenant_id, recording)
        for _ in range(_TRIES):
            transaction = RecordingTransaction(self._tables, tenant_id, recording, customer)
            refusals = {refusal.index: refusal for refusal in transact_spilling(transaction.actions)}
            if not refusals:
                return Recorded(
                    new=True,
                    decision=recording.decision,
                    customer_id=customer.customer_id,
                    position=recording.position,
                    reopened=recording.reopening_is_told,
                )
            pointer = refusals.get(RecordingTransaction.POINTER)
            if pointer is not None and "position" in (pointer.stored or {}):
                return _recorded_before(pointer)
            learnt = _learnt(customer, recording, refusals)
            if isinstance(learnt, TwoCustomers | Erased):
                return learnt
            if learnt is not None:
                customer = learnt
            elif pointer is not None:
                return Waited(waiting_of(pointer.stored or {}), customer.customer_id)
            elif RecordingTransaction.STATE in refusals:
                stored = refusals[RecordingTransaction.STATE].stored or {}
                return OwnedBy(Owner(stored["owner"]), stored.get("resolved", False))
        raise ContentionError("the customer's row kept changing while a message was stored")

    def thread(self, tenant_id: TenantId, customer_id: CustomerId) -> Thread | None:
        rows = self._newest_rows(tenant_id, customer_id)
        if not rows or rows[0]["sk"] != keys.STATE:
            return None
        state = rows[0]
        if "mergedInto" in state:
            return self.thread(tenant_id, CustomerId(state["mergedInto"]))
        formers = sorted(state.get("formerCustomerIds", ()))
        if formers:
            return merged_thread([rows, *(self._newest_rows(tenant_id, CustomerId(former)) for former in formers)])
        return Thread(conversation_of(state), tuple(entry_of(row) for row in reversed(rows[1:])))

    def _newest_rows(self, tenant_id: TenantId, customer_id: CustomerId) -> list[dict[str, Any]]:
        """The state, then entries backwards in time: so many, and on until a reply, since all before it is answered.

        A page may end before that, after 1 MB; nearly always the first one is enough.
        """
        rows: list[dict[str, Any]] = []
        with translated("read a conversation"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self._tables.conversations,
                    KeyConditionExpression="conversationId = :id AND sk BETWEEN :messages AND :state",
                    ExpressionAttributeValues=to_item(
                        {":id": conversation_id(tenant_id, customer_id), ":messages": "m#", ":state": keys.STATE}
                    ),
                    ScanIndexForward=False,
                    ConsistentRead=True,
                    PaginationConfig={"PageSize": _NEWEST_ENTRIES + 1},
                )
            )
            for page in pages:
                found = map(from_item, page["Items"])
                rows += [row for row in found if row["sk"] == keys.STATE or "direction" in row]  # but for notes
                answered = any(row.get("direction") == "out" for row in rows)
                if len(rows) > _MOST_ENTRIES or (len(rows) > _NEWEST_ENTRIES and answered):
                    break
        return rows

    def hand_over(self, tenant_id: TenantId, handover: Handover, escalation: Escalation) -> bool:
        table = self._tables.conversations
        condition, values = "#owner = :assistant", {":assistant": str(Owner.ASSISTANT)}
        if escalation.yields_to_newer:
            nothing_awaited = "" if escalation.void_unless_awaited else "attribute_not_exists(#awaiting) OR "
            condition += f" AND ({nothing_awaited}#awaiting = :message)"
            values[":message"] = escalation.message_id
        state = update(
            table,
            keys.state(tenant_id, escalation.customer_id),
            handover_attributes(tenant_id, handover),
            defaults={"unansweredSince": time_text(escalation.at)},
            adds={"version": 1},
            removes=(*NO_LONGER_AWAITING, "resolved"),
            condition=condition,
            values=values,
        )
        counted = UsageDelta(month_of(escalation.at), {ESCALATIONS: 1})
        rows = [
            state,
            put(table, escalation_item(escalation)),
            put(table, wait_item(escalation, handover, escalation.at)),
        ]
        return not transact_spilling(
            lambda conflicts: [*rows, *add_usages(self._tables.usage, tenant_id, [counted], conflicts)]
        )

    def leave_unanswered(
        self, tenant_id: TenantId, job: ReplyJob, burst: Sequence[ThreadMessage], because: RecordedBecause
    ) -> bool:
        table = self._tables.conversations
        state = update(
            table,
            keys.state(tenant_id, job.customer_id),
            {},
            removes=(*NO_LONGER_AWAITING, *ANSWERED),
            condition="#awaiting = :message",
            values={":message": job.message_id},
        )
        noted = [
            update(
                table,
                keys.message(tenant_id, _place_of(message, job), message.position),
                {"disposition": Disposition.RECORD, "reason": because},
            )
            for message in burst
        ]
        if transact([state, *noted[: _MOST_ACTIONS - 1]]):
            return False
        for start in range(_MOST_ACTIONS - 1, len(noted), _MOST_ACTIONS):
            transact(noted[start : start + _MOST_ACTIONS])
        return True

    def pending_escalation(self, tenant_id: TenantId, customer_id: CustomerId, position: Position) -> Escalation | None:
        key: Any = to_item(keys.escalation(tenant_id, customer_id, position))
        with translated("read an escalation"):
            found = client("dynamodb").get_item(TableName=self._tables.conversations, Key=key, ConsistentRead=True)
        row = from_item(found.get("Item", {}))
        return escalation_of(row) if row and not row["published"] else None

    def escalation_published(self, tenant_id: TenantId, escalation: Escalation) -> None:
        key = keys.escalation(tenant_id, escalation.customer_id, escalation.position)
        self._published(key)

    def change_owner(self, tenant_id: TenantId, change: OwnerChange, seen: Conversation) -> bool:
        condition, values = _as_seen(change, seen)
        resolves = change.change is Change.RESOLVED
        name = change.by_name if change.person == change.by else None
        state = update(
            self._tables.conversations,
            keys.state(tenant_id, change.customer_id),
            {
                "owner": change.owner,
                "inbox": keys.inbox(tenant_id, folder_of(change.owner, resolved=resolves)),
                "person": change.person,
                "personName": name,
                "resolved": resolves or None,
                "settledThrough": None if change.owner is Owner.PERSON else time_text(change.at),
            },
            adds={"version": 1},
            removes=(
                *NO_LONGER_AWAITING,
                *(("person", *HANDOVER, *ANSWERED) if change.owner is Owner.ASSISTANT else ()),
                *(() if name else ("personName",)),
                *(() if resolves else ("resolved",)),
            ),
            condition=condition,
            values=values,
        )
        return not transact(
            [
                state,
                put(self._tables.conversations, owner_change_item(change)),
                *wait_ended(self._tables.conversations, change, seen),
            ]
        )

    def owner_change_published(self, tenant_id: TenantId, change: OwnerChange) -> None:
        self._published(owner_change_key(replace(change, tenant_id=tenant_id)))

    def _published(self, key: Mapping[str, str]) -> None:
        """Of a row that has been erased meanwhile, none is made again."""
        noted = update(
            self._tables.conversations,
            key,
            {"published": True},
            removes=("due", "dueAt"),
            condition="attribute_exists(conversationId)",
        )
        write_alone(noted, "note that something is published")


def _place_of(message: ThreadMessage, job: ReplyJob) -> CustomerId:
    return message.merged_from.customer_id if message.merged_from else job.customer_id


def _as_seen(change: OwnerChange, seen: Conversation) -> tuple[str, dict[str, Any]]:
    """What must still hold of the state row when a person changes it."""
    expected: dict[str, Any] = {"version": seen.version or None}
    if change.change is not Change.TAKEN_OVER:
        expected["awaiting"] = seen.awaiting
    conditions = ["attribute_exists(conversationId)"]
    conditions += [
        f"#{name} = :seen_{name}" if value else f"attribute_not_exists(#{name})" for name, value in expected.items()
    ]
    return " AND ".join(conditions), {f":seen_{name}": value for name, value in expected.items() if value}


def _learnt(
    customer: KnownCustomer, recording: Recording, refusals: Mapping[int, Refusal]
) -> KnownCustomer | TwoCustomers | Erased | None:
    """What a try took the customer for, set right; None where it was not refused for that."""
    if RecordingTransaction.CUSTOMER in refusals:
        return customer.learnt(recording, refusals[RecordingTransaction.CUSTOMER].stored)
    tombstones = enumerate(customer.to_make_known, RecordingTransaction.LINKS + len(customer.to_link))
    erased = {key: refusals[n].stored for n, key in tombstones if n in refusals}
    if erased:
        return customer.raised(recording, erased)
    links = enumerate(customer.to_link, RecordingTransaction.LINKS)
    return next(
        (customer.learnt_of(recording, key, refusals[n].stored or {}) for n, key in links if n in refusals), None
    )


def _recorded_before(refusal: Refusal) -> Recorded:
    pointer = refusal.stored or {}
    return Recorded(False, decision_of(pointer), CustomerId(pointer["customerId"]), Position(pointer["position"]))
