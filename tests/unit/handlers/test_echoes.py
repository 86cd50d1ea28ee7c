"""Echoes of the seller's phone app, out of an update that tells of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from domain import messages as m
from domain.customers import CustomerIdentity
from domain.ports import AccountEvent
from handlers.whatsapp_updates import echoes_of, parse_update
from handlers.whatsapp_webhook import encode, split
from tests.unit.handlers.envelopes import EVENTS, PHONE, RECEIVED_AT_MS, change, entry, envelope, json_values, value

RECEIVED_AT = datetime.fromtimestamp(RECEIVED_AT_MS / 1000, UTC)
SOUND = {"id": "wamid.echo", "to": PHONE, "timestamp": "1794829245", "type": "text", "text": {"body": "Ben here"}}


def told(*echoes: Any, field: str = "smb_message_echoes") -> list[m.Echo]:
    body = envelope(entry(change(value(message_echoes=list(echoes)), field=field)))
    updates = [parse_update(encode(item)) for item in split(body, RECEIVED_AT_MS)]
    return [echo for update in updates if isinstance(update, AccountEvent) for echo in echoes_of(update)]


def test_one_says_who_was_written_to_what_and_when() -> None:
    [echo] = told(SOUND)
    assert echo == m.Echo(
        m.MessageId("wamid.echo"),
        CustomerIdentity(phone=PHONE),
        datetime(2026, 11, 16, 11, 40, 45, tzinfo=UTC),
        "Ben here",
    )
    assert m.message_id_of(echo.position) == "wamid.echo"
    assert m.received_at_of(echo.position) == echo.at


@pytest.mark.parametrize(
    ("name", "recipient", "words"),
    [
        (
            "smb_message_echoes",
            CustomerIdentity(phone="16125550193"),
            "Grace here is Ben from the shop, I will look after this myself.",
        ),
        (
            "smb_message_echoes_to_bsuid",
            CustomerIdentity(user_id="US.44457989664111870715"),
            "Soft, I have one at home.",
        ),
        ("smb_message_echoes_image", CustomerIdentity(phone="14805550116"), "Así se ve la caja de regalo"),
    ],
)
def test_the_recorded_ones_are_read(name: str, recipient: CustomerIdentity, words: str) -> None:
    body = (EVENTS / f"fields/{name}.json").read_bytes()
    updates = [parse_update(encode(item)) for item in split(body, RECEIVED_AT_MS)]
    [echo] = [echo for update in updates if isinstance(update, AccountEvent) for echo in echoes_of(update)]
    assert (echo.recipient, echo.words) == (recipient, words)


def test_each_of_several_is_heard() -> None:
    assert [echo.message_id for echo in told(SOUND, SOUND | {"id": "wamid.echo.2"})] == ["wamid.echo", "wamid.echo.2"]


@pytest.mark.parametrize(
    "odd",
    [{**SOUND, "id": 7}, {**SOUND, "to": None}, {**SOUND, "to": ""}, "text", None, 7, []],
    ids=lambda odd: json.dumps(odd)[:40],
)
def test_what_names_no_message_or_no_customer_is_left_out(odd: Any) -> None:
    assert [echo.message_id for echo in told(odd, SOUND)] == ["wamid.echo"]


def test_a_time_that_cannot_be_true_is_clamped() -> None:
    [later] = told(SOUND | {"timestamp": "9999999999"})
    [none] = told(SOUND | {"timestamp": "soon"})
    assert later.at == none.at == RECEIVED_AT


def test_other_fields_tell_of_none() -> None:
    assert told(SOUND, field="smb_app_state_sync") == []
    event = AccountEvent("1", "smb_message_echoes", RECEIVED_AT, "waba", None, {"message_echoes": {"id": "1"}})
    assert echoes_of(event) == []


@given(json_values)
def test_whatever_stands_there_breaks_nothing(odd: Any) -> None:
    for item in (odd, SOUND | {"text": odd}, SOUND | {"timestamp": odd}, SOUND | {"to_user_id": odd, "type": odd}):
        event = AccountEvent("1", "smb_message_echoes", RECEIVED_AT, "waba", None, {"message_echoes": [item]})
        assert len(echoes_of(event)) <= 1
