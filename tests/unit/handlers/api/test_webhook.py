from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.api import Caller
from tests.unit.domain.use_cases.test_notify_tenant import SECRET

URL = "/api/v1/webhook"
WEBHOOK = {"url": "https://shop.example/events", "secret": SECRET, "events": ["escalation", "handoff"]}


def test_it_is_set_shown_and_removed_and_its_secret_never_told(call: Caller, shop: Any) -> None:
    assert call("GET", URL).status == 404
    told = call("PUT", URL, WEBHOOK)
    assert (told.status, told.json["events"], told.json["enabled"]) == (200, ["escalation", "handoff"], True)
    assert call("GET", URL).json == told.json
    assert SECRET not in told.text
    assert shop.secrets.kept == {"tenants/acme/webhook": SECRET}
    assert call("GET", URL, token="glen").status == 404
    assert call("GET", URL, token="agnes").status == 403
    assert call("DELETE", URL).status == 204
    assert call("GET", URL).status == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "http://shop.example/"}, "/url"),
        ({"url": "https://169.254.169.254/"}, "/url"),
        ({"secret": "short"}, "/secret"),
        ({"secret": None}, "/secret"),
        ({"events": []}, "/events"),
        ({"events": ["everything"]}, "/events/0"),
        ({"tenantId": "globex"}, "/tenantId"),
    ],
)
def test_nothing_else_is_accepted(call: Caller, shop: Any, change: dict[str, object], pointer: str) -> None:
    answer = call("PUT", URL, {**WEBHOOK, **change})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert shop.webhooks.webhooks == {}
