"""Whether something answers on this machine."""

from __future__ import annotations

import urllib.error
import urllib.request
from http import HTTPStatus

_SECONDS = 10
# The operator's proxy cannot reach our loopback addresses.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str) -> bool:
    try:
        with _direct.open(url, timeout=_SECONDS) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False
