"""What a legacy row becomes: rows of today, each with what tells it from what the new system writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Item = Mapping[str, Any]

FROM, VERSION, DIGEST = "migratedFrom", "migratedVersion", "migratedDigest"
_MARKS = frozenset({FROM, VERSION, DIGEST})

ASIDE = "legacy"
"""Attribute that holds whatever of a legacy row has no place in today's."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "tenants": ("tenantId", "sk"),
    "customers": ("phoneNumber",),
    "conversations": ("conversationId", "sk"),
    "tenant-usage": ("tenantId", "month"),
    "products": ("tenantId", "productId"),
}
"""Logical name of each table that is migrated to, and its key."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    table: str
    """Logical name."""
    content: Item
    version: str
    """Sorts by time: of two legacy rows that become one, the newer one holds."""
    marked: bool = True
    """Counters bear no marks: whoever adds them up takes every attribute for a number."""

    @property
    def key(self) -> dict[str, str]:
        return {name: str(self.content[name]) for name in KEYS[self.table]}

    @property
    def name(self) -> str:
        """Of the row, among all rows of all tables."""
        return json.dumps([self.table, *self.key.values()], ensure_ascii=False)

    @property
    def digest(self) -> str:
        return digest_of(self.content)

    def item(self, source: str) -> dict[str, Any]:
        marks = {FROM: source, VERSION: self.version, DIGEST: self.digest}
        return {**self.content, **(marks if self.marked else {})}


@dataclass(frozen=True, slots=True)
class Unfit:
    """A legacy row, or one message of it, that cannot be transformed. It is listed, never dropped."""

    reason: str
    part: Any = None
    """The message; None: the whole row."""


@dataclass(frozen=True, slots=True)
class Transformed:
    groups: Sequence[tuple[TargetRow, ...]] = ()
    """The rows of a group are written together or not at all; the first one decides."""
    unfit: Sequence[Unfit] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Name in Secrets Manager to access token."""

    @property
    def rows(self) -> list[TargetRow]:
        return [row for group in self.groups for row in group]


def content_of(item: Item) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in _MARKS}


def digest_of(content: Item) -> str:
    """Of everything that the row says, however DynamoDB writes it down."""
    told = {name: value for name, value in content.items() if value is not None and name not in _MARKS}
    text = json.dumps(_canonical(told), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:  # noqa: PLR0911 (one answer for each kind of attribute)
    match value:
        case bool() | None:
            return value
        case int() | Decimal():
            return {"n": f"{Decimal(value).normalize():f}"}
        case str():
            return str(value)
        case bytes():
            return {"b": value.hex()}
        case set() | frozenset():
            return {"s": sorted(json.dumps(_canonical(inner), sort_keys=True) for inner in value)}
        case list() | tuple():
            return [_canonical(inner) for inner in value]
        case dict():
            return {"m": {str(name): _canonical(inner) for name, inner in value.items()}}
    raise TypeError(f"no attribute of DynamoDB: {type(value).__name__}")
