"""The account's templates: read in pages, changed from the desk, told by webhooks, demanded of what is sent."""

from typing import Any

import httpx
import pytest

from tests.unit.simulator.conftest import NUMBER, FakeWebhook, send

pytestmark = pytest.mark.anyio

WABA = "102290129340398"
ALL = "id,name,language,status,category,quality_score,components,parameter_format,rejected_reason"


async def put(client: httpx.AsyncClient, **template: Any) -> dict[str, Any]:
    response = await client.post("/simulator/templates", json={"phone_number_id": NUMBER, "wait": True, **template})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def pages(client: httpx.AsyncClient, **query: str) -> list[list[str]]:
    found, after = [], ""
    while True:
        params = query | ({"after": after} if after else {})
        body = (await client.get(f"/graph/v26.0/{WABA}/message_templates", params=params)).json()
        found.append([template["name"] for template in body["data"]])
        if "next" not in body.get("paging", {}):
            return found
        after = body["paging"]["cursors"]["after"]


async def test_a_template_as_meta_tells_it(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/graph/v26.0/{WABA}/message_templates", params={"fields": ALL})
    [template] = answer.json()["data"]
    assert template.pop("id").isdigit()
    assert template["quality_score"].pop("date") > 0
    assert template == {
        "name": "order_ready",
        "language": "en",
        "status": "APPROVED",
        "category": "UTILITY",
        "quality_score": {"score": "GREEN"},
        "rejected_reason": "NONE",
        "parameter_format": "POSITIONAL",
        "components": [
            {"type": "BODY", "text": "Hi {{1}}, it is ready.", "example": {"body_text": [["example 1"]]}},
        ],
    }


async def test_fields_not_asked_for_are_not_told(client: httpx.AsyncClient) -> None:
    [plain] = (await client.get(f"/graph/v26.0/{WABA}/message_templates")).json()["data"]
    assert "quality_score" not in plain
    [named] = (await client.get(f"/graph/v26.0/{WABA}/message_templates", params={"fields": "name"})).json()["data"]
    assert set(named) == {"id", "name"}


async def test_pages_by_cursor(client: httpx.AsyncClient) -> None:
    for name in ("b", "c", "d"):
        await put(client, name=name, webhooks=False)
    assert await pages(client, limit="2") == [["order_ready", "b"], ["c", "d"]]
    assert await pages(client, limit="3") == [["order_ready", "b", "c"], ["d"]]


@pytest.mark.parametrize("query", [{"after": "no cursor"}, {"limit": "0"}, {"limit": "many"}])
async def test_a_query_of_another_form(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await client.get(f"/graph/v26.0/{WABA}/message_templates", params=query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


async def test_nobody_reads_anothers_account(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graph/v26.0/201/message_templates")
    assert answer.json()["error"]["error_subcode"] == 33
    headers = {"Authorization": "Bearer nobody"}
    answer = await client.get(f"/graph/v26.0/{WABA}/message_templates", headers=headers)
    assert answer.json()["error"]["code"] == 190


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"status": "PAUSED"}, "message_template_status_update", {"event": "PAUSED"}),
        ({"quality": "RED"}, "message_template_quality_update", {"new_quality_score": "RED"}),
        ({"category": "marketing"}, "template_category_update", {"new_category": "MARKETING"}),
        ({"body": "Hi."}, "message_template_components_update", {"message_template_element": "Hi."}),
    ],
)
async def test_a_change_is_told(
    client: httpx.AsyncClient, webhook: FakeWebhook, change: dict[str, Any], field: str, told: dict[str, Any]
) -> None:
    answer = await put(client, name="order_ready", **change)
    assert answer["webhooks"] == [{"field": field, "http_status": 200}]
    [value] = webhook.values
    assert value | told == value
    assert value["message_template_name"] == "order_ready"


async def test_a_new_one_is_told_by_its_status(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await put(client, name="hello", language="pt_BR", status="PENDING")
    [value] = webhook.values
    assert (value["event"], value["message_template_language"]) == ("PENDING", "pt-BR")


async def test_what_changes_nothing_or_in_silence_tells_nobody(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    await put(client, name="order_ready", status="APPROVED")
    await put(client, name="order_ready", status="PAUSED", webhooks=False)
    assert webhook.values == []
    listed = await client.get("/simulator/templates", params={"phone_number_id": NUMBER})
    assert [template["status"] for template in listed.json()["templates"]] == ["PAUSED"]


async def test_the_phone_knows_them_as_they_are(client: httpx.AsyncClient) -> None:
    await put(client, name="order_ready", body="Hi {{1}}.", webhooks=False)
    numbers = (await client.get("/simulator/numbers")).json()["numbers"]
    told = {number["phone_number_id"]: number["templates"] for number in numbers}
    assert [template["components"][0]["text"] for template in told[NUMBER]] == ["Hi {{1}}."]
    assert "access_token" not in numbers[0]


async def test_one_is_removed_and_a_reset_brings_it_back(client: httpx.AsyncClient) -> None:
    query = {"phone_number_id": NUMBER, "name": "order_ready"}
    assert (await client.delete("/simulator/templates", params=query)).status_code == 204
    assert (await client.delete("/simulator/templates", params=query)).status_code == 404
    assert await pages(client) == [[]]
    await client.delete("/simulator/state")
    assert await pages(client) == [["order_ready"]]


@pytest.mark.parametrize("path", ["GET", "POST", "DELETE"])
async def test_of_a_number_that_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    query = {"phone_number_id": "1", "name": "x"}
    answer = await client.request(path, "/simulator/templates", params=query, json=query)
    assert answer.status_code == 404


# --- what is sent of them ---

BUTTONS = {
    "type": "BUTTONS",
    "buttons": [
        {"type": "QUICK_REPLY", "text": "Ok"},
        {"type": "URL", "text": "Go", "url": "https://shop.example/{{1}}"},
    ],
}
BODY = {"type": "BODY", "text": "Hi {{1}}, {{2}} is ready."}
NAMED = {"type": "BODY", "text": "Hi {{name}}."}


def text(words: str, **more: str) -> dict[str, str]:
    return {"type": "text", "text": words, **more}


def body(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"type": "body", "parameters": list(parameters)}


def header(parameter: dict[str, Any]) -> dict[str, Any]:
    return {"type": "header", "parameters": [parameter]}


def button(index: Any, sub_type: str = "url", parameter: Any = None) -> dict[str, Any]:
    return {"type": "button", "sub_type": sub_type, "index": index, "parameters": [parameter or text("17")]}


IMAGE = {"type": "image", "image": {"link": "https://shop.example/a.jpg"}}
TWO = body(text("Rui"), text("it"))


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ({"components": [BODY]}, [TWO]),
        ({"components": [NAMED], "parameter_format": "NAMED"}, [body(text("Rui", parameter_name="name"))]),
        ({"components": [{"type": "HEADER", "format": "IMAGE"}]}, [header(IMAGE)]),
        ({"components": [{"type": "HEADER", "format": "TEXT", "text": "No {{1}}"}]}, [header(text("7"))]),
        ({"components": [BUTTONS]}, [button("1")]),
        ({"components": [BUTTONS]}, [button(1), button(0, "quick_reply", {"type": "payload", "payload": "ok"})]),
    ],
)
async def test_accepted(client: httpx.AsyncClient, template: dict[str, Any], sent: list[dict[str, Any]]) -> None:
    await put(client, name="t", **template)
    answer = await send_template(client, sent)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("template", "sent", "code"),
    [
        ({"components": [BODY]}, [], 132000),
        ({"components": [BODY]}, [body(text("Rui"))], 132000),
        ({"components": [BODY]}, [body(text("a", parameter_name="x"), text("b", parameter_name="y"))], 132012),
        ({"components": [NAMED], "parameter_format": "NAMED"}, [body(text("Rui"))], 132012),
        ({"components": [{"type": "HEADER", "format": "IMAGE"}]}, [], 132012),
        ({"components": [{"type": "HEADER", "format": "IMAGE"}]}, [header(text("x"))], 132012),
        ({"components": [BUTTONS]}, [], 131008),
        ({"components": [BUTTONS]}, [button("1"), button("0")], 132012),
        ({"components": [BUTTONS]}, [button("1"), button("2")], 132000),
        ({"components": [BODY]}, [body(text("Rui"), text("a\nb"))], 131009),
        ({"components": [BODY]}, [body(text("Rui"), {"type": "text"})], 131009),
        ({"components": [BUTTONS]}, [{"type": "button", "parameters": [text("1")]}], 131009),
        ({"components": [BODY], "status": "PAUSED"}, [TWO], 132015),
        ({"components": [BODY], "status": "DISABLED"}, [TWO], 132016),
        ({"components": [BODY], "status": "PENDING"}, [TWO], 132001),
        ({"components": [BODY], "language": "pt_BR"}, [TWO], 132001),
    ],
)
async def test_refused(client: httpx.AsyncClient, template: dict[str, Any], sent: list[Any], code: int) -> None:
    await put(client, name="t", **template)
    answer = await send_template(client, sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code), answer.text
    assert answer.json()["error"]["error_data"]["details"]


async def send_template(client: httpx.AsyncClient, components: list[dict[str, Any]]) -> httpx.Response:
    return await send(
        client, type="template", template={"name": "t", "language": {"code": "en"}, "components": components}
    )
