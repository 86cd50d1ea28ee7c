"""What an admin changes by forms: products, canned replies, settings."""

from __future__ import annotations

import re

from domain.access import Principal, Role
from tests.fakes.api_shop import Shop
from tests.unit.handlers.gui.conftest import Seller

_MUG = {
    "product_id": "mug-1",
    "title": "Blue mug",
    "price": "12.50",
    "currency": "USD",
    "stock": "4",
    "available": "on",
    "active": "on",
}


def _version(html: str) -> str:
    found = re.search(r'name="version" value="([0-9a-f]+)"', html)
    assert found
    return found[1]


def test_a_product_is_made_changed_and_removed(admin: Seller) -> None:
    assert admin.post("/catalogue/new", **_MUG).location == "/prod/catalogue?done=saved"
    assert "$12.50" in admin.get("/catalogue").html
    version = _version(admin.get("/catalogue/products", id="mug-1").html)
    admin.post("/catalogue/products", **{**_MUG, "price": "13", "version": version})
    assert "Blue mug" in admin.get("/catalogue", q="MUG blue").html
    assert "Blue mug" not in admin.get("/catalogue", q="teapot").html


def test_what_is_wrong_with_a_product_is_said_and_nothing_typed_is_lost(admin: Seller) -> None:
    answer = admin.post("/catalogue/new", **{**_MUG, "price": "twelve"})
    assert answer.status == 422
    assert 'value="twelve"' in answer.html
    assert 'role="alert"' in answer.html


def test_a_canned_reply_stands_behind_the_slash(admin: Seller) -> None:
    admin.post("/settings/canned", shortcut="hours", title="Opening hours", text="We open at <9>")
    menu = admin.get("/canned").html
    assert "/hours" in menu
    assert "We open at &lt;9&gt;" in menu


def test_settings_are_changed_one_form_at_a_time(admin: Seller) -> None:
    page = admin.get("/settings/hours")
    saved = admin.post(
        "/settings/hours", version=_version(page.html), mon="09:00-13:00, 15:00-18:00", holidays="2026-12-25"
    )
    assert saved.location == "/prod/settings/hours?done=saved"
    after = admin.get("/settings/hours").html
    assert 'value="09:00-13:00, 15:00-18:00"' in after
    assert "2026-12-25" in after
    refused = admin.post("/settings/hours", version=_version(after), mon="nine")
    assert refused.status == 422
    assert 'value="nine"' in refused.html


def test_a_file_that_is_not_taken_is_refused_and_said_why(admin: Seller) -> None:
    answer = admin.post("/catalogue/imports")
    assert answer.status == 422
    assert "is-bad" in answer.html


def test_language_and_look_are_ones_own(admin: Seller) -> None:
    answer = admin.post("/preferences", language="es", theme="purple")
    cookies = answer.raw["multiValueHeaders"]["Set-Cookie"]
    assert [cookie.partition(";")[0] for cookie in cookies] == ["__Host-language=es", "__Host-theme="]


def test_an_operators_are_their_own_too(shop: Shop) -> None:
    olive = Seller(shop, Principal("olive", "Olive", Role.OPERATOR))
    assert "/prod/account/totp" in olive.get("/preferences").html
    assert olive.post("/preferences", language="es").location == "/prod/preferences?done=saved"
    assert olive.get("/inbox").location == "/prod/operator"
