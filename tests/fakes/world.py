"""All the fakes of one deployment, over one store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.answer import AnswerPorts
from domain.conversations import Owner
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.fetch_media import FetchMediaPorts
from domain.media import MediaKey
from domain.opt_out import OptOut
from domain.pacing import NumberPace
from domain.ports import Tenants
from domain.receive import ReceivePorts
from domain.send import SendPorts
from domain.sweep import SweepPorts
from domain.tenants import TenantId
from domain.track import TrackPorts
from tests.builders import ACME, product
from tests.contracts.world import World, WritableTenants
from tests.fakes.amendments import FakeAmendments
from tests.fakes.assistant import FakeAssistant, FakeCatalogueSearch
from tests.fakes.conversations import FakeConversations
from tests.fakes.customers import FakeCustomers
from tests.fakes.deliveries import FakeDeliveries
from tests.fakes.desk import FakeCannedReplies, FakeCustomerBook
from tests.fakes.due_items import FakeDueItems
from tests.fakes.erasures import FakeCustomerSearch, FakeErasures
from tests.fakes.grounding import FakeGroundingLog
from tests.fakes.identities import FakeIdentities
from tests.fakes.inbox import FakeInbox, FakeNotes, FakeThreadPages
from tests.fakes.media import FakeMediaJobs, FakeMediaLibrary, FakeMediaRecords, FakeMediaSource
from tests.fakes.messenger import FakeMessenger
from tests.fakes.number_states import FakeAccessTokens, FakeAccountAlerts, FakeNumberStates
from tests.fakes.opt_outs import FakeOptOuts
from tests.fakes.queues import FakeEscalations, FakeHandoffNotifications, FakeReplyJobs
from tests.fakes.records import FakeAccountEvents, FakeQuarantine
from tests.fakes.send_ledger import FakeSendLedger
from tests.fakes.store import Store
from tests.fakes.templates import FakeTemplateCatalogue
from tests.fakes.tenants import FakeTenants
from tests.fakes.tenants_overview import FakeTenantsOverview
from tests.fakes.tombstones import FakeTombstones
from tests.fakes.usage import FakeUsage, FakeUsageWatch
from tests.fakes.waits import FakeWaits


@dataclass(frozen=True, slots=True)
class FakeLook:
    store: Store
    quarantine: FakeQuarantine
    events: FakeAccountEvents
    library: FakeMediaLibrary

    def customer(self, tenant_id: TenantId, identity: CustomerIdentity) -> Customer | None:
        return self.store.known_by(tenant_id, identity.key)

    def customers(self, tenant_id: TenantId) -> int:
        return sum(1 for owner, _ in self.store.customers if owner == tenant_id)

    def usage(self, tenant_id: TenantId, month: str) -> Mapping[str, int]:
        return dict(self.store.usage[tenant_id, month])

    def quarantined(self) -> list[tuple[str, str, datetime]]:
        rows = [(update_id, str(reason), at) for update_id, (reason, _, at) in self.quarantine.kept.items()]
        return sorted(rows, key=lambda row: row[2], reverse=True)

    def account_events(self, tenant_id: TenantId) -> list[str]:
        return sorted(event_id for owner, event_id in self.events.kept if owner == tenant_id)

    def opt_out(self, tenant_id: TenantId, identity: CustomerIdentity) -> OptOut | None:
        customer = self.store.known_by(tenant_id, identity.key)
        return self.store.opt_outs.get((tenant_id, customer.key if customer else identity.key))

    def opt_outs(self, tenant_id: TenantId, customer_id: CustomerId) -> list[OptOut]:
        return sorted(self.store.opt_out_history[tenant_id, customer_id], key=lambda opt_out: opt_out.rank)

    def give_to(self, tenant_id: TenantId, customer_id: CustomerId, owner: Owner) -> None:
        with self.store.lock:
            self.store.change_conversation((tenant_id, customer_id), owner=owner)

    def inbox(self, tenant_id: TenantId, customer_id: CustomerId) -> Owner:
        return self.store.conversations[tenant_id, customer_id].owner

    def files(self) -> Mapping[MediaKey, bytes]:
        return dict(self.library.files)

    def trail(self, tenant_id: TenantId) -> list[str]:
        return [entry.action for entry in self.store.audit.values() if entry.tenant_id == tenant_id]

    def everything(self) -> object:
        return self.store.snapshot(), dict(self.quarantine.kept), dict(self.events.kept)


def fake_world(store: Store | None = None) -> World:
    store = store or Store()
    quarantine, events, tenants = FakeQuarantine(), FakeAccountEvents(), FakeTenants()
    library = FakeMediaLibrary()
    tenants.store = store
    return World(
        conversations=FakeConversations(store),
        amendments=FakeAmendments(store),
        ledger=FakeSendLedger(store),
        deliveries=FakeDeliveries(store),
        customers=FakeCustomers(store),
        due=FakeDueItems(store),
        waits=FakeWaits(store),
        quarantine=quarantine,
        account_events=events,
        opt_outs=FakeOptOuts(store),
        search=FakeCustomerSearch(store),
        erasures=FakeErasures(store),
        tombstones=FakeTombstones(store),
        media=FakeMediaRecords(store),
        library=library,
        identities=FakeIdentities(store),
        templates=FakeTemplateCatalogue(store),
        number_states=FakeNumberStates(store),
        usage=FakeUsage(store),
        usage_watch=FakeUsageWatch(store),
        overview=FakeTenantsOverview(store, tenants),
        tenants=tenants,
        inbox=FakeInbox(store),
        threads=FakeThreadPages(store),
        notes=FakeNotes(store),
        book=FakeCustomerBook(store),
        canned=FakeCannedReplies(),
        look=FakeLook(store, quarantine, events, library),
    )


@dataclass(slots=True)
class Cast:
    """A world's rows, and fakes for all that is not rows: what the use cases are run on."""

    world: World
    tenants: WritableTenants
    assistant: FakeAssistant = field(default_factory=FakeAssistant)
    catalogue: FakeCatalogueSearch = field(default_factory=lambda: FakeCatalogueSearch({ACME: [product()]}))
    grounding: FakeGroundingLog = field(default_factory=FakeGroundingLog)
    messenger: FakeMessenger = field(default_factory=FakeMessenger)
    escalations: FakeEscalations = field(default_factory=FakeEscalations)
    notifications: FakeHandoffNotifications = field(default_factory=FakeHandoffNotifications)
    reply_jobs: FakeReplyJobs = field(default_factory=FakeReplyJobs)
    media_jobs: FakeMediaJobs = field(default_factory=FakeMediaJobs)
    media_source: FakeMediaSource = field(default_factory=FakeMediaSource)
    account_alerts: FakeAccountAlerts = field(default_factory=FakeAccountAlerts)
    access_tokens: FakeAccessTokens = field(default_factory=FakeAccessTokens)
    pace: NumberPace = field(default_factory=NumberPace)

    @property
    def _tenants(self) -> Tenants:
        """Where both are fakes, over the same rows."""
        if isinstance(self.tenants, FakeTenants) and isinstance(self.world.look, FakeLook):
            self.tenants.store = self.world.look.store
        return self.tenants

    @property
    def receive_ports(self) -> ReceivePorts:
        return ReceivePorts(
            tenants=self._tenants,
            conversations=self.world.conversations,
            amendments=self.world.amendments,
            escalations=self.escalations,
            notifications=self.notifications,
            reply_jobs=self.reply_jobs,
            quarantine=self.world.quarantine,
            tombstones=self.world.tombstones,
            media_jobs=self.media_jobs,
            identities=self.world.identities,
            products=self.catalogue,
        )

    @property
    def fetch_media_ports(self) -> FetchMediaPorts:
        return FetchMediaPorts(
            tenants=self._tenants,
            records=self.world.media,
            source=self.media_source,
            library=self.world.library,
        )

    @property
    def answer_ports(self) -> AnswerPorts:
        return AnswerPorts(
            tenants=self._tenants,
            conversations=self.world.conversations,
            ledger=self.world.ledger,
            assistant=self.assistant,
            messenger=self.messenger,
            escalations=self.escalations,
            opt_outs=self.world.opt_outs,
            notifications=self.notifications,
            number_states=self.world.number_states,
            account_alerts=self.account_alerts,
            access_tokens=self.access_tokens,
            pace=self.pace,
            catalogue=self.catalogue,
            grounding=self.grounding,
            usage=self.world.usage_watch,
        )

    @property
    def send_ports(self) -> SendPorts:
        return SendPorts(
            tenants=self._tenants,
            conversations=self.world.conversations,
            ledger=self.world.ledger,
            messenger=self.messenger,
            templates=self.world.templates,
            opt_outs=self.world.opt_outs,
            notifications=self.notifications,
            number_states=self.world.number_states,
            account_alerts=self.account_alerts,
        )

    @property
    def sweep_ports(self) -> SweepPorts:
        return SweepPorts(
            due=self.world.due,
            conversations=self.world.conversations,
            ledger=self.world.ledger,
            reply_jobs=self.reply_jobs,
            escalations=self.escalations,
            notifications=self.notifications,
            number_states=self.world.number_states,
            account_alerts=self.account_alerts,
            waits=self.world.waits,
            tenants=self._tenants,
            media=self.world.media,
            media_jobs=self.media_jobs,
        )

    @property
    def track_ports(self) -> TrackPorts:
        return TrackPorts(
            tenants=self._tenants,
            deliveries=self.world.deliveries,
            customers=self.world.customers,
            conversations=self.world.conversations,
            ledger=self.world.ledger,
            escalations=self.escalations,
            notifications=self.notifications,
            account_events=self.world.account_events,
            quarantine=self.world.quarantine,
            opt_outs=self.world.opt_outs,
            tombstones=self.world.tombstones,
            templates=self.world.templates,
            number_states=self.world.number_states,
            account_alerts=self.account_alerts,
        )
