"""People and their programs at the deployed front door: the user pool, the gateway and the functions behind it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.cognito_directory import CognitoDirectory
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_members import DynamoMembers
from adapters.dynamodb_users import DynamoUsers
from domain.access import Principal, Role
from domain.manage_members import invite, remove
from domain.ports_identity import Members, UserDirectory, Users
from domain.tenants import TenantId
from ops.local.places import REPOSITORY
from ops.stack_file import StackUser
from tests.stack.deployed import Deployed

MAPLE = TenantId("maple-home")
_MAILED = "654321"
"""The code in every mail of the local Cognito."""
INVITED, CHOSEN = "Invited-password-1", "Chosen-password-1"


@dataclass(frozen=True)
class Ports:
    members: Members
    directory: UserDirectory
    users: Users


@pytest.fixture(scope="module")
def ports(stack: Deployed) -> Ports:
    tenants, conversations = stack.file.tables["tenants"], stack.file.tables["conversations"]
    return Ports(
        DynamoMembers(tenants, conversations),
        CognitoDirectory(stack.file.user_pool_id),
        DynamoUsers(tenants, cache_seconds=0),
    )


@pytest.fixture
def browser(stack: Deployed) -> Iterator[httpx.Client]:
    headers = {"Origin": stack.file.front_url}
    with httpx.Client(base_url=stack.file.front_url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture
def api(stack: Deployed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.file.front_url, trust_env=False, timeout=60) as client:
        yield client


def user(stack: Deployed, role: Role) -> StackUser:
    return next(one for one in stack.file.users if one.role is role and one.tenant_id in {None, MAPLE})


def principal(stack: Deployed, ports: Ports, role: Role) -> Principal:
    found = ports.users.user(subject(stack, user(stack, role).email))
    assert found is not None
    return found.principal(datetime.now(UTC))


def subject(stack: Deployed, email: str) -> str:
    stored = stack.aws.cognito().admin_get_user(UserPoolId=stack.file.user_pool_id, Username=email)
    return next(str(one["Value"]) for one in stored["UserAttributes"] if one["Name"] == "sub")


def tokens(stack: Deployed, role: Role) -> dict[str, Any]:
    who = user(stack, role)
    answer = stack.aws.cognito().initiate_auth(
        ClientId=stack.file.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": who.email, "PASSWORD": who.password},
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def log_in(browser: httpx.Client, email: str, password: str, wanted: str = "/") -> httpx.Response:
    return browser.post("/login", data={"email": email, "password": password, "next": wanted})


def code(secret: str) -> str:
    """RFC 6238, as an authenticator app reckons it."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    place = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_an_invited_person_comes_in_stays_and_leaves(stack: Deployed, ports: Ports, browser: httpx.Client) -> None:
    email = f"{uuid4().hex}@maple-home.example"
    admin = principal(stack, ports, Role.TENANT_ADMIN)
    member = invite(admin, MAPLE, email, "Nia Novak", Role.TENANT_AGENT, now=datetime.now(UTC), ports=ports)
    assert invite(admin, MAPLE, email, "Nia Novak", Role.TENANT_AGENT, now=datetime.now(UTC), ports=ports) == member
    # The password that stands in the mail which Cognito sends.
    stack.aws.cognito().admin_set_user_password(
        UserPoolId=stack.file.user_pool_id, Username=email, Password=INVITED, Permanent=False
    )
    asked = log_in(browser, email, INVITED, "/account/totp")
    assert asked.headers["location"] == "/login/challenge?next=%2Faccount%2Ftotp"
    assert "Choose a password" in browser.get(asked.headers["location"]).text
    answered = browser.post("/login/challenge", data={"given": CHOSEN, "next": "/account/totp"})
    assert (answered.status_code, answered.headers["location"]) == (303, "/account/totp")

    [secret] = re.findall(r"<code[^>]*>([A-Z2-7]+)</code>", browser.get("/account/totp").text)
    assert browser.post("/account/totp", data={"given": "000000"}).status_code == 422
    assert browser.post("/account/totp", data={"given": code(secret)}).status_code == 303

    refresh = browser.cookies["refresh"]
    assert browser.post("/logout").headers["location"] == "/login"
    assert not browser.cookies
    browser.cookies.set("refresh", refresh)
    assert browser.get("/account/totp").headers["location"].startswith("/login")

    browser.cookies.clear()
    assert log_in(browser, email, INVITED).status_code == 401
    assert log_in(browser, email, CHOSEN).headers["location"] == "/login/challenge?next=%2F"
    assert browser.post("/login/challenge", data={"given": code(secret), "next": "/"}).status_code == 303

    refresh = browser.cookies["refresh"]
    remove(admin, MAPLE, member.subject, now=datetime.now(UTC), ports=ports)
    browser.cookies.clear()
    browser.cookies.set("refresh", refresh)
    assert browser.get("/account/totp").headers["location"].startswith("/login")
    browser.cookies.clear()
    assert log_in(browser, email, CHOSEN).status_code == 401
    told = [
        (entry.action, entry.subject == member.subject)
        for entry in DynamoAuditTrail(stack.file.tables["conversations"]).page(MAPLE, 10).entries
        if member.subject in {entry.subject, entry.object_id}
    ]
    assert told == [
        ("member.removed", False),
        ("session.begun", True),
        ("session.ended", True),
        ("second_factor.added", True),
        ("session.begun", True),
        ("member.invited", False),
    ]


def test_a_new_password_ends_the_sessions_there_were(stack: Deployed, ports: Ports, browser: httpx.Client) -> None:
    email = f"{uuid4().hex}@maple-home.example"
    admin = principal(stack, ports, Role.TENANT_ADMIN)
    member = invite(admin, MAPLE, email, "Noa Nunes", Role.TENANT_AGENT, now=datetime.now(UTC), ports=ports)
    stack.aws.cognito().admin_set_user_password(
        UserPoolId=stack.file.user_pool_id, Username=email, Password=INVITED, Permanent=True
    )
    assert log_in(browser, email, INVITED).status_code == 303
    stolen = browser.cookies["refresh"]
    browser.cookies.clear()
    browser.cookies.set("refresh", stolen)
    assert browser.get("/account/totp").status_code == 200

    time.sleep(1)  # the local Cognito compares whole seconds
    browser.cookies.clear()
    assert browser.post("/login/forgot", data={"email": email}).status_code == 200
    chosen = {"email": email, "code": _MAILED, "password": CHOSEN}
    assert "Your new password is saved" in browser.post("/login/reset", data=chosen).text
    browser.cookies.set("refresh", stolen)
    assert browser.get("/account/totp").headers["location"].startswith("/login")
    browser.cookies.clear()
    assert log_in(browser, email, CHOSEN).status_code == 303
    assert browser.get("/account/totp").status_code == 200
    remove(admin, MAPLE, member.subject, now=datetime.now(UTC), ports=ports)


def test_a_session_is_renewed_without_a_word(stack: Deployed, browser: httpx.Client) -> None:
    who = user(stack, Role.TENANT_AGENT)
    assert log_in(browser, who.email, who.password).status_code == 303
    lines = [len(f"{cookie.name}={cookie.value}") for cookie in browser.cookies.jar]
    assert max(lines) < 4096
    browser.cookies.delete("access")
    assert browser.get("/account/totp").status_code == 200
    assert "access" in browser.cookies


def test_no_other_site_logs_anybody_in_or_out(stack: Deployed, browser: httpx.Client) -> None:
    browser.headers["Origin"] = "https://evil.example"
    who = user(stack, Role.TENANT_AGENT)
    assert log_in(browser, who.email, who.password).status_code == 403
    assert browser.post("/logout").status_code == 403
    assert not browser.cookies


def test_an_access_token_opens_the_api_and_nothing_else_does(stack: Deployed, api: httpx.Client) -> None:
    issued = tokens(stack, Role.TENANT_ADMIN)
    told = api.get("/api/v1/me", headers=bearer(issued["AccessToken"]))
    assert told.status_code == 200
    assert told.json()["tenantId"] == MAPLE
    for refused in ({}, bearer(issued["IdToken"]), bearer(issued["RefreshToken"]), bearer("a.b.c"), {"Cookie": "a=b"}):
        answer = api.get("/api/v1/me", headers=refused)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert api.get("/api/v1/me", headers={"Cookie": f"access={issued['AccessToken']}"}).status_code == 401


def test_a_tenants_user_is_no_operator(stack: Deployed, browser: httpx.Client) -> None:
    for role, status in ((Role.TENANT_ADMIN, 403), (Role.TENANT_AGENT, 403), (Role.OPERATOR, 200)):
        browser.cookies.set("access", tokens(stack, role)["AccessToken"])
        assert browser.get("/operator").status_code == status


def test_nobody_changes_their_own_tenant(stack: Deployed, api: httpx.Client) -> None:
    """AWS denies it (test_user_pool.py); the emulator does not, and the attribute decides nothing."""
    issued = tokens(stack, Role.TENANT_AGENT)
    stack.aws.cognito().update_user_attributes(
        AccessToken=issued["AccessToken"], UserAttributes=[{"Name": "custom:tenantId", "Value": "old-harbour"}]
    )
    for token in (issued["AccessToken"], tokens(stack, Role.TENANT_AGENT)["AccessToken"]):
        claimed = {**bearer(token), "X-Tenant-Id": "old-harbour"}
        assert api.get("/api/v1/me?tenant_id=old-harbour", headers=claimed).json()["tenantId"] == MAPLE


def test_an_operator_is_made_and_unmade_on_an_operators_machine(stack: Deployed, browser: httpx.Client) -> None:
    email = f"{uuid4().hex}@marketplace.example"
    command = [sys.executable, "-m", "ops.cli", "operators"]
    options = ["--yes", "--home", str(stack.home.root)]
    subprocess.run([*command, "invite", email, "--name", "Otto Ops", *options], check=True, cwd=REPOSITORY)  # noqa: S603 (ours)
    stack.aws.cognito().admin_set_user_password(
        UserPoolId=stack.file.user_pool_id, Username=email, Password=CHOSEN, Permanent=True
    )
    assert log_in(browser, email, CHOSEN, "").headers["location"] == "/operator"
    assert browser.get("/operator").status_code == 200
    subprocess.run([*command, "remove", email, *options], check=True, cwd=REPOSITORY)  # noqa: S603 (ours)
    assert browser.get("/operator").headers["location"] == "/login?next=%2Foperator"
    assert log_in(browser, email, CHOSEN).status_code == 401


def test_an_operator_views_as_a_tenant_on_record(stack: Deployed, browser: httpx.Client) -> None:
    browser.cookies.set("access", tokens(stack, Role.OPERATOR)["AccessToken"])
    trail = DynamoAuditTrail(stack.file.tables["conversations"])
    begun = browser.post("/operator/view-as", data={"tenant_id": MAPLE})
    assert (begun.status_code, begun.headers["location"]) == (303, "/")
    assert browser.post("/operator/view-as", data={"tenant_id": "nobody"}).status_code == 404
    assert browser.post("/operator/view-as/end").headers["location"] == "/operator"
    for page in (trail.page(MAPLE, 2), trail.page(None, 2)):
        assert [(one.action, one.on_behalf_of) for one in page.entries] == [
            ("view.ended", MAPLE),
            ("view.begun", MAPLE),
        ]
