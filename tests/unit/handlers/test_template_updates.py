"""The webhooks about templates, from Meta's envelope to news."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.ports import AccountEvent
from domain.templates import TemplateNews
from handlers.whatsapp_updates import parse_update
from handlers.whatsapp_webhook import encode, split

FIELDS = Path(__file__).parents[3] / "events" / "fields"
RECEIVED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECEIVED_AT_MS = int(RECEIVED_AT.timestamp() * 1000)
EARLIER = int(RECEIVED_AT.timestamp()) - 3600
STATUS = "message_template_status_update"
TEMPLATE = {
    "message_template_id": 806312974732579,
    "message_template_name": "welcome_template",
    "message_template_language": "en-US",
}


def told(field: str, told_at: Any = EARLIER, **value: Any) -> tuple[TemplateNews, ...]:
    entry = {"id": "102290129340398", "time": told_at, "changes": [{"field": field, "value": {**TEMPLATE, **value}}]}
    return of_body({"object": "whatsapp_business_account", "entry": [entry]})


def of_body(body: Any) -> tuple[TemplateNews, ...]:
    [item] = split(json.dumps(body).encode(), RECEIVED_AT_MS)
    event = parse_update(encode(item))
    assert isinstance(event, AccountEvent)
    return event.templates


def test_a_status() -> None:
    [news] = told(STATUS, event="APPROVED", reason="NONE", message_template_category="UTILITY")
    assert (news.waba_id, news.name, news.language) == ("102290129340398", "welcome_template", "en_US")
    assert (news.status, news.rejected_reason, news.category) == ("APPROVED", "", "UTILITY")
    assert (news.quality, news.components, news.template_id) == (None, None, "806312974732579")
    assert news.at == datetime.fromtimestamp(EARLIER, UTC)


def test_a_rejection_says_why() -> None:
    [news] = told(STATUS, event="REJECTED", reason="INVALID_FORMAT")
    assert (news.status, news.rejected_reason) == ("REJECTED", "INVALID_FORMAT")


@pytest.mark.parametrize("field", ["message_template_quality_update", STATUS])
def test_a_quality_under_either_name(field: str) -> None:
    [news] = told(field, previous_quality_score="GREEN", new_quality_score="YELLOW")
    assert (news.quality, news.status) == ("YELLOW", None)


def test_a_category_that_is_to_come_is_not_there_yet() -> None:
    [news] = told("template_category_update", new_category="UTILITY", correct_category="MARKETING")
    assert news.category == "UTILITY"
    [news] = told("template_category_update", previous_category="UTILITY", new_category="MARKETING")
    assert news.category == "MARKETING"


def test_components() -> None:
    button = {
        "message_template_button_type": "URL",
        "message_template_button_text": "Track it",
        "message_template_button_url": "https://shop.example/{{1}}",
    }
    [news] = told(
        "message_template_components_update",
        message_template_element="Hello {{1}}",
        message_template_title="Your parcel",
        message_template_footer="The shop",
        message_template_buttons=[button, "no button"],
    )
    assert not news.components_whole
    assert news.components == (
        {"type": "BODY", "text": "Hello {{1}}"},
        {"type": "HEADER", "format": "TEXT", "text": "Your parcel"},
        {"type": "FOOTER", "text": "The shop"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Track it", "url": "https://shop.example/{{1}}"}]},
    )


@pytest.mark.parametrize("told_at", [None, "soon", True, EARLIER + 7200, 10**20, 1.5])
def test_without_a_credible_time_it_is_as_of_its_receipt(told_at: Any) -> None:
    [news] = told(STATUS, told_at, event="PAUSED")
    assert news.at == RECEIVED_AT


@pytest.mark.parametrize(
    "value",
    [
        {"message_template_name": None},
        {"message_template_name": "Not A Name"},
        {"message_template_name": "x" * 513},
        {"message_template_language": "en#US"},
        {"message_template_language": 7},
    ],
)
def test_what_names_no_template_tells_nothing(value: dict[str, Any]) -> None:
    assert told(STATUS, event="PAUSED", **value) == ()


def test_words_of_another_form_are_not_kept() -> None:
    [news] = told(STATUS, event={"a": 1}, reason=["x"], message_template_category=3, new_quality_score="red-ish")
    assert (news.status, news.rejected_reason, news.category, news.quality) == (None, "", None, None)


def test_other_fields_tell_nothing_of_templates() -> None:
    assert told("phone_number_quality_update", event="APPROVED") == ()


@pytest.mark.parametrize("path", sorted(FIELDS.glob("*template*.json")), ids=lambda path: path.stem)
def test_every_recorded_body_tells_something(path: Path) -> None:
    [news] = of_body(json.loads(path.read_text(encoding="utf-8")))
    assert any((news.status, news.category, news.quality, news.components))
