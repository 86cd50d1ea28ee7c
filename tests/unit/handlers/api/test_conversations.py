"""The inbox by the API: listed, read, taken over, given back, answered."""

from __future__ import annotations

from typing import Any

import pytest

from domain import messages as m
from domain.conversations import Owner
from domain.errors import MessageRefusedError
from domain.learn_templates import learn
from domain.orders import priced_at
from tests.builders import (
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    GLOBEX_NUMBER,
    NOON,
    PERSON_REQUESTED,
    after,
    message,
    product,
    recording,
    template_news,
)
from tests.fakes.api import Caller
from tests.fakes.desk_deployment import FakeDesk

HERS = ALICE.first_customer_id(ACME)
AT = f"/api/v1/conversations/{HERS}"
TEXT = {"content": {"type": "text", "body": "We have it"}}


@pytest.fixture(autouse=True)
def desk(shop: Any) -> FakeDesk:
    """Alice has asked for a person, a minute before noon."""
    found: FakeDesk = shop.desk
    found.world.record(recording(message(at=after(minutes=-1)), PERSON_REQUESTED))
    return found


def test_who_waits_is_listed_with_all_that_a_line_shows(call: Caller) -> None:
    answer = call("GET", "/api/v1/conversations?state=waiting_for_person")
    [line] = answer.json["items"]
    assert line == line | {
        "customerId": HERS,
        "name": "Alice",
        "phone": ALICE.phone,
        "state": "waiting_for_person",
        "unread": 1,
        "inbound": 1,
        "lastInboundAt": "2026-11-22T11:59:00Z",
        "windowClosesAt": "2026-11-23T11:59:00Z",
        "unansweredSince": "2026-11-22T11:59:01Z",
        "version": 1,
    }
    assert line["last"] == {
        "by": "customer",
        "type": "text",
        "words": "Do you have the blue mug?",
        "at": "2026-11-22T11:59:00Z",
    }
    assert line["handover"]["reason"] == "person_requested"


def test_a_page_leads_to_the_next(call: Caller, desk: FakeDesk) -> None:
    for n, who in enumerate((BOB, ALICE)):
        desk.world.record(recording(message(message_id=f"wamid.{n}", at=after(minutes=-9 + n), sender=who)))
    desk.world.record(recording(message(message_id="wamid.b", at=after(minutes=-2), sender=BOB)))
    url = "/api/v1/conversations?state=assistant&limit=1"
    first = call("GET", url).json
    assert [one["name"] for one in first["items"]] == ["Bob"]
    assert first["nextCursor"] is None
    assert call("GET", f"{url}&cursor=abc").status == 400


@pytest.mark.parametrize("state", ["mine", "", "PERSON"])
def test_a_state_that_there_is_not_is_refused(call: Caller, state: str) -> None:
    assert call("GET", f"/api/v1/conversations?state={state}").status == 422


def test_mine_are_those_that_i_have(call: Caller) -> None:
    assert call("POST", f"{AT}/take-over", {}).status == 200
    url = "/api/v1/conversations?state=person&person=me"
    assert [one["personName"] for one in call("GET", url).json["items"]] == ["Anna"]
    assert call("GET", url, token="agnes").json["items"] == []
    assert [
        one["customerId"] for one in call("GET", "/api/v1/conversations?state=person&person=sub-anna").json["items"]
    ]


def test_how_many_wait_is_counted(call: Caller) -> None:
    assert call("GET", "/api/v1/conversations/counts").json == {"waitingForPerson": 1, "person": 0}


def test_a_conversation_tells_all_that_happened(call: Caller) -> None:
    call("POST", f"{AT}/take-over", {})
    call("POST", f"{AT}/notes", {"words": "Wants it gift-wrapped"})
    call("POST", f"{AT}/messages", {"content": {"type": "text", "body": "We have it"}})
    thread = call("GET", AT).json
    kinds = [item["kind"] for item in thread["items"]]
    assert sorted(kinds) == ["change", "escalation", "message", "note", "reply"]
    assert kinds[:2] == ["message", "escalation"]
    assert thread["conversation"]["personName"] == "Anna"
    [reply] = [item for item in thread["items"] if item["kind"] == "reply"]
    assert reply == reply | {"text": "We have it", "by": "person", "personName": "Anna", "state": "sent"}
    assert thread["nextCursor"] is None


def test_it_is_read_backwards(call: Caller, desk: FakeDesk) -> None:
    for n in range(5):
        desk.world.record(recording(message(f"line {n}", f"wamid.{n}", at=after(seconds=n)), takes_over=False))
    newest = call("GET", f"{AT}?limit=3").json
    older = call("GET", f"{AT}?limit=3&cursor={newest['nextCursor']}").json
    words = [item["words"] for item in (*older["items"], *newest["items"]) if item["kind"] == "message"]
    assert words == ["Do you have the blue mug?", *(f"line {n}" for n in range(5))]
    assert older["conversation"] is None


def test_words_are_found_in_it_wherever_they_stand(call: Caller, desk: FakeDesk) -> None:
    for n, said in enumerate(["¿Tienen té?", "and coffee", "TÉ verde"]):
        desk.world.record(recording(message(said, f"wamid.{n}", at=after(seconds=n)), takes_over=False))
    call("POST", f"{AT}/notes", {"words": "likes te"})
    found = call("GET", f"{AT}?words=te&limit=1").json
    assert [item["words"] for item in found["items"]] == ["likes te", "¿Tienen té?", "TÉ verde"]


def test_what_was_read_is_unread_no_longer(call: Caller) -> None:
    assert call("PUT", f"{AT}/read", {"inbound": 1}).status == 204
    assert call("GET", AT).json["conversation"]["unread"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("POST", "/take-over", {}),
        ("POST", "/hand-back", {}),
        ("POST", "/resolve", {}),
        ("POST", "/reopen", {}),
        ("POST", "/notes", {"words": "a note"}),
        ("GET", "/templates", None),
    ],
)
def test_another_tenants_conversation_is_not_there(
    call: Caller, desk: FakeDesk, method: str, path: str, body: object
) -> None:
    before = desk.world.look.everything()
    assert call(method, f"{AT}{path}", body, token="glen").status == 404
    assert desk.world.look.everything() == before


def test_nor_can_anything_be_sent_into_it(call: Caller, desk: FakeDesk) -> None:
    sent = {"content": {"type": "text", "body": "hello"}}
    assert call("POST", f"{AT}/messages", sent, token="glen").status == 404
    assert desk.cast.messenger.posts == []


class TestTakingOver:
    def test_who_takes_it_over_has_it_by_name(self, call: Caller, desk: FakeDesk) -> None:
        answer = call("POST", f"{AT}/take-over", {"version": 1})
        assert (answer.status, answer.json["state"], answer.json["personName"]) == (200, "person", "Anna")
        assert desk.world.conversation(HERS).person == "sub-anna"
        assert desk.audit.actions == ["conversation.taken_over"]

    def test_twice_is_once(self, call: Caller, desk: FakeDesk) -> None:
        for _ in range(2):
            answer = call("POST", f"{AT}/take-over", {"version": 1})
        assert (answer.status, answer.json["version"]) == (200, 2)
        assert desk.audit.actions == ["conversation.taken_over"]

    def test_who_is_late_is_told_what_it_is_now(self, call: Caller) -> None:
        call("POST", f"{AT}/take-over", {"version": 1})
        late = call("POST", f"{AT}/take-over", {"version": 1}, token="agnes")
        assert (late.status, late.json["code"]) == (409, "conversation_changed")
        assert late.json["conversation"] == late.json["conversation"] | {"personName": "Anna", "version": 2}
        assert call("POST", f"{AT}/take-over", {"version": 2}, token="agnes").json["personName"] == "Agnes"

    def test_what_came_since_keeps_it_from_being_given_away(self, call: Caller, desk: FakeDesk) -> None:
        seen = call("POST", f"{AT}/take-over", {}).json
        desk.world.record(recording(message("one more thing", "wamid.2", at=NOON)))
        body = {"version": seen["version"], "inbound": seen["inbound"]}
        for path in ("hand-back", "resolve"):
            answer = call("POST", f"{AT}/{path}", body)
            assert (answer.status, answer.json["conversation"]["inbound"]) == (409, 2)
        assert call("POST", f"{AT}/hand-back", {**body, "inbound": 2}).json["state"] == "assistant"

    def test_what_is_resolved_can_be_opened_again(self, call: Caller, desk: FakeDesk) -> None:
        assert call("POST", f"{AT}/resolve", {}).json["state"] == "resolved"
        assert call("POST", f"{AT}/reopen", {}).json["state"] == "assistant"
        refused = call("POST", f"{AT}/reopen", {})
        assert (refused.status, refused.json["code"]) == (409, "not_allowed")
        assert desk.audit.actions == ["conversation.resolved", "conversation.reopened"]

    def test_an_operator_looks_on(self, call: Caller, desk: FakeDesk) -> None:
        assert call("POST", f"{AT}/take-over", {}, token="oskar").status == 403
        assert desk.world.conversation(HERS).owner is Owner.WAITING


class TestSending:
    def test_the_customer_gets_it_and_the_sender_has_the_conversation(self, call: Caller, desk: FakeDesk) -> None:
        answer = call("POST", f"{AT}/messages", TEXT)
        assert (answer.status, answer.json["state"]) == (200, "sent")
        assert [post.text for post in desk.cast.messenger.delivered] == ["We have it"]
        assert desk.world.conversation(HERS).person_name == "Anna"
        assert desk.audit.actions == ["message.sent"]

    def test_a_key_sends_once_even_where_its_answer_is_forgotten(self, call: Caller, desk: FakeDesk, shop: Any) -> None:
        for _ in range(3):
            answer = call("POST", f"{AT}/messages", TEXT, headers={"Idempotency-Key": "a-key:of/mine!"})
            shop.persistence.records.clear()
        assert answer.json["state"] == "sent"
        assert len(desk.cast.messenger.posts) == 1
        assert desk.audit.actions == ["message.sent"]

    def test_two_people_with_one_key_send_two(self, call: Caller, desk: FakeDesk) -> None:
        for token in ("anna", "agnes"):
            call("POST", f"{AT}/take-over", {}, token=token)
            call("POST", f"{AT}/messages", TEXT, token=token, headers={"Idempotency-Key": "1"})
        assert len(desk.cast.messenger.posts) == 2

    def test_nobody_talks_over_anybody(self, call: Caller, desk: FakeDesk) -> None:
        call("POST", f"{AT}/take-over", {}, token="agnes")
        answer = call("POST", f"{AT}/messages", TEXT)
        assert answer.status == 409
        assert "Agnes has this conversation" in answer.json["detail"]
        assert desk.cast.messenger.posts == []

    def test_what_meta_refuses_is_told_in_its_words(self, call: Caller, desk: FakeDesk) -> None:
        desk.cast.messenger.fail(MessageRefusedError(131026, "Message undeliverable", "no WhatsApp"))
        answer = call("POST", f"{AT}/messages", TEXT)
        assert (answer.status, answer.json["state"]) == (200, "failed")
        assert answer.json["failure"] == {
            "code": 131026, "title": "Message undeliverable", "details": "no WhatsApp",
        }  # fmt: skip

    def test_where_the_window_is_closed_the_templates_are_named(self, call: Caller, desk: FakeDesk) -> None:
        learn(template_news(), ACME, ports=desk.cast.send_ports)
        desk.world.record(recording(message(message_id="wamid.old", sender=BOB, at=after(hours=-25))))
        answer = call("POST", f"/api/v1/conversations/{BOB.first_customer_id(ACME)}/messages", TEXT)
        assert (answer.status, answer.json["code"]) == (409, "window_closed")
        assert answer.json["templates"] == [{"name": "order_ready", "language": "en_US"}]
        [listed] = call("GET", f"{AT}/templates").json["items"]
        assert (listed["name"], listed["components"][0]["type"]) == ("order_ready", "BODY")

    def test_a_template_goes_out_at_any_hour(self, call: Caller, desk: FakeDesk) -> None:
        learn(template_news(), ACME, ports=desk.cast.send_ports)
        body = [{"text": "Rui"}, {"text": "B-17"}]
        sent = {"content": {"type": "template", "name": "order_ready", "language": "en_US", "body": body}}
        assert call("POST", f"{AT}/messages", sent).json["state"] == "sent"
        fewer = {"content": {**sent["content"], "body": body[:1]}}
        assert call("POST", f"{AT}/messages", fewer).status == 422

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            ({"type": "image", "link": "https://example.com/mug.jpg", "caption": "this one?"}, 200),
            ({"type": "document", "id": "1234", "filename": "list.pdf"}, 200),
            ({"type": "image"}, 422),
            ({"type": "image", "id": "1", "link": "https://example.com/mug.jpg"}, 422),
            ({"type": "image", "link": "file:///etc/passwd"}, 422),
            ({"type": "text", "body": ""}, 422),
            ({"type": "text", "body": "x" * 4097}, 422),
            ({"type": "text", "body": "hi", "to": "12025550199"}, 422),
            ({"type": "hologram"}, 422),
        ],
    )
    def test_what_meta_would_not_take_is_refused_before(
        self, call: Caller, desk: FakeDesk, content: object, status: int
    ) -> None:
        answer = call("POST", f"{AT}/messages", {"content": content})
        assert answer.status == status
        assert len(desk.cast.messenger.posts) == (status == 200)


class TestNotes:
    def test_a_note_is_never_sent_and_keeps_the_conversation_where_it_is(self, call: Caller, desk: FakeDesk) -> None:
        answer = call("POST", f"{AT}/notes", {"words": " Wants it gift-wrapped "})
        assert answer.json == answer.json | {"words": "Wants it gift-wrapped", "byName": "Anna", "kind": "note"}
        assert desk.cast.messenger.posts == []
        assert desk.world.conversation(HERS).owner is Owner.WAITING

    def test_a_key_writes_one(self, call: Caller, shop: Any) -> None:
        for _ in range(2):
            call("POST", f"{AT}/notes", {"words": "once"}, headers={"Idempotency-Key": "n/1"})
            shop.persistence.records.clear()
        kinds = [item["kind"] for item in call("GET", AT).json["items"]]
        assert kinds.count("note") == 1

    @pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
    def test_limits(self, call: Caller, words: str) -> None:
        assert call("POST", f"{AT}/notes", {"words": words}).status == 422


def test_what_customers_send_beyond_words_is_told(call: Caller, shop: Any) -> None:
    world = shop.desk.world
    sent: tuple[m.Content, ...] = (m.Image("media-1", "image/jpeg"), m.Order("c", (m.OrderItem("MUG-1", 2),)))
    for n, content in enumerate(sent):
        world.record(recording(message(content, f"wamid.{n}", at=after(minutes=n - 5))))
    picture, cart, *_ = call("GET", AT).json["items"]
    assert (picture["type"], picture["media"]["state"], picture["media"]["link"]) == ("image", "awaited", None)
    of = {"productId": "MUG-1", "title": "MUG-1", "quantity": 2, "price": None, "currency": None}
    assert cart["cart"] == [of]


def test_a_cart_is_told_with_the_titles_of_when_it_came(call: Caller, shop: Any) -> None:
    cart = m.Order("c", (m.OrderItem("MUG-1", 2), m.OrderItem("GONE-1", 1)))
    shop.desk.world.record(recording(message(cart, "wamid.9"), priced=priced_at(cart, [product()], NOON)))
    told = call("GET", AT).json["items"][-1]["cart"]
    assert [(one["productId"], one["title"]) for one in told] == [("MUG-1", "Blue mug"), ("GONE-1", "GONE-1")]


def test_tenants_with_the_same_customer_have_two_conversations(call: Caller, desk: FakeDesk) -> None:
    theirs = recording(message("for Globex", "wamid.g"), tenant_id=GLOBEX, phone_number_id=GLOBEX_NUMBER)
    desk.world.record(theirs, GLOBEX)
    lines = call("GET", "/api/v1/conversations?state=assistant", token="glen").json["items"]
    assert [line["last"]["words"] for line in lines] == ["for Globex"]
