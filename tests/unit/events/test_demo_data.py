"""The demo's sellers, catalogues and day hold together: what a step expects is what the catalogue says."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from domain.escalations import EscalationReason
from domain.tenants import TenantStatus

DEMO = Path(__file__).parents[3] / "ops/demo"
TENANTS: list[dict[str, Any]] = json.loads((DEMO / "tenants.json").read_text(encoding="utf-8"))
DAY: list[dict[str, Any]] = json.loads((DEMO / "day.json").read_text(encoding="utf-8"))
BY_ID = {tenant["id"]: tenant for tenant in TENANTS}
COLUMNS = [
    "id",
    "title",
    "description",
    "availability",
    "inventory",
    "price",
    "category",
    "link",
    "image_link",
    "language",
    "active",
]
FINALS = frozenset({"answered", "escalated", "recorded", "quarantined"})
# What only some steps bear: they are the messages of one burst, were sent days ago, or go to a number of nobody here.
OPTIONAL = frozenset({"expect", "burst", "sent_days_ago", "number"})


def catalogue(tenant_id: str) -> list[dict[str, str]]:
    with (DEMO / "catalogues" / f"{tenant_id}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_tenants_speak_two_languages_and_one_is_suspended() -> None:
    active = [tenant for tenant in TENANTS if tenant["status"] == TenantStatus.ACTIVE]
    assert len({tenant["language"] for tenant in active}) >= 2
    assert {tenant["status"] for tenant in TENANTS} == set(TenantStatus)


@pytest.mark.parametrize("tenant", TENANTS, ids=list(BY_ID))
def test_tenant(tenant: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z0-9-]{3,40}", tenant["id"])
    assert all(re.fullmatch(r"\d{15}", tenant["number"][key]) for key in ("phone_number_id", "waba_id", "catalog_id"))
    assert tenant["access_token"].startswith("local-token-")


def test_no_two_tenants_share_an_id() -> None:
    for key in ("phone_number_id", "waba_id", "catalog_id", "display_phone_number"):
        assert len({tenant["number"][key] for tenant in TENANTS}) == len(TENANTS)


@pytest.mark.parametrize("tenant", TENANTS, ids=list(BY_ID))
def test_catalogue(tenant: dict[str, Any]) -> None:
    rows = catalogue(tenant["id"])
    assert list(rows[0]) == COLUMNS
    assert len({row["id"] for row in rows}) == len({row["title"] for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(rf"\d+\.\d\d {tenant['currency']}", row["price"])
        assert (row["availability"] == "in stock") == (int(row["inventory"]) > 0)
        assert row["language"] == tenant["language"]
        assert row["active"] in {"true", "false"}


def test_the_day_is_in_order() -> None:
    times = [step["at"] for step in DAY]
    assert times == sorted(times)
    assert all(re.fullmatch(r"[0-2]\d:[0-5]\d", at) for at in times)


@pytest.mark.parametrize("step", DAY, ids=lambda step: f"{step['at']} {step['note'][:30]}")
def test_step(step: dict[str, Any]) -> None:
    assert set(step) - OPTIONAL == {"at", "note", "customer", "tenant", "send", "duplicates", "pause"}
    assert step["note"].endswith(".")
    assert step["customer"].keys() & {"wa_id", "user_id"}
    assert step["send"]["type"] in step["send"]
    assert not step["send"].keys() & {"id", "from", "timestamp"}
    assert (step["tenant"] is None) == ("number" in step)
    assert step["tenant"] is None or step["tenant"] in BY_ID
    expected = step["expect"]
    assert expected["final"] in FINALS
    assert (expected["final"] == "escalated") == ("reason" in expected)
    assert expected.get("reason", EscalationReason.ORDER) in set(EscalationReason)


@pytest.mark.parametrize("step", [step for step in DAY if "price" in step["expect"]], ids=lambda step: step["at"])
def test_expected_price_stands_in_the_catalogue_once(step: dict[str, Any]) -> None:
    currency = BY_ID[step["tenant"]]["currency"]
    rows = [row for row in catalogue(step["tenant"]) if row["price"] == f"{step['expect']['price']} {currency}"]
    assert len(rows) == 1
    assert rows[0]["active"] == "true"
    assert step["expect"].get("stock", rows[0]["availability"]) == rows[0]["availability"]


def test_what_goes_to_no_active_seller_is_quarantined() -> None:
    for step in DAY:
        tenant = BY_ID.get(step["tenant"])
        quarantined = tenant is None or tenant["status"] != TenantStatus.ACTIVE
        assert quarantined == (step["expect"]["final"] == "quarantined")


def test_ordered_products_bear_the_prices_of_the_catalogue() -> None:
    for step in DAY:
        prices = {row["id"]: row["price"] for row in catalogue(step["tenant"])} if step["tenant"] else {}
        for item in step["send"].get("order", {}).get("product_items", []):
            assert prices[item["product_retailer_id"]] == f"{item['item_price']:.2f} {item['currency']}"
