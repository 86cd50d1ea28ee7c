"""Customers: who wrote last, who is looked for, one of them, and what they want."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.customer_book import (
    CustomerBookPorts,
    CustomerMark,
    KeptCustomer,
    find_customers,
    list_customers,
    note_wish,
    read_customer,
)
from domain.customers import CustomerId
from handlers.api.asking import ports, routes, tenant
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, opened, request, sealed, visit

router = routes()

_LISTED = "customers"
_AT_ONCE = 50
_FEWEST_LETTERS = 2


@router.get("/customers")
def get_customers() -> Answer:
    words = request(router).query.get("q", "").strip()
    if len(words) >= _FEWEST_LETTERS:
        found = [one.kept for one in find_customers(tenant(router), words, ports=ports(router, CustomerBookPorts))]
        return _listed(found, words, "", begun=False)
    position = opened(router, _LISTED, request(router).query.get("after", ""))
    after = CustomerMark(datetime.fromisoformat(position["at"]), position["key"]) if position else None
    known = list_customers(tenant(router), after, _AT_ONCE, ports=ports(router, CustomerBookPorts))
    rest = {"at": known.next.last_interaction.isoformat(), "key": known.next.key} if known.next else None
    return _listed(known.customers, words, sealed(router, _LISTED, rest), begun=after is not None)


@router.get("/customers/<customer_id>")
def get_customer(customer_id: str) -> Answer:
    found = read_customer(tenant(router), CustomerId(customer_id), ports=ports(router, CustomerBookPorts))
    return page(router, "customers/customer.html", found=found, customer=found.kept.customer)


@router.post("/customers/<customer_id>/offers")
def post_offers(customer_id: str) -> Answer:
    who, stopped = actor(router), form(router).get("offers") == "stop"
    book = ports(router, CustomerBookPorts)
    note_wish(who, CustomerId(customer_id), opted_out=stopped, now=visit(router).now, ports=book)
    return see_other(router, "/customers/{id}", id=customer_id, done="opted_out" if stopped else "opted_in")


def _listed(found: Sequence[KeptCustomer], words: str, more: str, *, begun: bool) -> Answer:
    return page(router, "customers/list.html", customers=found, sought=words, more=more, begun=begun)
