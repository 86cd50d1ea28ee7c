"""Use cases: a tenant's people look for their customers, and note what these want."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.access import Principal
from domain.audit_trail import AuditTrail, done_by
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.errors import NotFoundError
from domain.inbox import Inbox, InboxLine
from domain.languages import fold
from domain.opt_out import OptOut, OptOutSource
from domain.ports import OptOuts
from domain.tenants import TenantId

MOST_FOUND = 50
_NOT_OF_A_NUMBER = re.compile(r"[\s().+-]")
_NUMBER = re.compile(r"\d{3,15}")
_WHOLE_NUMBER = 7
"""Digits from which on something may be a whole phone number."""
_USER_ID = re.compile(r"[A-Z]{2}\.[0-9A-Za-z]{6,}")


@dataclass(frozen=True, slots=True)
class KeptCustomer:
    customer: Customer
    opt_out: OptOut | None
    """What holds of offers."""


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    kept: KeptCustomer
    line: InboxLine | None


@dataclass(frozen=True, slots=True)
class CustomerMark:
    """Behind whom a page ended."""

    last_interaction: datetime
    key: str
    """What they are filed under."""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    customers: tuple[KeptCustomer, ...]
    """Who wrote last, first."""
    next: CustomerMark | None


class CustomerBook(Protocol):
    def page(self, tenant_id: TenantId, after: CustomerMark | None, limit: int) -> CustomerPage:
        """In one call."""

    def newest(self, tenant_id: TenantId) -> Sequence[KeptCustomer]:
        """As many of those who wrote last as one query brings, which is 1 MB: some two thousand."""

    def of(self, tenant_id: TenantId, identity: CustomerIdentity) -> KeptCustomer | None:
        """Who is filed under one of its names, the BSUID before the phone; two calls at most for each name."""


@dataclass(frozen=True, slots=True)
class CustomerBookPorts:
    book: CustomerBook
    inbox: Inbox
    opt_outs: OptOuts
    audit: AuditTrail


def list_customers(
    tenant_id: TenantId, after: CustomerMark | None, limit: int, *, ports: CustomerBookPorts
) -> CustomerPage:
    return ports.book.page(tenant_id, after, limit)


def find_customers(tenant_id: TenantId, words: str, *, ports: CustomerBookPorts) -> list[FoundCustomer]:
    """By a whole phone number or user id among all; by the beginning of one, or words of a name, among the newest.

    Three calls at most, however many there are.
    """
    named = _identity_in(words)
    exact = ports.book.of(tenant_id, named) if named else None
    found = [exact] if exact else [one for one in ports.book.newest(tenant_id) if _is_meant(one.customer, words)]
    found = found[:MOST_FOUND]
    lines = {
        line.customer_id: line for line in ports.inbox.lines(tenant_id, [one.customer.customer_id for one in found])
    }
    return [FoundCustomer(one, lines.get(one.customer.customer_id)) for one in found]


def read_customer(tenant_id: TenantId, customer_id: CustomerId, *, ports: CustomerBookPorts) -> FoundCustomer:
    """Raises `NotFoundError`."""
    lines = ports.inbox.lines(tenant_id, [customer_id])
    kept = ports.book.of(tenant_id, lines[0].conversation.recipient) if lines else None
    if kept is None or kept.customer.customer_id != customer_id:
        raise NotFoundError("there is no such customer")
    return FoundCustomer(kept, lines[0])


def note_wish(
    who: Principal, customer_id: CustomerId, *, opted_out: bool, now: datetime, ports: CustomerBookPorts
) -> FoundCustomer:
    """What a customer has told a person of the seller about offers. Raises `NotFoundError`."""
    tenant_id = who.tenant()
    found = read_customer(tenant_id, customer_id, ports=ports)
    opt_out = OptOut(opted_out, since=now, told_at=now, source=OptOutSource.PERSON, cause=who.subject)
    ports.opt_outs.keep(tenant_id, found.kept.customer.identity, opt_out)
    wish = "customer.opted_out" if opted_out else "customer.opted_in"
    ports.audit.write(done_by(who, wish, customer_id, now=now))
    return read_customer(tenant_id, customer_id, ports=ports)


def _identity_in(words: str) -> CustomerIdentity | None:
    number = _NOT_OF_A_NUMBER.sub("", words)
    if number.isdigit() and len(number) >= _WHOLE_NUMBER:
        return CustomerIdentity(phone=number)
    return CustomerIdentity(user_id=words.strip()) if _USER_ID.fullmatch(words.strip()) else None


def _is_meant(customer: Customer, words: str) -> bool:
    number = _NOT_OF_A_NUMBER.sub("", words)
    if _NUMBER.fullmatch(number):
        return any(name.startswith(number) for name in {customer.key, *customer.aliases, *customer.identity.keys})
    named = f"{customer.identity.profile_name or ''} {customer.identity.username or ''}"
    return bool(fold(words)) and fold(words) in fold(named)
