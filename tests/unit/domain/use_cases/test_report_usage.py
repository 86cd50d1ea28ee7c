from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from domain.costs import PriceTable
from domain.errors import InvalidInputError, NotFoundError
from domain.plans import Measure, PlanLimits, Standing
from domain.report_usage import forecast, monthly_statement, report_usage
from domain.tenants import TenantId
from domain.usage import UsageDelta
from tests.builders import ACME, MONTH, NOON, number, tenant
from tests.fakes.operator_settings import FakeOperatorSettings
from tests.fakes.store import Store
from tests.fakes.tenants import FakeTenants
from tests.fakes.usage import FakeUsage


@dataclass
class Ports:
    store: Store = field(default_factory=Store)
    prices: FakeOperatorSettings = field(default_factory=FakeOperatorSettings)
    tenants: FakeTenants = field(default_factory=lambda: FakeTenants(number(tenant(limits=PlanLimits(replies=100)))))

    @property
    def usage(self) -> FakeUsage:
        return FakeUsage(self.store)


@pytest.fixture
def ports() -> Ports:
    return Ports()


def test_the_months_are_there_in_their_order_even_those_without_anything(ports: Ports) -> None:
    ports.store.count(ACME, UsageDelta("2026-09", {"replies": 7}))
    ports.store.count(ACME, UsageDelta(MONTH, {"replies": 44}))
    report = report_usage(ACME, 4, now=NOON, ports=ports)
    assert [(usage.month, usage.counters.get("replies")) for usage in report.months] == [
        ("2026-08", None),
        ("2026-09", 7),
        ("2026-10", None),
        (MONTH, 44),
    ]
    assert report.standings == (Standing(Measure.REPLIES, 44, 100),)
    assert report.current.month == MONTH


def test_over_the_turn_of_the_year(ports: Ports) -> None:
    report = report_usage(ACME, 3, now=datetime(2027, 1, 20, tzinfo=UTC), ports=ports)
    assert [usage.month for usage in report.months] == ["2026-11", "2026-12", "2027-01"]


def test_the_rest_of_the_month_is_taken_to_go_on_as_it_began() -> None:
    half = datetime(2026, 11, 16, tzinfo=UTC)
    assert forecast(500, half) == 1000
    assert forecast(0, half) == 0
    assert forecast(1000, datetime(2026, 11, 30, 23, 59, tzinfo=UTC)) == 1000


def test_on_the_first_day_nothing_is_foretold(ports: Ports) -> None:
    ports.store.count(ACME, UsageDelta(MONTH, {"replies": 9}))
    assert report_usage(ACME, 1, now=datetime(2026, 11, 1, 23, tzinfo=UTC), ports=ports).forecast is None
    later = report_usage(ACME, 1, now=datetime(2026, 11, 16, tzinfo=UTC), ports=ports)
    assert later.forecast is not None
    assert later.forecast[Measure.REPLIES] == 18


def test_a_statement_is_of_one_month_and_says_whether_it_is_over(ports: Ports) -> None:
    ports.store.count(ACME, UsageDelta("2026-10", {"billable_service": 3}))
    ports.prices.prices = PriceTable(meta={"service": 5})
    statement = monthly_statement(ACME, "2026-10", now=NOON, ports=ports)
    assert (statement.closed, statement.amount_micro_usd) == (True, 15)
    assert not monthly_statement(ACME, MONTH, now=NOON, ports=ports).closed


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-11#3", "../2026-11", "2026-11-01"])
def test_what_is_no_month_is_refused(ports: Ports, month: str) -> None:
    with pytest.raises(InvalidInputError):
        monthly_statement(ACME, month, now=NOON, ports=ports)


def test_of_nobody_there_is_none(ports: Ports) -> None:
    with pytest.raises(NotFoundError):
        report_usage(TenantId("nobody"), 1, now=NOON, ports=ports)
