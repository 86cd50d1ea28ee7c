"""Meta's side: every POST that the functions make, what Meta made of it, and the statuses that follow.

It stands in for httpx's transport, so whatever adapter speaks HTTP speaks to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from ops.prove.cast import NOT_CONNECTED, NUMBERS, phone_number_id, token


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Definitely: the message was not sent, and Meta said so."""
    UNCLEAR_SENT = "unclear, sent"
    UNCLEAR_LOST = "unclear, not sent"

    @property
    def sent(self) -> bool:
        return self in {Verdict.ACCEPTED, Verdict.UNCLEAR_SENT}


@dataclass(frozen=True, slots=True)
class Post:
    """One message offered to Meta."""

    at: float
    phone_number_id: str
    authorized: bool
    """Whether it came with that number's own token."""
    to: str
    kind: str
    """Its `type`."""
    text: str
    """Its words, in whatever form."""
    products: str
    """What it shows beside them."""
    reply_id: str
    verdict: Verdict
    answer: str | None
    """Of `ANSWERS`; None where it was simply accepted."""
    message_id: str
    """WhatsApp's, where it was sent."""
    row_state: str | None
    """Of the reply in the ledger, in that moment; None where it has no row."""
    redriven: bool
    """Whether an operator had put its job back to work."""
    window_left: float
    """Seconds until the 24 hours since the customer's last message are over, by the conversation's row."""


_CODES: Mapping[str, tuple[int, int]] = {
    # what happens: HTTP status, Meta's code
    "4": (400, 4),
    "130429": (400, 130429),
    "131056": (400, 131056),
    "131047": (400, 131047),
    "131050": (400, 131050),
    "131026": (400, 131026),
    "190": (401, 190),
}

ANSWERS = (*_CODES, "429", "500", "500_sent", "timeout", "timeout_sent", "reset_sent", "connect", "no_json")
"""What Meta may do with a message instead of accepting it, or after."""


REFUSED_FOR_NOW = frozenset({"4", "130429", "131056", "429", "connect"})
REFUSED_FORMS = frozenset({"100", "131009"})
"""131009: Meta has no such product, or no such catalogue."""


@dataclass(slots=True)
class Graph:
    answer_to: Callable[[int], str | None] = lambda _: None
    """What happens to the n-th message; None: it is accepted."""
    observe: Callable[[str], tuple[str | None, bool, float]] = lambda _: (None, False, 0.0)
    """The reply's row as it is in that moment, and what else is known of the job."""
    accepted: Callable[[Post], None] = lambda _: None
    now: Callable[[], float] = lambda: 0.0
    posts: list[Post] = field(default_factory=list)
    read_receipts: int = 0

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Raises what httpx raises where there is no answer."""
        if request.method == "GET":  # of media: Meta has it no longer
            return _response(request, 400, {"error": {"code": 100, "message": "Unsupported get request."}})
        body = json.loads(request.content)
        if body.get("status") == "read":
            self.read_receipts += 1
            return _response(request, 200, {"success": True})
        answer = self.answer_to(len(self.posts))
        if not _words(body).strip():
            answer = "100"
        elif NOT_CONNECTED in _shown(body):
            answer = answer or "131009"
        post = self._post(request, body, answer)
        self.posts.append(post)
        if post.verdict.sent:
            self.accepted(post)
        return _answered(request, answer, post)

    def _post(self, request: httpx.Request, body: Mapping[str, Any], answer: str | None) -> Post:
        number_id, reply_id = request.url.path.split("/")[-2], body.get("biz_opaque_callback_data", "")
        verdict = _VERDICTS.get(answer, Verdict.REFUSED) if answer else Verdict.ACCEPTED
        state, redriven, left = self.observe(reply_id)
        own = [f"Bearer {token(number)}" for number in NUMBERS if number.phone_number_id == number_id]
        return Post(
            at=self.now(),
            phone_number_id=number_id,
            authorized=[request.headers.get("authorization")] == own,
            to=body.get("to") or body.get("recipient") or "",
            kind=body.get("type", ""),
            text=_words(body),
            products=_shown(body),
            reply_id=reply_id,
            verdict=verdict,
            answer=answer,
            message_id=f"wamid.out.{len(self.posts)}" if verdict.sent else "",
            row_state=state,
            redriven=redriven,
            window_left=left,
        )


def _words(body: Mapping[str, Any]) -> str:
    """Of a text, or of a message that shows products."""
    words: str = body.get("text", {}).get("body") or body.get("interactive", {}).get("body", {}).get("text", "")
    return words


def _shown(body: Mapping[str, Any]) -> str:
    return json.dumps(body.get("interactive", {}).get("action", {}))


_VERDICTS: Mapping[str, Verdict] = {
    "500": Verdict.UNCLEAR_LOST,
    "timeout": Verdict.UNCLEAR_LOST,
    "500_sent": Verdict.UNCLEAR_SENT,
    "timeout_sent": Verdict.UNCLEAR_SENT,
    "reset_sent": Verdict.UNCLEAR_SENT,
    "no_json": Verdict.UNCLEAR_SENT,
}


def _answered(request: httpx.Request, answer: str | None, post: Post) -> httpx.Response:
    match answer:
        case None:
            return _response(request, 200, {"messaging_product": "whatsapp", "messages": [{"id": post.message_id}]})
        case "timeout" | "timeout_sent":
            raise httpx.ReadTimeout("no answer", request=request)
        case "reset_sent":
            raise httpx.RemoteProtocolError("the connection was reset", request=request)
        case "connect":
            raise httpx.ConnectError("no connection", request=request)
        case "no_json":
            return httpx.Response(200, text="<html>", request=request)
        case "500" | "500_sent":
            return _response(request, 500, {"error": {"code": 131000, "message": "Something went wrong"}})
        case "429":
            return httpx.Response(429, text="", request=request)
        case _:
            status, code = _CODES.get(answer, (400, int(answer)))
            return _response(request, status, {"error": {"code": code, "message": f"refused with {code}"}})


def _response(request: httpx.Request, status: int, body: Mapping[str, Any]) -> httpx.Response:
    return httpx.Response(status, json=body, request=request)


def number_of(post: Post) -> int:
    return next(index for index in range(len(NUMBERS)) if phone_number_id(index) == post.phone_number_id)
