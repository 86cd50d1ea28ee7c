"""Whose data it is, and how it is told from everybody else's."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from domain.customers import CustomerId
from domain.replies import parse_reply_id
from domain.tenants import TenantId

# Where Meta's objects, and our queues' bodies, say who an update is about. Not in what somebody says of others: a
# contact card, or the message that they answer.
_WHO = frozenset(
    "from from_user_id to to_user_id wa_id user_id previous_user_id recipient_id recipient_user_id phone_number "
    "id".split()
)
_OF_OTHERS = frozenset({"context", "phones", "metadata", "referral"})
_TIMES = frozenset({"timestamp"})
_MESSAGE_ID = re.compile(r"wamid\.[0-9A-Za-z+/=]+")
_FRONT = 28
"""Characters of a message id that hold the longest phone number."""

_DEEPEST = 40
"""What is nested deeper is nobody's form of anything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a request names: by phone number or BSUID, or by our own id."""

    identity: str = ""
    customer_id: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """One customer of one tenant, by all the names that are known."""

    tenant_id: TenantId
    customer_ids: tuple[CustomerId, ...]
    """Their own, and those of customers who turned out to be them."""
    identities: tuple[str, ...]
    """Phone numbers and BSUIDs."""
    until: datetime | None = None
    """What is told of them after this moment is not meant: they have come back as somebody new."""
    apart_from: tuple[CustomerId, ...] = ()
    """Customers whom they were taken for one with, until an operator said otherwise."""

    def meant(self, at: datetime) -> bool:
        return self.until is None or at <= self.until

    def named_in(self, value: Any) -> bool:
        """Whether an object of Meta's, or the body of a queue's message, is about them."""
        return any(self._is_theirs(key, text) for key, text in _texts(value))

    def _is_theirs(self, key: str, text: str) -> bool:
        match key:
            case "customer_id":
                return text in self.customer_ids
            case "biz_opaque_callback_data":
                parsed = parse_reply_id(text)
                return parsed is not None and parsed.customer_id in self.customer_ids
            case _:
                return key in _WHO and not self._named.isdisjoint({text.removeprefix("+"), number_in(text)})

    def mentioned_in(self, text: str) -> bool:
        """Whether one of their names stands anywhere in a text that is in nobody's form."""
        names = "|".join(map(re.escape, (*self.identities, *self.customer_ids)))
        if names and re.search(rf"(?<![0-9A-Za-z.])(?:{names})(?![0-9A-Za-z])", text):
            return True
        return any(number_in(message_id) in self.identities for message_id in _MESSAGE_ID.findall(text))

    @property
    def _named(self) -> frozenset[str]:
        return frozenset(self.identities)


def number_in(message_id: str) -> str:
    """Meta encodes in a message id the number of who it was exchanged with, behind three bytes: 1c 18, its length.

    Empty where it does not.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        return ""
    front = message_id.removeprefix("wamid.")[:_FRONT]
    try:
        decoded = base64.b64decode(front + "=" * (-len(front) % 4))
    except ValueError:
        return ""
    number = decoded[3 : 3 + decoded[2]] if decoded[:2] == b"\x1c\x18" and len(decoded) > 3 else b""  # noqa: PLR2004 (the three bytes)
    return number.decode() if number.isdigit() else ""


def told_at(value: Any, received_at: datetime) -> datetime:
    """The newest time that an update tells of itself: one that is sent again is received later, but not newer."""
    times = [_time(text) for key, text in _texts(value) if key in _TIMES]
    return max((at for at in times if at is not None), default=received_at)


def people_in(value: Any) -> frozenset[str]:
    """Every phone number and BSUID that an update is about, as far as it names them by these."""
    return frozenset(text.removeprefix("+") for key, text in _texts(value) if key in _WHO - {"id"})


def _texts(value: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text with the key that it stands under; a number as a text."""
    match value:
        case dict() if depth < _DEEPEST:
            for name, inner in value.items():
                if name not in _OF_OTHERS:
                    yield from _texts(inner, str(name), depth + 1)
        case list() if depth < _DEEPEST:
            for inner in value:
                yield from _texts(inner, key, depth + 1)
        case str():
            yield key, value
        case int():
            yield key, str(value)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a customer sent."""

    name: str
    """Within its place, without what could lead out of a folder."""
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """One thing that is stored of a customer, in a form that they can read."""

    kind: str
    content: Mapping[str, Any]
    attachment: Attachment | None = None

    @property
    def line(self) -> str:
        return json.dumps(self.content, ensure_ascii=False, sort_keys=True)


class CustomerPlace(Protocol):
    """A table, bucket or queue, or a part of one, that can hold something of a customer."""

    @property
    def name(self) -> str: ...

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        """Everything there, a page at a time; nothing of anybody else's."""

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        """Deletes it, and says how many. It may be stopped anywhere, and run again."""


class CustomerSearch(Protocol):
    def find(self, tenant_id: TenantId, asked: Asked) -> Subject:
        """Under all their names. Of somebody unknown, what they were asked for by."""
