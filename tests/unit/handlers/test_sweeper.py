"""One run of the sweeper: bounded, resumable, and no item keeps another waiting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from domain.conversations import Thread
from domain.customers import CustomerId
from domain.due import DueItem, DueKind
from domain.errors import ServiceUnavailableError
from domain.messages import Position
from domain.ownership import OwnerChange
from domain.sweep import SweepPorts
from domain.tenants import TenantId
from handlers import bootstrap, sweeper
from tests.builders import ACME, NOON
from tests.unit.handlers.conftest import Log

PHONE = "12025550151"
LONG_AGO = NOON - timedelta(days=1)


def item(n: int, kind: DueKind = DueKind.CONVERSATION) -> DueItem:
    return DueItem(kind, ACME, CustomerId(f"{n:024}"), LONG_AGO, sort_key=f"state-{n}")


@dataclass
class FakeDue:
    items: list[DueItem]
    settled_items: list[DueItem] = field(default_factory=list)
    asked_for: list[int] = field(default_factory=list)

    def overdue(self, now: datetime, limit: int) -> Iterable[DueItem]:
        assert now.tzinfo
        self.asked_for.append(limit)
        return [item for item in self.items if item not in self.settled_items][:limit]

    def owner_change(self, tenant_id: TenantId, item: DueItem) -> OwnerChange | None:
        raise NotImplementedError(tenant_id, item)

    def settled(self, tenant_id: TenantId, item: DueItem) -> None:
        assert tenant_id == ACME
        self.settled_items.append(item)


@dataclass
class FakeConversations:
    """No conversation is there any longer; asking for some of them raises."""

    errors: dict[str, Exception] = field(default_factory=dict)

    def thread(self, tenant_id: TenantId, customer_id: CustomerId) -> Thread | None:
        assert tenant_id == ACME
        if customer_id in self.errors:
            raise self.errors[customer_id]
        return None


@dataclass
class Given:
    due: FakeDue
    conversations: FakeConversations = field(default_factory=FakeConversations)

    @property
    def services(self) -> bootstrap.Sweeper:
        unused: Any = None
        return bootstrap.Sweeper(SweepPorts(self.due, cast("Any", self.conversations), *[unused] * 10))


class Clock(SimpleNamespace):
    """A context whose time runs out a second with each look at it."""

    def __init__(self, seconds: int) -> None:
        super().__init__(aws_request_id="request-1", seconds=seconds)

    def get_remaining_time_in_millis(self) -> int:
        self.seconds -= 1
        return int(self.seconds) * 1000


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    made = Given(FakeDue([item(n) for n in range(5)]))
    monkeypatch.setattr(bootstrap, "sweeper", lambda: made.services)
    return made


def run(seconds: int = 60) -> dict[str, int]:
    return sweeper.handler({}, Clock(seconds))


def test_everything_overdue_is_swept_and_told(given: Given, log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    assert run() == {"settled": 5}
    assert given.due.settled_items == given.due.items
    assert log.lines[-1]["outcomes"] == {"settled": 5}
    [metrics] = [json.loads(line) for line in capfd.readouterr().out.splitlines() if "ItemsSwept" in line]
    assert metrics["ItemsSwept"] == [1.0] * 5


@pytest.mark.parametrize(
    "error",
    [ServiceUnavailableError("DynamoDB"), KeyError("a row that no version wrote"), RuntimeError("a bug")],
    ids=repr,
)
def test_one_that_fails_does_not_stop_the_others(
    given: Given, log: Log, capfd: pytest.CaptureFixture[str], error: Exception
) -> None:
    given.conversations.errors[item(1).customer_id] = error
    assert run() == {"settled": 4, "failed": 1}
    assert [line["message"] for line in log.lines] == ["not_swept", "swept"]
    assert log.lines[0]["error"] == type(error).__name__
    [metrics] = [json.loads(line) for line in capfd.readouterr().out.splitlines() if "SweepsFailed" in line]
    assert metrics["SweepsFailed"] == [1.0]


def test_out_of_time_it_stops_and_the_next_run_goes_on(given: Given) -> None:
    assert run(seconds=17) == {"settled": 2}
    assert run() == {"settled": 3}
    assert given.due.settled_items == given.due.items


def test_it_asks_for_a_bounded_share(given: Given) -> None:
    run()
    assert given.due.asked_for == [320]


@pytest.mark.usefixtures("given")
def test_nothing_due_is_a_quiet_run(given: Given, log: Log) -> None:
    given.due.items.clear()
    assert run() == {}
    assert [line["message"] for line in log.lines] == ["swept"]


def test_nothing_of_a_customer_is_logged(given: Given, log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    given.due.items.append(DueItem(DueKind.ESCALATION, ACME, CustomerId("c" * 24), LONG_AGO, Position("p")))
    for n in range(3):
        given.conversations.errors[item(n).customer_id] = RuntimeError(f"{PHONE} said hello")
    run()
    assert PHONE not in log.text + "".join(capfd.readouterr())
