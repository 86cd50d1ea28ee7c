"""Meta's error codes, and what each means for the message that was to be sent.

Source: "Error codes" of the WhatsApp Cloud API reference. Throttling arrives as HTTP 400: the code decides, the HTTP
status only where there is none.
"""

from __future__ import annotations

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

_RETRY = frozenset({131000, 131056})  # of this message, or of this pair of business and customer
_RETRY_NUMBER = frozenset({2, 4, 80007, 130429, 131016, 131057, 133004})
_WINDOW_CLOSED = 131047
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


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
