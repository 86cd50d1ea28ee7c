"""Meta's JSON of each form, as Meta's reference shows it."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.whatsapp_outbound import rendered
from domain import outbound as o
from domain.messages import MessageId
from tests.forms import FORMS

LINK = "https://www.luckyshrub.com/assets/succulents/aloe.png"
UPLOAD = o.MediaFile(id="1013859600285441")

EXAMPLES: list[tuple[o.Content, dict[str, Any]]] = [
    (
        o.Text("As requested: https://www.luckyshrub.com/", preview_url=True),
        {"type": "text", "text": {"body": "As requested: https://www.luckyshrub.com/", "preview_url": True}},
    ),
    (
        o.Image(UPLOAD, caption="The best succulent ever?"),
        {"type": "image", "image": {"id": "1013859600285441", "caption": "The best succulent ever?"}},
    ),
    (o.Image(o.MediaFile(link=LINK)), {"type": "image", "image": {"link": LINK}}),
    (o.Video(UPLOAD, caption="Ours"), {"type": "video", "video": {"id": "1013859600285441", "caption": "Ours"}}),
    (o.Audio(UPLOAD), {"type": "audio", "audio": {"id": "1013859600285441"}}),
    (
        o.Document(UPLOAD, caption="Your quote", filename="quote.pdf"),
        {"type": "document", "document": {"id": "1013859600285441", "caption": "Your quote", "filename": "quote.pdf"}},
    ),
    (o.Sticker(UPLOAD), {"type": "sticker", "sticker": {"id": "1013859600285441"}}),
    (
        o.Location(37.44216251868683, -122.16153582049394, "Philz Coffee", "101 Forest Ave"),
        {
            "type": "location",
            "location": {
                "latitude": 37.44216251868683,
                "longitude": -122.16153582049394,
                "name": "Philz Coffee",
                "address": "101 Forest Ave",
            },
        },
    ),
    (
        o.Reaction(MessageId("wamid.HBgL"), "😀"),
        {"type": "reaction", "reaction": {"message_id": "wamid.HBgL", "emoji": "😀"}},
    ),
    (o.Reaction(MessageId("wamid.HBgL")), {"type": "reaction", "reaction": {"message_id": "wamid.HBgL", "emoji": ""}}),
    (
        o.ReplyButtons(
            "Hi Pablo! Please see all times below.",
            (o.Button("change-button", "Change"), o.Button("cancel-button", "Cancel")),
            header=o.Image(o.MediaFile(id="2762702990552401")),
            footer="Lucky Shrub",
        ),
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "header": {"type": "image", "image": {"id": "2762702990552401"}},
                "body": {"text": "Hi Pablo! Please see all times below."},
                "footer": {"text": "Lucky Shrub"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "change-button", "title": "Change"}},
                        {"type": "reply", "reply": {"id": "cancel-button", "title": "Cancel"}},
                    ]
                },
            },
        },
    ),
    (
        o.List(
            "Which shipping option do you prefer?",
            "Shipping Options",
            (
                o.Section((o.Row("priority_express", "Priority Mail Express", "1 to 2 Days"),), "I want it ASAP!"),
                o.Section((o.Row("media_mail", "Media Mail"),), "I can wait a bit"),
            ),
            header="Choose Shipping Option",
            footer="Lucky Shrub",
        ),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "header": {"type": "text", "text": "Choose Shipping Option"},
                "body": {"text": "Which shipping option do you prefer?"},
                "footer": {"text": "Lucky Shrub"},
                "action": {
                    "button": "Shipping Options",
                    "sections": [
                        {
                            "title": "I want it ASAP!",
                            "rows": [
                                {
                                    "id": "priority_express",
                                    "title": "Priority Mail Express",
                                    "description": "1 to 2 Days",
                                }
                            ],
                        },
                        {"title": "I can wait a bit", "rows": [{"id": "media_mail", "title": "Media Mail"}]},
                    ],
                },
            },
        },
    ),
    (
        o.CtaUrl("Tap the button below.", "See Dates", "https://www.luckyshrub.com?clickID=kqDGWd24Q5", header="Dates"),
        {
            "type": "interactive",
            "interactive": {
                "type": "cta_url",
                "header": {"type": "text", "text": "Dates"},
                "body": {"text": "Tap the button below."},
                "action": {
                    "name": "cta_url",
                    "parameters": {
                        "display_text": "See Dates",
                        "url": "https://www.luckyshrub.com?clickID=kqDGWd24Q5",
                    },
                },
            },
        },
    ),
    (
        o.SingleProduct("194836987003835", "di9ozbzfi4", body="This one"),
        {
            "type": "interactive",
            "interactive": {
                "type": "product",
                "body": {"text": "This one"},
                "action": {"catalog_id": "194836987003835", "product_retailer_id": "di9ozbzfi4"},
            },
        },
    ),
    (
        o.ProductList("194836987003835", "Mugs", "All of them", (o.ProductSection(("a", "b"), "Blue"),)),
        {
            "type": "interactive",
            "interactive": {
                "type": "product_list",
                "header": {"type": "text", "text": "Mugs"},
                "body": {"text": "All of them"},
                "action": {
                    "catalog_id": "194836987003835",
                    "sections": [
                        {"title": "Blue", "product_items": [{"product_retailer_id": "a"}, {"product_retailer_id": "b"}]}
                    ],
                },
            },
        },
    ),
    (
        o.Template(
            "order_confirmation",
            "en_US",
            header=o.Image(o.MediaFile(id="2871834006348767")),
            body=(o.Parameter("Pablo"), o.Parameter("860198-230332")),
            buttons=(
                o.TemplateButton(o.ButtonKind.QUICK_REPLY, 0, "confirm"),
                o.TemplateButton(o.ButtonKind.URL, 1, "860198"),
                o.TemplateButton(o.ButtonKind.COPY_CODE, 2, "25OFF"),
            ),
        ),
        {
            "type": "template",
            "template": {
                "name": "order_confirmation",
                "language": {"code": "en_US"},
                "components": [
                    {"type": "header", "parameters": [{"type": "image", "image": {"id": "2871834006348767"}}]},
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": "Pablo"}, {"type": "text", "text": "860198-230332"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "quick_reply",
                        "index": "0",
                        "parameters": [{"type": "payload", "payload": "confirm"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "url",
                        "index": "1",
                        "parameters": [{"type": "text", "text": "860198"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "copy_code",
                        "index": "2",
                        "parameters": [{"type": "coupon_code", "coupon_code": "25OFF"}],
                    },
                ],
            },
        },
    ),
    (
        o.Template("hello", "en", header=o.Parameter("7", "number"), body=(o.Parameter("Jessica", "first_name"),)),
        {
            "type": "template",
            "template": {
                "name": "hello",
                "language": {"code": "en"},
                "components": [
                    {"type": "header", "parameters": [{"type": "text", "parameter_name": "number", "text": "7"}]},
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "parameter_name": "first_name", "text": "Jessica"}],
                    },
                ],
            },
        },
    ),
    (
        o.Template("hello_world", "en_US"),
        {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "body"), EXAMPLES, ids=lambda one: type(one).__name__)
def test_as_meta_shows_it(content: o.Content, body: dict[str, Any]) -> None:
    assert rendered(content) == body


def test_a_location_in_a_templates_header() -> None:
    content = o.Template("pick_up", "en", header=o.Location(1.5, -2, "The shop"))
    [component] = rendered(content)["template"]["components"]
    place = {"latitude": 1.5, "longitude": -2, "name": "The shop"}
    assert component == {"type": "header", "parameters": [{"type": "location", "location": place}]}


def test_every_form_has_an_example() -> None:
    assert {type(content) for content, _ in EXAMPLES} == {type(content) for content in FORMS}
