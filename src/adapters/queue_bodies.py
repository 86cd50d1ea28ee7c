"""The body of a queue's message, as the webhook and the message-handler write it."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from typing import Any


def decoded(text: str) -> dict[str, Any]:
    """Raises `ValueError` for what is not a JSON object, plain or compressed; it quotes nothing of the text."""
    try:
        body = json.loads(text)
        if isinstance(body, dict) and isinstance(body.get("zlib"), str):
            body = json.loads(zlib.decompress(b64decode(body["zlib"])))
    except (ValueError, RecursionError, zlib.error) as error:
        raise ValueError("is not JSON") from error
    if not isinstance(body, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 (one error for whatever cannot be read)
    return body
