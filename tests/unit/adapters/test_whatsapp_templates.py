"""The list of an account's templates, page by page, without a socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from adapters.whatsapp_templates import WhatsAppTemplates
from domain.errors import AccountRefusedError, ServiceUnavailableError
from domain.templates import TemplateNews
from tests.builders import NOON, number

NUMBER = number()
ITEM = {
    "id": "594425479261596",
    "name": "order_ready",
    "language": "en_US",
    "status": "APPROVED",
    "category": "UTILITY",
    "parameter_format": "POSITIONAL",
    "quality_score": {"score": "GREEN", "date": 1674864290},
    "rejected_reason": "NONE",
    "components": [{"type": "BODY", "text": "Hello {{1}}"}],
}


class Tokens:
    def token(self, secret_name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 (the port's signature)
        assert secret_name == NUMBER.access_token_secret
        return "the-token"


@dataclass
class FakeMeta:
    answers: list[Callable[[], httpx.Response]]
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers[min(len(self.requests), len(self.answers)) - 1]()

    def read(self) -> list[TemplateNews]:
        account = WhatsAppTemplates("https://graph.example", "v26.0", Tokens(), httpx.MockTransport(self))
        return account.read(NUMBER, NOON)


def page(*items: Any, after: str = "", **more: Any) -> Callable[[], httpx.Response]:
    cursors = {"cursors": {"before": "b", "after": after}, "next": f"https://elsewhere.example/?after={after}"}
    return lambda: httpx.Response(200, json={"data": list(items), **({"paging": cursors} if after else {}), **more})


def refused(status: int, code: int | None) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(status, json={"error": {"message": f"(#{code}) words of the-token", "code": code}})


def test_a_template_as_meta_tells_it() -> None:
    meta = FakeMeta([page(ITEM)])
    assert meta.read() == [
        TemplateNews(
            waba_id=NUMBER.waba_id,
            name="order_ready",
            language="en_US",
            at=NOON,
            template_id="594425479261596",
            status="APPROVED",
            category="UTILITY",
            quality="GREEN",
            components=({"type": "BODY", "text": "Hello {{1}}"},),
            parameter_format="POSITIONAL",
        )
    ]
    [request] = meta.requests
    assert request.url.path == f"/v26.0/{NUMBER.waba_id}/message_templates"
    assert request.headers["authorization"] == "Bearer the-token"
    assert "quality_score" in request.url.params["fields"]
    assert "the-token" not in str(request.url)


def test_every_page_is_read_by_its_cursor_from_meta_alone() -> None:
    meta = FakeMeta([page({**ITEM, "name": "a"}, after="one"), page({**ITEM, "name": "b"}, after="two"), page()])
    assert [news.name for news in meta.read()] == ["a", "b"]
    assert [request.url.params.get("after") for request in meta.requests] == [None, "one", "two"]
    assert {request.url.host for request in meta.requests} == {"graph.example"}


def test_the_last_page_names_a_cursor_and_no_next() -> None:
    last = page(ITEM, paging={"cursors": {"before": "b", "after": "c"}})
    meta = FakeMeta([last])
    assert len(meta.read()) == len(meta.requests) == 1


def test_a_rejection_says_why_and_what_is_not_told_is_not_known() -> None:
    bare = {"name": "x", "language": "pt-BR", "status": "REJECTED", "rejected_reason": "INVALID_FORMAT"}
    [news] = FakeMeta([page(bare, {"language": "en"}, "text", None)]).read()
    assert (news.language, news.status, news.rejected_reason) == ("pt_BR", "REJECTED", "INVALID_FORMAT")
    assert (news.quality, news.category, news.components) == (None, None, None)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(401, 190), AccountRefusedError),
        (refused(400, 100), AccountRefusedError),
        (refused(403, 200), AccountRefusedError),
        (refused(400, 80008), ServiceUnavailableError),
        (refused(429, None), ServiceUnavailableError),
        (refused(500, 1), ServiceUnavailableError),
        (lambda: httpx.Response(502, text="<html>"), ServiceUnavailableError),
        (lambda: httpx.Response(200, text="<html>"), ServiceUnavailableError),
        (lambda: httpx.Response(200, json={"data": None}), AccountRefusedError),
        (lambda: httpx.Response(200, json=[]), AccountRefusedError),
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_all_or_nothing(answer: Callable[[], httpx.Response], error: type[Exception], before: int) -> None:
    with pytest.raises(error) as raised:
        FakeMeta([*[page(ITEM, after="one")] * before, answer]).read()
    assert "the-token" not in str(raised.value)


def test_no_answer_may_be_asked_for_again() -> None:
    def silence() -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    with pytest.raises(ServiceUnavailableError):
        FakeMeta([silence]).read()


def test_a_list_without_an_end_is_none() -> None:
    pages = [page(ITEM, after=str(index)) for index in range(300)]
    with pytest.raises(ServiceUnavailableError):
        FakeMeta(pages).read()


def test_a_cursor_that_stands_still_is_the_end() -> None:
    meta = FakeMeta([page(ITEM, after="one")])
    assert len(meta.read()) == 2
