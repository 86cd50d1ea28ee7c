"""Inbox and conversation as pages, over fakes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from domain import messages as m
from domain.access import Principal, Role
from domain.errors import ForbiddenError, ServiceUnavailableError
from domain.orders import priced_at
from pages.thread_page import link_period
from tests.builders import ACME, ALICE, GLOBEX, NOON, PERSON_REQUESTED, after, message, product, recording
from tests.fakes.api_shop import Shop
from tests.unit.handlers.gui.conftest import MEDIA, Seller

HERS = ALICE.first_customer_id(ACME)
AT = f"/conversations/{HERS}"


@pytest.fixture(autouse=True)
def _alice_asks_for_a_person(shop: Shop) -> None:
    shop.desk.world.record(recording(message(at=after(minutes=-1)), PERSON_REQUESTED))


def _seen(html: str) -> str:
    found = re.search(r"seen=([0-9a-f]{16})", html)
    assert found
    return found[1]


def _version(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found
    return found[1]


def test_who_waits_stands_in_the_list_with_why(agent: Seller) -> None:
    page = agent.get("/inbox")
    assert page.status == 200
    assert "Alice" in page.html
    assert "Asked for a person" in page.html
    assert f'href="/prod{AT}?tab=waiting"' in page.html


def test_every_address_stands_below_the_stage(agent: Seller) -> None:
    for path in ("/inbox", AT, "/catalogue", "/customers", "/preferences"):
        html = agent.get(path).html
        addresses = re.findall(r'(?:href|src|action|hx-get|hx-post)="(/[^"]*)"', html)
        assert addresses
        assert [one for one in addresses if not one.startswith("/prod/")] == []


def test_what_is_shown_already_is_not_sent_again(agent: Seller) -> None:
    for path, asked in (("/inbox/lines", "/inbox"), (f"{AT}/log", AT)):
        seen = _seen(agent.get(asked).html)
        assert agent.get(path, seen=seen).status == 204
    agent.post(f"{AT}/messages", words="Something new", mode="note", key="k" * 32)
    news = agent.get(f"{AT}/log", seen=seen, heard="0").html
    assert "Something new" in news
    assert "New message from Alice" in news


def test_a_search_says_where_it_looks(agent: Seller) -> None:
    where = "not in whole conversations"
    assert where in agent.get("/inbox/lines", q="alice").html
    assert where in agent.get("/inbox", q="nothing like it").html
    assert where not in agent.get("/inbox").html


def test_links_to_files_are_drawn_anew_before_they_open_nothing(agent: Seller) -> None:
    seen = _seen(agent.get(AT).html)
    assert agent.get(f"{AT}/log", seen=seen, links=link_period(NOON)).status == 204
    assert agent.get(f"{AT}/log", seen=seen, links=link_period(NOON - timedelta(minutes=5))).status == 200


def test_one_click_takes_over_and_one_hands_back(agent: Seller) -> None:
    taken = agent.post(f"{AT}/owner", change="take_over", version=_version(agent.get(AT).html))
    assert (taken.status, taken.location) == (303, f"/prod{AT}?done=taken_over")
    assert "You have it" in agent.get(AT).html
    back = agent.post(f"{AT}/owner", change="hand_back", version=_version(agent.get(AT).html))
    assert back.location == f"/prod{AT}?done=handed_back"
    assert "The assistant answers" in agent.get(AT).html


def test_who_decides_about_what_is_no_longer_so_is_told(agent: Seller, admin: Seller) -> None:
    version = _version(agent.get(AT).html)
    admin.post(f"{AT}/owner", change="take_over", version=version)
    answer = agent.post(f"{AT}/owner", change="take_over", version=version)
    assert answer.status == 409
    assert "has changed since you looked" in answer.html
    assert "Ada has it" in answer.html


def test_what_was_written_is_not_lost_where_it_is_refused(agent: Seller, admin: Seller) -> None:
    admin.post(f"{AT}/owner", change="take_over", version=_version(admin.get(AT).html))
    answer = agent.post(f"{AT}/messages", words="My long answer", mode="reply", key="k" * 32)
    assert answer.status == 409
    assert "My long answer</textarea>" in answer.html


def test_the_same_form_twice_sends_once(agent: Seller, shop: Shop) -> None:
    for _ in range(2):
        assert agent.post(f"{AT}/messages", words="We have it", mode="reply", key="k" * 32).status == 303
    assert len(shop.desk.cast.messenger.posts) == 1


def test_a_note_is_kept_and_not_sent(agent: Seller, shop: Shop) -> None:
    agent.post(f"{AT}/messages", words="Be kind", mode="note", key="k" * 32)
    assert "Private note by Ana" in agent.get(AT).html
    assert shop.desk.cast.messenger.posts == []


def unread(shop: Shop) -> int:
    (line,) = shop.desk.world.inbox.lines(ACME, [HERS])
    return line.unread


def test_what_one_opens_is_read_without_a_script(agent: Seller, shop: Shop) -> None:
    assert unread(shop) == 1
    assert f"{AT}/seen" not in agent.get(AT).html
    assert unread(shop) == 0


def test_what_comes_while_it_is_open_is_read_by_the_page(agent: Seller, shop: Shop) -> None:
    page = agent.get(AT).html
    shop.desk.world.record(recording(message("And a red one?", "wamid.in.2")))
    assert unread(shop) == 1
    assert "hx-vals='{\"inbound\": 2}'" in agent.get(f"{AT}/log", seen=_seen(page)).html
    assert unread(shop) == 1
    assert agent.post(f"{AT}/seen", inbound="2").status == 204
    assert unread(shop) == 0


@pytest.mark.parametrize(
    ("header", "value"), [("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")]
)
def test_what_a_browser_fetches_ahead_nobody_has_read(agent: Seller, shop: Shop, header: str, value: str) -> None:
    page = agent.prefetch(AT, header, value)
    assert (page.status, unread(shop)) == (200, 1)
    assert "hx-vals='{\"inbound\": 1}'" in page.html  # once it is shown after all


def test_an_older_page_and_an_operators_look_leave_it_unread(agent: Seller, viewer: Seller, shop: Shop) -> None:
    assert viewer.get(AT).status == 200
    assert agent.get("/inbox", tab="all").status == 200
    assert unread(shop) == 1


def test_it_is_shown_where_it_cannot_be_marked(agent: Seller, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise ServiceUnavailableError("throttled")

    monkeypatch.setattr(type(shop.desk.world.inbox), "mark_seen", down)
    page = agent.get(AT)
    assert (page.status, unread(shop)) == (200, 1)
    assert f"{AT}/seen" in page.html


def test_a_cart_shows_titles_and_of_old_ones_the_article_numbers(agent: Seller, shop: Shop) -> None:
    cart = m.Order("c", (m.OrderItem("MUG-1", 2), m.OrderItem("GONE-1", 1)))
    mug = product(title="Blue <mug>")
    shop.desk.world.record(recording(message(cart, "wamid.8"), priced=priced_at(cart, [mug], NOON)))
    shop.desk.world.record(recording(message(cart, "wamid.9")))
    html = agent.get(AT).html
    assert html.count("<bdi>Blue &lt;mug&gt;</bdi><span") == 1
    assert html.count("<bdi>MUG-1</bdi></th>") == 1
    assert html.count("<bdi>GONE-1</bdi></th>") == 2


def test_an_operator_who_views_as_the_tenant_looks_and_does_no_more(viewer: Seller, shop: Shop) -> None:
    assert "You see this page as" in viewer.get(AT).html
    for path, form in (("owner", {"change": "take_over"}), ("messages", {"words": "x", "key": "k" * 32}), ("seen", {})):
        assert viewer.post(f"{AT}/{path}", **form).status in {403, 409}
    assert shop.desk.cast.messenger.posts == []
    assert not shop.desk.audit.entries


def test_no_other_site_does_any_of_it(agent: Seller) -> None:
    with pytest.raises(ForbiddenError):
        agent.post(f"{AT}/owner", origin="https://evil.example", change="take_over")


def test_another_tenants_conversation_is_not_there(shop: Shop) -> None:
    stranger = Seller(shop, Principal("gil", "Gil", Role.TENANT_ADMIN, GLOBEX))
    assert stranger.get(AT).status == 404
    assert "Alice" not in stranger.get("/inbox", tab="all").html
    assert stranger.post(f"{AT}/owner", change="take_over").status == 404


@pytest.mark.parametrize("path", ["/usage", "/usage/statement"])
def test_what_is_paid_is_none_of_an_agents_business(agent: Seller, path: str) -> None:
    assert agent.get(path, month="2026-11").status == 403


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/general", {"name": "Mine"}),
        ("/settings/canned", {"shortcut": "hi", "title": "t", "text": "x"}),
        ("/catalogue/new", {"product_id": "a", "title": "A", "price": "1", "currency": "USD"}),
        ("/catalogue/imports", {}),
    ],
)
def test_an_agent_changes_no_settings(agent: Seller, path: str, form: dict[str, str]) -> None:
    assert agent.post(path, **form).status == 403


def test_no_page_runs_or_loads_anything_from_elsewhere(agent: Seller) -> None:
    page = agent.get(AT)
    policy = page.header("content-security-policy")
    assert "unsafe" not in policy
    assert f"img-src 'self' {MEDIA}" in policy
    assert "default-src 'none'" in policy
    assert page.header("cache-control") == "no-store"
    assert re.search(r"<script(?![^>]* src=)", page.html) is None
    assert re.search(r'\s(style|on\w+)="', page.html) is None


def test_what_is_not_there_is_said_in_words(agent: Seller) -> None:
    answer = agent.get("/nowhere")
    assert answer.status == 404
    assert "There is nothing under this address." in answer.html


def test_a_customers_data_are_handed_out_and_erased_by_an_admin_alone(agent: Seller, admin: Seller) -> None:
    assert agent.post(f"/customers/{HERS}/export").status == 403
    assert agent.post(f"/customers/{HERS}/erase", sure="yes").status == 403
    handed_out = admin.post(f"/customers/{HERS}/export")
    assert handed_out.status == 200
    assert "attachment" in handed_out.header("content-disposition")
    assert admin.post(f"/customers/{HERS}/erase").status == 422
    assert admin.post(f"/customers/{HERS}/erase", sure="yes").location == "/prod/customers?done=erased"
