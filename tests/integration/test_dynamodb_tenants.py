from __future__ import annotations

from dataclasses import dataclass

import pytest

from adapters.dynamodb_tenants import DynamoTenants
from domain.tenants import TenantStatus
from tests.builders import ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, account_event, number, tenant
from tests.contracts.reading import TenantsContract
from tests.contracts.world import World
from tests.integration.template_resources import TemplateResources


@dataclass(slots=True)
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tenants(resources: TemplateResources, clock: Clock) -> DynamoTenants:
    return DynamoTenants(resources.tables["TenantsTable"], 60, clock)


class TestTenants(TenantsContract): ...


def test_what_was_read_is_believed_for_a_minute(tenants: DynamoTenants, clock: Clock) -> None:
    tenants.put(number())
    active = tenants.number(ACME_NUMBER)
    tenants.put(number(tenant(status=TenantStatus.SUSPENDED)))
    clock.seconds += 59.9
    assert tenants.number(ACME_NUMBER) == active
    clock.seconds += 0.1
    suspended = tenants.number(ACME_NUMBER)
    assert suspended is not None
    assert not suspended.active


def test_that_nobody_is_known_too(tenants: DynamoTenants, clock: Clock) -> None:
    assert tenants.number(ACME_NUMBER) is None
    assert tenants.of_waba("waba-acme") is None
    tenants.put(number())
    assert tenants.number(ACME_NUMBER) is None
    assert tenants.of_waba("waba-acme") is None
    clock.seconds += 60
    assert tenants.number(ACME_NUMBER) is not None
    assert tenants.of_waba("waba-acme") is not None


def test_account_events_do_not_look_like_numbers(tenants: DynamoTenants, world: World) -> None:
    tenants.put(number())
    event = account_event(waba_id="waba-acme", phone_number_id=ACME_NUMBER)
    world.account_events.keep(GLOBEX, event)
    assert tenants.number(ACME_NUMBER) == number()
    assert tenants.of_waba("waba-acme") == number().tenant.tenant_id
    assert tenants.number(GLOBEX_NUMBER) is None
