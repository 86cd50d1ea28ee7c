"""What a person, or the seller's own system, sends to a customer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.errors import ContentRefusedError
from domain.messages import MessageId
from domain.outbound import Content, check_context, fingerprint
from domain.replies import Reply

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Raises `ContentRefusedError` for a key that is none, and a reaction that is a reply."""

    key: str
    """The client's, one for each message that it wants sent: the same key twice sends once."""
    by: str
    """A person's id, or the name of the seller's system."""
    content: Content
    in_reply_to: MessageId | None = None
    person: bool = True
    """A system takes no conversation over."""
    by_name: str | None = None
    """Of `by`, for people to read."""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ContentRefusedError(
                "key", "8 to 64 letters, digits, hyphens and underscores", limit=64, size=len(self.key)
            )
        check_context(self.content, self.in_reply_to)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.content, self.in_reply_to)


@dataclass(frozen=True, slots=True)
class Sent:
    reply: Reply
    fingerprint: str
    """Of the message that the key was used for."""
