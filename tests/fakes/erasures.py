"""`Erasures`, `CustomerSearch`, `CustomerPlace` and `OperatorLog`, in memory."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.customer_data import Asked, CustomerRecord, Subject
from domain.customers import Customer, CustomerId, first_customer_id
from domain.erase_customer import Erasure
from domain.errors import ServiceUnavailableError
from domain.operator_log import OperatorAction
from domain.tenants import TenantId
from domain.tombstones import Tombstone
from tests.fakes.store import STATE, Store


class FakeCustomerSearch:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tenant_id: TenantId, asked: Asked) -> Subject:
        with self._store.lock:
            found = self._of(tenant_id, asked)
        if found is None:
            names = (asked.identity,) if asked.identity else ()
            return Subject(tenant_id, (asked.customer_id or first_customer_id(tenant_id, asked.identity),), names)
        return Subject(
            tenant_id,
            tuple(sorted({found.customer_id, *found.former_customer_ids})),
            tuple(sorted({found.key, *found.aliases, *found.identity.keys})),
            apart_from=tuple(sorted(found.apart_from)),
        )

    def _of(self, tenant_id: TenantId, asked: Asked) -> Customer | None:
        if asked.identity:
            return self._store.known_by(tenant_id, asked.identity)
        theirs = (one for (owner, _), one in self._store.customers.items() if owner == tenant_id)
        return next((one for one in theirs if asked.customer_id in {one.customer_id, *one.former_customer_ids}), None)


class FakeErasures:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._notes: dict[tuple[TenantId, CustomerId], Erasure] = {}

    def begin(self, tenant_id: TenantId, subject: Subject, erasure_id: str, now: datetime) -> Erasure | None:
        store = self._store
        with store.lock:
            keys = [(tenant_id, name) for name in subject.identities]
            rows = [store.customers[key] for key in keys if key in store.customers]
            erased_at = max([now, *(row.last_interaction for row in rows)])
            words = [store.opt_outs[key] for key in keys if key in store.opt_outs]
            opt_out = max(words, key=lambda word: word.rank, default=None)
            for key in keys:
                kept = opt_out if opt_out and opt_out.opted_out else None
                next_id = CustomerId(secrets.token_hex(12))
                store.tombstones[key] = Tombstone(erased_at, next_id, kept, subject.customer_ids[0])
                store.customers.pop(key, None)
                store.opt_outs.pop(key, None)
                store.aliases.pop(key, None)
            until = replace(subject, until=erased_at)
            erasure = Erasure(erasure_id, until)
            for customer_id in subject.customer_ids:
                store.conversations.pop((tenant_id, customer_id), None)
                store.merged.pop((tenant_id, customer_id), None)
                store.kept.pop((tenant_id, customer_id), None)
                store.due.pop((tenant_id, customer_id, STATE), None)
                self._notes[tenant_id, customer_id] = erasure
            return erasure

    def unfinished(self, tenant_id: TenantId, asked: Asked) -> Erasure | None:
        with self._store.lock:
            tombstone = self._store.tombstones.get((tenant_id, asked.identity))
            customer_id = tombstone.unfinished if tombstone else asked.customer_id
            return self._notes.get((tenant_id, customer_id)) if customer_id else None

    def finish(self, tenant_id: TenantId, erasure: Erasure) -> None:
        with self._store.lock:
            for name in erasure.subject.identities:
                stone = self._store.tombstones[tenant_id, name]
                if stone.erased_at != erasure.erased_at:
                    continue  # another erasure's by now
                done = Tombstone(stone.erased_at, stone.next_customer_id, stone.opt_out)
                self._store.tombstones[tenant_id, name] = done
            for customer_id in erasure.subject.customer_ids:
                self._notes.pop((tenant_id, customer_id), None)


@dataclass(slots=True)
class FakePlace:
    """Holds some things of hers."""

    name: str
    held: list[CustomerRecord] = field(default_factory=list)
    stubborn: bool = False

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:  # noqa: ARG002 (hers alone)
        yield from list(self.held)

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:  # noqa: ARG002 (hers alone)
        if self.stubborn:
            return 0
        deleted = len(self.held)
        self.held.clear()
        return deleted


@dataclass(slots=True)
class FakeOperatorLog:
    actions: dict[str, OperatorAction] = field(default_factory=dict)
    down: bool = False

    def put(self, action: OperatorAction) -> None:
        if self.down:
            raise ServiceUnavailableError("the log cannot be written")
        self.actions[action.action_id] = action

    def newest(self, limit: int) -> list[OperatorAction]:
        return list(self.actions.values())[:limit]
