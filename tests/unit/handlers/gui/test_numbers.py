"""WhatsApp numbers on the seller's own page, over fakes."""

from __future__ import annotations

import pytest

from domain.account_alerts import AlertKind
from domain.errors import ForbiddenError, ServiceUnavailableError
from domain.tenants import SendingPause
from tests.builders import ACME, ACME_NUMBER, GLOBEX, NOON, number, tenant
from tests.fakes.api_shop import Shop
from tests.fakes.number_states import FakeNumberStates
from tests.unit.handlers.gui.conftest import Seller

PATH = "/settings/numbers"
WABA, TOKEN, NEWER = "372910446518803", "EAAG-a-token-of-meta", "EAAG-a-newer-token"
FORM = {"phone_number_id": ACME_NUMBER, "waba_id": WABA, "access_token": TOKEN}
SECRET = f"tenants/{ACME}/{ACME_NUMBER}"


@pytest.fixture(autouse=True)
def _meta(shop: Shop) -> None:
    shop.meta.numbers = {(WABA, ACME_NUMBER): (TOKEN, "+1 555 010 0001")}
    shop.meta.quality = "YELLOW"


def connected(admin: Seller) -> None:
    assert admin.post(PATH, **FORM).location == f"/prod{PATH}?done=connected"


def paused(shop: Shop, code: int) -> None:
    known = number(waba_id=WABA)
    assert FakeNumberStates(shop.store).pause(ACME, known, SendingPause(NOON, code, "So says Meta"))


def actions(shop: Shop) -> list[str]:
    return [entry.action for entry in (*shop.profiles.trail, *shop.store.audit.values())]


def test_one_is_connected_and_shown_without_its_token(shop: Shop, admin: Seller) -> None:
    assert "No number is connected" in admin.get(PATH).html
    admin.post(PATH, **{**FORM, "access_token": f"  {TOKEN}\n", "phone_number_id": f" {ACME_NUMBER} "})
    html = admin.get(PATH, done="connected").html
    for told in ("+1 555 010 0001", ACME_NUMBER, WABA, "Medium", "Connected. Who writes"):
        assert told in html
    assert "++" not in html
    assert TOKEN not in html
    assert shop.secrets.kept == {SECRET: TOKEN}
    assert actions(shop) == ["number.connected"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"access_token": "EAAG-of-somebody-else"}, "Invalid OAuth access token (190)”. Make one in Meta"),
        ({"waba_id": "100000001"}, "Compare both ids with those in WhatsApp Manager"),
        ({"phone_number_id": "+1 555 010"}, "none of them is the phone number"),
        ({"waba_id": "x"}, "The id of the business account is digits alone"),
        ({"access_token": "with blanks in it"}, "paste it whole"),
        ({"catalog_id": "shop"}, "Leave it empty if the number has none"),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_all_but_the_token(
    shop: Shop, admin: Seller, change: dict[str, str], said: str
) -> None:
    sent = {**FORM, **change}
    answer = admin.post(PATH, **sent)
    assert (answer.status, shop.secrets.kept, shop.numbers.numbers) == (422, {}, {})
    assert said in answer.html
    assert f'value="{sent["phone_number_id"]}"' in answer.html
    assert sent["access_token"] not in answer.html


def test_one_of_another_shop_is_not_taken_away_from_it(shop: Shop, admin: Seller) -> None:
    shop.numbers.numbers[GLOBEX, ACME_NUMBER] = number(tenant(GLOBEX))
    answer = admin.post(PATH, **FORM)
    assert (answer.status, shop.secrets.kept) == (422, {})
    assert "Another shop has this number" in answer.html


def test_while_meta_does_not_answer_nothing_is_kept(shop: Shop, admin: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise ServiceUnavailableError("Meta gave no answer (ConnectTimeout)")

    monkeypatch.setattr(type(shop.meta), "shown", down)
    answer = admin.post(PATH, **FORM)
    assert (answer.status, shop.secrets.kept) == (422, {})
    assert "did not answer. Try again" in answer.html


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (190, "Replace its access token: then it sends again by itself."),
        (10, "whatsapp_business_messaging"),
        (131042, "Settle the payment"),
        (131031, "Business Support Home"),
        (133010, "Register the number"),
        (131037, "Mend it at Meta"),
    ],
)
def test_a_paused_one_says_why_in_metas_words_and_what_mends_it(
    shop: Shop, admin: Seller, code: int, advice: str
) -> None:
    connected(admin)
    paused(shop, code)
    html = admin.get(PATH).html
    assert f"So says Meta” ({code})." in html
    assert advice in html


def test_it_is_resumed_once_by_an_admin_and_that_is_told(shop: Shop, admin: Seller) -> None:
    connected(admin)
    paused(shop, 131042)
    for _ in range(2):
        sent = admin.post(PATH, change="resume", phone_number_id=ACME_NUMBER)
        assert sent.location == f"/prod{PATH}?done=resumed"
    assert "Paused" not in admin.get(PATH).html
    assert [alert.kind for alert in shop.alerts.published] == [AlertKind.SENDING_RESUMED]
    assert actions(shop) == ["number.connected", "number.resumed"]
    (resumed,) = shop.store.audit.values()
    assert (resumed.subject, resumed.object_id, resumed.details) == ("ada", ACME_NUMBER, {"code": "131042"})


@pytest.mark.parametrize(("code", "sends"), [(190, True), (131042, False)])
def test_another_token_mends_what_was_wrong_with_the_token_alone(
    shop: Shop, admin: Seller, code: int, sends: bool
) -> None:
    connected(admin)
    paused(shop, code)
    shop.meta.numbers = {(WABA, ACME_NUMBER): (NEWER, "+1 555 010 0001")}
    refused = admin.post(PATH, change="token", phone_number_id=ACME_NUMBER, access_token=TOKEN)
    assert (refused.status, shop.secrets.kept) == (422, {SECRET: TOKEN})
    assert TOKEN not in refused.html
    replaced = admin.post(PATH, change="token", phone_number_id=ACME_NUMBER, access_token=NEWER)
    assert (replaced.location, shop.secrets.kept) == (f"/prod{PATH}?done=token_replaced", {SECRET: NEWER})
    assert ("Paused" not in admin.get(PATH).html) is sends
    assert bool(shop.alerts.published) is sends


def test_whoever_dies_before_it_is_told_owes_it(shop: Shop, admin: Seller) -> None:
    connected(admin)
    paused(shop, 190)
    shop.alerts.down = True
    assert admin.post(PATH, change="resume", phone_number_id=ACME_NUMBER).status == 422
    assert "Paused" not in admin.get(PATH).html
    assert len(shop.store.due) == 2  # the pause's alert and the resumption's: the sweeper tells both


def test_it_is_disconnected_by_who_is_sure(shop: Shop, admin: Seller) -> None:
    connected(admin)
    unsure = admin.post(PATH, change="disconnect", phone_number_id=ACME_NUMBER)
    assert (unsure.status, len(shop.numbers.numbers)) == (422, 1)
    assert "tick the box" in unsure.html
    sure = admin.post(PATH, change="disconnect", phone_number_id=ACME_NUMBER, sure="yes")
    assert sure.location == f"/prod{PATH}?done=disconnected"
    assert (shop.numbers.numbers, shop.secrets.kept) == ({}, {})
    assert actions(shop) == ["number.connected", "number.disconnected"]


@pytest.mark.parametrize("change", ["token", "resume"])
def test_what_another_shop_has_is_not_there(shop: Shop, admin: Seller, change: str) -> None:
    shop.numbers.numbers[GLOBEX, ACME_NUMBER] = number(tenant(GLOBEX))
    answer = admin.post(PATH, change=change, phone_number_id=ACME_NUMBER, access_token=TOKEN)
    assert (answer.status, shop.secrets.kept, shop.store.audit) == (422, {}, {})


def test_an_admin_alone_changes_them(shop: Shop, admin: Seller, agent: Seller, viewer: Seller) -> None:
    connected(admin)
    for who in (agent, viewer):
        html = who.get(PATH).html
        assert "+1 555 010 0001" in html
        assert "<input" not in html
        for change in ("", "token", "resume", "disconnect"):
            assert who.post(PATH, **FORM, change=change, sure="yes").status == 403
    assert actions(shop) == ["number.connected"]


def test_no_other_site_changes_them(shop: Shop, admin: Seller) -> None:
    with pytest.raises(ForbiddenError):
        admin.post(PATH, origin="https://evil.example", **FORM)
    assert shop.secrets.kept == {}
