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


async def test_what_meta_says_of_a_number_can_be_changed(client: httpx.AsyncClient) -> None:
    changed = {"phone_number_id": NUMBER, "quality_rating": "RED", "status": "FLAGGED"}
    assert (await client.post("/simulator/conditions", json=changed)).status_code == 200
    answer = await client.get(f"/graph/v26.0/{NUMBER}", params={"fields": "status,quality_rating,account_mode"})
    assert answer.json() == {"id": NUMBER, "status": "FLAGGED", "quality_rating": "RED", "account_mode": "LIVE"}
    [listed] = (await client.get(f"/graph/v26.0/{WABA}/phone_numbers")).json()["data"]
    assert listed["quality_rating"] == "RED"


async def test_an_account_of_which_no_app_hears_and_then_one_again(client: httpx.AsyncClient) -> None:
    for subscribed, apps in ((False, 0), (True, 1), (False, 0)):
        await client.post("/simulator/conditions", json={"phone_number_id": NUMBER, "subscribed": subscribed})
        assert len((await client.get(f"/graph/v26.0/{WABA}/subscribed_apps")).json()["data"]) == apps
    await client.delete("/simulator/state")
    assert len((await client.get(f"/graph/v26.0/{WABA}/subscribed_apps")).json()["data"]) == 1


@pytest.mark.parametrize(
    ("body", "status"), [({"phone_number_id": "unknown"}, 404), ({"phone_number_id": NUMBER, "made_up": "x"}, 422)]
)
async def test_a_condition_of_nothing_that_is_there(
    client: httpx.AsyncClient, body: dict[str, str], status: int
) -> None:
    assert (await client.post("/simulator/conditions", json=body)).status_code == status
