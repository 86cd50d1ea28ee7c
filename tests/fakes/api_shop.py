"""The API over fakes, whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.administer_tenants import AdministerPorts
from domain.audit_trail import AuditTrail
from domain.canned_replies import CannedReplyPorts
from domain.connect_numbers import ConnectPorts
from domain.customer_book import CustomerBookPorts
from domain.desk import DeskPorts
from domain.desk_rights import RightsPorts
from domain.desk_sends import DeskSendPorts
from domain.keep_products import KeepProductsPorts
from domain.notify_tenant import WebhookPorts
from domain.rehearsals import RehearsalPorts
from domain.report_usage import UsagePorts
from domain.run_imports import ImportPorts
from domain.sell_plans import SellPlansPorts
from domain.tenants_overview import OverviewPorts
from domain.try_webhook import TryWebhookPorts
from handlers.api.asking import Services
from handlers.api.cursors import Cursors
from handlers.api.front import Front
from handlers.api.once import Once
from handlers.api.resolver import resolver
from handlers.bootstrap_console import KeepMembers
from tests.builders import ACME, GLOBEX, GLOBEX_NUMBER, number, product, tenant
from tests.fakes.administration import (
    FakeAccountNumbers,
    FakeSender,
    FakeTenantNumbers,
    FakeTenantProfiles,
    FakeTenantSecrets,
    FakeTenantWebhooks,
)
from tests.fakes.api import FakePersistence, FakeProductRows, FakeRequestCounts, at_noon, authenticate
from tests.fakes.assistant import FakeAssistant, FakeCatalogueSearch
from tests.fakes.desk_deployment import FakeDesk
from tests.fakes.grounding import FakeGroundingLog
from tests.fakes.imports import FakeImportFiles, FakeImportJobs, FakeImportQueue
from tests.fakes.number_states import FakeAccountAlerts, FakeNumberStates
from tests.fakes.operator_settings import FakeOperatorSettings
from tests.fakes.people import FakeIdentity
from tests.fakes.store import Store
from tests.fakes.tenants import FakeTenants
from tests.fakes.tenants_overview import FakeTenantsOverview
from tests.fakes.usage import FakeUsage, FakeUsageWatch
from tests.people import ABE, ADA, GUS


@dataclass
class Shop:
    rows: FakeProductRows = field(default_factory=FakeProductRows)
    counts: FakeRequestCounts = field(default_factory=FakeRequestCounts)
    persistence: FakePersistence = field(default_factory=FakePersistence)
    desk: FakeDesk = field(default_factory=FakeDesk)

    profiles: FakeTenantProfiles = field(
        default_factory=lambda: FakeTenantProfiles({ACME: tenant(), GLOBEX: tenant(GLOBEX)})
    )
    jobs: FakeImportJobs = field(default_factory=FakeImportJobs)
    files: FakeImportFiles = field(default_factory=FakeImportFiles)
    queue: FakeImportQueue = field(default_factory=FakeImportQueue)
    secrets: FakeTenantSecrets = field(default_factory=FakeTenantSecrets)
    sender: FakeSender = field(default_factory=FakeSender)
    settings: FakeOperatorSettings = field(default_factory=FakeOperatorSettings)
    store: Store = field(default_factory=Store)
    tenants: FakeTenants = field(default_factory=lambda: FakeTenants(number(), number(tenant(GLOBEX), GLOBEX_NUMBER)))
    meta: FakeAccountNumbers = field(default_factory=FakeAccountNumbers)
    assistant: FakeAssistant = field(default_factory=FakeAssistant)
    alerts: FakeAccountAlerts = field(default_factory=FakeAccountAlerts)
    people: FakeIdentity = field(default_factory=lambda: FakeIdentity.with_people(ADA, ABE, GUS))

    def __post_init__(self) -> None:
        self.numbers = FakeTenantNumbers(self.profiles, pauses=self.store.pauses)
        self.webhooks = FakeTenantWebhooks(self.profiles)

    @property
    def services(self) -> Services:
        return {
            KeepProductsPorts: lambda: KeepProductsPorts(self.rows),
            AdministerPorts: lambda: AdministerPorts(self.profiles),
            SellPlansPorts: lambda: SellPlansPorts(self.profiles, self.settings),
            UsagePorts: lambda: UsagePorts(FakeUsage(self.store), self.settings, self.tenants),
            OverviewPorts: lambda: OverviewPorts(FakeTenantsOverview(self.store, self.tenants), self.settings),
            WebhookPorts: lambda: WebhookPorts(self.webhooks, self.secrets),
            TryWebhookPorts: lambda: TryWebhookPorts(self.webhooks, self.secrets, self.sender, self.people.audit_trail),
            ImportPorts: lambda: ImportPorts(self.jobs, self.files, self.queue),
            ConnectPorts: lambda: ConnectPorts(
                self.profiles, self.numbers, self.secrets, self.meta, FakeNumberStates(self.store), self.alerts
            ),
            DeskPorts: lambda: self.desk.desk_ports,
            DeskSendPorts: lambda: self.desk.send_ports,
            RightsPorts: lambda: self.desk.rights_ports,
            CannedReplyPorts: lambda: self.desk.canned_ports,
            CustomerBookPorts: lambda: self.desk.book_ports,
            RehearsalPorts: lambda: self.rehearsal_ports,
            KeepMembers: lambda: KeepMembers(self.people.members, self.people.directory, self.people.users),
            AuditTrail: lambda: self.people.audit_trail,
        }

    @property
    def rehearsal_ports(self) -> RehearsalPorts:
        return RehearsalPorts(
            profiles=self.profiles,
            numbers=self.numbers,
            assistant=self.assistant,
            catalogue=FakeCatalogueSearch({ACME: [product()]}),
            grounding=FakeGroundingLog(),
            usage=FakeUsageWatch(self.store),
            counts=self.counts,
        )

    @property
    def front(self) -> Front:
        return Front(
            resolver=resolver(),
            authenticate=authenticate,
            services=self.services,
            cursors=Cursors(lambda: "a secret of the tests"),
            counts=self.counts,
            once=Once(lambda: self.persistence),
            clock=at_noon,
        )
