"""Single values of what the webhook queued, and of Meta's JSON in it. Pure functions."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.customers import CustomerIdentity
from domain.errors import MalformedRecordError
from handlers.whatsapp_keys import LONGEST_ID, clean, is_id


def decode(text: str) -> dict[str, Any]:
    """The reverse of the webhook's `encode`. Raises `ValueError` or `TypeError` for what is not a JSON object."""
    body = json.loads(text)
    if isinstance(body, dict) and isinstance(body.get("zlib"), str):
        try:
            body = json.loads(zlib.decompress(base64.b64decode(body["zlib"])))
        except zlib.error as error:
            raise ValueError("a queue item is not compressed as it says") from error
    if not isinstance(body, dict):
        raise TypeError("a queue item is a JSON object")
    return body


def decoded(text: str) -> dict[str, Any]:
    try:
        return decode(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedRecordError("a record is not a JSON object") from error


def received_at_of(body: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(body["received_at_ms"] / 1000, UTC)
    except OSError as error:
        raise ValueError("a time beyond the calendar") from error


def json_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not a JSON object")
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def string(value: Any, most_bytes: int = LONGEST_ID) -> str:
    """As a key can carry it, whoever wrote the record."""
    if not isinstance(value, str):
        raise TypeError("not a string")
    return clean(value, most_bytes)


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def id_of(value: Any) -> str:
    return value if is_id(value) else ""


def time_of(seconds: Any, otherwise: datetime) -> datetime:
    """Meta writes seconds since 1970, mostly as a string."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise


def identity_of(named: Any, user_id: Any) -> CustomerIdentity | None:
    """`named` is what Meta calls a phone number, and not always is one. What cannot be an id names nobody."""
    named, user_id = (value if is_id(value) else "" for value in (named, user_id))
    phone = named if named.lstrip("+").isdigit() else ""
    user_id = user_id or ("" if phone else named)
    return CustomerIdentity(phone=phone or None, user_id=user_id or None) if phone or user_id else None
