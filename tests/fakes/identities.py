"""`Identities`, in memory."""

from __future__ import annotations

from domain.customers import CustomerId
from domain.merging import Merge, Party, Split, Splittable
from domain.tenants import TenantId
from domain.usage import CUSTOMERS, UsageDelta
from tests.fakes.store import STATE, Merged, Store


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

    def _put(self, party: Party) -> None:
        customer = party.customer
        self._store.customers[customer.tenant_id, customer.key] = customer
        self._store.conversations[customer.tenant_id, customer.customer_id] = party.conversation
        if party.opt_out is not None:
            self._store.opt_outs[customer.tenant_id, customer.key] = party.opt_out

    def _unchanged(self, party: Party) -> bool:
        now = self.party(party.customer.tenant_id, party.customer.key)
        return now is not None and now.seen == party.seen
