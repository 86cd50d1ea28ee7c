"""`Deliveries`, in memory."""

from __future__ import annotations

from dataclasses import replace

from domain.deliveries import Delivery, DeliveryStatus, Progress, Reach
from domain.messages import MessageId
from domain.replies import ReplyPurpose, ReplyState, parse_reply_id
from domain.tenants import TenantId
from domain.usage import UsageDelta, failed, month_of
from tests.fakes.store import Store


class FakeDeliveries:
    def __init__(self, store: Store) -> None:
        self._store = store

    def known(self, tenant_id: TenantId, message_id: MessageId) -> Delivery:
        with self._store.lock:
            return self._store.deliveries.get((tenant_id, message_id), Delivery(message_id))

    def save(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> bool:
        store, delivery = self._store, progress.delivery
        with store.lock:
            if self.known(tenant_id, delivery.message_id) != known:
                return False
            store.deliveries[tenant_id, delivery.message_id] = delivery
            for metered in progress.metered:
                store.count(tenant_id, metered)
            if progress.moved and delivery.failure is not None:
                store.count(tenant_id, UsageDelta(month_of(progress.at), {failed(delivery.failure.code): 1}))
            if progress.moved and progress.reach is not Reach.MESSAGE:
                self._show_on_reply(tenant_id, known, progress)
            return True

    def _show_on_reply(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> None:
        delivery = progress.delivery
        store, parsed = self._store, parse_reply_id(delivery.reply_id)
        reply = store.reply(tenant_id, parsed) if parsed else None
        if parsed is None or reply is None or reply.message_id not in {None, delivery.message_id}:
            return
        has_failed = delivery.status is DeliveryStatus.FAILED
        told = replace(
            reply,
            delivery=delivery.status,
            failure=delivery.failure,
            state=ReplyState.FAILED if has_failed else ReplyState.SENT,
            message_id=delivery.message_id,
        )
        store.put_reply(tenant_id, parsed.customer_id, parsed.position, told)
        key = f"{parsed.position}#{parsed.purpose}"
        store.take_what_waits(tenant_id, delivery.message_id, parsed.customer_id, key)
        due = (tenant_id, parsed.customer_id, f"m#{parsed.position}#{parsed.purpose}")
        if has_failed and parsed.purpose is ReplyPurpose.ANSWER:
            store.due[due] = progress.at
        else:
            store.due.pop(due, None)
        if known.reply_id is None and not has_failed:
            store.count(tenant_id, UsageDelta(parsed.position[:7], parsed.purpose.counters))
