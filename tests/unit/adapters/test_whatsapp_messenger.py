"""What is posted to Meta, and what Meta's answers mean, without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from adapters.secrets_manager import fingerprint
from adapters.whatsapp_messenger import WhatsAppMessenger
from domain.customers import CustomerIdentity
from domain.errors import (
    CustomerOptedOutError,
    MessageRefusedError,
    NumberPausedError,
    NumberThrottledError,
    SendError,
    SendThrottledError,
    SendUncertainError,
    ServiceUnavailableError,
    WindowClosedError,
)
from domain.messages import MessageId
from domain.outbound import Text
from domain.own_files import content_of
from domain.replies import ReplyId
from tests import builders

NUMBER = builders.number()
TOKEN = "EAAG-access-token"
REPLY = ReplyId("customer|2026-11-22T12:00:00Z#1#wamid.in.1|answer")
ACCEPTED = {"messaging_product": "whatsapp", "messages": [{"id": "wamid.out.1"}]}


@dataclass
class FakeTokens:
    error: Exception | None = None
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    """As they follow each other with each fresh look; the last one stays."""
    asked_fresh: int = 0

    def token(self, secret_name: str, *, fresh: bool = False) -> str:
        self.asked_fresh += fresh
        if self.error:
            raise self.error
        assert secret_name == NUMBER.access_token_secret
        return self.tokens[min(self.asked_fresh, len(self.tokens) - 1)]


@dataclass
class FakeMeta:
    """Answers every request alike, and keeps them."""

    answer: Callable[[], httpx.Response] = lambda: httpx.Response(200, json=ACCEPTED)
    requests: list[httpx.Request] = field(default_factory=list)
    tokens: FakeTokens = field(default_factory=FakeTokens)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer()

    @property
    def messenger(self) -> WhatsAppMessenger:
        return WhatsAppMessenger("https://graph.example", "v26.0", self.tokens, httpx.MockTransport(self))

    def send(self, recipient: CustomerIdentity = builders.ALICE, text: str = "Hello") -> MessageId:
        return self.messenger.send(NUMBER, recipient, Text(text), REPLY)

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.requests[-1].content)
        return body


@pytest.fixture
def meta() -> FakeMeta:
    return FakeMeta()


def refusal(code: Any, status: int = 400, details: str = "details") -> Callable[[], httpx.Response]:
    error = {"message": f"(#{code}) words", "type": "OAuthException", "code": code, "error_data": {"details": details}}
    return lambda: httpx.Response(status, json={"error": error})


def test_a_text_goes_to_a_phone(meta: FakeMeta) -> None:
    assert meta.send(text="Blue mug — 12.50 USD") == "wamid.out.1"
    [request] = meta.requests
    assert (request.method, str(request.url)) == (
        "POST",
        f"https://graph.example/v26.0/{NUMBER.phone_number_id}/messages",
    )
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert meta.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": builders.ALICE.phone,
        "type": "text",
        "text": {"body": "Blue mug — 12.50 USD", "preview_url": False},
        "biz_opaque_callback_data": REPLY,
    }


def test_a_text_goes_to_a_business_scoped_user_id_as_recipient(meta: FakeMeta) -> None:
    meta.send(builders.NAMELESS)
    assert meta.body["recipient"] == builders.NAMELESS.user_id
    assert "to" not in meta.body


def test_a_message_is_marked_read_with_a_typing_indicator(meta: FakeMeta) -> None:
    meta.answer = lambda: httpx.Response(200, json={"success": True})
    meta.messenger.mark_read(NUMBER, MessageId("wamid.in.1"))
    assert meta.body == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.in.1",
        "typing_indicator": {"type": "text"},
    }


def test_one_connection_pool_serves_every_call_and_is_made_late(
    monkeypatch: pytest.MonkeyPatch, meta: FakeMeta
) -> None:
    made: list[httpx.Client] = []
    client = httpx.Client

    def counted(**options: Any) -> httpx.Client:
        made.append(client(**options))
        return made[-1]

    monkeypatch.setattr(httpx, "Client", counted)
    messenger = meta.messenger
    assert made == []
    messenger.mark_read(NUMBER, MessageId("wamid.in.1"))
    messenger.send(NUMBER, builders.ALICE, Text("one"), REPLY)
    messenger.send(NUMBER, builders.BOB, Text("two"), REPLY)
    assert len(made) == 1
    assert len(meta.requests) == 3
    timeout = made[0].timeout
    assert timeout.read is not None
    assert timeout.connect is not None
    assert timeout.read + timeout.connect <= 10


FAMILIES: dict[type[SendError], list[int]] = {
    SendThrottledError: [131000, 131056],
    NumberThrottledError: [2, 4, 80007, 130429, 131016, 131057, 133004],
    NumberPausedError: [
        0, 3, 10, 190, 200, 250, 299, 368, 131005, 131031, 131037, 131042, 131045, 131048, 130497, 133010,
    ],
    MessageRefusedError: [
        33, 100, 130472, 131008, 131009, 131021, 131026, 131049, 131051, 131052, 131053, 131062, 131063, 132000, 132001,
        132005, 132007, 132012, 132015, 132016, 132068, 132069,
    ],
    WindowClosedError: [131047],
    CustomerOptedOutError: [131050],
}  # fmt: skip


@pytest.mark.parametrize(("family", "code"), [(family, code) for family, codes in FAMILIES.items() for code in codes])
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_the_code_decides_not_the_http_status(meta: FakeMeta, family: type[SendError], code: int, status: int) -> None:
    meta.answer = refusal(code, status)
    with pytest.raises(SendError) as raised:
        meta.send()
    assert type(raised.value) is family
    assert (raised.value.code, raised.value.details) == (code, "details")
    assert raised.value.title == f"(#{code}) words"
    assert len(meta.requests) == 1


@pytest.mark.parametrize("code", [999_999, None, "131047", {}])
def test_a_code_that_nobody_knows_is_refused_and_not_repeated(meta: FakeMeta, code: Any) -> None:
    meta.answer = refusal(code)
    with pytest.raises(SendError) as raised:
        meta.send()
    assert type(raised.value) is MessageRefusedError


@pytest.mark.parametrize("code", [None, 1, 190, 131047])
def test_too_many_requests_is_throttling_whatever_the_code(meta: FakeMeta, code: int | None) -> None:
    meta.answer = refusal(code, 429)
    with pytest.raises(SendThrottledError):
        meta.send()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_may_have_been_sent(meta: FakeMeta, status: int) -> None:
    meta.answer = lambda: httpx.Response(status, text="<html>oops</html>")
    with pytest.raises(SendUncertainError) as raised:
        meta.send()
    assert (raised.value.code, raised.value.title) == (None, f"HTTP {status}")


@pytest.mark.parametrize("status", [400, 401, 404, 301])
def test_an_error_without_json_is_refused(meta: FakeMeta, status: int) -> None:
    meta.answer = lambda: httpx.Response(status, text="<html>", headers={"location": "https://elsewhere.example"})
    with pytest.raises(MessageRefusedError) as raised:
        meta.send()
    assert raised.value.title == f"HTTP {status}"
    assert len(meta.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text=""),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, json={}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json=None),
        httpx.Response(200, json={"messages": []}),
        httpx.Response(200, json={"messages": [{}]}),
        httpx.Response(200, json={"messages": {"0": 1}}),
        httpx.Response(200, json={"messages": [{"id": None}]}),
        httpx.Response(200, json={"messages": [{"id": ""}]}),
        httpx.Response(200, json={"messages": [{"id": 5}]}),
    ],
    ids=lambda answer: repr(answer.content)[:40],
)
def test_an_acceptance_without_an_id_is_uncertain(meta: FakeMeta, answer: httpx.Response) -> None:
    meta.answer = lambda: answer
    with pytest.raises(SendUncertainError):
        meta.send()


@pytest.mark.parametrize("body", [[], "text", {"error": "text"}, {"error": None}, {"error": {"error_data": "text"}}])
def test_an_error_in_another_form_is_refused(meta: FakeMeta, body: Any) -> None:
    meta.answer = lambda: httpx.Response(400, json=body)
    with pytest.raises(MessageRefusedError):
        meta.send()


def raising(error: Exception) -> Callable[[], httpx.Response]:
    def answer() -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (httpx.ConnectError("refused"), SendThrottledError),
        (httpx.ConnectTimeout("slow"), SendThrottledError),
        (httpx.PoolTimeout("busy"), SendThrottledError),
        (httpx.ReadTimeout("slow"), SendUncertainError),
        (httpx.WriteTimeout("slow"), SendUncertainError),
        (httpx.ReadError("reset"), SendUncertainError),
        (httpx.WriteError("reset"), SendUncertainError),
        (httpx.RemoteProtocolError("closed without an answer"), SendUncertainError),
        (httpx.DecodingError("gzip"), SendUncertainError),
    ],
    ids=repr,
)
def test_only_what_never_left_may_be_repeated(meta: FakeMeta, error: Exception, family: type[SendError]) -> None:
    meta.answer = raising(error)
    with pytest.raises(family) as raised:
        meta.send()
    assert raised.value.code is None
    assert raised.value.__cause__ is error
    assert len(meta.requests) == 1


def test_without_its_token_nothing_is_sent(meta: FakeMeta) -> None:
    meta.tokens.error = ServiceUnavailableError("Secrets Manager")
    with pytest.raises(SendThrottledError):
        meta.send()
    assert meta.requests == []


def quoting(code: int, status: int) -> Callable[[], httpx.Response]:
    """As Meta does with a token that it cannot read."""
    error = {"code": code, "message": f"Malformed access token {TOKEN}", "error_data": {"details": f"not {TOKEN}"}}
    return lambda: httpx.Response(status, json={"error": error})


def test_a_token_that_meta_quotes_is_in_no_words_that_are_kept(meta: FakeMeta) -> None:
    meta.answer = quoting(190, 401)
    with pytest.raises(NumberPausedError) as raised:
        meta.send()
    assert (raised.value.title, raised.value.details) == ("Malformed access token …", "not …")


@pytest.mark.parametrize(
    "answer",
    [refusal(190), quoting(100, 400), raising(httpx.ReadTimeout(TOKEN))],
    ids=["refused", "quoted", "no answer"],
)
def test_no_error_tells_token_or_text_or_phone(meta: FakeMeta, answer: Callable[[], httpx.Response]) -> None:
    meta.answer = answer
    with pytest.raises(SendError) as raised:
        meta.send(text="words of ours")
    for private in (TOKEN, "words of ours", str(builders.ALICE.phone)):
        assert private not in str(raised.value)


@pytest.mark.parametrize("code", [0, 190])
def test_a_token_that_was_replaced_meanwhile_pauses_nothing(meta: FakeMeta, code: int) -> None:
    meta.tokens.tokens = [TOKEN, "EAAG-the-next"]
    meta.answer = refusal(code, 401)
    messenger = meta.messenger
    with pytest.raises(SendThrottledError) as raised:
        messenger.send(NUMBER, builders.ALICE, Text("one"), REPLY)
    assert raised.value.code == code
    with pytest.raises(NumberPausedError):
        messenger.send(NUMBER, builders.ALICE, Text("one"), REPLY)
    assert [request.headers["authorization"] for request in meta.requests] == [
        f"Bearer {TOKEN}",
        "Bearer EAAG-the-next",
    ]


def test_who_is_paused_is_told_for_which_token_and_not_the_token(meta: FakeMeta) -> None:
    meta.answer = refusal(190, 401)
    with pytest.raises(NumberPausedError) as raised:
        meta.send()
    assert raised.value.token_fingerprint == fingerprint(TOKEN)
    assert len(fingerprint(TOKEN)) == 16
    assert fingerprint("another") != fingerprint(TOKEN)


def test_for_what_no_token_mends_none_is_looked_up_anew(meta: FakeMeta) -> None:
    meta.answer = refusal(131031)
    with pytest.raises(NumberPausedError):
        meta.send()
    assert meta.tokens.asked_fresh == 0


# --- a file of the seller's own ---

BILL = content_of(b"%PDF-1.7 made up", "application/pdf", "bill.pdf", "Here it is")


def following(*answers: Callable[[], httpx.Response]) -> Callable[[], httpx.Response]:
    left = iter(answers)

    def answer() -> httpx.Response:
        return next(left)()

    return answer


def accepted(**body: Any) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(200, json=body)


def test_a_file_is_uploaded_and_sent_by_the_id_that_meta_gives(meta: FakeMeta) -> None:
    meta.answer = following(accepted(id="1037"), accepted(**ACCEPTED))
    assert meta.messenger.send(NUMBER, builders.ALICE, BILL, REPLY) == "wamid.out.1"
    upload, _ = meta.requests
    assert str(upload.url) == f"https://graph.example/v26.0/{NUMBER.phone_number_id}/media"
    assert upload.headers["authorization"] == f"Bearer {TOKEN}"
    assert upload.headers["content-type"].startswith("multipart/form-data; boundary=")
    sent = upload.content
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in sent
    assert b'name="type"\r\n\r\napplication/pdf' in sent
    assert b"Content-Type: application/pdf\r\n\r\n%PDF-1.7 made up" in sent
    assert b"bill" not in sent
    assert meta.body["document"] == {"id": "1037", "caption": "Here it is", "filename": "bill.pdf"}


@pytest.mark.parametrize(
    ("answer", "family"),
    [
        (lambda: httpx.Response(503, text="oops"), SendThrottledError),
        (lambda: httpx.Response(200, text="<html>"), SendThrottledError),
        (accepted(), SendThrottledError),
        (refusal(131053), MessageRefusedError),
        (refusal(190), NumberPausedError),
    ],
)
def test_where_the_upload_fails_nothing_was_sent(
    meta: FakeMeta, answer: Callable[[], httpx.Response], family: type[SendError]
) -> None:
    meta.answer = answer
    with pytest.raises(SendError) as raised:
        meta.messenger.send(NUMBER, builders.ALICE, BILL, REPLY)
    assert type(raised.value) is family
    assert [request.url.path.rsplit("/", 1)[1] for request in meta.requests] == ["media"]


def test_an_upload_that_nobody_answers_was_not_sent_either(meta: FakeMeta) -> None:
    def time_out() -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    meta.answer = time_out
    with pytest.raises(SendThrottledError):
        meta.messenger.send(NUMBER, builders.ALICE, BILL, REPLY)


def test_after_the_upload_a_silent_meta_is_as_unclear_as_ever(meta: FakeMeta) -> None:
    meta.answer = following(accepted(id="1037"), lambda: httpx.Response(503, text="oops"))
    with pytest.raises(SendUncertainError):
        meta.messenger.send(NUMBER, builders.ALICE, BILL, REPLY)
