"""Customers and canned replies by the API."""

from __future__ import annotations

from typing import Any

import pytest

from domain.customers import CustomerIdentity
from domain.opt_out import Category, may_send
from tests.builders import ACME, ALICE, BOB, NAMELESS, after, message, recording
from tests.fakes.api import Caller
from tests.fakes.desk_deployment import FakeDesk

HERS = ALICE.first_customer_id(ACME)


@pytest.fixture(autouse=True)
def desk(shop: Any) -> FakeDesk:
    """Alice, Bob and somebody without a number have written, in this order."""
    found: FakeDesk = shop.desk
    for n, who in enumerate((ALICE, BOB, NAMELESS)):
        found.world.record(recording(message(message_id=f"wamid.{n}", at=after(minutes=n - 10), sender=who)))
    return found


def names(items: Any) -> list[str]:
    return [one["name"] or one["username"] for one in items]


class TestCustomers:
    def test_who_wrote_last_stands_first_page_by_page(self, call: Caller) -> None:
        first = call("GET", "/api/v1/customers?limit=2").json
        rest = call("GET", f"/api/v1/customers?limit=2&cursor={first['nextCursor']}").json
        assert names([*first["items"], *rest["items"]]) == ["quiet.one", "Bob", "Alice"]
        assert rest["nextCursor"] is None

    def test_a_cursor_is_of_its_own_tenant_and_list(self, call: Caller) -> None:
        cursor = call("GET", "/api/v1/customers?limit=2").json["nextCursor"]
        assert call("GET", f"/api/v1/customers?cursor={cursor}", token="glen").status == 400
        assert call("GET", f"/api/v1/conversations?cursor={cursor}").status == 400

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("+1%20202-555-0143", ["Alice"]),
            ("12025550", ["Bob", "Alice"]),
            ("US.99991208655302741999", ["quiet.one"]),
            ("120255501", ["Bob", "Alice"]),
            ("ali", ["Alice"]),
            ("ÁLICE", ["Alice"]),
            ("quiet", ["quiet.one"]),
            ("12025559999", []),
            ("!!", []),
        ],
    )
    def test_one_is_found_by_name_or_number(self, call: Caller, words: str, found: list[str]) -> None:
        answer = call("GET", f"/api/v1/customers/search?words={words}")
        assert names(answer.json["items"]) == found
        assert all(one["conversation"]["customerId"] == one["customerId"] for one in answer.json["items"])

    def test_not_by_another_tenant(self, call: Caller) -> None:
        for url in ("/api/v1/customers", "/api/v1/customers/search?words=alice"):
            assert call("GET", url, token="glen").json["items"] == []
        assert call("GET", f"/api/v1/customers/{HERS}", token="glen").status == 404
        assert call("PUT", f"/api/v1/customers/{HERS}/opt-out", {"optedOut": True}, token="glen").status == 404

    def test_one_is_read_with_the_conversation(self, call: Caller) -> None:
        found = call("GET", f"/api/v1/customers/{HERS}").json
        assert found == found | {"name": "Alice", "phone": ALICE.phone, "messageCount": 1, "optOut": None}
        assert found["conversation"]["unread"] == 1

    @pytest.mark.parametrize("customer_id", ["0" * 24, "x", "../me"])
    def test_who_is_nobody_is_not_there(self, call: Caller, customer_id: str) -> None:
        assert call("GET", f"/api/v1/customers/{customer_id}").status in {404, 422}

    def test_a_person_notes_what_they_were_told_about_offers(self, call: Caller, desk: FakeDesk) -> None:
        answer = call("PUT", f"/api/v1/customers/{HERS}/opt-out", {"optedOut": True}, token="agnes")
        assert answer.json["optOut"] == {"optedOut": True, "since": "2026-11-22T12:00:00Z", "source": "person"}
        identity = CustomerIdentity(phone=ALICE.phone)
        assert not may_send(Category.MARKETING, desk.world.opt_outs.current(ACME, identity))
        [kept] = desk.world.look.opt_outs(ACME, HERS)
        assert (kept.source, kept.cause) == ("person", "sub-agnes")
        assert desk.audit.actions == ["customer.opted_out"]


class TestRights:
    def test_all_that_is_stored_is_handed_out(self, call: Caller, desk: FakeDesk) -> None:
        exported = call("GET", f"/api/v1/customers/{HERS}/export").json
        assert exported["places"] == {"conversations": {"messages": 1}}
        assert exported["records"] == [
            {"place": "conversations", "kind": "messages", "content": {"words": "hello"}, "file": None}
        ]
        assert desk.audit.actions == ["customer.exported"]

    def test_or_erased_with_a_receipt(self, call: Caller, desk: FakeDesk) -> None:
        receipt = call("POST", f"/api/v1/customers/{HERS}/erase").json
        assert receipt["places"] == [{"place": "conversations", "found": 1, "deleted": 1, "left": 0}]
        assert desk.words.held == []
        assert call("GET", f"/api/v1/customers/{HERS}").status == 404

    def test_what_is_not_done_goes_on_when_it_is_asked_for_again(self, call: Caller, desk: FakeDesk) -> None:
        desk.words.stubborn, key = True, {"Idempotency-Key": "1"}
        begun = call("POST", f"/api/v1/customers/{HERS}/erase", headers=key)
        assert (begun.status, begun.json["code"]) == (409, "unfinished")
        desk.words.stubborn = False
        assert call("POST", f"/api/v1/customers/{HERS}/erase", headers=key).status == 200

    def test_that_is_for_a_sellers_admin(self, call: Caller, desk: FakeDesk) -> None:
        for token, status in (("agnes", 403), ("oskar", 403), ("glen", 404)):
            assert call("POST", f"/api/v1/customers/{HERS}/erase", token=token).status == status
            assert call("GET", f"/api/v1/customers/{HERS}/export", token=token).status == status
        assert len(desk.words.held) == 1


CANNED = {"shortcut": "hi", "title": "Greeting", "text": "Hello!", "language": "en"}


class TestCannedReplies:
    def test_added_listed_replaced_deleted(self, call: Caller) -> None:
        made = call("POST", "/api/v1/canned-replies", CANNED).json
        at = f"/api/v1/canned-replies/{made['id']}"
        assert call("GET", "/api/v1/canned-replies").json["items"] == [{**CANNED, "id": made["id"]}]
        assert call("PUT", at, {**CANNED, "text": "Good day!"}).json["text"] == "Good day!"
        for _ in range(2):
            assert call("DELETE", at).status == 204
        assert call("GET", "/api/v1/canned-replies").json["items"] == []
        assert call("PUT", at, CANNED).status == 404

    def test_a_shortcut_finds_one_in_each_language(self, call: Caller) -> None:
        assert call("POST", "/api/v1/canned-replies", CANNED).status == 200
        assert call("POST", "/api/v1/canned-replies", {**CANNED, "language": "es"}).status == 200
        again = call("POST", "/api/v1/canned-replies", CANNED)
        assert (again.status, again.json["code"]) == (409, "already_exists")

    def test_they_are_of_one_tenant(self, call: Caller) -> None:
        made = call("POST", "/api/v1/canned-replies", CANNED).json
        at = f"/api/v1/canned-replies/{made['id']}"
        assert call("GET", "/api/v1/canned-replies", token="glen").json["items"] == []
        assert call("PUT", at, CANNED, token="glen").status == 404
        call("DELETE", at, token="glen")
        assert len(call("GET", "/api/v1/canned-replies").json["items"]) == 1

    def test_there_is_an_end_to_them(self, call: Caller) -> None:
        for n in range(200):
            assert call("POST", "/api/v1/canned-replies", {**CANNED, "shortcut": f"s{n}"}).status == 200
        assert call("POST", "/api/v1/canned-replies", CANNED).status == 409

    @pytest.mark.parametrize(
        "wrong",
        [
            {"shortcut": "Hi there"},
            {"shortcut": ""},
            {"shortcut": "x" * 31},
            {"title": ""},
            {"text": ""},
            {"text": "x" * 1025},
            {"language": "english"},
            {"extra": 1},
        ],
    )
    def test_limits(self, call: Caller, wrong: dict[str, object]) -> None:
        assert call("POST", "/api/v1/canned-replies", {**CANNED, **wrong}).status == 422

    def test_an_operator_looks_on(self, call: Caller) -> None:
        assert call("POST", "/api/v1/canned-replies", CANNED, token="oskar").status == 403
