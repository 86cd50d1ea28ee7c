"""Deliveries in DynamoDB: kept on the pointer row of the message, shown on its reply's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_amended import WAITING, amendment_attributes, as_waiting, with_what_waits
from adapters.dynamodb_rows import failure_attributes, failure_of, stale_failure
from adapters.dynamodb_transactions import Refusal, transact_spilling, update
from adapters.dynamodb_usage import add_usages
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.amendments import Waiting
from domain.deliveries import Delivery, DeliveryStatus, Free, Progress
from domain.messages import MessageId, month_of_position
from domain.replies import ParsedReplyId, ReplyId, ReplyPurpose, ReplyState, parse_reply_id
from domain.tenants import TenantId
from domain.usage import UsageDelta, failed, month_of

_STRANGERS_KEPT_FOR = timedelta(days=90)


class DynamoDeliveries:
    def __init__(self, conversations_table: str, usage_table: str) -> None:
        self._table = conversations_table
        self._usage_table = usage_table

    def known(self, tenant_id: TenantId, message_id: MessageId) -> Delivery:
        key: Any = to_item(keys.pointer(tenant_id, message_id))
        with translated("read a delivery"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return _delivery_of(message_id, from_item(found.get("Item", {})))

    def save(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> bool:
        stranger = self._pointer(tenant_id, known, progress.delivery, defaults=_expiry(known, progress))
        metered = [*progress.metered, *_counted_as_failed(progress)]
        parsed = parse_reply_id(progress.delivery.reply_id)
        if parsed is None or not progress.moved:
            return not self._write(tenant_id, [stranger], metered)
        settled = _counted_as_sent(parsed, known, progress)

        def attempt(waiting: Waiting) -> list[Refusal]:
            """The status by which a reply becomes known brings with it what customers have said of the message."""
            rows = [
                self._pointer(tenant_id, known, progress.delivery, waiting),
                self._reply(tenant_id, parsed, progress, waiting),
            ]
            return self._write(tenant_id, rows, [*metered, *settled])

        refused = {refusal.index for refusal in with_what_waits(attempt, pointer=0)}
        if refused == {1}:  # no reply has that id: its customer was erased, or other software may use our form of it
            return not self._write(tenant_id, [stranger], metered)
        return not refused

    def _write(
        self, tenant_id: TenantId, rows: Sequence[dict[str, Any]], counted: Sequence[UsageDelta]
    ) -> list[Refusal]:
        return transact_spilling(
            lambda conflicts: [*rows, *add_usages(self._usage_table, tenant_id, counted, conflicts)]
        )

    def _pointer(
        self,
        tenant_id: TenantId,
        known: Delivery,
        delivery: Delivery,
        waiting: Waiting | None = None,
        defaults: Mapping[str, int] | None = None,
    ) -> dict[str, Any]:
        """On condition that the row still is what `known` says: two statuses may arrive at two workers at once."""
        attributes = {
            "tenantId": tenant_id,
            "delivery": delivery.status,
            "metered": delivery.metered or None,
            "free": _free_text(delivery.free),
            "replyId": delivery.reply_id,
            **failure_attributes(delivery.failure),
        }
        conditions = [] if known.metered else ["attribute_not_exists(#metered)"]
        values: dict[str, Any] = {}
        for attribute, value in (
            ("delivery", known.status),
            ("replyId", known.reply_id),
            ("free", _free_text(known.free)),
        ):
            conditions.append(f"#{attribute} = :known_{attribute}" if value else f"attribute_not_exists(#{attribute})")
            values |= {f":known_{attribute}": value} if value else {}
        waits, as_seen = as_waiting(waiting) if waiting else ("", {})
        conditions += [waits] if waits else []
        return update(
            self._table,
            keys.pointer(tenant_id, delivery.message_id),
            attributes,
            defaults=defaults,
            removes=(
                *stale_failure(delivery.failure),
                *(WAITING if as_seen else ()),
                *(("expiresAt",) if waiting is not None else ()),
                *(("free",) if delivery.free is None and known.free is not None else ()),
            ),
            condition=" AND ".join(conditions),
            values=values | as_seen,
        )

    def _reply(
        self, tenant_id: TenantId, parsed: ParsedReplyId, progress: Progress, waiting: Waiting
    ) -> dict[str, Any]:
        """The reply's row shows the newest word. That also settles a send that was left unclear.

        What was delivered after all did not fail: its messages are answered. What failed is due until a person is
        called.
        """
        delivery = progress.delivery
        failed = delivery.status is DeliveryStatus.FAILED
        calls_person = failed and parsed.purpose is ReplyPurpose.ANSWER
        due = {"due": keys.due(parsed.customer_id), "dueAt": time_text(progress.at)} if calls_person else {}
        return update(
            self._table,
            keys.reply_of(tenant_id, parsed),
            {
                "delivery": delivery.status,
                "state": ReplyState.FAILED if failed else ReplyState.SENT,
                "messageId": delivery.message_id,
                **failure_attributes(delivery.failure),
                **amendment_attributes(waiting.of(None)),
                **due,
            },
            removes=(*stale_failure(delivery.failure), *(() if due else ("due", "dueAt"))),
            condition="attribute_exists(conversationId)",
        )


def _expiry(known: Delivery, progress: Progress) -> dict[str, int]:
    """Of the row of a message that is not ours, or not known yet: whoever makes it known keeps it for good.

    Its id holds the number that it went to.
    """
    blank = known.status is None and known.reply_id is None and not known.metered and known.free is None
    return {"expiresAt": int((progress.at + _STRANGERS_KEPT_FOR).timestamp())} if blank else {}


def _counted_as_sent(parsed: ParsedReplyId, known: Delivery, progress: Progress) -> list[UsageDelta]:
    """A reply that Meta's first word settles counts in the month of its message: its position begins with the time."""
    if known.reply_id is not None or progress.delivery.status is DeliveryStatus.FAILED:
        return []
    return [UsageDelta(month_of_position(parsed.position), parsed.purpose.counters)]


def _counted_as_failed(progress: Progress) -> list[UsageDelta]:
    failure = progress.delivery.failure
    if not progress.moved or failure is None:
        return []
    return [UsageDelta(month_of(progress.at), {failed(failure.code): 1})]


def _delivery_of(message_id: MessageId, row: dict[str, Any]) -> Delivery:
    return Delivery(
        message_id=message_id,
        status=DeliveryStatus(row["delivery"]) if "delivery" in row else None,
        metered=row.get("metered", False),
        reply_id=ReplyId(row["replyId"]) if "replyId" in row else None,
        failure=failure_of(row),
        free=Free(*row["free"].split("#", 1)) if "free" in row else None,
    )


def _free_text(free: Free | None) -> str | None:
    return f"{free.month}#{free.category}" if free else None
