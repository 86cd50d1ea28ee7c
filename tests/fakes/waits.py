"""`Waits`, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.conversations import Handover
from domain.customers import CustomerId
from domain.due import DueItem
from domain.tenants import TenantId
from domain.waiting import WaitingStep
from domain.waits import Wait
from tests.fakes.store import Store


class FakeWaits:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tenant_id: TenantId, item: DueItem) -> Wait | None:
        with self._store.lock:
            key = (tenant_id, item.customer_id, item.sort_key)
            due_at, wait = self._store.due.get(key), self._store.waits.get(key)
            return replace(wait, due_at=due_at) if wait and due_at else None

    def decide(self, tenant_id: TenantId, wait: Wait) -> bool:
        store, key = self._store, wait_key(tenant_id, wait)
        with store.lock:
            stored, conversation = store.waits.get(key), store.conversations.get(key[:2])
            still = stored is not None and store.due.get(key) == wait.due_at and not _done(stored, wait.step)
            if not still or conversation is None or conversation.handover is None or not wait.goes_on(conversation):
                return False
            store.waits[key] = wait
            store.change_conversation(key[:2], handover=replace(conversation.handover, step=wait.step))
            return True

    def go_on(self, tenant_id: TenantId, wait: Wait, due_at: datetime | None) -> None:
        store, key = self._store, wait_key(tenant_id, wait)
        with store.lock:
            stored = store.waits.get(key)
            if stored is None or store.due.get(key) != wait.due_at or stored.step is not wait.step:
                return
            store.waits[key] = replace(wait, due_at=due_at or wait.due_at)
            if due_at is None:
                del store.due[key]
            else:
                store.due[key] = due_at


def wait_key(tenant_id: TenantId, wait: Wait) -> tuple[TenantId, CustomerId, str]:
    called = wait.escalation
    return tenant_id, called.customer_id, _sort_key(called.at, called.message_id)


def key_of_handover(
    tenant_id: TenantId, customer_id: CustomerId, handover: Handover
) -> tuple[TenantId, CustomerId, str]:
    return tenant_id, customer_id, _sort_key(handover.at, handover.message_id)


def _sort_key(at: datetime, message_id: str) -> str:
    return f"w#{at:%Y-%m-%dT%H:%M:%S.%fZ}#{message_id}"


def _done(stored: Wait, step: WaitingStep | None) -> bool:
    steps = [None, *WaitingStep]
    return steps.index(stored.step) >= steps.index(step)
