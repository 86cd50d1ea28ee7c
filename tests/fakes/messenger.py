"""`Messenger`, in memory: Meta as far as a use case sees it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from domain.customers import CustomerIdentity
from domain.errors import SendError, SendUncertainError
from domain.messages import MessageId
from domain.outbound import Content, words_of
from domain.replies import ReplyId
from domain.tenants import PhoneNumberId, WhatsAppNumber


@dataclass(frozen=True, slots=True)
class Post:
    """One call of the send endpoint."""

    phone_number_id: PhoneNumberId
    recipient: CustomerIdentity
    content: Content
    reply_id: ReplyId
    refused: bool
    """Definitely: an answer that never came may have been a message that did."""
    in_reply_to: MessageId | None = None

    @property
    def text(self) -> str:
        return words_of(self.content)


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

    def send(
        self,
        number: WhatsAppNumber,
        recipient: CustomerIdentity,
        content: Content,
        callback_data: ReplyId,
        *,
        in_reply_to: MessageId | None = None,
    ) -> MessageId:
        error = self._errors.popleft() if self._errors else None
        refused = error is not None and not isinstance(error, SendUncertainError)
        self.posts.append(Post(number.phone_number_id, recipient, content, callback_data, refused, in_reply_to))
        if error is not None:
            raise error
        return MessageId(f"wamid.out.{len(self.posts)}")
