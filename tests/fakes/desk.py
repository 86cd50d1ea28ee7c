"""What people at the inbox need beside conversations, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.audit_trail import AuditEntry
from domain.canned_replies import CannedReply
from domain.customer_book import CustomerMark, CustomerPage, KeptCustomer
from domain.customers import Customer, CustomerIdentity
from domain.errors import NotAllowedError
from domain.media import Media
from domain.tenants import TenantId
from tests.fakes.people import FakeAuditTrail
from tests.fakes.store import Store


class FakeCustomerBook:
    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, tenant_id: TenantId, after: CustomerMark | None, limit: int) -> CustomerPage:
        behind = (after.last_interaction, after.key) if after else None
        found = [one for one in self._all(tenant_id) if behind is None or _place(one.customer) < behind]
        mark = CustomerMark(*_place(found[limit - 1].customer)) if len(found) > limit else None
        return CustomerPage(tuple(found[:limit]), mark)

    def newest(self, tenant_id: TenantId) -> Sequence[KeptCustomer]:
        return self._all(tenant_id)

    def of(self, tenant_id: TenantId, identity: CustomerIdentity) -> KeptCustomer | None:
        with self._store.lock:
            known = (self._store.known_by(tenant_id, key) for key in identity.keys)
            return next((self._kept(one) for one in known if one), None)

    def _all(self, tenant_id: TenantId) -> list[KeptCustomer]:
        with self._store.lock:
            theirs = [one for (owner, _), one in self._store.customers.items() if owner == tenant_id]
            return [self._kept(one) for one in sorted(theirs, key=_place, reverse=True)]

    def _kept(self, customer: Customer) -> KeptCustomer:
        return KeptCustomer(customer, self._store.opt_outs.get((customer.tenant_id, customer.key)))


@dataclass(slots=True)
class FakeCannedReplies:
    kept: dict[tuple[TenantId, str], CannedReply] = field(default_factory=dict)

    def all(self, tenant_id: TenantId) -> Sequence[CannedReply]:
        return [reply for (owner, _), reply in self.kept.items() if owner == tenant_id]

    def put(self, tenant_id: TenantId, reply: CannedReply) -> None:
        self.kept[tenant_id, reply.reply_id] = reply

    def delete(self, tenant_id: TenantId, reply_id: str) -> None:
        self.kept.pop((tenant_id, reply_id), None)


class DeskTrail(FakeAuditTrail):
    @property
    def entries(self) -> list[AuditEntry]:
        return self.store.trail

    @property
    def actions(self) -> list[str]:
        return [entry.action for entry in self.entries]


class FakeMediaLinks:
    def link(self, tenant_id: TenantId, media: Media) -> str:
        if media.key is None or not media.key.startswith(f"{tenant_id}/"):
            raise NotAllowedError("no file of this tenant's is stored for this message")
        return f"https://files.example/{media.key}"


def _place(customer: Customer) -> tuple[datetime, str]:
    return customer.last_interaction, customer.key
