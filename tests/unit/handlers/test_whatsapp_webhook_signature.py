"""Handshake and signature: attacks 1 to 7 of the list in SECURITY."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.whatsapp_webhook import handshake_challenge, is_signed
from tests.unit.handlers.envelopes import APP_SECRET, signature

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
SPACED = b'{"object": "whatsapp_business_account", "entry": []}'
GOOD = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
GOOD_SPACED = "sha256=56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a"


@pytest.mark.parametrize(("body", "given_signature"), [(BODY, GOOD), (SPACED, GOOD_SPACED)])
def test_published_vectors(body: bytes, given_signature: str) -> None:
    assert is_signed(body, given_signature, [APP_SECRET])


@pytest.mark.parametrize(
    "given_signature",
    [
        pytest.param(None, id="no header"),
        pytest.param("", id="empty header"),
        pytest.param("sha256=", id="no digest"),
        pytest.param(GOOD_SPACED, id="another body's"),
        pytest.param(GOOD.removeprefix("sha256="), id="no algorithm"),
        pytest.param("sha1=" + hmac.new(APP_SECRET.encode(), BODY, hashlib.sha1).hexdigest(), id="sha1"),
        pytest.param(GOOD.replace("sha256", "sha1"), id="sha1 by name alone"),
        pytest.param("sha256=" + GOOD.removeprefix("sha256=").upper(), id="upper-case digest"),
        pytest.param(GOOD.upper(), id="upper case"),
        pytest.param(GOOD[:-1], id="truncated"),
        pytest.param(GOOD + "0", id="too long"),
        pytest.param(GOOD + "\n", id="line end"),
        pytest.param(" " + GOOD, id="leading blank"),
        pytest.param(f"{GOOD},{GOOD}", id="two headers joined"),
        pytest.param(GOOD.replace("d", "ｄ"), id="full-width letters"),
    ],
)
def test_nothing_else_passes(given_signature: str | None) -> None:
    assert not is_signed(BODY, given_signature, [APP_SECRET])


def test_a_space_more_in_the_body_fails() -> None:
    assert not is_signed(BODY + b" ", GOOD, [APP_SECRET])


def test_another_apps_secret_fails() -> None:
    assert not is_signed(BODY, signature(BODY, "another app"), [APP_SECRET, "previous"])


def test_the_previous_secret_passes_during_a_rotation_only() -> None:
    given_signature = signature(BODY, "previous")
    assert is_signed(BODY, given_signature, [APP_SECRET, "previous"])
    assert not is_signed(BODY, given_signature, [APP_SECRET, ""])


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_no_secret_fails_closed(secrets: list[str]) -> None:
    assert not is_signed(BODY, signature(BODY, ""), secrets)


@given(st.binary(), st.text(min_size=1))
def test_what_is_signed_passes(body: bytes, secret: str) -> None:
    assert is_signed(body, signature(body, secret), ["", secret])
    assert is_signed(body, signature(body, secret), [secret])


@given(st.binary(min_size=1), st.text(min_size=1), st.data())
def test_a_flipped_bit_fails(body: bytes, secret: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    flipped = bytes([*body[:place], body[place] ^ 1 << data.draw(st.integers(0, 7)), *body[place + 1 :]])
    assert not is_signed(flipped, signature(body, secret), [secret])


@given(st.binary(), st.text(st.characters()))
def test_no_header_makes_it_raise(body: bytes, header: str) -> None:
    assert not is_signed(body, header, [APP_SECRET])


def handshake(mode: str = "subscribe", verify: str = "token", challenge: str = "1158201444") -> dict[str, str]:
    return {"hub.mode": mode, "hub.verify_token": verify, "hub.challenge": challenge}


def test_the_handshake_answers_with_the_bare_challenge() -> None:
    assert handshake_challenge(handshake(), "token") == "1158201444"
    assert handshake_challenge(handshake(challenge="<script>"), "token") == "<script>"


@pytest.mark.parametrize(
    ("query", "verify_token"),
    [
        pytest.param({}, "token", id="nothing"),
        pytest.param({}, "", id="nothing against nothing"),
        pytest.param(handshake(verify=""), "", id="empty token"),
        pytest.param(handshake(verify="tokem"), "token", id="wrong token"),
        pytest.param(handshake(verify="Token"), "token", id="another case"),
        pytest.param(handshake(mode="unsubscribe"), "token", id="wrong mode"),
        pytest.param(handshake(verify="\ud800é"), "token", id="what UTF-8 cannot say"),
    ],
)
def test_no_other_handshake_is_answered(query: dict[str, str], verify_token: str) -> None:
    assert handshake_challenge(query, verify_token) is None
