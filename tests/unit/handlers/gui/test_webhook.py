"""The seller's own webhook on their page, over fakes."""

from __future__ import annotations

import re

import pytest

from domain.tenant_webhooks import EventKind, TenantWebhook, check_secret
from tests.builders import ACME
from tests.fakes.api_shop import Shop
from tests.unit.handlers.gui.conftest import Answered, Seller

PATH = "/settings/webhook"
FORM = {"url": "https://shop.example/events", "escalation": "on", "handoff": "on", "enabled": "on"}
SECRET_NAME = f"tenants/{ACME}/webhook"


def shown_secret(answer: Answered) -> str:
    found = re.search(r'value="(whsec_[^"]+)"', answer.html)
    assert found
    check_secret(found[1])
    return found[1]


def actions(shop: Shop) -> list[str]:
    return [entry.action for entry in (*shop.profiles.trail, *shop.people.store.trail)]


def test_its_secret_is_made_shown_once_and_never_again(shop: Shop, admin: Seller) -> None:
    made = admin.post(PATH, **FORM)
    secret = shown_secret(made)
    assert (made.status, made.header("cache-control")) == (200, "no-store")
    assert shop.secrets.kept == {SECRET_NAME: secret}
    assert shop.webhooks.webhooks[ACME].kinds == {EventKind.ESCALATION, EventKind.HANDOFF}
    page = admin.get(PATH).html
    assert "https://shop.example/events" in page
    assert "whsec_" not in page
    assert secret not in repr(shop.profiles.trail)


def test_it_is_changed_without_its_secret_and_given_another_at_a_word(shop: Shop, admin: Seller) -> None:
    first = shown_secret(admin.post(PATH, **FORM))
    changed = admin.post(PATH, url="https://shop.example/other", account_alert="on")
    assert changed.location == f"/prod{PATH}?done=saved"
    webhook = shop.webhooks.webhooks[ACME]
    only = frozenset({EventKind.ACCOUNT_ALERT})
    assert webhook == TenantWebhook("https://shop.example/other", only, enabled=False)
    assert shop.secrets.kept == {SECRET_NAME: first}
    second = shown_secret(admin.post(PATH, change="secret"))
    assert second != first
    assert shop.secrets.kept == {SECRET_NAME: second}
    assert shop.webhooks.webhooks[ACME] == webhook


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({**FORM, "url": "http://shop.example/"}, "begins with https://"),
        ({**FORM, "url": "https://169.254.169.254/"}, "begins with https://"),
        ({"url": FORM["url"]}, "Choose at least one kind"),
        ({"change": "test"}, "There is nothing under this address."),
        ({"change": "remove"}, "tick the box"),
    ],
)
def test_a_refusal_says_what_to_do(shop: Shop, admin: Seller, form: dict[str, str], said: str) -> None:
    answer = admin.post(PATH, **form)
    assert (answer.status, shop.webhooks.webhooks, shop.secrets.kept) == (422, {}, {})
    assert said in answer.html
    assert f'value="{form.get("url", "")}"' in answer.html


def test_a_test_event_shows_at_once_what_became_of_it(shop: Shop, admin: Seller) -> None:
    admin.post(PATH, **FORM)
    assert admin.post(PATH, change="test").location == f"/prod{PATH}?done=arrived"
    for reason in ("http_500", "timeout", "not_public"):
        shop.sender.reason = reason
        assert admin.post(PATH, change="test").location == f"/prod{PATH}?done=not_arrived"
    html = admin.get(PATH).html
    for told in ("It answered 500, not 2xx", "did not answer in time", "is not public", "Taken", ">Test<"):
        assert told in html
    assert actions(shop) == ["webhook.set", *["webhook.tested"] * 4]


def test_it_is_removed_with_its_secret_by_who_is_sure(shop: Shop, admin: Seller) -> None:
    admin.post(PATH, **FORM)
    assert admin.post(PATH, change="remove").status == 422
    assert admin.post(PATH, change="remove", sure="yes").location == f"/prod{PATH}?done=removed"
    assert (shop.webhooks.webhooks, shop.secrets.kept) == ({}, {})


def test_it_is_an_admins_alone_and_an_operator_looks(shop: Shop, admin: Seller, agent: Seller, viewer: Seller) -> None:
    assert PATH not in agent.get("/settings/members").html
    assert agent.get(PATH).status == 403
    assert "Its admin has set none" in viewer.get(PATH).html
    admin.post(PATH, **FORM)
    looked = viewer.get(PATH)
    assert "https://shop.example/events" in looked.html
    assert "<button" not in looked.html.partition("<main")[2]
    for who in (agent, viewer):
        for change in ("", "secret", "test", "remove"):
            assert who.post(PATH, **FORM, change=change, sure="yes").status == 403
    assert shop.sender.posts == []
    assert actions(shop) == ["webhook.set"]
