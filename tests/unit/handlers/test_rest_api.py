from __future__ import annotations

import base64

import pytest

from domain.errors import InvalidInputError
from handlers.rest_api import redirect, web_request_of, with_cookies
from tests.unit.handlers.web import API, event, request


def test_the_address_is_the_apis_own_where_none_is_named() -> None:
    asked = request("GET", "/operator/queues?a=1")
    assert (asked.path, asked.query, asked.origin) == ("/operator/queues", {"a": "1"}, f"https://{API}")
    assert asked.url("/login") == "/prod/login"


@pytest.mark.parametrize(
    ("console_url", "origin", "link"),
    [
        ("https://console.example.com", "https://console.example.com", "/login"),
        ("https://example.com/console", "https://example.com", "/console/login"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "/login"),
    ],
)
def test_a_domain_before_it_is_where_people_are(console_url: str, origin: str, link: str) -> None:
    asked = request("GET", "/", console_url=console_url)
    assert (asked.origin, asked.url("/login")) == (origin, link)


def test_a_host_header_changes_no_address() -> None:
    asked = request("GET", "/", {"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert asked.origin == f"https://{API}"


def test_a_binary_body_is_what_was_sent() -> None:
    sent = {**event("POST", "/"), "body": base64.b64encode(b"\xff\x00").decode(), "isBase64Encoded": True}
    assert web_request_of(sent, "of-the-request").body == b"\xff\x00"


def test_a_form_is_read_and_what_is_no_form_is_empty() -> None:
    assert request("POST", "/", body="a=1&b=%C3%A9+&a=2&c=").form == {"a": "1", "b": "é ", "c": ""}
    assert request("POST", "/").form == {}


def test_a_form_of_more_fields_than_any_of_ours_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        _ = request("POST", "/login", body="a=1&" * 201).form


def test_header_names_have_no_case_and_broken_cookies_are_none() -> None:
    asked = request("GET", "/", {"COOKIE": "a=1; b=2"})
    assert asked.cookies == {"a": "1", "b": "2"}
    assert request("GET", "/", {"cookie": "\x00=;;="}).cookies == {}


def test_several_cookies_are_set() -> None:
    response = with_cookies(redirect("/", ["a=1"]), ["b=2"])
    assert response["multiValueHeaders"] == {"set-cookie": ["a=1", "b=2"]}
    assert (response["statusCode"], response["headers"]["location"]) == (303, "/")
