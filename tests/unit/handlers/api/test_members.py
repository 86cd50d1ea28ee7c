from __future__ import annotations

from typing import Any

import pytest

from tests.builders import ACME, GLOBEX
from tests.fakes.api import Caller

MEMBERS = "/api/v1/members"
NIA = {"email": "nia@example.com", "name": "Nia", "role": "tenant_agent"}


def test_an_invited_person_is_listed(call: Caller, shop: Any) -> None:
    invited = call("POST", MEMBERS, NIA)
    assert invited.status == 201
    assert (invited.json["email"], invited.json["role"]) == ("nia@example.com", "tenant_agent")
    assert [one["name"] for one in call("GET", MEMBERS).json["items"]] == ["Abe", "Ada", "Nia"]
    assert shop.people.directory.mails == [invited.json["subject"]]
    assert call("GET", MEMBERS, token="agnes").status == 200
    assert [one["name"] for one in call("GET", MEMBERS, token="glen").json["items"]] == ["Gus"]


def test_a_role_is_changed_and_a_member_removed(call: Caller, shop: Any) -> None:
    changed = call("PATCH", f"{MEMBERS}/abe", {"role": "tenant_admin"})
    assert (changed.status, changed.json["role"]) == (200, "tenant_admin")
    assert call("DELETE", f"{MEMBERS}/ada").status == 204
    assert call("DELETE", f"{MEMBERS}/abe").status == 409
    assert sorted(shop.people.store.people) == ["abe", "gus"]
    trail = call("GET", "/api/v1/audit-trail").json["items"]
    assert sorted((one["action"], one["objectId"], one["subject"]) for one in trail) == [
        ("member.removed", "ada", "sub-anna"),
        ("member.role_changed", "abe", "sub-anna"),
    ]


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", MEMBERS, NIA),
        ("PATCH", f"{MEMBERS}/abe", {"role": "tenant_admin"}),
        ("DELETE", f"{MEMBERS}/abe", None),
        ("GET", "/api/v1/audit-trail", None),
    ],
)
def test_an_agent_does_none_of_it(call: Caller, method: str, url: str, body: object) -> None:
    assert call(method, url, body, token="agnes").status == 403


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"role": "tenant_agent"}), ("DELETE", None)])
def test_another_tenants_member_is_not_found(call: Caller, shop: Any, method: str, body: object) -> None:
    assert call(method, f"{MEMBERS}/gus", body).status == 404
    assert shop.people.store.people["gus"].tenant_id == GLOBEX
    assert shop.people.store.trail == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"role": "operator"}, "/role"),
        ({"email": "no address"}, "/email"),
        ({"name": ""}, "/name"),
        ({"tenantId": "globex"}, "/tenantId"),
        ({"subject": "gus"}, "/subject"),
    ],
)
def test_what_cannot_be_is_refused(call: Caller, shop: Any, change: dict[str, str], pointer: str) -> None:
    answer = call("POST", MEMBERS, {**NIA, **change})
    assert answer.status == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
    assert shop.people.directory.mails == []


def test_an_operator_lets_a_tenants_first_admin_in_on_record(call: Caller) -> None:
    url = f"/api/v1/operator/tenants/{ACME}"
    invited = call("POST", f"{url}/members", {**NIA, "role": "tenant_admin"}, token="oskar")
    assert invited.status == 201
    assert len(call("GET", f"{url}/members", token="oskar").json["items"]) == 3
    subject = invited.json["subject"]
    assert call("PATCH", f"{url}/members/{subject}", {"role": "tenant_agent"}, token="oskar").status == 200
    assert call("DELETE", f"{url}/members/{subject}", token="oskar").status == 204
    trail = call("GET", f"{url}/audit-trail?limit=2", token="oskar").json
    assert [(one["subject"], one["onBehalfOf"]) for one in trail["items"]] == [("sub-oskar", ACME)] * 2
    rest = call("GET", f"{url}/audit-trail?limit=2&cursor={trail['nextCursor']}", token="oskar").json
    assert (len(rest["items"]), rest["nextCursor"]) == (1, None)
    assert call("GET", "/api/v1/operator/audit-trail", token="oskar").json["items"] == []
    other = f"/api/v1/operator/tenants/{GLOBEX}/audit-trail?cursor={trail['nextCursor']}"
    assert call("GET", other, token="oskar").status == 400
