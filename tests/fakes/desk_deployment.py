"""Ana's desk at Acme, over fakes: the ports of everything that people do at the inbox."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.canned_replies import CannedReplyPorts
from domain.customer_book import CustomerBookPorts
from domain.customer_data import CustomerRecord
from domain.desk import DeskPorts
from domain.desk_rights import RightsPorts
from domain.desk_sends import DeskSendPorts
from domain.erase_customer import ErasePorts
from domain.export_customer import ExportPorts
from tests.builders import ACME, GLOBEX, GLOBEX_NUMBER, NOON, number, tenant
from tests.contracts.world import World
from tests.fakes.desk import DeskTrail, FakeMediaLinks
from tests.fakes.erasures import FakeOperatorLog, FakePlace
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world


def _tenants() -> FakeTenants:
    tenants = FakeTenants()
    tenants.put(number(tenant(ACME)))
    tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
    return tenants


@dataclass(slots=True)
class FakeDesk:
    world: World = field(default_factory=fake_world)
    tenants: FakeTenants = field(default_factory=_tenants)
    audit: DeskTrail = field(default_factory=DeskTrail)
    words: FakePlace = field(
        default_factory=lambda: FakePlace("conversations", [CustomerRecord("messages", {"words": "hello"})])
    )
    log: FakeOperatorLog = field(default_factory=FakeOperatorLog)
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        self.cast = Cast(self.world, self.tenants)

    @property
    def desk_ports(self) -> DeskPorts:
        return DeskPorts(
            inbox=self.world.inbox,
            threads=self.world.threads,
            media_links=FakeMediaLinks(),
            notes=self.world.notes,
            conversations=self.world.conversations,
            notifications=self.cast.notifications,
            audit=self.audit,
        )

    @property
    def send_ports(self) -> DeskSendPorts:
        return DeskSendPorts(self.cast.send_ports, self.audit)

    @property
    def canned_ports(self) -> CannedReplyPorts:
        return CannedReplyPorts(self.world.canned)

    @property
    def book_ports(self) -> CustomerBookPorts:
        return CustomerBookPorts(self.world.book, self.world.inbox, self.world.opt_outs, self.audit)

    @property
    def rights_ports(self) -> RightsPorts:
        search, places = self.world.search, (self.words,)
        return RightsPorts(
            erasing=ErasePorts(search, self.world.erasures, places, self.log),
            exporting=ExportPorts(search, places, self.log),
            inbox=self.world.inbox,
            audit=self.audit,
            clock=lambda: NOON,
        )
