from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from domain.tenants import Tenant, TenantId
from handlers import admin_dashboard
from tests.builders import ACME, tenant
from tests.fakes.people import FakeIdentity
from tests.people import ADA, OLIVE
from tests.unit.handlers.web import Browser, location


class OneTenant:
    def tenant(self, tenant_id: TenantId) -> Tenant | None:
        return tenant() if tenant_id == ACME else None


@dataclass
class Services:
    people: FakeIdentity
    tenants: OneTenant

    def __getattr__(self, name: str) -> Any:
        return getattr(self.people, name)


@pytest.fixture
def people() -> FakeIdentity:
    return FakeIdentity.with_people(OLIVE, ADA)


@pytest.fixture
def browser(people: FakeIdentity) -> Browser:
    services: Any = SimpleNamespace(identity=Services(people, OneTenant()))
    return Browser(lambda asked: admin_dashboard.handle(asked, services), {"__Host-access": "access:olive:operator"})


def test_an_operator_begins_and_ends_to_view(browser: Browser, people: FakeIdentity) -> None:
    assert location(browser.post("/operator/view-as", tenant_id=ACME)) == "/prod/"
    viewing = people.store.people["olive"].views_as
    assert viewing is not None
    assert viewing.tenant_id == ACME
    assert location(browser.post("/operator/view-as/end")) == "/prod/operator"
    assert people.store.people["olive"].views_as is None


@pytest.mark.parametrize("tenant_id", ["", "globex", "acme#x", "*", ".."])
def test_a_tenant_that_is_not_there_is_not_viewed(browser: Browser, people: FakeIdentity, tenant_id: str) -> None:
    assert browser.post("/operator/view-as", tenant_id=tenant_id)["statusCode"] == 404
    assert people.store.people["olive"].views_as is None


@pytest.mark.parametrize("path", ["/operator", "/operator/queues", "/operator/view-as", "/operator/view-as/end"])
def test_a_tenants_user_has_no_business_here(browser: Browser, people: FakeIdentity, path: str) -> None:
    browser.cookies = {"__Host-access": "access:ada"}
    asked = browser.post if "view-as" in path else browser.get
    assert asked(path)["statusCode"] == 403
    assert people.store.trail == []


def test_another_site_begins_no_view(browser: Browser, people: FakeIdentity) -> None:
    browser.origin = "https://evil.example"
    assert browser.post("/operator/view-as", tenant_id=ACME)["statusCode"] == 403
    assert people.store.trail == []


def test_who_is_not_logged_in_is_led_there(browser: Browser) -> None:
    browser.cookies = {}
    assert location(browser.get("/operator/queues")) == "/prod/login?next=%2Foperator%2Fqueues"
