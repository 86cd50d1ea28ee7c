"""What the demo asks of the simulator."""

from __future__ import annotations

import json

import httpx
import pytest

from ops.demo import script
from ops.demo.phones import Phones
from ops.stack_file import StackFile, StackTenant

SELLER = StackTenant(
    id="maple-home", name="Maple Home", phone_number_id="481", waba_id="372", display_phone_number="12025550117"
)
STACK = StackFile(
    webhook_url="http://127.0.0.1/webhook",
    verify_token="t",
    app_secret="s",
    front_url="http://127.0.0.1",
    graph_url="http://127.0.0.1/graph",
    pages_url="",
    operator_url="",
    api_url="",
    aws_endpoint_url="http://127.0.0.1",
    stack_name="local",
    region="us-east-1",
    tables={},
    queues={},
    topics={},
    functions={},
    buckets={},
    tenants=[SELLER],
    user_pool_id="",
    user_pool_client_id="",
    users=[],
)
DAY = script.read()


class Simulator:
    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, json={"http_status": 200, "status_code": 200, "webhooks": []})


@pytest.fixture
def simulator() -> Simulator:
    return Simulator()


@pytest.fixture
def phones(simulator: Simulator) -> Phones:
    return Phones(STACK, httpx.Client(transport=httpx.MockTransport(simulator)))


def step(words: str) -> script.Step:
    return next(step for step in DAY if words in step.note).model_copy(update={"pause": 0.0})


def test_a_customer_writes(phones: Phones, simulator: Simulator) -> None:
    written = phones.write(step("says hello"), None)
    asked = json.loads(simulator.asked[0].content)
    assert asked["phone_number_id"] == "481"
    assert asked["id"] == written.message_id
    assert asked["text"] == {"body": "Good morning!"}
    assert written.http_status == 200


def test_the_reaction_is_to_the_last_answer(phones: Phones, simulator: Simulator) -> None:
    phones.write(step("thumbs-up"), "wamid.answer")
    assert json.loads(simulator.asked[0].content)["reaction"]["message_id"] == "wamid.answer"


def test_last_week_is_a_week_ago(phones: Phones) -> None:
    late, now = phones.write(step("last week"), None), phones.write(step("says hello"), None)
    assert now.timestamp - late.timestamp == pytest.approx(7 * 24 * 60 * 60, abs=2)


def test_a_number_of_nobody_is_posted_as_a_body(phones: Phones, simulator: Simulator) -> None:
    written = phones.write(step("no seller here"), None)
    [request] = simulator.asked
    value = json.loads(request.content)["entry"][0]["changes"][0]["value"]
    assert request.url.path == "/simulator/bodies"
    assert value["metadata"]["phone_number_id"] == written.phone_number_id == "600913347728150"
    assert value["messages"][0]["id"] == written.message_id


def test_only_webhooks_that_bring_the_message_are_deliveries_of_it() -> None:
    def brings(key: str, update: dict[str, str]) -> dict[str, object]:
        return {"body": {"entry": [{"changes": [{"field": "messages", "value": {key: [update]}}]}]}}

    attempts = [
        brings("messages", {"id": "wamid.1"}),
        brings("messages", {"id": "wamid.1"}),
        brings("statuses", {"id": "wamid.2", "status": "read", "biz_opaque_callback_data": "c|…#wamid.1|answer"}),
    ]
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"webhooks": attempts}))
    assert Phones(STACK, httpx.Client(transport=answer)).deliveries("wamid.1") == 2
