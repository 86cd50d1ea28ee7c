"""Every route of docs/openapi.json, by whoever might call it: no leak, no server error, every answer in its schema.

A route that is added is asked too; one that takes a body, or an id, is to be given one here.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.audit_trail import done_by
from handlers.api.asking import PREFIX
from tests.builders import (
    ACME,
    ACME_NUMBER,
    ALICE,
    MONTH,
    NOON,
    PERSON_REQUESTED,
    after,
    message,
    number,
    product,
    recording,
)
from tests.contracts.importing import FIRST, job
from tests.fakes.api import ANNA, Answered, Caller
from tests.fakes.api_over_wsgi import wsgi_app
from tests.fakes.api_shop import Shop
from tests.people import ABE
from tests.unit.domain.use_cases.test_notify_tenant import SECRET

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[4] / "docs" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
OF_OPERATORS = {name for name, (_, path, _) in OPERATIONS.items() if path.startswith(f"{PREFIX}/operator/")}
OF_TENANTS = OPERATIONS.keys() - OF_OPERATORS
MARK = "of-acme-alone"
"""In everything that Acme has."""

IDS = {
    "product_id": "P-1",
    "import_id": FIRST,
    "phone_number_id": ACME_NUMBER,
    "customer_id": ALICE.first_customer_id(ACME),
    "tenant_id": ACME,
    "subject": ABE.subject,
    "month": MONTH,
    "name": "standard",
}
OF_NOBODY = {"month", "name"}
"""What is in a path and belongs to no tenant."""

MONEY = {"amount": "1", "currency": "USD"}
INVITED = {"email": "nia@example.com", "name": "Nia", "role": "tenant_agent"}
BODIES: dict[str, object] = {
    "putProduct": {"title": "Mine", "price": MONEY},
    "changeProduct": {"title": "Mine"},
    "changeTenant": {"name": "Mine"},
    "putNumber": {"wabaId": "372910446518803", "accessToken": "EAAG-a-token-of-meta"},
    "putWebhook": {"url": "https://shop.example/", "secret": SECRET},
    "beginImport": {"fileName": "p.csv", "fileBytes": 9},
    "createTenant": {"id": "initech", "name": "Initech"},
    "changeAnyTenant": {"status": "suspended"},
    "changeAnyTenantsSettings": {"name": "Mine"},
    "putPlan": {"replies": 1},
    "putPrices": {"meta": {}},
    "addCannedReply": {"shortcut": "mine", "title": "Mine", "text": "Mine"},
    "replaceCannedReply": {"shortcut": "mine", "title": "Mine", "text": "Mine"},
    "sendMessage": {"content": {"type": "text", "body": "hello"}},
    "writeNote": {"words": "hello"},
    "markConversationRead": {"inbound": 1},
    "noteOptOut": {"optedOut": True},
    **{name: {"role": "tenant_admin"} for name in ("changeMember", "changeAnyTenantsMember")},
    **dict.fromkeys(("inviteMember", "inviteAnyTenantsMember"), INVITED),
    **{name: {} for name in ("handBack", "reopen", "resolve", "takeOver")},
}
QUERIES = {"findCustomers": "?words=acme"}
MINE_INSTEAD = {
    "putProduct": 200,
    "deleteProduct": 204,
    "deleteNumber": 204,
    "deleteCannedReply": 204,
    "putNumber": 409,
    "markConversationRead": 204,
}
"""What touches no row of Acme's: an id that a seller chooses is each seller's own, what is gone can go again, a number
belongs to one, and what is not there has nothing to be read."""


@pytest.fixture
def acme(shop: Shop) -> Shop:
    """Acme has one of everything."""
    shop.rows.products.put(ACME, [product(IDS["product_id"], MARK)])
    shop.jobs.add(ACME, job())
    shop.numbers.numbers[ACME, ACME_NUMBER] = number(display_phone_number=MARK)
    shop.people.store.people[ABE.subject] = replace(ABE, name=MARK)
    shop.people.audit_trail.write(done_by(ANNA, MARK, ABE.subject, now=NOON))
    shop.meta.numbers = {("372910446518803", ACME_NUMBER): ("EAAG-a-token-of-meta", MARK)}
    shop.desk.world.record(recording(message(MARK, at=after(minutes=-1)), PERSON_REQUESTED))
    return shop


def test_each_has_the_body_and_the_ids_that_it_takes() -> None:
    taking = {name for name, (_, _, operation) in OPERATIONS.items() if "requestBody" in operation}
    assert taking <= BODIES.keys()
    named = {one for _, path, _ in OPERATIONS.values() for one in re.findall(r"{(\w+)}", path)}
    assert named <= IDS.keys()


def ask(call: Caller, name: str, token: str | None) -> Answered:
    method, path, operation = OPERATIONS[name]
    body = BODIES[name] if "requestBody" in operation else None
    return call(method, f"{path.format(**IDS)}{QUERIES.get(name, '')}", body, token=token)


@pytest.fixture(autouse=True)
def _ids(call: Caller, acme: Shop) -> None:
    made = call("POST", f"{PREFIX}/canned-replies", {"shortcut": "hers", "title": MARK, "text": MARK})
    IDS["reply_id"] = made.json["id"]
    assert acme


def everything_of_acme(call: Caller) -> dict[str, str]:
    """But for an export, which stands in the audit trail and has an id of its own each time."""
    others = {"getImportErrors", "exportCustomer"}
    reading = [name for name in OF_TENANTS if OPERATIONS[name][0] == "GET" and name not in others]
    return {name: ask(call, name, "anna").text for name in reading}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_without_a_token_nobody_is_answered(call: Caller, name: str) -> None:
    assert ask(call, name, None).status == 401
    assert ask(call, name, "made-up").status == 401


@pytest.mark.parametrize("name", sorted(OF_OPERATORS))
@pytest.mark.parametrize("token", ["anna", "agnes", "glen"])
def test_an_operators_route_is_closed_to_tenants(call: Caller, name: str, token: str) -> None:
    assert ask(call, name, token).status == 403


@pytest.mark.parametrize("name", sorted(OF_TENANTS))
def test_a_tenants_route_is_closed_to_an_operator_who_views_as_none(call: Caller, name: str) -> None:
    assert ask(call, name, "oskar").status == (200 if name == "getMe" else 403)


@pytest.mark.parametrize("name", sorted(OF_TENANTS))
def test_another_tenants_token_reaches_nothing_of_acme(call: Caller, name: str) -> None:
    changing = OPERATIONS[name][0] != "GET"
    before = everything_of_acme(call) if changing else {}
    answer = ask(call, name, "glen")
    assert MARK not in answer.text
    if set(re.findall(r"{(\w+)}", OPERATIONS[name][1])) - OF_NOBODY:
        assert answer.status == MINE_INSTEAD.get(name, 404), answer.text
    if changing:
        assert everything_of_acme(call) == before


def test_acme_itself_sees_all_of_it(call: Caller) -> None:
    """Else the test above could not fail."""
    seen = everything_of_acme(call)
    for name in (
        "listProducts",
        "getProduct",
        "listNumbers",
        "listConversations",
        "getConversation",
        "listMembers",
        "listAuditTrail",
    ):
        assert MARK in seen[name], name


SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = wsgi_app(lambda: Shop().front)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@SCHEMA.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_in_the_schema(case: Any) -> None:
    who = "oskar" if "/operator/" in case.path else "anna"
    case.call_and_validate(headers={"Authorization": f"Bearer {who}"}, checks=CHECKS)
