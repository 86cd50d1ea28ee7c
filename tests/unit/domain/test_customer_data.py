"""Who an update is about: told from everybody who is only spoken of."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from domain.customer_data import Subject, number_in, people_in, told_at
from domain.replies import ReplyPurpose, reply_id
from domain.tombstones import Tombstone, hashed
from tests.builders import ACME, ALICE, GLOBEX, NOON, after, job

PHONE, USER_ID = "12025550143", "US.13491208655302741918"
HERS = ALICE.first_customer_id(ACME)
ALL = Subject(ACME, (HERS,), (PHONE, USER_ID))


def wamid(phone: str) -> str:
    named = bytes([0x1C, 0x18, len(phone)]) + phone.encode() + bytes([0x15, 2, 0, 0x12, 0x18, 0x14])
    return "wamid." + base64.b64encode(named + b"97974d1de1641df0234e").decode()


@pytest.mark.parametrize("phone", ["12025550143", "4915112345678", "351910000001", "5511999999999", "65123456"])
def test_a_message_id_names_its_number(phone: str) -> None:
    assert number_in(wamid(phone)) == phone


@pytest.mark.parametrize(
    "text", ["", "wamid.", "wamid.1", "wamid.HB", "wamid.HBgL", "wamid.in.1", "wamid.%%%", "wamid.AAAA" * 9, PHONE]
)
def test_what_is_no_message_id_of_theirs_names_none(text: str) -> None:
    assert number_in(text) == ""


@pytest.mark.parametrize(
    "value",
    [
        {"message": {"from": PHONE}},
        {"message": {"from": USER_ID}},
        {"message": {"from": "+12025550143"}},
        {"contact": {"user_id": USER_ID}},
        {"status": {"id": "wamid.out.1", "recipient_id": PHONE}},
        {"status": {"id": wamid(PHONE)}},
        {"status": {"biz_opaque_callback_data": reply_id(HERS, job().position, ReplyPurpose.ANSWER)}},
        {"tenant_id": "acme", "customer_id": HERS},
        {"value": {"message_echoes": [{"to": PHONE}]}},
        {"value": {"history": [{"threads": [{"id": PHONE}]}]}},
        {"value": {"state_sync": [{"contact": {"phone_number": f"+{PHONE}"}}]}},
        {"value": {"user_preferences": [{"wa_id": int(PHONE)}]}},
    ],
)
def test_it_is_about_her(value: Any) -> None:
    assert ALL.named_in(value)


@pytest.mark.parametrize(
    "value",
    [
        {"message": {"from": "12025550144", "text": {"body": f"call {PHONE}"}}},
        {"message": {"from": "12025550144", "contacts": [{"phones": [{"wa_id": PHONE, "phone": PHONE}]}]}},
        {"message": {"from": "12025550144", "context": {"from": PHONE, "id": wamid(PHONE)}}},
        {"message": {"from": "12025550144", "text": {"body": PHONE}}},
        {"message": {"from": "2025550143"}},
        {"status": {"id": wamid("12025550144")}},
        {"metadata": {"phone_number_id": PHONE}},
        {"customer_id": "0" * 24},
        {"status": {"biz_opaque_callback_data": "someone else's"}},
        [],
        None,
    ],
)
def test_it_is_not_about_her(value: Any) -> None:
    assert not ALL.named_in(value)


def test_deeper_than_any_form_it_is_not_looked() -> None:
    value: Any = {"from": PHONE}
    for _ in range(10_000):
        value = [value]
    assert not ALL.named_in(value)


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        (f'{{"from": "{PHONE}", ', True),
        (f"it was {USER_ID}.", True),
        (f"correlation {wamid(PHONE)}", True),
        (f"customer {HERS}", True),
        (f"1{PHONE}", False),
        (f"{PHONE}0", False),
        (f"correlation {wamid('12025550144')}", False),
        ("", False),
    ],
)
def test_a_text_in_nobodys_form(text: str, mentioned: bool) -> None:
    assert ALL.mentioned_in(text) is mentioned


def test_a_subject_without_names_is_mentioned_nowhere() -> None:
    assert not Subject(ACME, (), ()).mentioned_in("anything: at all")


def test_an_update_is_as_old_as_it_says() -> None:
    told = {"message_echoes": [{"timestamp": str(int(NOON.timestamp())), "to": PHONE}]}
    assert told_at(told, after(days=6)) == NOON
    assert told_at({"event": "x"}, after(days=6)) == after(days=6)
    assert told_at({"timestamp": "soon"}, after(days=6)) == after(days=6)
    assert told_at({"timestamp": "9" * 400}, after(days=6)) == after(days=6)


def test_whom_an_update_names() -> None:
    value = {"contacts": [{"wa_id": PHONE, "user_id": USER_ID}], "metadata": {"phone_number": "1"}, "id": "x"}
    assert people_in(value) == {PHONE, USER_ID}


def test_what_came_before_the_moment_is_meant() -> None:
    until = Subject(ACME, (HERS,), (PHONE,), NOON)
    assert until.meant(NOON)
    assert not until.meant(after(seconds=1))
    assert ALL.meant(after(days=900))


def test_a_tombstone_covers_the_whole_second() -> None:
    stone = Tombstone(NOON + timedelta(milliseconds=300), HERS)
    assert stone.covers(NOON)
    assert not stone.covers(after(seconds=1))


def test_a_hash_is_of_one_tenant_and_holds_no_number() -> None:
    assert hashed(ACME, PHONE) != hashed(GLOBEX, PHONE)
    assert hashed(ACME, PHONE) == hashed(ACME, PHONE)
    assert len(hashed(ACME, PHONE)) == 64
