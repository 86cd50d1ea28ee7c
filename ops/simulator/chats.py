"""The chats between customers and business numbers: what both sides said, and how far it came."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, computed_field

_MOST_CHATS = 5_000
_MOST_MESSAGES_OF_A_CHAT = 500


class Direction(StrEnum):
    """As the business sees it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class MessageStatus(StrEnum):
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


def _progress(status: str) -> int:
    """Statuses that are not ours (`played`, `warning` …) count as the beginning."""
    known: list[str] = list(MessageStatus)
    return known.index(status) if status in known else 0


class StatusChange(BaseModel):
    status: str
    timestamp: float
    errors: list[dict[str, Any]] = []


class ChatKey(NamedTuple):
    phone_number_id: str
    customer: str


class ChatMessage(BaseModel):
    id: str
    phone_number_id: str
    customer: str
    direction: Direction
    type: str
    content: Any = None
    # Unix time in seconds.
    timestamp: float
    context: dict[str, Any] | None = None
    statuses: list[StatusChange] = []
    biz_opaque_callback_data: str | None = None
    pricing_category: str = "service"

    @property
    def chat(self) -> ChatKey:
        return ChatKey(self.phone_number_id, self.customer)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorators on top of a property
    @property
    def status(self) -> str:
        """How far the message came. Statuses arrive in any order; none of them undoes a later one."""
        return max((change.status for change in self.statuses), key=_progress, default="")

    def has_been(self, status: str) -> bool:
        return any(change.status == status for change in self.statuses)


class Chats:
    """Every transcript. The chat that was silent longest and the oldest message of a chat are forgotten first."""

    def __init__(self) -> None:
        self._chats: OrderedDict[ChatKey, deque[ChatMessage]] = OrderedDict()
        self._by_id: dict[str, ChatMessage] = {}

    def add(self, message: ChatMessage) -> None:
        """A message that is here already is not added twice: webhooks are repeated, words on a screen are not."""
        if message.id in self._by_id:
            return
        transcript = self._chats.setdefault(message.chat, deque())
        self._chats.move_to_end(message.chat)
        transcript.append(message)
        self._by_id[message.id] = message
        if len(transcript) > _MOST_MESSAGES_OF_A_CHAT:
            self._by_id.pop(transcript.popleft().id, None)
        if len(self._chats) > _MOST_CHATS:
            _, forgotten = self._chats.popitem(last=False)
            for old in forgotten:
                self._by_id.pop(old.id, None)

    def restore(self, messages: Iterable[ChatMessage]) -> None:
        self._chats.clear()
        self._by_id.clear()
        for message in messages:
            self.add(message)

    def all_messages(self) -> list[ChatMessage]:
        return [message for transcript in self._chats.values() for message in transcript]

    def find(self, message_id: str) -> ChatMessage | None:
        return self._by_id.get(message_id)

    def transcript(self, chat: ChatKey) -> list[ChatMessage]:
        return list(self._chats.get(chat, ()))

    def latest(self) -> list[ChatMessage]:
        """The last message of each chat, the chat that spoke last first."""
        return [transcript[-1] for transcript in reversed(self._chats.values())]

    def last_inbound_at(self, chat: ChatKey) -> float:
        """When the customer last wrote, as unix time; 0 if never."""
        inbound = (message for message in self._chats.get(chat, ()) if message.direction is Direction.INBOUND)
        return max((message.timestamp for message in inbound), default=0)
