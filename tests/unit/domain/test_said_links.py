from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.said_links import is_one_of, said_links


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://shop.example/p/1.", "https://shop.example/p/1"),
        ("(https://shop.example/p/1)", "https://shop.example/p/1"),
        ("https://shop.example/p(1)", "https://shop.example/p(1)"),
        ("[buy here](http://evil.com/x)", "http://evil.com/x"),
        ("<https://evil.com>", "https://evil.com"),
        ("evil.com", "evil.com"),
        ("EVIL.COM", "EVIL.COM"),
        ("evil.com/pay?id=1", "evil.com/pay?id=1"),
        ("www.foo", "www.foo"),
        ("wa.me/12025550143", "wa.me/12025550143"),
        ("bit.ly/abc", "bit.ly/abc"),
        ("tienda.mx", "tienda.mx"),
        ("evil dot com", "evil.com"),
        ("evil punto com", "evil.com"),
        ("evil ponto com", "evil.com"),
        ("evil point com", "evil.com"),
        ("evil Punkt de", "evil.de"),
        ("evil نقطة com", "evil.com"),
        ("evil[.]com/pay", "evil.com/pay"),
        ("evil (dot) com", "evil.com"),
        ("evil . com", "evil.com"),
        ("evil。com", "evil.com"),
        ("ｅｖｉｌ．ｃｏｍ", "evil.com"),
        ("ev\u200bil.com", "evil.com"),
        ("hxxps://evil.com", "https://evil.com"),
        ("sales@evil.com", "sales@evil.com"),
        ("tel:+12025550143", "tel:+12025550143"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("ftp://evil.com/x", "ftp://evil.com/x"),
        ("192.0.2.7/pay", "192.0.2.7/pay"),
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        ("еxample.com", "еxample.com"),
    ],
)
def test_a_link_is_found(text: str, link: str) -> None:
    assert said_links(text) == [link]


@pytest.mark.parametrize(
    "text",
    [
        "from 9 a.m. to 6 p.m.",
        "10.5 cm",
        "e.g. this one",
        "It is in stock.The price",
        "left.In case",
        "12.50 USD",
        "12.05.2026",
        "node.js",
        "Hello... there",
        "point taken",
        "a dot",
        "und so weiter. Com",
    ],
)
def test_what_is_none_is_not(text: str) -> None:
    assert said_links(text) == []


KNOWN = ["https://shop.example/p/1"]


@pytest.mark.parametrize("link", ["https://shop.example/p/1", "HTTPS://Shop.Example/p/1/", "shop.example/p/1"])
def test_the_same_address_is_known(link: str) -> None:
    assert is_one_of(link, KNOWN)


@pytest.mark.parametrize(
    "link",
    [
        "https://shop.example/p/2",
        "https://shop.example",
        "http://shop.example/p/1",
        "https://shop.example/p/1?to=evil.com",
        "https://shop.example@evil.com/p/1",
        "https://evil.com/shop.example/p/1",
        "https://shop.example.evil.com/p/1",
        "https://shop.examp1e/p/1",
        "ftp://shop.example/p/1",
    ],
)
def test_any_other_is_not(link: str) -> None:
    assert not is_one_of(link, KNOWN)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert all(said_links(text))
