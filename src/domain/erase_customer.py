"""Use case: everything of one customer is deleted, and does not come back.

    look ──▶ forget ──▶ delete, place by place ──▶ look again ──▶ finish
             one transaction

`forget` is the moment of the erasure: tombstones for all identities, in the transaction in which the customer's rows
and the states of their conversations go. Before it they are a customer like any other; after it a message of theirs is
refused if it was sent before, and begins a new customer, with another id, if it was sent after. So whatever is deleted
later, at leisure, is in rows that nobody writes any more.

What the deletion has to go by stands in the customer's partition until it is finished: whoever is stopped, anywhere,
runs it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.customer_data import Asked, CustomerPlace, CustomerSearch, Subject
from domain.errors import ContentionError
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from domain.replies import ReplyState
from domain.tenants import TenantId
from domain.tombstones import hashed

COMMAND = "customers erase"
_TRIES = 5
_SHOWN = 16
"""Digits of a hash, to tell two subjects apart in a list."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One that has begun: its customer is forgotten."""

    erasure_id: str
    subject: Subject

    @property
    def erased_at(self) -> datetime:
        if self.subject.until is None:
            raise ValueError("an erasure has a moment")
        return self.subject.until


class Erasures(Protocol):
    def begin(self, tenant_id: TenantId, subject: Subject, erasure_id: str, now: datetime) -> Erasure | None:
        """Tombstones for all identities, in the transaction in which the customer's rows and their states go.

        None, and nothing written, where something has come from them since `subject` was found.
        """

    def unfinished(self, tenant_id: TenantId, asked: Asked) -> Erasure | None:
        """One that was begun and not finished."""

    def finish(self, tenant_id: TenantId, erasure: Erasure) -> None:
        """Takes away what it went by. The tombstones stay."""


@dataclass(frozen=True, slots=True)
class By:
    """Who asked for it."""

    operator: str
    identity: str = ""


@dataclass(frozen=True, slots=True)
class ErasePorts:
    search: CustomerSearch
    erasures: Erasures
    places: Sequence[CustomerPlace]
    log: OperatorLog


@dataclass(frozen=True, slots=True)
class PlaceCount:
    place: str
    found: int
    deleted: int
    left: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Nothing in it tells who it was, but to whoever asks about a number that they know."""

    receipt_id: str
    tenant_id: TenantId
    subject: tuple[str, ...]
    """Hashes of the identities, as the tombstones carry them."""
    by: By
    begun_at: datetime
    erased_at: datetime | None
    """None of a dry run."""
    resumed: bool
    places: tuple[PlaceCount, ...]
    on_their_way: int
    """Replies that were being sent: they may arrive all the same."""

    @property
    def complete(self) -> bool:
        return self.erased_at is not None and not any(count.left for count in self.places)


Step = Callable[[str], None]


def would_erase(tenant_id: TenantId, asked: Asked, *, by: By, now: datetime, ports: ErasePorts) -> Receipt:
    """What there is, with nothing done."""
    left_over = ports.erasures.unfinished(tenant_id, asked)
    subject = left_over.subject if left_over else ports.search.find(tenant_id, asked)
    found, on_their_way = _look(subject, ports)
    counts = tuple(PlaceCount(place, number, 0, number) for place, number in found.items())
    return Receipt("", tenant_id, _hashes(subject), by, now, None, left_over is not None, counts, on_their_way)


def erase(  # noqa: PLR0913 (whom, by whom, when, and who looks on)
    tenant_id: TenantId,
    asked: Asked,
    *,
    receipt_id: str,
    by: By,
    now: datetime,
    ports: ErasePorts,
    step: Step = lambda _: None,
) -> Receipt:
    """Deletes everything, looks again, and answers with what became of it.

    An erasure that was stopped is gone on with, of the moment in which it had begun: who has come back since is
    somebody new, and stays.
    """
    step("look")
    left_over = ports.erasures.unfinished(tenant_id, asked)
    subject = left_over.subject if left_over else ports.search.find(tenant_id, asked)
    running = OperatorAction(
        receipt_id, now, by.operator, by.identity, COMMAND, f"{tenant_id} {shown(subject)}", ActionState.RUNNING
    )
    with _recorded(running, ports.log) as came_to:
        found, on_their_way = _look(subject, ports)
        step("forget")
        erasure = left_over or _begin(tenant_id, asked, receipt_id, now, ports)
        subject, deleted = erasure.subject, dict.fromkeys(found, 0)
        for place in ports.places:
            step(place.name)
            deleted[place.name] = place.erase(tenant_id, subject)
        step("look again")
        left, _ = _look(subject, ports)
        counts = tuple(_count(name, found[name], gone, left[name]) for name, gone in deleted.items())
        receipt = Receipt(
            receipt_id=receipt_id,
            tenant_id=tenant_id,
            subject=_hashes(subject),
            by=by,
            begun_at=now,
            erased_at=erasure.erased_at,
            resumed=left_over is not None,
            places=counts,
            on_their_way=on_their_way,
        )
        if receipt.complete:
            ports.erasures.finish(tenant_id, erasure)
        came_to.append(receipt)
    return receipt


def _begin(tenant_id: TenantId, asked: Asked, receipt_id: str, now: datetime, ports: ErasePorts) -> Erasure:
    for _ in range(_TRIES):
        subject = ports.search.find(tenant_id, asked)
        erasure = ports.erasures.begin(tenant_id, subject, receipt_id, now)
        if erasure is not None:
            return erasure
    raise ContentionError("the customer kept writing while they were to be erased: run it again")


def _look(subject: Subject, ports: ErasePorts) -> tuple[Mapping[str, int], int]:
    """How much there is of them in each place, and how many replies are being sent."""
    found, on_their_way = {}, 0
    for place in ports.places:
        found[place.name] = 0
        for record in place.records(subject.tenant_id, subject):
            found[place.name] += 1
            on_their_way += record.content.get("state") == ReplyState.SENDING
    return found, on_their_way


def shown(subject: Subject) -> str:
    """In the operators' log: enough to find the erasure of a number that somebody asks about."""
    return ", ".join(name[:_SHOWN] for name in _hashes(subject))


def _count(place: str, found: int, gone: int, left: int) -> PlaceCount:
    """Of what was found, some had gone in the first transaction; and behind what was found there may have been more."""
    return PlaceCount(place, max(found, gone + left), max(found - left, gone), left)


def _hashes(subject: Subject) -> tuple[str, ...]:
    return tuple(sorted(hashed(subject.tenant_id, identity) for identity in subject.identities))


@contextmanager
def _recorded(action: OperatorAction, log: OperatorLog) -> Iterator[list[Receipt]]:
    """Before it is begun, and as it ends."""
    came_to: list[Receipt] = []
    log.put(action)
    state, counts = ActionState.FAILED, {}
    try:
        yield came_to
        state = ActionState.DONE if came_to[0].complete else ActionState.FAILED
        counts = {count.place: count.deleted for count in came_to[0].places if count.deleted}
    finally:
        log.put(replace(action, state=state, counts=counts))
