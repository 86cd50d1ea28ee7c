"""A marketplace with sellers in all states, behind the operator's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.access import Principal, Role
from domain.account_alerts import AlertKind, Severity
from domain.administer_tenants import AdministerPorts
from domain.audit_trail import AuditEntry, AuditPage, AuditTrail
from domain.costs import PriceTable
from domain.dead_letters import DeadLetterPorts, DeadQueue, LetterGroup, Redriven
from domain.operator_log import OperatorAction
from domain.plans import Plan, PlanLimits
from domain.report_usage import UsagePorts
from domain.sell_plans import SellPlansPorts
from domain.tenants import PhoneNumberId, Tenant, TenantId, TenantStatus
from domain.tenants_overview import MetasWord, OverviewPorts, OverviewRow, TenantHealth
from domain.usage import UsageDelta, month_of
from handlers.api.asking import Services
from handlers.api.cursors import Cursors
from handlers.operator.front import OperatorFront
from handlers.operator.resolver import resolver
from tests.fakes.administration import FakeTenantProfiles
from tests.fakes.operator_settings import FakeOperatorSettings
from tests.fakes.store import Store
from tests.fakes.usage import FakeUsage

OLIVIA = Principal("sub-olivia", "Olivia Ortega", Role.OPERATOR)
ADA = Principal("sub-ada", "Ada", Role.TENANT_ADMIN, TenantId("maple-home"))

_PAGE = 25


@dataclass
class FakeDeadLetters:
    lying: list[LetterGroup] = field(default_factory=list)
    failing: bool = False

    def depths(self) -> Sequence[DeadQueue]:
        names = ("inbox-dlq", "replies-dlq", "statuses-dlq", "media-dlq")
        return [DeadQueue(name, sum(group.count for group in self.lying if group.queue == name), 0) for name in names]

    def groups(self) -> Sequence[LetterGroup]:
        return list(self.lying)

    def redrive(self, fingerprint: str, most: int) -> Redriven:
        count = sum(min(group.count, most) for group in self.lying if group.fingerprint == fingerprint)
        if self.failing:
            return Redriven({"failed": count})
        self.lying = [group for group in self.lying if group.fingerprint != fingerprint]
        return Redriven({"redriven": count} if count else {})


@dataclass
class FakeOperatorLog:
    actions: dict[str, list[OperatorAction]] = field(default_factory=dict)

    def put(self, action: OperatorAction) -> None:
        self.actions.setdefault(action.action_id, []).append(action)

    def newest(self, limit: int) -> Sequence[OperatorAction]:
        return [states[-1] for states in self.actions.values()][:limit]


@dataclass
class FakeTrail:
    entries: list[AuditEntry] = field(default_factory=list)

    def write(self, entry: AuditEntry) -> None:
        self.entries.append(entry)

    def page(self, tenant_id: TenantId | None, limit: int, position: str | None = None) -> AuditPage:
        own = [entry for entry in reversed(self.entries) if entry.tenant_id == tenant_id]
        begin = int(position or 0)
        more = str(begin + limit) if len(own) > begin + limit else None
        return AuditPage(own[begin : begin + limit], more)


@dataclass
class Marketplace:
    now: datetime
    store: Store = field(default_factory=Store)
    settings: FakeOperatorSettings = field(default_factory=FakeOperatorSettings)
    letters: FakeDeadLetters = field(default_factory=FakeDeadLetters)
    log: FakeOperatorLog = field(default_factory=FakeOperatorLog)
    trail: FakeTrail = field(default_factory=FakeTrail)
    healths: dict[TenantId, TenantHealth] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.profiles = FakeTenantProfiles({}, self.trail.entries)

    # --- as `TenantsOverview` and `TenantLookup` ---

    def page(self, after: TenantId | None, month: str) -> tuple[Sequence[OverviewRow], TenantId | None]:
        listed = self.profiles.page(after, _PAGE + 1)
        rows = [self._row(tenant, month) for tenant in listed[:_PAGE]]
        return rows, listed[_PAGE - 1].tenant_id if len(listed) > _PAGE else None

    def one(self, tenant_id: TenantId, month: str) -> OverviewRow | None:
        tenant = self.profiles.find(tenant_id)
        return self._row(tenant, month) if tenant else None

    def tenant(self, tenant_id: TenantId) -> Tenant | None:
        return self.profiles.find(tenant_id)

    def _row(self, tenant: Tenant, month: str) -> OverviewRow:
        health = self.healths.get(tenant.tenant_id, TenantHealth())
        return OverviewRow(tenant, health, FakeUsage(self.store).month(tenant.tenant_id, month))

    @property
    def services(self) -> Services:
        return {
            AdministerPorts: lambda: AdministerPorts(self.profiles),
            AuditTrail: lambda: self.trail,
            DeadLetterPorts: lambda: DeadLetterPorts(self.letters, self.log),
            OverviewPorts: lambda: OverviewPorts(self, self.settings),
            SellPlansPorts: lambda: SellPlansPorts(self.profiles, self.settings),
            UsagePorts: lambda: UsagePorts(FakeUsage(self.store), self.settings, self),
        }

    @property
    def front(self) -> OperatorFront:
        return OperatorFront(resolver(), self.services, Cursors(lambda: "a secret of the tests"))

    # --- what stands in it ---

    def let_in(self, tenant_id: str, name: str, counters: dict[str, int], **changes: object) -> None:
        asked = TenantId(tenant_id)
        self.profiles.tenants[asked] = Tenant(asked, name=name, **changes)  # type: ignore[arg-type]  # its own fields
        month = month_of(self.now)
        self.store.count(asked, UsageDelta(month, counters, self.now - timedelta(minutes=12) if counters else None))


def busy_marketplace(now: datetime) -> Marketplace:
    """One seller who is well, one near the end of a plan, one whose number is paused, one suspended, one new."""
    market = Marketplace(now)
    market.settings.prices = PriceTable(meta={"service": 4_000, "utility": 4_000})
    market.settings.plans["small"] = Plan("small", PlanLimits(replies=1_000, tokens=2_000_000, micro_usd=20_000_000))
    small = {"plan": "small", "limits": market.settings.plans["small"].limits}
    market.let_in("maple-home", "Maple Home", _counters(4_212, 3_610, 148, {"131026": 12, "131047": 3}))
    market.let_in("cedar-books", "Cedar & Sons Books", _counters(1_020, 871, 60, {}), **small)
    market.let_in("birch-bikes", "Birch Bikes", _counters(310, 120, 96, {"190": 41}))
    market.let_in("willow-wool", "Willow Wool", _counters(90, 80, 4, {}), status=TenantStatus.SUSPENDED)
    market.let_in("alder-art", "<img src=x onerror=alert(1)>", {})
    for back in range(1, 9):
        month = (now.replace(day=1) - timedelta(days=30 * back)).strftime("%Y-%m")
        counters = {"messages": 3_900 - 310 * back, "replies": 3_400 - 280 * back, "answers": 3_300 - 280 * back}
        market.store.count(TenantId("maple-home"), UsageDelta(month, counters))
    number = PhoneNumberId("106540352242922")
    flagged = MetasWord("FLAGGED", now - timedelta(days=2), Severity.WARNING)
    market.healths[TenantId("birch-bikes")] = TenantHealth({number: 190}, {AlertKind.QUALITY_UPDATE: flagged})
    approved = MetasWord("VERIFIED_ACCOUNT", now - timedelta(days=9), Severity.INFORMATION)
    market.healths[TenantId("cedar-books")] = TenantHealth(
        {}, {AlertKind.ACCOUNT_UPDATE: approved}, {"spring_sale · es": "REJECTED"}
    )
    hour = timedelta(hours=1)
    market.letters.lying = [
        LetterGroup("3f9a1c20", "inbox-dlq", "message", "text", "KeyError at receive.py:118", 7, now - 3 * hour, now),
        LetterGroup(
            "91bb02de", "replies-dlq", "reply_job", "", "ServiceUnavailableError at ground.py:64", 2, now - hour, now
        ),
    ]
    return market


def _counters(messages: int, replies: int, escalations: int, failures: dict[str, int]) -> dict[str, int]:
    return {
        "messages": messages,
        "messages_text": messages - 40,
        "messages_image": 40,
        "customers": messages // 4,
        "replies": replies,
        "answers": replies - escalations,
        "escalations": escalations,
        "billable_service": replies,
        "model_turns": replies,
        "model_tokens_in": replies * 900,
        "model_tokens_out": replies * 80,
        "model_micro_usd": replies * 74,
        **{f"failed_{code}": count for code, count in failures.items()},
    }
