"""Who looks at a page; and that no other site can act in their name."""

from __future__ import annotations

import pytest

from domain.errors import ForbiddenError, LogInRefusedError, UnauthenticatedError
from domain.log_in import LogInRefusal
from handlers.page_sessions import require_same_origin, safe_next, session_of, to_log_in
from handlers.rest_api import WebRequest
from tests.fakes.people import FakeIdentity
from tests.people import ABE, ADA, OLIVE
from tests.unit.handlers.web import ORIGIN, location, request


@pytest.fixture
def ports() -> FakeIdentity:
    ports = FakeIdentity.with_people(OLIVE, ADA, ABE)
    ports.sessions.renewed["refresh-1"] = "access:ada:new"
    return ports


def with_cookies(**cookies: str) -> WebRequest:
    return request("GET", "/", {"Cookie": "; ".join(f"__Host-{name}={value}" for name, value in cookies.items())})


def test_an_access_token_is_enough(ports: FakeIdentity) -> None:
    session = session_of(with_cookies(access="access:abe"), ports)
    assert (session.principal.subject, session.access_token, session.cookies) == ("abe", "access:abe", ())


@pytest.mark.parametrize("cookies", [{"refresh": "refresh-1"}, {"access": "access:ada:old", "refresh": "refresh-1"}])
def test_one_that_ran_out_is_renewed_without_a_word(ports: FakeIdentity, cookies: dict[str, str]) -> None:
    ports.tokens.expired.add("access:ada:old")
    session = session_of(with_cookies(**cookies), ports)
    assert (session.principal.subject, session.access_token) == ("ada", "access:ada:new")
    [line] = session.cookies
    assert line == "__Host-access=access:ada:new; Max-Age=900; Path=/; HttpOnly; SameSite=Lax; Secure"


@pytest.mark.parametrize(
    "cookies",
    [{}, {"access": ""}, {"access": "access:ada:old"}, {"refresh": "revoked"}, {"access": "x", "refresh": "revoked"}],
)
def test_without_a_token_that_holds_nobody_is_there(ports: FakeIdentity, cookies: dict[str, str]) -> None:
    ports.tokens.expired.add("access:ada:old")
    with pytest.raises(UnauthenticatedError):
        session_of(with_cookies(**cookies), ports)


def test_a_bearer_token_is_no_session(ports: FakeIdentity) -> None:
    with pytest.raises(UnauthenticatedError):
        session_of(request("GET", "/", {"Authorization": "Bearer access:ada"}), ports)


def test_a_cookie_that_another_host_of_the_domain_set_is_none(ports: FakeIdentity) -> None:
    with pytest.raises(UnauthenticatedError):
        session_of(request("GET", "/", {"Cookie": "access=access:ada"}), ports)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ORIGIN},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_our_own_pages_may_change_things(headers: dict[str, str]) -> None:
    require_same_origin(request("POST", "/settings", headers))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"{ORIGIN}.evil.example"},
        {"Origin": ORIGIN.replace("https", "http")},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Referer": f"{ORIGIN}/prod/settings"},
    ],
)
def test_no_other_site_may(method: str, headers: dict[str, str]) -> None:
    with pytest.raises(ForbiddenError):
        require_same_origin(request(method, "/settings", headers))


def test_whoever_reads_may_come_from_anywhere() -> None:
    require_same_origin(request("GET", "/inbox", {"Sec-Fetch-Site": "cross-site"}))


def test_who_is_not_logged_in_is_led_there_and_back() -> None:
    assert location(to_log_in(request("GET", "/"))) == "/prod/login"
    assert location(to_log_in(request("GET", "/inbox?state=mine"))) == "/prod/login?next=%2Finbox%3Fstate%3Dmine"
    assert location(to_log_in(request("POST", "/inbox/take"))) == "/prod/login"


def test_a_part_of_a_page_leaves_the_page() -> None:
    response = to_log_in(request("GET", "/inbox/lines", {"HX-Request": "true"}))
    assert (response["statusCode"], response["headers"]["hx-redirect"]) == (401, "/prod/login")


def test_too_many_renewals_are_said_to_be_so() -> None:
    response = to_log_in(request("GET", "/"), LogInRefusedError(LogInRefusal.TOO_OFTEN))
    assert response["statusCode"] == 429


@pytest.mark.parametrize("wanted", ["/", "/inbox?state=mine", "/c/a%2Fb#last"])
def test_a_page_of_ours_is_where_one_goes_on(wanted: str) -> None:
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        *(None, "", "inbox", "//evil.example", "https://evil.example", "/\\evil.example", "\\/evil.example"),
        *("javascript:alert(1)", "/a\r\nSet-Cookie: a=1", "/\t/evil.example", "/" + "a" * 1000),
    ],
)
def test_elsewhere_is_not(wanted: str | None) -> None:
    assert safe_next(wanted) is None
