"""`MessageAmendments`, in memory."""

from __future__ import annotations

from dataclasses import replace

from domain.amendments import NOTHING_WAITS, Amendments, Waiting
from domain.conversations import Amended, BurstChange, Place, ThreadMessage
from domain.messages import MessageId, message_id_of
from domain.replies import parse_reply_id
from domain.tenants import TenantId
from tests.fakes.store import Store


class FakeAmendments:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tenant_id: TenantId, message_id: MessageId) -> Amended | Waiting | None:
        store = self._store
        with store.lock:
            recorded = store.recorded.get((tenant_id, message_id))
            delivery = store.deliveries.get((tenant_id, message_id))
            if recorded is not None:
                place = Place(recorded.customer_id, recorded.position)
            elif delivery is not None and delivery.reply_id is not None:
                parsed = parse_reply_id(delivery.reply_id)
                if parsed is None or store.reply(tenant_id, parsed) is None:
                    return None
                place = Place(parsed.customer_id, parsed.position, parsed.purpose)
            else:
                return store.waiting.get((tenant_id, message_id), NOTHING_WAITS)
            return Amended(message_id, place, store.amended(tenant_id, place.customer_id, _key(place)))

    def wait(self, tenant_id: TenantId, message_id: MessageId, seen: Waiting, waiting: Waiting) -> bool:
        with self._store.lock:
            if self.find(tenant_id, message_id) != seen:
                return False
            self._store.waiting[tenant_id, message_id] = waiting
            return True

    def save(
        self, tenant_id: TenantId, seen: Amended, amendments: Amendments, burst: BurstChange | None = None
    ) -> bool:
        store, place, key = self._store, (tenant_id, seen.place.customer_id), _key(seen.place)
        talk = tenant_id, burst.customer_id if burst and burst.customer_id else seen.place.customer_id
        with store.lock:
            conversation = store.conversations.get(talk)
            if key not in store.entries[place] or store.amended(*place, key) != seen.amendments:
                return False
            if burst is not None and (conversation is None or conversation.awaiting != burst.seen):
                return False
            store.amendments[*place, key] = amendments
            if burst is not None and burst.position is None:
                store.awaits_nothing(talk)
            elif burst is not None and burst.position is not None:
                awaiting = message_id_of(burst.position)
                store.change_conversation(talk, awaiting=awaiting, awaiting_position=burst.position)
            entry = store.entries[place][key]
            if burst is not None and burst.decision is not None and isinstance(entry, ThreadMessage):
                store.entries[place][key] = replace(entry, decision=burst.decision)
            return True


def _key(place: Place) -> str:
    return place.position if place.purpose is None else f"{place.position}#{place.purpose}"
