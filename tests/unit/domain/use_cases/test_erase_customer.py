"""The erasure's steps, wherever it is stopped; what its receipt says; and who may look on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from domain.customer_data import Asked, CustomerRecord, Subject
from domain.customers import CustomerIdentity
from domain.erase_customer import By, ErasePorts, Receipt, erase, would_erase
from domain.errors import ContentionError, ServiceUnavailableError
from domain.export_customer import Export, ExportPorts, export
from domain.messages import InboundMessage
from domain.operator_log import ActionState
from domain.receive import Outcome
from domain.tenants import TenantId
from domain.tombstones import Erased
from tests.builders import ACME, ALICE, after, message, recording
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.erasures import FakeCustomerSearch, FakeErasures, FakeOperatorLog, FakePlace
from tests.fakes.store import Store
from tests.fakes.world import fake_world
from tests.identity_stories import BY_PHONE, BY_USER_ID

THEN = after(minutes=10)


@dataclass(slots=True)
class Given:
    store: Store = field(default_factory=Store)
    messages: FakePlace = field(
        default_factory=lambda: FakePlace(
            "messages",
            [CustomerRecord("messages", {"words": "hello"}), CustomerRecord("messages", {"state": "sending"})],
        )
    )
    files: FakePlace = field(default_factory=lambda: FakePlace("files", [CustomerRecord("files", {"key": "1"})]))
    log: FakeOperatorLog = field(default_factory=FakeOperatorLog)
    erasures: FakeErasures = field(init=False)

    def __post_init__(self) -> None:
        self.erasures = FakeErasures(self.store)
        fake_world(self.store).record(recording())

    @property
    def ports(self) -> ErasePorts:
        return ErasePorts(FakeCustomerSearch(self.store), self.erasures, (self.messages, self.files), self.log)

    def erase(self, ports: ErasePorts | None = None, receipt_id: str = "r-1") -> Receipt:
        return erase(ACME, Asked(ALICE.key), receipt_id=receipt_id, by=By("ana"), now=THEN, ports=ports or self.ports)


def watched(given: Given, doom: Doom) -> ErasePorts:
    ports = given.ports
    return ErasePorts(
        doom.watch(ports.search),
        doom.watch(ports.erasures),
        tuple(_Watched(place, doom) for place in (given.messages, given.files)),
        doom.watch(ports.log),
    )


@dataclass(slots=True)
class _Watched:
    place: FakePlace
    doom: Doom

    @property
    def name(self) -> str:
        return self.place.name

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        yield from self.doom.call("records", lambda: self.place.records(tenant_id, subject))

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        return int(self.doom.call("erase", lambda: self.place.erase(tenant_id, subject)))


def test_the_receipt_says_what_became_of_each_place() -> None:
    given = Given()
    receipt = given.erase()
    assert [(count.place, count.found, count.deleted, count.left) for count in receipt.places] == [
        ("messages", 2, 2, 0),
        ("files", 1, 1, 0),
    ]
    assert (receipt.complete, receipt.on_their_way, receipt.erased_at, receipt.resumed) == (True, 1, THEN, False)
    assert ALICE.key not in str(receipt)
    assert given.log.actions["r-1"].state is ActionState.DONE
    assert given.log.actions["r-1"].counts == {"messages": 2, "files": 1}


def test_each_step_is_told() -> None:
    steps: list[str] = []
    given = Given()
    erase(ACME, Asked(ALICE.key), receipt_id="r-1", by=By("ana"), now=THEN, ports=given.ports, step=steps.append)
    assert steps == ["look", "forget", "messages", "files", "look again"]


def test_a_rehearsal_leaves_everything() -> None:
    given = Given()
    before = given.store.snapshot()
    rehearsal = would_erase(ACME, Asked(ALICE.key), by=By("ana"), now=THEN, ports=given.ports)
    assert [(count.found, count.deleted, count.left) for count in rehearsal.places] == [(2, 0, 2), (1, 0, 1)]
    assert not rehearsal.complete
    assert given.store.snapshot() == before
    assert given.log.actions == {}


def test_wherever_it_dies_it_is_gone_on_with_and_ends_complete() -> None:
    healthy = Given()
    doom = Doom()
    healthy.erase(watched(healthy, doom))
    for n in range(len(doom.calls)):
        for when in When:
            given, doomed = Given(), Doom(n, when)
            with pytest.raises(Crash):
                given.erase(watched(given, doomed))
            begun = given.erasures.unfinished(ACME, Asked(ALICE.key))
            receipt = given.erase(receipt_id="r-2")
            where = f"{when} call {n} of {doom.calls}"
            assert receipt.complete, where
            assert receipt.resumed is (begun is not None), where
            assert given.erasures.unfinished(ACME, Asked(ALICE.key)) is None, where
            late = fake_world(given.store).conversations.record(ACME, recording(message(message_id="wamid.2")))
            assert late == Erased(), where


def test_who_has_come_back_before_it_is_gone_on_with_stays() -> None:
    given = Given()
    given.files.stubborn = True
    assert not given.erase().complete
    new = fake_world(given.store).record(recording(message(message_id="wamid.new", at=after(minutes=11))))
    given.files.stubborn = False
    receipt = erase(ACME, Asked(ALICE.key), receipt_id="r-2", by=By("ana"), now=after(hours=1), ports=given.ports)
    assert (receipt.complete, receipt.resumed, receipt.erased_at) == (True, True, THEN)
    assert (ACME, new.customer_id) in given.store.conversations


def test_what_is_left_is_told_and_the_erasure_is_not_finished() -> None:
    given = Given()
    given.files.stubborn = True
    receipt = given.erase()
    assert not receipt.complete
    assert [count.left for count in receipt.places] == [0, 1]
    assert given.log.actions["r-1"].state is ActionState.FAILED


def test_a_customer_who_keeps_writing_is_looked_for_again_and_in_the_end_it_gives_up() -> None:
    given = Given()
    looks: list[int] = []

    class Busy(FakeErasures):
        def begin(self, *_: object) -> None:
            looks.append(1)

    with pytest.raises(ContentionError, match="run it again"):
        given.erase(replace(given.ports, erasures=Busy(given.store)))
    assert len(looks) == 5
    assert given.log.actions["r-1"].state is ActionState.FAILED


def test_what_cannot_be_recorded_is_not_done() -> None:
    given = Given()
    given.log.down = True
    before = given.store.snapshot()
    with pytest.raises(ServiceUnavailableError):
        given.erase()
    assert given.store.snapshot() == before
    with pytest.raises(ServiceUnavailableError):
        exported(given)


def test_an_export_tells_each_place_and_where_nothing_is() -> None:
    given = Given()
    given.files.held.clear()
    told, kept = exported(given)
    assert told.places == {"messages": {"messages": 2}, "files": {}}
    assert told.records == len(kept) == 2
    assert given.log.actions["x-1"].state is ActionState.DONE
    assert ALICE.key not in str(given.log.actions)


def exported(given: Given) -> tuple[Export, list[CustomerRecord]]:
    kept: list[CustomerRecord] = []

    class Archive:
        def add(self, _: str, record: CustomerRecord) -> None:
            kept.append(record)

    ports = ExportPorts(FakeCustomerSearch(given.store), (given.messages, given.files), given.log)
    asked = Asked(ALICE.key)
    return export(ACME, asked, export_id="x-1", by=By("ana"), now=THEN, archive=Archive(), ports=ports), kept


def said(minute: int, sender: CustomerIdentity) -> InboundMessage:
    return message(message_id=f"wamid.{minute}", at=after(minutes=minute), sender=sender)


def test_two_are_not_merged_by_a_message_from_before_the_erasure_of_either() -> None:
    """Both have come back, or are new: of that message neither is heard."""
    deployment = Deployment()
    world = deployment.world
    subject = world.search.find(ACME, Asked(BY_USER_ID.key))
    assert world.erasures.begin(ACME, subject, "erasure-1", after(minutes=10))
    for n, sender in ((20, BY_PHONE), (21, BY_USER_ID)):
        assert deployment.receive(said(n, sender)).outcome is Outcome.REPLY_DUE
    before = world.look.everything()
    both = CustomerIdentity(phone=BY_PHONE.phone, user_id=BY_USER_ID.user_id)
    assert deployment.receive(said(5, both)).outcome is Outcome.ERASED
    assert world.look.everything() == before
    deployment.receive(said(25, both))
    assert world.look.customers(ACME) == 1
