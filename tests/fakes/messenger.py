"""`Messenger`, in memory: Meta as far as a use case sees it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from domain.customers import CustomerIdentity
from domain.errors import SendError, SendUncertainError
from domain.messages import MessageId
from domain.replies import ReplyId
from domain.tenants import PhoneNumberId, WhatsAppNumber


@dataclass(frozen=True, slots=True)
class Post:
    """One call of the send endpoint."""

    phone_number_id: PhoneNumberId
    recipient: CustomerIdentity
    text: str
    reply_id: ReplyId
    refused: bool
    """Definitely: an answer that never came may have been a message that did."""


class FakeMessenger:
    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.read: list[MessageId] = []
        self.read_fails: SendError | None = None
        self._errors: deque[SendError | None] = deque()

    def fail(self, *errors: SendError | None) -> None:
        """What becomes of the next sends, one by one; None lets one through. Behind them all, sends succeed."""
        self._errors.extend(errors)

    @property
    def delivered(self) -> list[Post]:
        """Posts after which the customer has, or may have, a message."""
        return [post for post in self.posts if not post.refused]

    def mark_read(self, number: WhatsAppNumber, message_id: MessageId) -> None:  # noqa: ARG002 (the port's signature)
        if self.read_fails is not None:
            raise self.read_fails
        self.read.append(message_id)

    def send_text(self, number: WhatsAppNumber, recipient: CustomerIdentity, text: str, reply_id: ReplyId) -> MessageId:
        error = self._errors.popleft() if self._errors else None
        refused = error is not None and not isinstance(error, SendUncertainError)
        self.posts.append(Post(number.phone_number_id, recipient, text, reply_id, refused))
        if error is not None:
            raise error
        return MessageId(f"wamid.out.{len(self.posts)}")
