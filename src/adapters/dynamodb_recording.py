"""The one transaction that stores an inbound message.

It is written without reading first: it assumes the common case (a known customer, active this month, whose messages
arrive in order, in a conversation that the assistant owns) and says so in its conditions. A condition that does not
hold comes back with the row as it is, and the next try knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_amended import WAITING, amendment_attributes, as_waiting
from adapters.dynamodb_customers import KnownCustomer
from adapters.dynamodb_inbox_lines import counts_as_inbound, said_by_customer
from adapters.dynamodb_media_rows import media_attributes
from adapters.dynamodb_opt_outs import opt_out_item
from adapters.dynamodb_orders import order_attributes
from adapters.dynamodb_rows import NO_LONGER_AWAITING, escalation_item, handover_attributes, owner_change_item
from adapters.dynamodb_transactions import put, update
from adapters.dynamodb_usage import add_usages
from adapters.dynamodb_values import pack, storable, time_text
from adapters.dynamodb_waits import wait_item
from domain.conversations import Disposition, Handover, Owner, Recording
from domain.escalations import Escalation, EscalationReason
from domain.inbox import Folder
from domain.messages import Context, target_of, words_of
from domain.ownership import reopening
from domain.tenants import TenantId
from domain.usage import CUSTOMERS, ESCALATIONS, MESSAGES, UsageDelta, messages_of_type, month_of

_MOST_WORDS = 4096
"""Meta's own limit of a text; what a sender puts beyond it stays in the raw object."""
_MOST_ID = 512


@dataclass(frozen=True, slots=True)
class Tables:
    conversations: str
    customers: str
    usage: str


@dataclass(frozen=True, slots=True)
class RecordingTransaction:
    """One try."""

    tables: Tables
    tenant_id: TenantId
    recording: Recording
    customer: KnownCustomer

    # The order of the actions, by which a refusal is told. Behind them: one for each of `customer.to_link`, then a
    # tombstone's check for each of `customer.to_make_known`.
    POINTER, CUSTOMER, STATE, LINKS = 0, 1, 2, 3

    def actions(self, conflicts: int) -> list[dict[str, Any]]:
        return [
            self._pointer(),
            self.customer.update(self.tables.customers, self.recording),
            self._state(),
            *self.customer.links(self.tables.customers),
            *self.customer.tombstone_checks(self.tables.customers),
            *self._rows(),
            *self._usage(conflicts),
        ]

    @property
    def _at(self) -> str:
        return time_text(self.recording.at)

    def _pointer(self) -> dict[str, Any]:
        recording, decision = self.recording, self.recording.decision
        attributes: dict[str, Any] = {
            "tenantId": self.tenant_id,
            "customerId": self.customer.customer_id,
            "position": recording.position,
            "disposition": decision.disposition,
            "reason": decision.reason,
        }
        key = keys.pointer(self.tenant_id, recording.message.message_id)
        # Not that there is no row: a status that came first, under the same id, has left its delivery there; and so
        # has an edit, a revocation or a reaction what it says, which is then part of what is recorded.
        waits, values = as_waiting(recording.waited.waiting)
        condition = f"attribute_not_exists(#position) AND {waits}"
        removes = ("expiresAt", *(WAITING if values else ()))
        return update(self.tables.conversations, key, attributes, removes=removes, condition=condition, values=values)

    def _state(self) -> dict[str, Any]:
        recording, identity = self.recording, self.customer.identity
        message = recording.message
        answer_due = recording.decision.disposition is Disposition.ANSWER
        sets: dict[str, Any] = {
            "tenantId": self.tenant_id,
            "customerId": self.customer.customer_id,
            "phoneNumberId": recording.phone_number_id,
            "phone": identity.phone,
            "userId": identity.user_id,
            "lastInboundAt": self._at if self.customer.newest else None,
            **(said_by_customer(message, recording.at) if self.customer.newest else {}),
        }
        defaults: dict[str, Any] = {} if self.customer.newest else {"lastInboundAt": self._at}
        if recording.decision.disposition is not Disposition.RECORD:
            defaults["unansweredSince"] = time_text(message.received_at)
        removes: list[str] = ["resolved"] if recording.reopens else []
        removes += ["phone"] if self.customer.phone_is_gone else []
        if recording.takes_over:
            sets |= handover_attributes(self.tenant_id, self._handover)
            removes += NO_LONGER_AWAITING
        else:
            assistants = {"inbox": keys.inbox(self.tenant_id, Folder.ASSISTANT)}
            sets |= assistants if recording.reopens else {}
            defaults |= {"owner": Owner.ASSISTANT} | ({} if recording.reopens else assistants)
            if answer_due:
                sets |= {"awaiting": message.message_id, "awaitingPosition": recording.position}
                # Since the first message of those that wait: who keeps writing does not wait the longer for it.
                due_at = time_text(message.received_at)
                defaults |= {"due": keys.due(self.customer.customer_id), "dueAt": due_at}
        condition, values = self._state_condition()
        return update(
            self.tables.conversations,
            keys.state(self.tenant_id, self.customer.customer_id),
            sets,
            defaults=defaults,
            adds={
                **({"version": 1} if recording.takes_over or recording.reopens else {}),
                **({"inbound": 1} if counts_as_inbound(message) else {}),
            },
            removes=removes,
            condition=condition,
            values=values,
        )

    def _state_condition(self) -> tuple[str | None, dict[str, Any]]:
        """What `receive` took the state for, wherever this message changes it. Who only reacts, opens nothing again."""
        if self.recording.decision.disposition is Disposition.RECORD:
            return None, {}
        exists = "attribute_exists" if self.recording.reopens else "attribute_not_exists"
        condition = f"{exists}(#resolved)"
        if self.recording.takes_over:
            condition += " AND (attribute_not_exists(#owner) OR #owner = :assistant)"
        elif self.recording.decision.disposition is Disposition.ESCALATE:
            condition += " AND #owner <> :assistant"
        else:
            return condition, {}
        return condition, {":assistant": Owner.ASSISTANT}

    @property
    def _reason(self) -> EscalationReason:
        return EscalationReason(self.recording.decision.reason or "")

    @property
    def _handover(self) -> Handover:
        recording = self.recording
        return Handover(recording.message.message_id, self._reason, recording.at, told=not recording.tell)

    def _rows(self) -> Iterator[dict[str, Any]]:
        yield put(self.tables.conversations, self._message_item())
        words = (*self.customer.strangers.values(), self.recording.opt_out)
        for word in dict.fromkeys(word for word in words if word is not None):
            yield put(self.tables.conversations, opt_out_item(self.tenant_id, self.customer.customer_id, word))
        if self.recording.reopening_is_told:
            message, position = self.recording.message, self.recording.position
            number, customer_id = self.recording.phone_number_id, self.customer.customer_id
            change = reopening(self.tenant_id, customer_id, number, position, message.received_at)
            yield put(self.tables.conversations, owner_change_item(change))
        if self.recording.decision.disposition is Disposition.ESCALATE:
            escalation = Escalation(
                tenant_id=self.tenant_id,
                phone_number_id=self.recording.phone_number_id,
                customer_id=self.customer.customer_id,
                message_id=self.recording.message.message_id,
                position=self.recording.position,
                reason=self._reason,
                at=self.recording.at,
                takes_over=self.recording.takes_over,
            )
            yield put(self.tables.conversations, escalation_item(escalation))
            if self.recording.takes_over:
                since = self.recording.message.received_at
                yield put(self.tables.conversations, wait_item(escalation, self._handover, since))

    def _message_item(self) -> dict[str, Any]:
        message, decision = self.recording.message, self.recording.decision
        context = message.context or Context()
        product = context.referred_product
        return {
            **keys.message(self.tenant_id, self.customer.customer_id, self.recording.position),
            "tenantId": self.tenant_id,
            "direction": "in",
            "messageId": message.message_id,
            "position": self.recording.position,
            "type": message.counted_type,
            "words": storable(words_of(message.content), _MOST_WORDS) or None,
            "at": self._at,
            "timestamp": time_text(message.timestamp),
            "disposition": decision.disposition,
            "reason": decision.reason,
            "referredProductId": storable(product.product_retailer_id, _MOST_ID) if product else None,
            "contextId": storable(context.id, _MOST_ID) or None,
            "targetId": target_of(message.content),
            "raw": pack(message.raw),
            **order_attributes(message.content),
            **amendment_attributes(self.recording.waited.amendments),
            **media_attributes(self.customer.customer_id, self.recording),
        }

    def _usage(self, conflicts: int) -> list[dict[str, Any]]:
        counters = {MESSAGES: 1, messages_of_type(self.recording.message.counted_type): 1}
        if not self.customer.active:
            counters[CUSTOMERS] = 1
        if self.recording.decision.disposition is Disposition.ESCALATE:
            counters[ESCALATIONS] = 1
        delta = UsageDelta(month_of(self.recording.at), counters, self.recording.message.received_at)
        return add_usages(self.tables.usage, self.tenant_id, [delta], conflicts)
