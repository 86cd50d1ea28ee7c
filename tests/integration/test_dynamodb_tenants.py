from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.assistant_settings_rows import WITHOUT_MODEL, read_settings
from adapters.aws_clients import client
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_values import to_item
from domain.errors import InvalidSettingsError
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


@pytest.mark.parametrize("broken", [{"temperature": 7}, {"modelId": ["x"]}, {"prices": {"input": 1}}], ids=str)
def test_an_assistant_whose_settings_are_broken_answers_without_a_model(
    tenants: DynamoTenants, resources: TemplateResources, broken: dict[str, Any]
) -> None:
    tenants.put(number())
    key: Any = to_item(keys.tenant_profile(number().tenant.tenant_id))
    client("dynamodb").update_item(
        TableName=resources.tables["TenantsTable"],
        Key=key,
        UpdateExpression="SET assistant = :broken",
        ExpressionAttributeValues=to_item({":broken": broken}),
    )
    found = tenants.number(ACME_NUMBER)
    assert found is not None
    assert found.tenant.assistant == WITHOUT_MODEL


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"modelid": "x"}, "modelid: no such setting"),
        ({"temperature": "hot"}, "temperature: Input should be a valid number"),
        ({"kind": "oracle"}, "kind: Input should be 'catalogue' or 'bedrock'"),
        ({"prices": {"input": 1}}, "prices.output: Field required"),
        ({"temperature": 3}, "temperature: from 0 to 1"),
    ],
)
def test_what_cannot_be_set_is_said_by_name(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidSettingsError) as raised:
        read_settings(given)
    assert problem in str(raised.value)
