"""Foreign numbers and accounts become a seller's, always the same one's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ops.replay.addressing import Readdressing
from ops.replay.bodies import Body
from ops.stack_file import StackTenant
from tests.unit.replay.envelopes import body, change

SELLERS = [
    StackTenant(id=name, name=name, phone_number_id=f"{name}-number", waba_id=f"{name}-waba", display_phone_number="1")
    for name in ("acme", "globex")
]
ALL = Readdressing(SELLERS, SELLERS)


def entry(readdressing: Readdressing, content: bytes) -> Any:
    return json.loads(readdressing.applied(Body("a.json", content)).content)["entry"][0]


def test_number_and_account_become_the_same_sellers() -> None:
    mapped = entry(ALL, body("foreign", change("1"), change("2")))
    seller = next(seller for seller in SELLERS if seller.waba_id == mapped["id"])
    numbers = {found["value"]["metadata"]["phone_number_id"] for found in mapped["changes"]}
    assert numbers == {seller.phone_number_id}


def test_deterministic_and_spread() -> None:
    chosen = [entry(ALL, body(f"waba-{number}", change("1")))["id"] for number in range(50)]
    assert chosen == [entry(ALL, body(f"waba-{number}", change("1")))["id"] for number in range(50)]
    assert set(chosen) == {seller.waba_id for seller in SELLERS}


@pytest.mark.parametrize("waba_id", ["a", "b", "c", "d"])
def test_to_the_one_seller_that_is_asked_for(waba_id: str) -> None:
    assert entry(Readdressing(SELLERS, SELLERS[1:]), body(waba_id, change("1")))["id"] == "globex-waba"


def test_an_account_without_a_number_is_mapped_too() -> None:
    update = {"field": "account_update", "value": {}}
    assert entry(ALL, body("foreign", update))["id"] in {"acme-waba", "globex-waba"}


def test_a_known_number_draws_its_entry_along() -> None:
    mapped = entry(Readdressing(SELLERS, SELLERS[1:]), body("foreign", change("acme-number"), change("1")))
    assert mapped["id"] == "acme-waba"
    assert {found["value"]["metadata"]["phone_number_id"] for found in mapped["changes"]} == {"acme-number"}


@pytest.mark.parametrize(
    "content",
    [body("acme-waba", change("acme-number")).replace(b" ", b"   "), b"no JSON", b"[1]", b'{"entry": [3, {"id": 4'],
    ids=["known", "no JSON", "no envelope", "cut off"],
)
def test_very_same_bytes(content: bytes) -> None:
    assert ALL.applied(Body("a.json", content)).content == content
