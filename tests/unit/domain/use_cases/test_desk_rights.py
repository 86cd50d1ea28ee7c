"""What a tenant's admin hands out of a customer, or erases, within the time of one request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from domain.access import Principal, Role
from domain.customer_data import CustomerRecord
from domain.desk_rights import MOST_BYTES, RightsPorts, erase_customer, export_customer
from domain.erase_customer import ErasePorts
from domain.errors import InvalidInputError, NotFoundError
from domain.export_customer import ExportPorts
from tests.builders import ACME, ALICE, BOB, GLOBEX, after, recording
from tests.contracts.world import World
from tests.fakes.desk import DeskTrail
from tests.fakes.erasures import FakeCustomerSearch, FakeErasures, FakeOperatorLog, FakePlace
from tests.fakes.store import Store
from tests.fakes.world import fake_world

ANA = Principal("sub-ana", "Ana Reyes", Role.TENANT_ADMIN, ACME)
HERS = ALICE.first_customer_id(ACME)


@dataclass
class Desk:
    """`slow`: how long passes whenever somebody looks at the clock."""

    slow: timedelta = timedelta(0)
    store: Store = field(default_factory=Store)
    words: FakePlace = field(
        default_factory=lambda: FakePlace("conversations", [CustomerRecord("messages", {"words": "hello"})])
    )
    files: FakePlace = field(default_factory=lambda: FakePlace("media", [CustomerRecord("files", {"key": "1"})]))
    audit: DeskTrail = field(default_factory=DeskTrail)
    log: FakeOperatorLog = field(default_factory=FakeOperatorLog)
    now: datetime = field(default_factory=lambda: after(hours=1))

    def __post_init__(self) -> None:
        self.world: World = fake_world(self.store)
        self.world.record(recording())
        search, places = FakeCustomerSearch(self.store), (self.words, self.files)
        self.ports = RightsPorts(
            erasing=ErasePorts(search, FakeErasures(self.store), places, self.log),
            exporting=ExportPorts(search, places, self.log),
            inbox=self.world.inbox,
            audit=self.audit,
            clock=self._clock,
        )

    def _clock(self) -> datetime:
        self.now += self.slow
        return self.now

    @property
    def held(self) -> Iterator[CustomerRecord]:
        yield from (*self.words.held, *self.files.held)


def test_all_of_a_customer_goes_and_the_trail_names_the_receipt_alone() -> None:
    desk = Desk()
    receipt = erase_customer(ANA, HERS, ports=desk.ports)
    assert receipt is not None
    assert receipt.complete
    assert list(desk.held) == []
    [entry] = desk.audit.entries
    assert (entry.action, entry.object_id, entry.name) == ("customer.erased", receipt.receipt_id, "Ana Reyes")
    with pytest.raises(NotFoundError):
        erase_customer(ANA, HERS, ports=desk.ports)


def test_what_takes_longer_than_a_request_goes_on_when_it_is_asked_for_again() -> None:
    desk, asked = Desk(slow=timedelta(seconds=6)), 1
    while (receipt := erase_customer(ANA, HERS, ports=desk.ports)) is None:
        asked += 1
        desk.slow /= 2
        assert desk.audit.actions == []
    assert asked > 1
    assert receipt.resumed
    assert list(desk.held) == []
    assert desk.audit.actions == ["customer.erased"]


def test_what_cannot_be_deleted_is_not_called_erased() -> None:
    desk = Desk()
    desk.files.stubborn = True
    assert erase_customer(ANA, HERS, ports=desk.ports) is None
    assert desk.audit.actions == []
    desk.files.stubborn = False
    assert erase_customer(ANA, HERS, ports=desk.ports) is not None


def test_nobody_erases_or_exports_another_tenants_customer() -> None:
    desk, glen = Desk(), Principal("sub-glen", "Glen", Role.TENANT_ADMIN, GLOBEX)
    for who, customer_id in ((glen, HERS), (ANA, BOB.first_customer_id(ACME))):
        with pytest.raises(NotFoundError):
            erase_customer(who, customer_id, ports=desk.ports)
        with pytest.raises(NotFoundError):
            export_customer(who, customer_id, ports=desk.ports)
    assert len(list(desk.held)) == 2
    assert desk.log.actions == {}


def test_an_export_has_every_place() -> None:
    desk = Desk()
    exported, collected = export_customer(ANA, HERS, ports=desk.ports)
    assert exported.places == {"conversations": {"messages": 1}, "media": {"files": 1}}
    assert [(place, record.kind) for place, record in collected.records] == [
        ("conversations", "messages"),
        ("media", "files"),
    ]
    assert desk.audit.actions == ["customer.exported"]


def test_more_than_an_answer_holds_is_an_operators_to_export() -> None:
    desk = Desk()
    desk.words.held = [CustomerRecord("messages", {"words": "x" * (MOST_BYTES // 3)}) for _ in range(3)]
    with pytest.raises(InvalidInputError, match="an operator exports it"):
        export_customer(ANA, HERS, ports=desk.ports)
    assert desk.audit.actions == []
