"""Rows as the functions leave them, and a store of them in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_keys import Key
from adapters.dynamodb_values import time_text
from domain.conversations import Owner
from domain.customers import CustomerId
from domain.messages import MessageId, Position
from domain.replies import ReplyPurpose, ReplyState, reply_id
from ops.outcomes.rows import KeyValues, Row
from tests.builders import ACME, ACME_NUMBER, NOON

TABLES = {"conversations": "conversations-table", "tenants": "tenants-table"}
CUSTOMER = CustomerId("c1")


class FakeRows:
    def __init__(self, *conversations: Row, tenants: Iterable[Row] = ()) -> None:
        self._tables = {TABLES["conversations"]: list(conversations), TABLES["tenants"]: list(tenants)}

    def find(self, table: str, wanted: Iterable[Key]) -> dict[KeyValues, Row]:
        looked_for = {tuple(key.values()): key for key in wanted}
        return {
            values: row
            for row in self._tables[table]
            for values, key in looked_for.items()
            if all(row.get(name) == value for name, value in key.items())
        }

    def conversation(self, table: str, conversation_id: str) -> list[Row]:
        found = [row for row in self._tables[table] if row["conversationId"] == conversation_id]
        return sorted(found, key=lambda row: str(row["sk"]))


def position(message_id: str) -> Position:
    return Position(f"2026-11-22T12:00:00Z#1795348800000#{message_id}")


def pointer(message_id: str, **more: Any) -> Row:
    key = keys.pointer(ACME, MessageId(message_id))
    return {**key, "tenantId": ACME, "customerId": CUSTOMER, "position": position(message_id), **more}


def delivery(message_id: str, status: str) -> Row:
    return {**keys.pointer(ACME, MessageId(message_id)), "tenantId": ACME, "delivery": status}


def told_on_reply(message_id: str, sent_as: str, status: str) -> tuple[Row, Row]:
    """What was sent is all that the pointer says; the reply, sent under some id, shows what came after."""
    customer_id = CustomerId("c" * 24)
    at, purpose = position("wamid.in"), ReplyPurpose.ANSWER
    pointer = {**delivery(message_id, "sent"), "replyId": reply_id(customer_id, at, purpose)}
    return pointer, {**keys.reply(ACME, customer_id, at, purpose), "messageId": sent_as, "delivery": status}


def message(message_id: str, disposition: str, reason: str | None = None) -> Row:
    return {
        **keys.message(ACME, CUSTOMER, position(message_id)),
        "direction": "in",
        "messageId": message_id,
        "position": position(message_id),
        "type": "text",
        "words": "How much is the mug?",
        "at": time_text(NOON),
        "disposition": disposition,
        **({"reason": reason} if reason else {}),
    }


def reply(message_id: str, state: ReplyState, *also_answers: str, **more: Any) -> Row:
    return {
        **keys.reply(ACME, CUSTOMER, position(message_id), ReplyPurpose.ANSWER),
        "direction": "out",
        "customerId": CUSTOMER,
        "position": position(message_id),
        "purpose": ReplyPurpose.ANSWER,
        "words": "12.50 USD",
        "state": state,
        "replyTo": message_id,
        "answers": [*also_answers, message_id],
        "at": time_text(NOON),
        "productIds": [],
        "attempts": 1,
        **more,
    }


def escalation(message_id: str, *, published: bool) -> Row:
    return {
        **keys.escalation(ACME, CUSTOMER, position(message_id)),
        "tenantId": ACME,
        "phoneNumberId": ACME_NUMBER,
        "customerId": CUSTOMER,
        "messageId": message_id,
        "position": position(message_id),
        "reason": "order",
        "at": time_text(NOON),
        "published": published,
    }


def state(owner: Owner, **more: Any) -> Row:
    return {
        **keys.state(ACME, CUSTOMER),
        "tenantId": ACME,
        "customerId": CUSTOMER,
        "phoneNumberId": ACME_NUMBER,
        "phone": "12025550143",
        "owner": owner,
        "lastInboundAt": time_text(NOON),
        **more,
    }


def handed_over(reason: str) -> Row:
    since = {"handoverMessageId": "wamid.0", "handoverAt": time_text(NOON), "handoverTold": True}
    return state(Owner.WAITING, handoverReason=reason, **since)
