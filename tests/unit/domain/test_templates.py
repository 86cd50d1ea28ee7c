"""What is known of a template, whatever order its news come in; and what may be sent of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from domain.errors import ContentRefusedError
from domain.opt_out import Category
from domain.outbound import (
    ButtonKind,
    Document,
    Image,
    Location,
    MediaFile,
    Parameter,
    Template,
    TemplateButton,
)
from domain.templates import (
    MessageTemplate,
    TemplateNews,
    check_parameters,
    merged,
    proposed,
    status_after,
    template_language,
    time_of_reading,
)
from tests.builders import NOON, after, opt_out, template_news

FILE = MediaFile(id="1")


def only(**told: Any) -> TemplateNews:
    """As a webhook tells one thing."""
    silent = {"status": None, "category": None, "quality": None, "components": None, "parameter_format": None}
    return template_news(**{**silent, "template_id": "", **told})


def known(*news: TemplateNews) -> MessageTemplate:
    template = None
    for one in news:
        template = merged(template, one)
    assert template is not None
    return template


def of(*components: dict[str, Any], **told: Any) -> MessageTemplate:
    return known(template_news(components=components, **told))


def test_the_first_news_makes_a_template_of_what_is_known() -> None:
    template = known(only(status="PAUSED"))
    assert (template.status, template.category, template.quality) == ("PAUSED", "", "UNKNOWN")
    assert (template.components, template.updated_at) == ((), NOON)
    assert not template.sendable


def test_each_aspect_has_its_own_time() -> None:
    template = known(template_news(at=after(hours=2)), only(quality="RED", at=after(hours=1)))
    assert template.quality == "GREEN"
    template = known(only(status="PAUSED", at=after(hours=3)), template_news(at=after(hours=2)))
    assert (template.status, template.quality, template.category) == ("PAUSED", "GREEN", "UTILITY")


def test_news_in_any_order_come_to_the_same() -> None:
    news = [
        template_news(),
        only(status="PAUSED", at=after(hours=1)),
        only(quality="RED", at=after(hours=2)),
        only(status="APPROVED", at=after(hours=3)),
        only(category="MARKETING", at=after(hours=4)),
    ]
    outcomes = [known(*order) for order in permutations(news)]
    assert {(one.status, one.quality, one.category) for one in outcomes} == {("APPROVED", "RED", "MARKETING")}
    assert all(one == replace(outcomes[0], told_at=one.told_at) for one in outcomes)


def test_the_same_news_again_change_nothing() -> None:
    template = known(template_news())
    assert merged(template, template_news()) == template
    assert merged(template, template_news(status="PAUSED", at=after(seconds=-1))) == template


def test_a_reading_yields_to_a_webhook_of_the_second_it_was_asked_in() -> None:
    asked_at = after(seconds=10.9)
    webhook = only(status="PAUSED", at=after(seconds=10))
    reading = template_news(at=time_of_reading(asked_at))
    assert reading.at == after(seconds=9)
    for order in ((webhook, reading), (reading, webhook)):
        assert known(*order).status == "PAUSED"


def test_a_webhook_tells_texts_and_leaves_the_rest() -> None:
    header = {"type": "HEADER", "format": "IMAGE"}
    template = of(header, {"type": "BODY", "text": "old"})
    told = only(components=({"type": "BODY", "text": "new"},), components_whole=False, at=after(hours=1))
    assert merged(template, told).components == (header, {"type": "BODY", "text": "new"})
    assert merged(template, told).parameter_format == "POSITIONAL"


def test_metas_words() -> None:
    assert template_language("en-US") == template_language("en_US") == "en_US"
    assert [status_after(event) for event in ("REINSTATED", "UNLOCKED", "PAUSED", "HALVED")] == [
        "APPROVED",
        "APPROVED",
        "PAUSED",
        "HALVED",
    ]


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("UTILITY", Category.UTILITY),
        ("marketing", Category.MARKETING),
        ("AUTHENTICATION", Category.AUTHENTICATION),
        ("", Category.MARKETING),
        ("LOYALTY", Category.MARKETING),
    ],
)
def test_a_category_that_nobody_knows_is_the_strictest(word: str, category: Category) -> None:
    assert known(template_news(category=word)).priced_as is category


def test_what_is_proposed() -> None:
    templates = [
        known(template_news("paused", status="PAUSED")),
        known(template_news("red", quality="RED")),
        known(template_news("gone", status="DELETED")),
        known(template_news("unrated", quality="UNKNOWN")),
        known(template_news("offer", category="MARKETING")),
        known(template_news("hello", "pt_BR")),
        known(template_news("hello", "es")),
        known(template_news("hello", "en_US")),
    ]
    found = [(one.name, one.language) for one in proposed(templates, ["pt", "en"], None)]
    assert found == [
        ("hello", "pt_BR"),
        ("hello", "en_US"),
        ("unrated", "en_US"),
        ("offer", "en_US"),
        ("hello", "es"),
    ]
    assert "offer" not in {one.name for one in proposed(templates, ["pt", "en"], opt_out())}


BODY = {"type": "BODY", "text": "Hello {{1}}, your order {{2}} is ready, {{1}}."}
NAMED_BODY = {"type": "BODY", "text": "Hello {{first_name}}, {{ order }} is ready."}
URL_BUTTON = {"type": "URL", "text": "Track", "url": "https://shop.example/{{1}}"}
BUTTONS = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ok"}, URL_BUTTON, {"type": "COPY_CODE"}]}
TWO = (Parameter("Rui"), Parameter("B-17"))
URL, CODE = TemplateButton(ButtonKind.URL, 1, "B-17"), TemplateButton(ButtonKind.COPY_CODE, 2, "SAVE10")


def sent(**content: Any) -> Template:
    return Template("order_ready", "en_US", **content)


@pytest.mark.parametrize(
    ("template", "content"),
    [
        (of(BODY), sent(body=TWO)),
        (of({"type": "BODY", "text": "Hello"}), sent()),
        (of(NAMED_BODY, parameter_format="NAMED"), sent(body=(Parameter("B", "order"), Parameter("R", "first_name")))),
        (of({"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}), sent(header=Parameter("B-17"))),
        (of({"type": "HEADER", "format": "IMAGE"}), sent(header=Image(FILE))),
        (of({"type": "HEADER", "format": "LOCATION"}), sent(header=Location(1, 2))),
        (of(BUTTONS), sent(buttons=(URL, CODE))),
        (of(BUTTONS), sent(buttons=(TemplateButton(ButtonKind.QUICK_REPLY, 0, "ok"), URL, CODE))),
        (of({"type": "BUTTONS", "buttons": [{"type": "OTP"}]}), sent(buttons=(replace(URL, index=0),))),
        (of(), sent(body=TWO, buttons=(URL,))),
    ],
)  # fmt: skip
def test_what_the_template_asks_for(template: MessageTemplate, content: Template) -> None:
    check_parameters(template, content)


@pytest.mark.parametrize(
    ("template", "content", "words"),
    [
        (of(BODY), sent(body=TWO[:1]), "asks for 2 parameters, and 1 are given"),
        (of(BODY), sent(body=(*TWO, *TWO)), "asks for 2 parameters, and 4 are given"),
        (of(BODY), sent(body=(Parameter("a", "x"), Parameter("b", "y"))), "without names"),
        (of(NAMED_BODY, parameter_format="NAMED"), sent(body=TWO), "first_name, order"),
        (of(NAMED_BODY, parameter_format="NAMED"), sent(body=(Parameter("a", "order"), Parameter("b", "x"))), "names"),
        (of(BODY), sent(body=TWO, header=Parameter("x")), "asks for 0 parameters"),
        (of(BODY), sent(body=TWO, header=Image(FILE)), "has no image"),
        (of({"type": "HEADER", "format": "IMAGE"}), sent(), "asks for image"),
        (of({"type": "HEADER", "format": "IMAGE"}), sent(header=Document(FILE)), "asks for image"),
        (of(BUTTONS), sent(buttons=(URL,)), "button 2 of order_ready asks for a parameter"),
        (of(BUTTONS), sent(buttons=(CODE,)), "button 1 of order_ready asks for a parameter"),
        (of(BUTTONS), sent(buttons=(URL, CODE, TemplateButton(ButtonKind.URL, 0, "x"))), "button 0"),
        (of(BUTTONS), sent(buttons=(URL, CODE, TemplateButton(ButtonKind.URL, 3, "x"))), "no button 3"),
    ],
)  # fmt: skip
def test_what_it_does_not(template: MessageTemplate, content: Template, words: str) -> None:
    with pytest.raises(ContentRefusedError) as raised:
        check_parameters(template, content)
    assert words in str(raised.value)
    assert raised.value.field.startswith("template.components.")
