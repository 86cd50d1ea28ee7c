"""Use cases: a tenant's admin hands out what is stored of a customer, or has it erased, from the desk.

An erasure may be stopped anywhere and goes on when it is asked for again, so it needs no job: one request does as much
of it as its time allows. What the tenant sees is their own: what was put aside as nobody's, operators' words and dead
letters are an operator's to search (`ai-marketplace customers`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.access import Principal
from domain.audit_trail import AuditTrail, done_by
from domain.customer_data import Asked, CustomerRecord
from domain.customers import CustomerId
from domain.erase_customer import By, ErasePorts, Receipt, erase
from domain.errors import InvalidInputError, NotFoundError
from domain.export_customer import Export, ExportPorts, export
from domain.inbox import Inbox

TIME = timedelta(seconds=18)
"""For one request, of the gateway's 29 s: beyond it no further place is begun."""
MOST_BYTES = 4_000_000
"""Of an export that goes out as one answer: Lambda hands on 6 MB."""


class _OutOfTimeError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class RightsPorts:
    erasing: ErasePorts
    exporting: ExportPorts
    inbox: Inbox
    audit: AuditTrail
    clock: Callable[[], datetime]


@dataclass(slots=True)
class Collected:
    """An archive in memory, without the files themselves."""

    records: list[tuple[str, CustomerRecord]] = field(default_factory=list)
    size: int = 0
    """In bytes, as text."""

    def add(self, place: str, record: CustomerRecord) -> None:
        """Raises `InvalidInputError` where it becomes more than one answer can be."""
        self.size += len(record.line.encode())
        if self.size > MOST_BYTES:
            raise InvalidInputError(
                "", "this is more than one answer can hold: an operator exports it (ai-marketplace customers export)"
            )
        self.records.append((place, record))


def erase_customer(who: Principal, customer_id: CustomerId, *, ports: RightsPorts) -> Receipt | None:
    """None: it has begun, and goes on when it is asked for again. Raises `NotFoundError`."""
    tenant_id, asked, begun_at = who.tenant(), Asked(customer_id=customer_id), ports.clock()
    begun = ports.erasing.erasures.unfinished(tenant_id, asked)
    if begun is None and not ports.inbox.lines(tenant_id, [customer_id]):
        raise NotFoundError("there is no such customer")

    def in_time(_: str) -> None:
        if ports.clock() - begun_at > TIME:
            raise _OutOfTimeError

    receipt_id = begun.erasure_id if begun else secrets.token_hex(8)
    try:
        receipt = erase(
            tenant_id,
            asked,
            receipt_id=receipt_id,
            by=By(who.name, who.subject),
            now=begun_at,
            ports=ports.erasing,
            step=in_time,
        )
    except _OutOfTimeError:
        return None
    if not receipt.complete:
        return None
    ports.audit.write(done_by(who, "customer.erased", receipt_id, now=begun_at))
    return receipt


def export_customer(who: Principal, customer_id: CustomerId, *, ports: RightsPorts) -> tuple[Export, Collected]:
    """Raises `NotFoundError`, and `InvalidInputError` where it is too much for one answer."""
    tenant_id, now, collected = who.tenant(), ports.clock(), Collected()
    if not ports.inbox.lines(tenant_id, [customer_id]):
        raise NotFoundError("there is no such customer")
    exported = export(
        tenant_id,
        Asked(customer_id=customer_id),
        export_id=secrets.token_hex(8),
        by=By(who.name, who.subject),
        now=now,
        archive=collected,
        ports=ports.exporting,
    )
    ports.audit.write(done_by(who, "customer.exported", customer_id, now=now, export=exported.export_id))
    return exported, collected
