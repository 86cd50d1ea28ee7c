"""Faults that were ordered."""

import httpx
import pytest

from tests.unit.simulator.conftest import NUMBER, FakeWebhook, send, write

pytestmark = pytest.mark.anyio


async def order(client: httpx.AsyncClient, **fault: object) -> None:
    assert (await client.post("/simulator/faults", json=[fault])).status_code == 200


async def test_an_error_strikes_as_often_as_ordered(client: httpx.AsyncClient) -> None:
    await order(client, kind="error", code=131026, times=2)
    answers = [await send(client) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 200]
    assert answers[0].json()["error"]["message"] == "(#131026) Message undeliverable"
    sends = (await client.get("/simulator/sends")).json()["sends"]
    assert [send["fault"] for send in sends] == ["error", "error", None]


@pytest.mark.parametrize(
    ("match", "strikes"),
    [
        ({"phone_number_id": NUMBER}, True),
        ({"to": "12025550143", "type": "text"}, True),
        ({"to": "12025550199"}, False),
        ({"type": "image"}, False),
        ({"phone_number_id": "200"}, False),
    ],
)
async def test_a_fault_strikes_what_it_matches(client: httpx.AsyncClient, match: dict[str, str], strikes: bool) -> None:
    await order(client, kind="http_500", match=match)
    assert (await send(client)).status_code == (500 if strikes else 200)


async def test_a_slow_answer_was_accepted(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await order(client, kind="slow", seconds=0.05)
    await write(client)
    assert (await send(client)).status_code == 200
    await webhook.until(lambda webhook: len(webhook.statuses) == 2)


async def test_a_fault_that_makes_no_sense(client: httpx.AsyncClient) -> None:
    answer = await client.post("/simulator/faults", json=[{"kind": "earthquake"}])
    assert answer.status_code == 422


async def test_faults_are_listed_and_cleared(client: httpx.AsyncClient) -> None:
    await order(client, kind="error", code=190, http_status=401)
    listed = (await client.get("/simulator/faults")).json()
    assert [(fault["kind"], fault["code"], fault["times"]) for fault in listed["faults"]] == [("error", 190, 1)]
    cleared = (await client.delete("/simulator/faults")).json()
    assert cleared == {"faults": [], "media": [], "webhooks": {"duplicate": 1, "disorder": 1, "statuses": True}}
    assert (await send(client)).status_code == 200
