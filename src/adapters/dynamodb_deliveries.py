"""Deliveries in DynamoDB: kept on the pointer row of the message, shown on its reply's row.

The price stands on the pointer row, and so does all that is known of a message that is no reply. What comes after a
reply was sent is written on its own row alone, at one unit. Whoever reads takes what is furthest of the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_amended import WAITING, amendment_attributes, as_waiting, with_what_waits
from adapters.dynamodb_rows import failure_attributes, failure_of, stale_failure
from adapters.dynamodb_transactions import Refusal, transact_spilling, update, write_alone
from adapters.dynamodb_usage import add_usages
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.amendments import Waiting
from domain.deliveries import Delivery, DeliveryStatus, Free, Progress, Reach, earlier
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
        told = _delivery_of(message_id, self._read(keys.pointer(tenant_id, message_id)))
        parsed = parse_reply_id(told.reply_id)
        row = self._read(keys.reply_of(tenant_id, parsed)) if parsed else {}
        if row.get("messageId") != message_id or "delivery" not in row:
            return told
        shown = DeliveryStatus(row["delivery"])
        further = told.status is None or told.status in earlier(shown)
        return replace(told, status=shown, failure=failure_of(row)) if further else told

    def _read(self, key: keys.Key) -> dict[str, Any]:
        wire: Any = to_item(key)
        with translated("read a delivery"):
            found = client("dynamodb").get_item(TableName=self._table, Key=wire, ConsistentRead=True)
        return from_item(found.get("Item", {}))

    def save(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> bool:
        parsed = parse_reply_id(progress.delivery.reply_id)
        if parsed is None or progress.reach is Reach.MESSAGE:
            return self._keep(tenant_id, known, progress)
        if progress.reach is Reach.REPLY:
            stands = self._show(tenant_id, parsed, progress.delivery)
            if stands is None:
                return True
            if not _is_of(stands, progress.delivery):
                return self._keep(tenant_id, known, progress)
            if stands["state"] == ReplyState.SENT:
                return False
        settled = _counted_as_sent(parsed, known, progress)

        def attempt(waiting: Waiting) -> list[Refusal]:
            """The status by which a reply becomes known brings with it what customers have said of the message."""
            rows = [
                self._pointer(tenant_id, known, progress.delivery, waiting),
                self._reply(tenant_id, parsed, known, progress, waiting),
            ]
            return self._write(tenant_id, rows, [*_counted(progress), *settled])

        refused = {refusal.index: refusal.stored for refusal in with_what_waits(attempt, pointer=0)}
        if refused.keys() == {1} and not _is_of(refused[1], progress.delivery):
            return self._keep(tenant_id, known, progress)
        return not refused

    def _keep(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> bool:
        """On the message's own row."""
        row = self._pointer(tenant_id, known, progress.delivery, defaults=_expiry(known, progress))
        return not self._write(tenant_id, [row], _counted(progress))

    def _show(self, tenant_id: TenantId, parsed: ParsedReplyId, delivery: Delivery) -> Mapping[str, Any] | None:
        """On the row of a reply that was sent as this message, alone; what stands there, where it is not so."""
        condition, values = _one_of(earlier(delivery.status) if delivery.status else ())
        shown = update(
            self._table,
            keys.reply_of(tenant_id, parsed),
            {"delivery": delivery.status},
            condition=f"#state = :sent AND #messageId = :message AND {condition}",
            values={":sent": ReplyState.SENT, ":message": delivery.message_id, **values},
        )
        return write_alone(shown, "show a delivery")

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
        """On condition that the row still is what `known` says: two statuses may arrive at two workers at once.

        Its own delivery may be behind: of a reply, what came after it was sent is shown on the reply's row alone.
        """
        attributes = {
            "tenantId": tenant_id,
            "delivery": delivery.status,
            "metered": delivery.metered or None,
            "free": _free_text(delivery.free),
            "replyId": delivery.reply_id,
            **failure_attributes(delivery.failure),
        }
        condition, values = _no_further_than(known.status)
        conditions = [condition] if known.metered else [condition, "attribute_not_exists(#metered)"]
        for attribute, value in (("replyId", known.reply_id), ("free", _free_text(known.free))):
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
        self, tenant_id: TenantId, parsed: ParsedReplyId, known: Delivery, progress: Progress, waiting: Waiting
    ) -> dict[str, Any]:
        """The reply's row shows the newest word. That also settles a send that was left unclear.

        What was delivered after all did not fail: its messages are answered. What failed is due until a person is
        called.
        """
        delivery = progress.delivery
        failed = delivery.status is DeliveryStatus.FAILED
        calls_person = failed and parsed.purpose is ReplyPurpose.ANSWER
        due = {"due": keys.due(parsed.customer_id), "dueAt": time_text(progress.at)} if calls_person else {}
        as_known, values = _no_further_than(known.status)
        of_it = "attribute_not_exists(#messageId) OR #messageId = :messageId"
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
            condition=f"attribute_exists(conversationId) AND ({of_it}) AND {as_known}",
            values=values,
        )


def _no_further_than(status: DeliveryStatus | None) -> tuple[str, dict[str, Any]]:
    return _one_of((*earlier(status), status) if status else ())


def _one_of(statuses: Sequence[DeliveryStatus]) -> tuple[str, dict[str, Any]]:
    """The condition that a row tells one of these, or nothing yet."""
    values = {f":was_{status}": status for status in statuses}
    told = f" OR #delivery IN ({', '.join(values)})" if values else ""
    return f"(attribute_not_exists(#delivery){told})", values


def _is_of(row: Mapping[str, Any] | None, delivery: Delivery) -> bool:
    """Whether it is a reply's row, and no other message became known as that reply.

    Its customer may have been erased; and other software may use our form of an id, even the same one.
    """
    if not row:
        return False
    return bool(row.get("messageId", delivery.message_id) == delivery.message_id)


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


def _counted(progress: Progress) -> list[UsageDelta]:
    """Its price, and that it failed."""
    failure = progress.delivery.failure
    if not progress.moved or failure is None:
        return [*progress.metered]
    return [*progress.metered, UsageDelta(month_of(progress.at), {failed(failure.code): 1})]


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
