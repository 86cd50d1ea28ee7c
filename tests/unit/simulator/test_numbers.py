"""A number's fields, and the apps that hear of its account."""

import httpx
import pytest

from tests.unit.simulator.conftest import NUMBER

pytestmark = pytest.mark.anyio

WABA = "102290129340398"


async def test_of_a_number_what_is_asked_for_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/graph/v26.0/{NUMBER}", params={"fields": "status,quality_rating,made_up"})
    assert answer.json() == {"id": NUMBER, "status": "CONNECTED", "quality_rating": "GREEN"}
    assert "status" not in (await client.get(f"/graph/v26.0/{NUMBER}")).json()


async def test_an_account_tells_its_apps_to_its_own_token_alone(client: httpx.AsyncClient) -> None:
    [app] = (await client.get(f"/graph/v26.0/{WABA}/subscribed_apps")).json()["data"]
    assert set(app["whatsapp_business_api_data"]) == {"id", "name", "link"}
    assert (await client.get("/graph/v26.0/201/subscribed_apps")).status_code == 400
