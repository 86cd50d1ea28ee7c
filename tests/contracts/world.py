"""What a contract is held against: the ports over one set of rows, and a way to look at these rows from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.canned_replies import CannedReplies
from domain.conversations import Conversation, Owner, Recorded, Recording, ReplyJob, Thread
from domain.customer_book import CustomerBook
from domain.customer_data import CustomerSearch
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.due import DueItem, DueKind
from domain.erase_customer import Erasures
from domain.inbox import Inbox
from domain.media import MediaKey
from domain.notes import Notes
from domain.opt_out import OptOut
from domain.ports import (
    AccountEvents,
    Conversations,
    Customers,
    Deliveries,
    DueItems,
    Identities,
    MediaLibrary,
    MediaRecords,
    MessageAmendments,
    NumberStates,
    OptOuts,
    Quarantine,
    SendLedger,
    TemplateCatalogue,
    Tenants,
    Waits,
)
from domain.ports_usage import Usage, UsageWatch
from domain.replies import Reply, ReplyPurpose, reply_id
from domain.tenants import TenantId, WhatsAppNumber
from domain.tenants_overview import TenantsOverview
from domain.threads import ThreadPages
from domain.tombstones import Tombstones
from tests.builders import ACME, after

LONG_AFTER = after(days=40)
"""When all that is due is overdue."""


class Look(Protocol):
    def customer(self, tenant_id: TenantId, identity: CustomerIdentity) -> Customer | None: ...

    def customers(self, tenant_id: TenantId) -> int: ...

    def usage(self, tenant_id: TenantId, month: str) -> Mapping[str, int]:
        """Counters, over all items of the month."""

    def quarantined(self) -> list[tuple[str, str, datetime]]:
        """Update id, reason and time of each, newest first."""

    def account_events(self, tenant_id: TenantId) -> list[str]:
        """Ids."""

    def opt_out(self, tenant_id: TenantId, identity: CustomerIdentity) -> OptOut | None:
        """What holds."""

    def opt_outs(self, tenant_id: TenantId, customer_id: CustomerId) -> list[OptOut]:
        """The history, oldest first."""

    def give_to(self, tenant_id: TenantId, customer_id: CustomerId, owner: Owner) -> None:
        """What a person does who takes a conversation, or gives it back. No port of these use cases does it."""

    def inbox(self, tenant_id: TenantId, customer_id: CustomerId) -> Owner:
        """Under which owner the tenant's inbox lists the conversation."""

    def files(self) -> Mapping[MediaKey, bytes]:
        """All that is in the library."""

    def trail(self, tenant_id: TenantId) -> list[str]:
        """The actions that stand in a tenant's audit trail."""

    def everything(self) -> object:
        """Equal to another one if nothing was written in between."""


class WritableTenants(Tenants, Protocol):
    def put(self, number: WhatsAppNumber) -> None: ...


@dataclass(frozen=True, slots=True)
class World:
    conversations: Conversations
    amendments: MessageAmendments
    ledger: SendLedger
    deliveries: Deliveries
    customers: Customers
    due: DueItems
    waits: Waits
    quarantine: Quarantine
    account_events: AccountEvents
    opt_outs: OptOuts
    search: CustomerSearch
    erasures: Erasures
    tombstones: Tombstones
    identities: Identities
    templates: TemplateCatalogue
    number_states: NumberStates
    usage: Usage
    usage_watch: UsageWatch
    overview: TenantsOverview
    tenants: WritableTenants
    media: MediaRecords
    library: MediaLibrary
    inbox: Inbox
    threads: ThreadPages
    notes: Notes
    book: CustomerBook
    canned: CannedReplies
    look: Look

    def record(self, recording: Recording, tenant_id: TenantId = ACME) -> Recorded:
        recorded = self.conversations.record(tenant_id, recording)
        assert isinstance(recorded, Recorded)
        return recorded

    def thread(self, customer_id: CustomerId, tenant_id: TenantId = ACME) -> Thread:
        thread = self.conversations.thread(tenant_id, customer_id)
        assert thread is not None
        return thread

    def conversation(self, customer_id: CustomerId, tenant_id: TenantId = ACME) -> Conversation:
        return self.thread(customer_id, tenant_id).conversation

    def overdue(self, now: datetime = LONG_AFTER) -> list[DueItem]:
        """But for those who wait for a person: that is no promise which somebody has failed to keep."""
        return [item for item in self.due.overdue(now, 1000) if item.kind is not DueKind.WAIT]

    def waiting(self, now: datetime = LONG_AFTER) -> list[DueItem]:
        return [item for item in self.due.overdue(now, 1000) if item.kind is DueKind.WAIT]

    def reply(self, job: ReplyJob, purpose: ReplyPurpose = ReplyPurpose.ANSWER) -> Reply:
        reply = self.thread(job.customer_id, job.tenant_id).reply(reply_id(job.customer_id, job.position, purpose))
        assert reply is not None
        return reply
