"""A tenant's customers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from domain.access import Role
from domain.customer_book import (
    CustomerBookPorts,
    CustomerMark,
    find_customers,
    list_customers,
    note_wish,
    read_customer,
)
from domain.customers import CustomerId
from handlers.api.asking import now, opened, ports, principal, routes, sealed, tenant
from handlers.api.conversation_models import CustomerIdInPath
from handlers.api.customer_models import (
    CustomerList,
    FoundCustomers,
    SentWish,
    ToldFoundCustomer,
    told_customer,
    told_found,
)
from handlers.api.models import Cursor, Limit

router = routes()

Words = Annotated[str, Query(min_length=2, max_length=100)]


@router.get("/customers", summary="Customers, who wrote last first", tags=["Customers"], operation_id="listCustomers")
def get_customers(cursor: Cursor = None, limit: Limit = 50) -> CustomerList:
    position = opened(router, cursor)
    after = CustomerMark(datetime.fromisoformat(position["at"]), position["key"]) if position else None
    page = list_customers(tenant(router), after, limit, ports=ports(router, CustomerBookPorts))
    rest = {"at": page.next.last_interaction.isoformat(), "key": page.next.key} if page.next else None
    return CustomerList(items=[told_customer(one) for one in page.customers], next_cursor=sealed(router, rest))


@router.get(
    "/customers/search", summary="Find a customer by name or number", tags=["Customers"], operation_id="findCustomers"
)
def get_found_customers(words: Words) -> FoundCustomers:
    """A whole phone number, or a user id, is looked up among all customers. The beginning of a number, or words of a
    name, are looked for among some two thousand who wrote last. 50 at most."""
    found = find_customers(tenant(router), words, ports=ports(router, CustomerBookPorts))
    return FoundCustomers(items=[told_found(one) for one in found])


@router.get("/customers/<customer_id>", summary="One customer", tags=["Customers"], operation_id="getCustomer")
def get_customer(customer_id: CustomerIdInPath) -> ToldFoundCustomer:
    return told_found(read_customer(tenant(router), CustomerId(customer_id), ports=ports(router, CustomerBookPorts)))


@router.put(
    "/customers/<customer_id>/opt-out",
    summary="Note what they told you about offers",
    tags=["Customers"],
    operation_id="noteOptOut",
)
def put_opt_out(customer_id: CustomerIdInPath, body: SentWish) -> ToldFoundCustomer:
    who, book = principal(router), ports(router, CustomerBookPorts)
    who.demand(Role.TENANT_ADMIN, Role.TENANT_AGENT)
    found = note_wish(who, CustomerId(customer_id), opted_out=body.opted_out, now=now(router), ports=book)
    return told_found(found)
