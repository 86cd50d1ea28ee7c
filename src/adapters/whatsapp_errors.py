"""Meta's error codes, and what each means for the message that was to be sent.

Source: "Error codes" of the WhatsApp Cloud API reference. Throttling arrives as HTTP 400: the code decides, the HTTP
status only where there is none.
"""

from __future__ import annotations

from domain.errors import (
    CustomerOptedOutError,
    MessageRefusedError,
    NumberPausedError,
    SendError,
    SendThrottledError,
    SendUncertainError,
    WindowClosedError,
)
from domain.opt_out import REFUSED_AS_OPTED_OUT

_RETRY = frozenset({2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004})
_PAUSE = frozenset(
    {0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131037, 131042, 131045, 131048, 130497, 133010}
)
_WINDOW_CLOSED = 131047
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


def send_error(http_status: int, code: int | None, title: str, details: str) -> SendError:
    """The error of the tree for one answer of Meta's. A code not known yet is refused for good, not repeated."""
    return _kind(http_status, code)(code, title, details)


def _kind(http_status: int, code: int | None) -> type[SendError]:
    if http_status >= _SERVER_ERROR:
        return SendUncertainError  # whatever code stands in it: a server that failed may have sent before
    if code in _RETRY or http_status == _TOO_MANY_REQUESTS:
        return SendThrottledError
    if code in _PAUSE:
        return NumberPausedError
    if code == _WINDOW_CLOSED:
        return WindowClosedError
    return CustomerOptedOutError if code == REFUSED_AS_OPTED_OUT else MessageRefusedError
