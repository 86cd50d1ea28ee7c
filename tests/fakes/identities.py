"""`Identities`, in memory."""

from __future__ import annotations

from dataclasses import replace

from domain.conversations import Conversation, Owner
from domain.customers import CustomerId
from domain.merging import Merge, Party, Split, Splittable
from domain.tenants import TenantId
from domain.usage import CUSTOMERS, UsageDelta
from tests.fakes.store import STATE, Merged, Store, Talk
from tests.fakes.waits import key_of_handover


class FakeIdentities:
    def __init__(self, store: Store) -> None:
        self._store = store

    def party(self, tenant_id: TenantId, key: str) -> Party | None:
        with self._store.lock:
            customer = self._store.known_by(tenant_id, key)
            if customer is None:
                return None
            conversation = self._store.conversations[tenant_id, customer.customer_id]
            due = self._store.due.get((tenant_id, customer.customer_id, STATE))
            opt_out = self._store.opt_outs.get((tenant_id, customer.key))
            return Party(customer, conversation, opt_out, seen=(customer, conversation, opt_out, due))

    def merge(self, tenant_id: TenantId, merge: Merge) -> bool:
        store = self._store
        with store.lock:
            if not (self._unchanged(merge.survivor) and self._unchanged(merge.former)):
                return False
            into, former = merge.merged.customer, merge.former.customer
            here, there = (tenant_id, into.customer_id), (tenant_id, former.customer_id)
            del store.customers[tenant_id, former.key]
            store.opt_outs.pop((tenant_id, former.key), None)
            self._put(merge.merged)
            for key in merge.former.keys:
                store.aliases[tenant_id, key] = into.key
            due = [at for talk in (here, there) if (at := store.due.pop((*talk, STATE), None))]
            if due and merge.merged.conversation.awaiting:
                store.due[*here, STATE] = min(due)
            apart = merge.survivor.conversation.settled_through
            self._move_waits(
                (here, merge.survivor.conversation, merge.merged.conversation), (there, merge.former.conversation, None)
            )
            store.join(here, there)
            del store.conversations[there]
            store.merged[there] = Merged(merge, apart)
            if merge.change is not None:
                store.keep_change(merge.change)
            for month in merge.uncounted:
                store.count(tenant_id, UsageDelta(month, {CUSTOMERS: -1}))
            return True

    def splittable(self, tenant_id: TenantId, former: CustomerId) -> Splittable | None:
        with self._store.lock:
            merged = self._store.merged.get((tenant_id, former))
            party = self.party(tenant_id, merged.merge.survivor.customer.key) if merged else None
            if merged is None or party is None:
                return None
            merge = merged.merge
            return Splittable(
                survivor=party,
                before=merge.survivor,
                former=merge.former,
                merged=merge.merged,
                cause=merge.cause,
                at=merge.at,
                uncounted=merge.uncounted,
                seen=merged,
            )

    def split(self, tenant_id: TenantId, split: Split) -> bool:
        store, splittable = self._store, split.splittable
        former = split.former.customer
        talk = tenant_id, former.customer_id
        with store.lock:
            if not self._unchanged(splittable.survivor) or store.merged.get(talk) is not splittable.seen:
                return False
            del store.merged[talk]
            here = tenant_id, split.survivor.customer.customer_id
            now = splittable.survivor.conversation
            self._move_waits((here, now, split.survivor.conversation), (talk, None, split.former.conversation))
            for key in splittable.former.keys:
                store.aliases.pop((tenant_id, key), None)
            for party in (split.survivor, split.former):
                self._put(party)
            for key in former.aliases:
                store.aliases[tenant_id, key] = former.key
            if split.survivor.conversation.awaiting is None:
                store.due.pop((tenant_id, split.survivor.customer.customer_id, STATE), None)
            if split.former.conversation.awaiting is not None:
                store.due[*talk, STATE] = split.at
            for month in splittable.uncounted:
                store.count(tenant_id, UsageDelta(month, {CUSTOMERS: 1}))
            return True

    def _move_waits(self, *sides: tuple[Talk, Conversation | None, Conversation | None]) -> None:
        """Each conversation before and after. What a conversation waits for now, it has a wait for."""
        store = self._store
        was = [key for talk, before, _ in sides if (key := _wait_of(talk, before))]
        for talk, before, after in sides:
            wanted = _wait_of(talk, after)
            source = next((key for key in was if wanted and key[2] == wanted[2]), None)
            if wanted is None or source is None or wanted == _wait_of(talk, before):
                continue
            wait = store.waits[source]
            store.waits[wanted] = replace(wait, escalation=replace(wait.escalation, customer_id=talk[1]))
            if source in store.due:
                store.due[wanted] = store.due[source]
        for talk, before, after in sides:
            ended = _wait_of(talk, before)
            if ended is not None and ended != _wait_of(talk, after):
                store.due.pop(ended, None)

    def _put(self, party: Party) -> None:
        customer = party.customer
        self._store.customers[customer.tenant_id, customer.key] = customer
        self._store.conversations[customer.tenant_id, customer.customer_id] = party.conversation
        if party.opt_out is not None:
            self._store.opt_outs[customer.tenant_id, customer.key] = party.opt_out

    def _unchanged(self, party: Party) -> bool:
        now = self.party(party.customer.tenant_id, party.customer.key)
        return now is not None and now.seen == party.seen


def _wait_of(talk: Talk, conversation: Conversation | None) -> tuple[TenantId, CustomerId, str] | None:
    if conversation is None or conversation.owner is not Owner.WAITING or conversation.handover is None:
        return None
    return key_of_handover(*talk, conversation.handover)
