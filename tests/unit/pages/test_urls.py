from __future__ import annotations

import pytest

from pages.assets import asset
from pages.urls import Urls


@pytest.mark.parametrize("base", ["", "/prod"])
def test_every_address_stands_below_the_stage(base: str) -> None:
    urls = Urls(base)
    assert urls.to("/inbox") == f"{base}/inbox"
    assert urls.to("/conversations/{id}", id="a", tab="mine") == f"{base}/conversations/a?tab=mine"
    assert urls.static("app.css") == f"{base}/static/{asset('app.css').name}"


def test_no_value_leads_elsewhere() -> None:
    assert Urls().to("/customers/{id}", id="../x?y#z/é") == "/customers/..%2Fx%3Fy%23z%2F%C3%A9"
    assert Urls().to("/inbox", q="a&b=c", tab="") == "/inbox?q=a%26b%3Dc"
