"""Between Python values and DynamoDB's typed attributes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, SupportsBytes, cast

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

Item = dict[str, Any]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

_PLAIN_BYTES = 60_000
_MOST_BYTES = 300_000  # an item holds 400 KB, all of it


def to_item(values: Mapping[str, Any]) -> Item:
    """Attributes that are None are left out."""
    return {name: _serialize(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: _deserialize(value) for name, value in item.items()}
    return {
        name: bytes(cast("SupportsBytes", value)) if isinstance(value, Binary) else value
        for name, value in plain.items()
    }


def time_text(at: datetime) -> str:
    """Sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_of(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def pack(raw: Any) -> str | bytes:
    """Meta's JSON as an attribute: text, or compressed where it is long. Never beyond what an item can hold.

    ASCII escapes keep what UTF-8 cannot carry (lone surrogates); they cost space only in long texts, which are packed.
    """
    text = json.dumps(raw, separators=(",", ":"))
    if len(text) <= _PLAIN_BYTES:
        return text
    packed = zlib.compress(text.encode())
    return packed if len(packed) <= _MOST_BYTES else json.dumps({"dropped_bytes": len(text)})


def fits(raw: Any) -> bool:
    """Whether `pack` keeps all of it."""
    text = json.dumps(raw, separators=(",", ":"))
    return len(text) <= _PLAIN_BYTES or len(zlib.compress(text.encode())) <= _MOST_BYTES


def unpack(stored: str | bytes) -> Any:
    text = stored if isinstance(stored, str) else zlib.decompress(bytes(stored)).decode()
    return json.loads(text)


def storable(text: str, most: int) -> str:
    """Text that UTF-8 can carry, at most `most` characters."""
    return text[:most].encode("utf-8", "replace").decode()
