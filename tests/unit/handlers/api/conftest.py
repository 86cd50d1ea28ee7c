from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from domain.canned_replies import CannedReplyPorts
from domain.customer_book import CustomerBookPorts
from domain.desk import DeskPorts
from domain.desk_sends import DeskSendPorts
from domain.keep_products import KeepProductsPorts
from handlers.api.asking import Services
from handlers.api.cursors import Cursors
from handlers.api.front import Front
from handlers.api.once import Once
from handlers.api.resolver import resolver
from tests.fakes.api import Caller, FakePersistence, FakeProductRows, FakeRequestCounts, at_noon, authenticate
from tests.fakes.desk_deployment import FakeDesk


@dataclass
class Shop:
    """The API over fakes."""

    rows: FakeProductRows = field(default_factory=FakeProductRows)
    counts: FakeRequestCounts = field(default_factory=FakeRequestCounts)
    persistence: FakePersistence = field(default_factory=FakePersistence)
    desk: FakeDesk = field(default_factory=FakeDesk)

    @property
    def services(self) -> Services:
        return {
            KeepProductsPorts: lambda: KeepProductsPorts(self.rows),
            DeskPorts: lambda: self.desk.desk_ports,
            DeskSendPorts: lambda: self.desk.send_ports,
            CannedReplyPorts: lambda: self.desk.canned_ports,
            CustomerBookPorts: lambda: self.desk.book_ports,
        }

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


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def call(shop: Shop) -> Caller:
    return Caller(shop.front)
