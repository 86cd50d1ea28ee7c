"""What tells one state of a thing from another, so that nobody changes what they have not seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def version_of(thing: Any) -> str:
    """Of a dataclass: the same for equal things alone, whoever stored them and in whatever order."""
    return hashlib.sha256(repr(_plain(thing)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return [(field.name, _plain(getattr(value, field.name))) for field in fields(value)]
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(held)) for key, held in value.items())
    if isinstance(value, frozenset | set):
        return sorted(str(one) for one in value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return str(value) if value is not None else None
