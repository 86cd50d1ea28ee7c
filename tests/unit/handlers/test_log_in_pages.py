"""The way in and out, as a browser goes it."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest

from domain.log_in import Challenge, ChallengeKind, LogInRefusal, Tokens
from handlers import admin_gui, cookies
from handlers.rest_api import OF_THE_REQUEST, WebRequest
from tests.fakes.people import FakeIdentity
from tests.people import ABE, ADA, OLIVE
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.web import ORIGIN, Browser, location, request

ADAS = Tokens("access:ada", "refresh:ada")
NEW_PASSWORD = Challenge(ChallengeKind.NEW_PASSWORD, "ada", "session-of-twenty-characters")
TOTP = replace(NEW_PASSWORD, kind=ChallengeKind.TOTP, session="another-of-twenty-characters")


@pytest.fixture
def ports() -> FakeIdentity:
    ports = FakeIdentity.with_people(OLIVE, ADA, ABE)
    ports.sessions.passwords["ada@example.com"] = ("right", ADAS)
    ports.sessions.passwords["olive@example.com"] = ("right", Tokens("access:olive:operator", "refresh:olive"))
    ports.sessions.renewed["refresh:ada"] = "access:ada"
    return ports


@pytest.fixture
def browser(ports: FakeIdentity) -> Browser:
    def handle(asked: WebRequest) -> dict[str, object]:
        page = admin_gui._ROUTES[asked.method, asked.path]
        return page(asked, ports)  # type: ignore[arg-type]  # the fakes, in place of the console's identity

    return Browser(handle)


def test_the_right_password_leads_to_where_one_wanted_to_go(browser: Browser) -> None:
    form = browser.get("/login?next=/inbox")
    assert form["statusCode"] == 200
    assert 'name="next" value="/inbox"' in form["body"]
    answer = browser.post("/login", email="ada@example.com", password="right", next="/inbox")
    assert location(answer) == "/prod/inbox"
    assert browser.cookies == {"__Host-access": "access:ada", "__Host-refresh": "refresh:ada"}


@pytest.mark.parametrize(("email", "home"), [("ada@example.com", "/prod/"), ("olive@example.com", "/prod/operator")])
def test_else_everybody_goes_home(browser: Browser, email: str, home: str) -> None:
    assert location(browser.post("/login", email=email, password="right", next="https://evil.example")) == home


def test_who_is_logged_in_is_not_asked_again(browser: Browser) -> None:
    browser.post("/login", email="ada@example.com", password="right")
    assert location(browser.get("/login?next=/inbox")) == "/prod/inbox"


def test_a_wrong_password_is_asked_for_again_in_words_that_tell_nothing(browser: Browser) -> None:
    wrong = browser.post("/login", email="ada@example.com", password="wrong")
    nobody = browser.post("/login", email="nobody@example.com", password="wrong")
    assert wrong["statusCode"] == nobody["statusCode"] == 401
    assert "This e-mail address or password is not right" in wrong["body"]
    assert wrong["body"].replace("ada@example.com", "nobody@example.com") == nobody["body"]
    assert browser.cookies == {}


def test_what_was_typed_is_shown_as_text(browser: Browser) -> None:
    body = browser.post("/login", email='"><img src=x onerror=alert(1)>', password="wrong")["body"]
    assert "<img" not in body


def test_too_many_attempts_are_said_to_be_so(browser: Browser, ports: FakeIdentity) -> None:
    ports.sessions.refusal = LogInRefusal.TOO_OFTEN
    answer = browser.post("/login", email="ada@example.com", password="wrong")
    assert answer["statusCode"] == 429
    assert "Too many attempts" in answer["body"]


@pytest.fixture
def invited(ports: FakeIdentity) -> None:
    ports.sessions.passwords["ada@example.com"] = ("invited", NEW_PASSWORD)
    ports.sessions.answers = {(NEW_PASSWORD.session, "of my own"): TOTP, (TOTP.session, "123456"): ADAS}


@pytest.mark.usefixtures("invited")
def test_an_invited_person_chooses_a_password_and_shows_a_code(browser: Browser, ports: FakeIdentity) -> None:
    asked = location(browser.post("/login", email="ada@example.com", password="invited", next="/inbox"))
    assert asked == "/prod/login/challenge?next=%2Finbox"
    assert NEW_PASSWORD.session not in asked
    assert "Choose a password" in browser.get("/login/challenge?next=/inbox")["body"]
    assert location(browser.post("/login/challenge", given="of my own", next="/inbox")) == asked
    assert "Enter the code" in browser.get("/login/challenge?next=/inbox")["body"]
    assert location(browser.post("/login/challenge", given="123 456", next="/inbox")) == "/prod/inbox"
    assert set(browser.cookies) == {"__Host-access", "__Host-refresh"}
    assert [entry.action for entry in ports.store.trail] == ["session.begun"]


@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize("reason", [LogInRefusal.CODE, LogInRefusal.PASSWORD_POLICY])
def test_what_does_not_do_is_asked_for_again(browser: Browser, ports: FakeIdentity, reason: LogInRefusal) -> None:
    browser.post("/login", email="ada@example.com", password="invited")
    ports.sessions.refusal = reason
    answer = browser.post("/login/challenge", given="wrong")
    assert answer["statusCode"] == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a password" in answer["body"]
    assert "__Host-challenge" in browser.cookies


@pytest.mark.usefixtures("invited")
def test_who_was_too_slow_begins_anew(browser: Browser) -> None:
    browser.post("/login", email="ada@example.com", password="invited")
    answer = browser.post("/login/challenge", given="too late")
    assert answer["statusCode"] == 401
    assert "That took too long" in answer["body"]
    assert browser.cookies == {}
    assert "That took too long" in browser.get("/login/challenge")["body"]
    assert browser.post("/login/challenge", given="of my own")["statusCode"] == 401


@pytest.mark.parametrize("held", ["", "%%%", "bm90IGpzb24", "eyJraW5kIjoib3RoZXIifQ", "W10"])
def test_a_made_up_challenge_is_none(held: str) -> None:
    assert cookies.challenge_of(request("GET", "/", {"Cookie": f"__Host-challenge={held}"})) is None


def test_a_log_out_leaves_nothing(browser: Browser, ports: FakeIdentity) -> None:
    browser.post("/login", email="ada@example.com", password="right")
    assert location(browser.post("/logout")) == "/prod/login"
    assert browser.cookies == {}
    assert ports.sessions.ended == ["refresh:ada"]
    assert [entry.action for entry in ports.store.trail] == ["session.begun", "session.ended"]
    assert location(browser.post("/logout")) == "/prod/login"


def test_a_forgotten_password_is_chosen_anew(browser: Browser, ports: FakeIdentity) -> None:
    ports.sessions.renewed["refresh:ada"] = "access:ada"
    assert "Forgotten password" in browser.get("/login/forgot")["body"]
    assert "a code is on its way" in browser.post("/login/forgot", email=" ada@example.com ")["body"]
    wrong = browser.post("/login/reset", email="ada@example.com", code="654321", password="another one")
    assert (wrong["statusCode"], "This code does not match" in wrong["body"]) == (422, True)
    told = browser.post("/login/reset", email="ada@example.com", code="123 456", password="another one")
    assert "Your new password is saved" in told["body"]
    assert ports.sessions.renewed == {}
    assert browser.cookies == {}
    assert browser.post("/login", email="ada@example.com", password="right")["statusCode"] == 401
    assert location(browser.post("/login", email="ada@example.com", password="another one")) == "/prod/"


def test_nobody_learns_by_it_who_is_known(browser: Browser) -> None:
    known = browser.post("/login/forgot", email="ada@example.com")
    unknown = browser.post("/login/forgot", email="who@example.com")
    assert known["statusCode"] == unknown["statusCode"] == 200
    assert known["body"].replace("ada@", "who@") == unknown["body"]


@pytest.mark.parametrize("reason", [LogInRefusal.TOO_OFTEN, LogInRefusal.PASSWORD_POLICY])
def test_a_reset_that_is_refused_says_why(browser: Browser, ports: FakeIdentity, reason: LogInRefusal) -> None:
    browser.post("/login/forgot", email="ada@example.com")
    ports.sessions.refusal = reason
    answer = browser.post("/login/reset", email="ada@example.com", code="123456", password="weak")
    assert answer["statusCode"] in {429, 422}
    words = "Too many attempts" if reason is LogInRefusal.TOO_OFTEN else "This password is too weak"
    assert words in answer["body"]


PATHS = [
    *("/login", "/login/challenge", "/login/forgot", "/login/reset"),
    *("/logout", "/account/totp", "/account/totp/off"),
]


@pytest.mark.parametrize("path", PATHS)
def test_no_other_site_posts_any_of_it(browser: Browser, ports: FakeIdentity, path: str) -> None:
    browser.post("/login", email="ada@example.com", password="right")
    browser.origin = "https://evil.example"
    before = list(ports.store.trail)
    services: Any = SimpleNamespace(identity=ports)
    sent = {"Origin": "https://evil.example", "Cookie": browser._cookie_header}
    answer = admin_gui.handle(request("POST", path, sent, "email=ada%40example.com&password=right"), services)
    assert answer["statusCode"] == 403
    assert ports.store.trail == before
    assert "multiValueHeaders" not in answer


def test_an_app_is_added_with_a_picture_of_its_key(browser: Browser, ports: FakeIdentity) -> None:
    browser.post("/login", email="ada@example.com", password="right")
    page = browser.get("/account/totp")
    assert "JBSWY3DPEHPK3PXP" in page["body"]
    assert "<svg" in page["body"]
    assert "style=" not in page["body"]
    ports.sessions.codes["access:ada"] = "123456"
    wrong = browser.post("/account/totp", given="654321")
    assert wrong["statusCode"] == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ports.sessions.confirmed == []
    assert location(browser.post("/account/totp", given="123456")) == "/prod/"
    assert ports.sessions.confirmed == ["access:ada"]
    assert location(browser.post("/account/totp/off")) == "/prod/"
    assert ports.sessions.confirmed == []
    assert [entry.action for entry in ports.store.trail][1:] == ["second_factor.added", "second_factor.removed"]


def test_pages_are_kept_by_no_cache_and_framed_by_nobody(browser: Browser) -> None:
    headers = {name.lower(): value for name, value in browser.get("/login")["headers"].items()}
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_no_password_code_or_token_is_in_the_log(ports: FakeIdentity, log: Log) -> None:
    services: Any = SimpleNamespace(identity=ports)
    browser = Browser(lambda asked: admin_gui.handle(asked, services))
    browser.post("/login", email="ada@example.com", password="right")
    browser.post("/login", email="ada@example.com", password="wrong-one")
    assert log.lines
    for secret in ("right", "wrong-one", "ada@example.com", "access:ada", "refresh:ada"):
        assert secret not in log.text.replace('"right"', "")


def test_the_largest_cookies_are_kept_by_every_browser() -> None:
    asked = request("GET", "/")
    session = "A" * 2048  # the longest that Cognito's API allows
    challenge = cookies.challenge_value(Challenge(ChallengeKind.NEW_PASSWORD, "0" * 36, session))
    # Cognito's own tokens, measured: an access token with a group about 1,100 characters, a refresh token about 1,800.
    for name, value in (("challenge", challenge), ("access", "a" * 1500), ("refresh", "r" * 2500)):
        kept = cookies.set_cookie(asked, name, value, 60).partition(";")[0]
        assert len(kept) <= cookies.LARGEST_BYTES


def test_over_plain_http_cookies_are_not_for_tls_alone() -> None:
    local = request("GET", "/", console_url="http://127.0.0.1:8080")
    assert cookies.set_cookie(local, "access", "a", 60) == "access=a; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"
    assert ORIGIN.startswith("https://")
    assert OF_THE_REQUEST not in json.dumps(cookies.set_cookie(request("GET", "/"), "access", "a", 60))
