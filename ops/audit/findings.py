"""What an audit finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    MISSING = "missing"
    """Declared, and not there."""
    UNMANAGED = "unmanaged"
    """Declared, and there, but made by hand: the stack does not hold it."""
    DRIFTED = "drifted"
    """There, but not as declared."""
    EXTRA = "extra"
    """There, by our naming rule or on a resource of ours, and declared nowhere."""
    LEGACY = "legacy"
    """Of the system that this one replaces."""
    UNSAFE = "unsafe"
    """As declared, and yet it loses messages or wakes nobody."""


REMEDIES: Mapping[Kind, str] = {
    Kind.MISSING: "CloudFormation does not make anew what was deleted behind its back. docs/audit.md#missing",
    Kind.UNMANAGED: "`ai-marketplace adopt` brings it under the stack",
    Kind.DRIFTED: "put it back by hand: `sam deploy` changes nothing that the template has not changed. "
    "docs/audit.md#drifted",
    Kind.EXTRA: "declare it in template.yaml and adopt it, or remove it. docs/audit.md#extra",
    Kind.LEGACY: "docs/audit.md#legacy",
    Kind.UNSAFE: "docs/audit.md#unsafe",
}


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    type: str
    """CloudFormation's word for it."""
    resource: str
    """Its logical id; its name where the template does not know it."""
    name: str
    """Its deployed name."""
    where: str = ""
    declared: str = ""
    found: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be looked at: neither good nor bad, and never taken for clean."""

    resource: str
    what: str
    why: str
