"""Meta's error codes, and what each means for the message that was to be sent.

Source: "Error codes" of the WhatsApp Cloud API reference. Throttling arrives as HTTP 400: the code decides, the HTTP
status only where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.errors import (
    CustomerOptedOutError,
    MessageRefusedError,
    NumberPausedError,
    NumberThrottledError,
    SendError,
    SendThrottledError,
    SendUncertainError,
    WindowClosedError,
)
from domain.opt_out import REFUSED_AS_OPTED_OUT
from domain.pausing import PAUSING_CODES

if TYPE_CHECKING:
    import httpx

_RETRY = frozenset({131000, 131056})  # of this message, or of this pair of business and customer
_RETRY_NUMBER = frozenset({2, 4, 80007, 130429, 131016, 131057, 133004})
_WINDOW_CLOSED = 131047
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """The `error` object of an answer of Meta's, in whatever form it came, but for the token."""

    code: int | None
    title: str
    details: str


def problem_of(response: httpx.Response, body: Any) -> Problem:
    """Meta quotes the token that it could not read ("Malformed access token …"), and its words are kept and shown."""
    token = response.request.headers.get("authorization", "").removeprefix("Bearer ")
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else {}
    code, data = error.get("code"), error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    return Problem(
        code=code if isinstance(code, int) else None,
        title=_without(token, str(error.get("message") or f"HTTP {response.status_code}")),
        details=_without(token, str(details or "")),
    )


def _without(token: str, words: str) -> str:
    return words.replace(token, "…") if token else words


def send_error(http_status: int, code: int | None, title: str, details: str) -> SendError:
    """The error of the tree for one answer of Meta's. A code not known yet is refused for good, not repeated."""
    return _kind(http_status, code)(code, title, details)


def _kind(http_status: int, code: int | None) -> type[SendError]:
    if http_status >= _SERVER_ERROR:
        return SendUncertainError  # whatever code stands in it: a server that failed may have sent before
    if code in _RETRY:
        return SendThrottledError
    if code in _RETRY_NUMBER or http_status == _TOO_MANY_REQUESTS:
        return NumberThrottledError
    if code in PAUSING_CODES:
        return NumberPausedError
    if code == _WINDOW_CLOSED:
        return WindowClosedError
    return CustomerOptedOutError if code == REFUSED_AS_OPTED_OUT else MessageRefusedError
