"""Everything that the checks and the account look at, gathered once the day is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.sqs_depths import Depth
from domain.catalogue import Money
from domain.messages import MessageId
from domain.replies import Reply
from ops.demo.phones import Written
from ops.demo.subscribers import Received, Subscriber
from ops.outcomes.conversations import StoredConversation
from ops.outcomes.log_search import Searched
from ops.outcomes.rows import Row
from ops.outcomes.states import ItemOutcome
from ops.outcomes.usage import Usage


@dataclass(frozen=True, slots=True)
class Evidence:
    written: Sequence[Written]
    outcomes: Mapping[str, ItemOutcome]
    """By message id."""
    conversations: Mapping[str, StoredConversation]
    """By message id: the one in which the message stands."""
    customers: Sequence[Row]
    quarantine: Mapping[str, Row]
    """By message id."""
    prices: Mapping[tuple[str, str], Money]
    """By tenant and product."""
    usage_before: Usage
    usage_after: Usage
    tables_before: Mapping[str, int]
    tables_after: Mapping[str, int]
    received: Sequence[tuple[Subscriber, Sequence[Received]]]
    queues: Sequence[Depth]
    deliveries: Mapping[str, int]
    """By message id: how often WhatsApp delivered those that it delivered more than once."""
    read: Sequence[str]
    """WhatsApp ids of the replies that customers have read."""
    logs: Searched = field(default_factory=lambda: Searched(0, []))

    def answers_to(self, written: Written) -> list[Reply]:
        conversation = self.conversations.get(written.message_id)
        return conversation.answers_to(MessageId(written.message_id)) if conversation else []

    def confirmations_of(self, written: Written) -> list[Reply]:
        conversation = self.conversations.get(written.message_id)
        return conversation.confirmations_of(MessageId(written.message_id)) if conversation else []

    @property
    def chats(self) -> list[tuple[Written, StoredConversation]]:
        """Each conversation once, with the first message that the day wrote in it."""
        first: dict[int, tuple[Written, StoredConversation]] = {}
        for written in self.written:
            conversation = self.conversations.get(written.message_id)
            if conversation is not None:
                first.setdefault(id(conversation), (written, conversation))
        return list(first.values())

    @property
    def replies(self) -> list[Reply]:
        return [reply for _, conversation in self.chats for reply in conversation.replies]
