"""POST /messages: what Meta accepts, and in which words it refuses."""

from typing import Any

import httpx
import pytest

from tests.unit.simulator.conftest import CUSTOMER, NUMBER, send

pytestmark = pytest.mark.anyio

BODY = {"text": "Choose"}
ACCEPTED: list[dict[str, Any]] = [
    {"type": "text", "text": {"body": "x" * 4096}},
    {"type": "image", "image": {"link": "https://shop.example/mug.jpg", "caption": "A mug"}},
    {"type": "audio", "audio": {"link": "https://shop.example/a.ogg"}},
    {"type": "video", "video": {"link": "https://shop.example/a.mp4"}},
    {"type": "document", "document": {"link": "https://shop.example/a.pdf", "filename": "a.pdf"}},
    {"type": "sticker", "sticker": {"link": "https://shop.example/a.webp"}},
    {"type": "location", "location": {"latitude": 1.5, "longitude": -2, "name": "Here"}},
    {"type": "contacts", "contacts": [{"name": {"formatted_name": "Rui A", "first_name": "Rui"}}]},
    {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}},
    {"type": "text", "text": {"body": "As I said"}, "context": {"message_id": "wamid.x"}},
]


def button(number: int, title: str | None = None) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": f"b{number}", "title": title or f"Button {number}"}}


def buttons(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "body": BODY, "action": {"buttons": list(buttons)}}


def rows(*counts: int) -> dict[str, Any]:
    sections = [
        {"title": f"Section {index}", "rows": [{"id": f"{index}-{row}", "title": f"Row {row}"} for row in range(count)]}
        for index, count in enumerate(counts)
    ]
    return {"type": "list", "body": BODY, "action": {"button": "Choose", "sections": sections}}


def link(text: str) -> dict[str, Any]:
    parameters = {"display_text": text, "url": "https://shop.example"}
    return {"type": "cta_url", "body": BODY, "action": {"name": "cta_url", "parameters": parameters}}


def product(retailer_id: str, catalog_id: str = "194836987003835") -> dict[str, Any]:
    return {"type": "product", "action": {"catalog_id": catalog_id, "product_retailer_id": retailer_id}}


def products(count: int) -> dict[str, Any]:
    section = {"title": "Mugs", "product_items": [{"product_retailer_id": "mug-1"}] * count}
    return {
        "type": "product_list",
        "header": {"type": "text", "text": "Mugs"},
        "body": BODY,
        "action": {"catalog_id": "194836987003835", "sections": [section]},
    }


@pytest.mark.parametrize("message", ACCEPTED, ids=lambda message: message["type"])
async def test_accepted(client: httpx.AsyncClient, message: dict[str, Any]) -> None:
    answer = await send(client, **message)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": CUSTOMER, "wa_id": CUSTOMER}]
    assert body["messages"][0]["id"].startswith("wamid.HBgL")


@pytest.mark.parametrize(
    "interactive",
    [
        buttons(button(1), button(2), button(3)),
        rows(5, 5),
        link("Open the shop"),
        product("mug-1"),
        products(30),
    ],
    ids=lambda interactive: interactive["type"],
)
async def test_interactive_accepted(client: httpx.AsyncClient, interactive: dict[str, Any]) -> None:
    answer = await send(client, type="interactive", interactive=interactive)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("interactive", "details"),
    [
        (buttons(), "interactive['button']['action']['buttons']"),
        (buttons(*(button(number) for number in range(4))), "at most 3"),
        (buttons(button(1, "x" * 21)), "at most 20"),
        (buttons(button(1, "Same"), button(2, "Same")), "Button titles must be unique"),
        (rows(6, 5), "Total row count exceed max allowed count: 10"),
        (link("x" * 21), "at most 20"),
        (product("unknown"), "Products not found in FB Catalog: unknown"),
        (product("mug-1", catalog_id="1"), "Catalog 1 is not connected"),
        (products(31), "Total product count exceed max allowed count: 30"),
        ({"type": "carousel"}, "interactive"),
    ],
)
async def test_interactive_refused(client: httpx.AsyncClient, interactive: dict[str, Any], details: str) -> None:
    answer = await send(client, type="interactive", interactive=interactive)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == 131009
    assert error["message"] == "(#131009) Parameter value is not valid"
    assert details in error["error_data"]["details"]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"messaging_product": None}, 100, "messaging_product"),
        ({"to": None}, 100, "The parameter to is required"),
        ({"to": "somebody"}, 131009, "Parameter value is not valid"),
        ({"to": None, "recipient": "12025550143"}, 131009, "Parameter value is not valid"),
        ({"type": "poem"}, 100, "Param type"),
        ({"text": None}, 100, "The parameter text is required"),
        ({"text": {}}, 131008, "Required parameter is missing"),
        ({"text": {"body": "x" * 4097}}, 100, "Param text['body'] must be at most 4096 characters long"),
        ({"text": {"body": "x", "colour": "red"}}, 100, 'Unexpected key "colour" on param "text"'),
        ({"biz_opaque_callback_data": "x" * 513}, 100, "biz_opaque_callback_data"),
        ({"type": "image", "image": {}}, 131009, "Parameter value is not valid"),
        ({"type": "image", "image": {"id": "1"}}, 131009, "Parameter value is not valid"),
        ({"type": "template", "template": {"name": "no", "language": {"code": "en"}}}, 132001, "does not exist"),
        ({"type": "template", "template": {"name": "order_ready", "language": {"code": "en"}}}, 132000, "parameters"),
    ],
)
async def test_refused(client: httpx.AsyncClient, change: dict[str, Any], code: int, words: str) -> None:
    answer = await send(client, **change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["type"]) == (code, "OAuthException")
    assert words in error["message"]
    assert error["fbtrace_id"]


async def test_a_body_that_is_no_json_is_refused(client: httpx.AsyncClient) -> None:
    for body in (b"{", b"[]"):
        answer = await client.post(f"/graph/v26.0/{NUMBER}/messages", content=body)
        assert answer.json()["error"]["code"] == 100


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic token-one"])
async def test_without_a_good_token(client: httpx.AsyncClient, authorization: str) -> None:
    client.headers["Authorization"] = authorization
    answer = await send(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)


@pytest.mark.parametrize("phone_number_id", ["999", "200"], ids=["nobody's", "another tenant's"])
async def test_a_number_that_is_not_ones_own_does_not_exist(client: httpx.AsyncClient, phone_number_id: str) -> None:
    answer = await client.post(f"/graph/v26.0/{phone_number_id}/messages", json={})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["error_subcode"]) == (400, 100, 33)


async def test_another_version_is_an_unknown_path(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/graph/v1.0/{NUMBER}/messages", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2500)


async def test_a_path_that_does_not_exist(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/graph/v26.0/{NUMBER}/poems", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2500)


async def test_a_burst_to_one_customer_ends_at_the_pair_rate(client: httpx.AsyncClient) -> None:
    answers = [await send(client) for _ in range(46)]
    assert all(answer.status_code == 200 for answer in answers[:45])
    assert (answers[45].status_code, answers[45].json()["error"]["code"]) == (400, 131056)
    assert (await send(client, to="12025550199")).status_code == 200


async def test_every_send_is_on_record(client: httpx.AsyncClient) -> None:
    accepted = (await send(client, biz_opaque_callback_data="reply-1")).json()["messages"][0]["id"]
    await send(client, type="poem")
    sends = (await client.get("/simulator/sends")).json()["sends"]
    assert [send["outcome"] for send in sends] == ["accepted", "rejected"]
    assert sends[0]["message_id"] == accepted
    assert sends[0]["body"]["biz_opaque_callback_data"] == "reply-1"
    assert sends[1]["error"]["code"] == 100


async def test_the_number_tells_its_name(client: httpx.AsyncClient) -> None:
    answer = (await client.get(f"/graph/v26.0/{NUMBER}")).json()
    assert answer["verified_name"] == "Casa Verde"
    assert answer["display_phone_number"] == "+1 555-078-3881"
    assert answer["quality_rating"] == "GREEN"
