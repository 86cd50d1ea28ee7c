"""One conversation as its rows tell it, and what became of each message in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from adapters import dynamodb_keys as keys
from adapters.dynamodb_rows import conversation_of, entry_of, escalation_of
from domain.conversations import Conversation, Disposition, Owner, ThreadMessage, conversation_id
from domain.customers import CustomerId
from domain.escalations import Escalation
from domain.messages import MessageId
from domain.replies import Reply, ReplyPurpose, ReplyState
from domain.tenants import TenantId
from ops.outcomes.rows import Row, Rows
from ops.outcomes.states import FinalState, ItemOutcome


@dataclass(frozen=True, slots=True)
class StoredEscalation:
    escalation: Escalation
    published: bool


@dataclass(slots=True)
class StoredConversation:
    state: Conversation | None = None
    entries: list[ThreadMessage | Reply] = field(default_factory=list)
    """Oldest first."""
    escalations: dict[MessageId, StoredEscalation] = field(default_factory=dict)

    @property
    def messages(self) -> list[ThreadMessage]:
        return [entry for entry in self.entries if isinstance(entry, ThreadMessage)]

    @property
    def replies(self) -> list[Reply]:
        return [entry for entry in self.entries if isinstance(entry, Reply)]

    def answers_to(self, message_id: MessageId) -> list[Reply]:
        """Every answer that takes on this message: more than one, and somebody was answered twice."""
        return [
            reply
            for reply in self.replies
            if reply.purpose is ReplyPurpose.ANSWER and reply.taken and message_id in reply.answers
        ]

    def confirmations_of(self, message_id: MessageId) -> list[Reply]:
        """That the customer was told that a word on offers was understood."""
        return [
            reply
            for reply in self.replies
            if reply.purpose is ReplyPurpose.OPT_OUT_NOTE and reply.reply_to == message_id
        ]

    def outcome_of(self, message_id: MessageId) -> ItemOutcome:
        message = next((message for message in self.messages if message.message_id == message_id), None)
        if message is None:
            return ItemOutcome(FinalState.LOST, "counted, but not in its conversation")
        called = self.escalations.get(message_id)
        if called is not None:
            return _escalated(called)
        if message.decision.disposition is Disposition.RECORD:
            return ItemOutcome(FinalState.RECORDED, str(message.decision.reason or ""))
        return self._answered_or_with_a_person(message)

    def _answered_or_with_a_person(self, message: ThreadMessage) -> ItemOutcome:
        reply = next(iter(self.answers_to(message.message_id)), None)
        if reply is not None and reply.state is ReplyState.SENT:
            return ItemOutcome(FinalState.ANSWERED, reply.delivery or str(reply.state))
        if self.state is not None and self.state.owner is not Owner.ASSISTANT:
            reason = self.state.handover.reason if self.state.handover else self.state.owner
            return ItemOutcome(FinalState.ESCALATED, str(reason))
        if self.state is not None and self.state.seen_to(message.position):
            return ItemOutcome(FinalState.ESCALATED, "a person has seen to it")
        return ItemOutcome(FinalState.PENDING, "no answer yet" if reply is None else f"answer is {reply.state}")


def _escalated(called: StoredEscalation) -> ItemOutcome:
    if called.published:
        return ItemOutcome(FinalState.ESCALATED, str(called.escalation.reason))
    return ItemOutcome(FinalState.PENDING, "escalation not published yet")


def whole_conversation(rows: Rows, table: str, name: str) -> StoredConversation:
    """With all that were merged into it; of one that was itself merged, the one into which it went."""
    found = rows.conversation(table, name)
    while (state := _state_of(found)) is not None and "mergedInto" in state:
        found = rows.conversation(table, _beside(state, state["mergedInto"]))
    if state is not None:
        for former in state.get("formerCustomerIds", ()):
            found = [*found, *rows.conversation(table, _beside(state, former))]
    return stored_conversation(sorted(found, key=lambda row: str(row["sk"])))


def _state_of(rows: Iterable[Row]) -> Row | None:
    return next((row for row in rows if row["sk"] == keys.STATE), None)


def _beside(state: Row, customer_id: str) -> str:
    return conversation_id(TenantId(state["tenantId"]), CustomerId(customer_id))


def stored_conversation(rows: Iterable[Row]) -> StoredConversation:
    conversation = StoredConversation()
    for row in rows:
        sort_key = row["sk"]
        if sort_key == keys.STATE and "mergedInto" not in row:
            conversation.state = conversation_of(row)
        elif sort_key.startswith("m#") and "direction" in row:  # but for notes
            conversation.entries.append(entry_of(row))
        elif sort_key.startswith("e#"):
            escalation = escalation_of(row)
            conversation.escalations[escalation.message_id] = StoredEscalation(escalation, row["published"])
    return conversation
