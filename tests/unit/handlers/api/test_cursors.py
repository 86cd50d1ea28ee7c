from __future__ import annotations

from typing import Any

import pytest

from domain.errors import CursorRefusedError
from handlers.api.cursors import Cursors
from tests.builders import ACME, GLOBEX, product
from tests.fakes.api import Caller

CURSORS = Cursors(lambda: "a secret")
POSITION = {"phoneNumber": "12025550143"}


def sealed(scope: str = "acme", route: str = "/customers", cursors: Cursors = CURSORS) -> str:
    cursor = cursors.seal(scope, route, POSITION)
    assert cursor is not None
    return cursor


def test_it_leads_back_to_where_it_was_given_out() -> None:
    assert CURSORS.open("acme", "/customers", sealed()) == POSITION
    assert CURSORS.seal("acme", "/customers", None) is None
    assert CURSORS.open("acme", "/customers", None) is None


def test_it_shows_nothing_of_its_position() -> None:
    assert "12025550143" not in sealed()
    assert sealed() != sealed()


@pytest.mark.parametrize(
    "cursor",
    [
        sealed("globex"),
        sealed(route="/products"),
        sealed(cursors=Cursors(lambda: "another secret")),
        sealed()[:-2],
        "AAAA" + sealed()[4:],
        "", "x", "!", "é", "A" * 40,
    ],
    ids=["another tenant's", "another route's", "another secret's", "cut", "changed", "empty", "x", "!", "é", "long"],
)  # fmt: skip
def test_any_other_is_refused(cursor: str) -> None:
    with pytest.raises(CursorRefusedError):
        CURSORS.open("acme", "/customers", cursor)


def test_what_was_sealed_before_a_rotation_still_opens() -> None:
    rotated = Cursors(lambda: "a new secret", lambda: ("a new secret", "a secret"))
    assert rotated.open("acme", "/customers", sealed()) == POSITION
    assert rotated.open("acme", "/customers", sealed(cursors=rotated)) == POSITION
    behind = Cursors(lambda: "a secret", lambda: ("a new secret", "a secret"))
    assert behind.open("acme", "/customers", sealed(cursors=rotated)) == POSITION
    with pytest.raises(CursorRefusedError):
        rotated.open("acme", "/customers", sealed(cursors=Cursors(lambda: "a third secret")))


def test_a_cursor_that_opens_asks_for_no_other_key() -> None:
    def others() -> list[str]:
        raise AssertionError

    assert Cursors(lambda: "a secret", others).open("acme", "/customers", sealed()) == POSITION


def test_a_list_is_read_page_by_page(call: Caller, shop: Any) -> None:
    shop.rows.products.put(ACME, [product(f"P-{n}") for n in range(5)])
    seen, cursor = [], ""
    while True:
        page = call("GET", f"/api/v1/products?limit=2{cursor}").json
        seen.append([one["id"] for one in page["items"]])
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    assert seen == [["P-0", "P-1"], ["P-2", "P-3"], ["P-4"]]


def test_another_tenants_cursor_is_of_no_use(call: Caller, shop: Any) -> None:
    for owner in (ACME, GLOBEX):
        shop.rows.products.put(owner, [product(f"P-{n}") for n in range(3)])
    theirs = call("GET", "/api/v1/products?limit=1", token="glen").json["nextCursor"]
    answer = call("GET", f"/api/v1/products?limit=1&cursor={theirs}")
    assert (answer.status, answer.json["code"]) == (400, "cursor_refused")
