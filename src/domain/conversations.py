"""A conversation: its owner, what is unanswered in it, and the messages in both directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from domain.amendments import NOTHING_WAITED, UNCHANGED, Amendments, Waited
from domain.customers import CustomerId, CustomerIdentity
from domain.escalations import EscalationReason
from domain.media import Media
from domain.messages import InboundMessage, MessageId, Order, Position, message_id_of, position_of, received_at_of
from domain.opt_out import OptOut
from domain.orders import PricedOrder
from domain.replies import Reply, ReplyId, ReplyPurpose
from domain.tenants import PhoneNumberId, TenantId
from domain.waiting import WaitingStep

ConversationId = NewType("ConversationId", str)
"""`tenantId#customerId`: a customer has one conversation with a tenant."""

FREE_FORM_WINDOW = timedelta(hours=24)
"""Meta takes free-form messages only within 24 hours of the customer's last message."""


class Owner(StrEnum):
    """Who speaks for the seller."""

    ASSISTANT = "assistant"
    WAITING = "waiting_for_person"
    PERSON = "person"


class Disposition(StrEnum):
    """What was decided about an inbound message in the moment it was stored."""

    ANSWER = "answer"
    ESCALATE = "escalate"
    RECORD = "record"


class RecordedBecause(StrEnum):
    """Why a message was stored and nothing more."""

    NO_ANSWER_EXPECTED = "no_answer_expected"
    LATE = "late"
    """It came after Meta's 24-hour window had closed; an answer now would not be one."""
    THANKS = "thanks"
    TENANT_SUSPENDED = "tenant_suspended"
    """The seller was suspended between the message and its reply."""
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    REVOKED = "revoked"
    """The customer deleted it before it was answered."""
    EARLIER_SYSTEM = "earlier_system"
    """It was brought over from the system before this one, which saw to it."""


@dataclass(frozen=True, slots=True)
class Decision:
    disposition: Disposition
    reason: EscalationReason | RecordedBecause | None = None

    @property
    def to_be_confirmed(self) -> bool:
        """Whether the customer is told that it was understood: a word on offers needs no answer, but a receipt."""
        return self.reason in {RecordedBecause.OPTED_OUT, RecordedBecause.OPTED_IN}


@dataclass(frozen=True, slots=True)
class Handover:
    """The escalation that made a conversation wait for a person."""

    message_id: MessageId
    reason: EscalationReason
    at: datetime
    told: bool
    """Whether the customer has been told. Once: it is set by the claim of the note that says so."""
    step: WaitingStep | None = None
    """What was last done about it that nobody has come."""
    noted: bool = False
    """Whether the customer has had the note on that. Once, as `told`."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state row."""

    conversation_id: ConversationId
    tenant_id: TenantId
    customer_id: CustomerId
    phone_number_id: PhoneNumberId
    recipient: CustomerIdentity
    owner: Owner
    awaiting: MessageId | None
    """The message that came last among those that expect an answer; None once it is answered or handed over.

    Its reply job answers the whole burst; the jobs of earlier messages find themselves superseded.
    """
    awaiting_position: Position | None
    last_inbound_at: datetime
    language: str | None = None
    handover: Handover | None = None
    person: str | None = None
    """Who owns it, where that is a person."""
    person_name: str | None = None
    """Of that person, for people to read, where it is known."""
    resolved: bool = False
    """Closed until a new message comes."""
    version: int = 0
    """Grows with each change of owner: what somebody decides is decided about the version that they saw."""
    settled_through: datetime | None = None
    """Up to here a person has seen to it: the assistant does not come back to what was received before."""

    def seen_to(self, position: Position) -> bool:
        """Whether a person has dealt with the message there.

        What is awaited was stored after the person had looked, however long it was on its way.
        """
        through = self.settled_through
        return through is not None and received_at_of(position) <= through and message_id_of(position) != self.awaiting

    def window_open(self, now: datetime) -> bool:
        return now - self.last_inbound_at < FREE_FORM_WINDOW


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """An inbound message as the conversation keeps it: what rules, assistant and people read."""

    message_id: MessageId
    position: Position
    type: str
    words: str
    at: datetime
    decision: Decision
    referred_product_id: str | None = None
    media: Media | None = None
    amendments: Amendments = UNCHANGED
    first_words: str | None = None
    """What it said before it was edited; those in between are told by the edits' own rows."""
    merged_from: MergedFrom | None = None
    order: Order | None = None
    """The customer's cart, as Meta sent it."""
    priced: PricedOrder | None = None
    """The same against the catalogue, when it came."""

    @property
    def edited_at(self) -> datetime | None:
        return self.amendments.edit.at if self.amendments.edit and not self.revoked_at else None

    @property
    def revoked_at(self) -> datetime | None:
        return self.amendments.revoked_at

    def amended(self, amendments: Amendments) -> ThreadMessage:
        """As it stands after what became of it: in its newest words, and revoked in none, nor with its file."""
        edit = amendments.edit
        if amendments.revoked_at:
            return replace(self, words="", referred_product_id=None, media=None, amendments=amendments)
        if edit is None:
            return replace(self, amendments=amendments)
        return replace(self, words=edit.words, type=edit.type, first_words=self.words, amendments=amendments)


@dataclass(frozen=True, slots=True)
class MergedFrom:
    """Of a message that stands in a conversation which has been merged into the one that is read."""

    customer_id: CustomerId
    """In whose conversation it stands."""
    seen_to: bool
    """Whether a person has dealt with it, there or here since."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The state and the newest entries, oldest first: what one query of the conversation brings."""

    conversation: Conversation
    entries: tuple[ThreadMessage | Reply, ...]

    def unanswered(self) -> tuple[ThreadMessage, ...]:
        """The burst: messages that expect an answer and that no reply in sight has taken on."""
        taken = {
            message_id
            for entry in self.entries
            if isinstance(entry, Reply) and entry.taken
            for message_id in entry.answers
        }
        return tuple(
            entry
            for entry in self.entries
            if isinstance(entry, ThreadMessage)
            and entry.decision.disposition is Disposition.ANSWER
            and not entry.revoked_at
            and not self._seen_to(entry)
            and entry.message_id not in taken
        )

    def _seen_to(self, message: ThreadMessage) -> bool:
        return message.merged_from.seen_to if message.merged_from else self.conversation.seen_to(message.position)

    def message(self, message_id: MessageId) -> ThreadMessage | None:
        found = (entry for entry in self.entries if isinstance(entry, ThreadMessage) and entry.message_id == message_id)
        return next(found, None)

    def newest_to_be_confirmed(self) -> ThreadMessage | None:
        words = (entry for entry in reversed(self.entries) if isinstance(entry, ThreadMessage))
        return next((entry for entry in words if entry.decision.to_be_confirmed), None)

    def overtaken(self, reply: Reply) -> bool:
        """Whether another answer takes on all that this one answers: it was refused for now, and a message came."""
        others = (entry for entry in self.entries if isinstance(entry, Reply) and entry.reply_id != reply.reply_id)
        return bool(reply.answers) and any(set(reply.answers) <= set(other.answers) for other in others)

    def reply(self, reply_id: ReplyId) -> Reply | None:
        return next((entry for entry in self.entries if isinstance(entry, Reply) and entry.reply_id == reply_id), None)

    def reply_to(self, message_id: MessageId, purpose: ReplyPurpose) -> Reply | None:
        """Wherever it stands: a reply keeps its place when its conversation is merged into another."""
        replies = (entry for entry in self.entries if isinstance(entry, Reply) and entry.purpose is purpose)
        return next((reply for reply in replies if reply.reply_to == message_id), None)


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that one inbound message changes, to be written in one transaction."""

    message: InboundMessage
    at: datetime
    """The message's own time, clamped (`usage.credible_time`)."""
    customer_id: CustomerId
    """The customer's id if this identity is new; the stored one wins."""
    decision: Decision
    phone_number_id: PhoneNumberId
    takes_over: bool = False
    """Whether an escalation makes the conversation wait for a person: only the assistant can be taken over from."""
    tell: bool = False
    """Whether the customer is then to be told."""
    opt_out: OptOut | None = None
    """What the message says of offers, where that is all it says."""
    reopens: bool = False
    """Whether the conversation was resolved, and is opened again by this message."""
    waited: Waited = NOTHING_WAITED
    """What had been said of the message before it came."""
    priced: PricedOrder | None = None
    """The cart that it is, against the catalogue as it was then."""

    @property
    def position(self) -> Position:
        return position_of(self.message, self.at)

    @property
    def reopening_is_told(self) -> bool:
        """A message that also calls a person is told as the hand-over that it is: one change, one event."""
        return self.reopens and not self.takes_over


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """The answer to a recording that took the conversation for other than it is: nothing was written."""

    owner: Owner
    resolved: bool


@dataclass(frozen=True, slots=True)
class TwoCustomers:
    """The answer to a recording whose message tells that two customers are one: nothing was written."""

    keys: tuple[str, str]
    """Under which they are filed."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the transaction found."""

    new: bool
    """False: the message had been recorded before, and nothing was written now."""
    decision: Decision
    """As it was recorded the first time."""
    customer_id: CustomerId
    position: Position
    reopened: bool = False
    """Whether this message opened a resolved conversation again, which is still to be told."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands that was edited, revoked or reacted to."""

    customer_id: CustomerId
    position: Position
    """Of the message itself, or of the one behind which a reply stands."""
    purpose: ReplyPurpose | None = None
    """Of a reply; None: the customer wrote it."""


@dataclass(frozen=True, slots=True)
class Amended:
    """Such a message as it was found, with what has become of it so far."""

    message_id: MessageId
    place: Place
    amendments: Amendments


@dataclass(frozen=True, slots=True)
class BurstChange:
    """What the change of an unanswered message does to those that wait for an answer."""

    seen: MessageId
    """What the conversation awaited when this was decided."""
    position: Position | None
    """Of the message that it awaits now; None: nothing is left to be answered.

    That is mostly the change itself, whose job answers the burst as it now is: an answer that is under way to what it
    was before finds itself superseded.
    """
    decision: Decision | None = None
    """About the changed message, where that expects no answer any longer."""
    customer_id: CustomerId | None = None
    """Whose conversation awaits it; None: the one in which the message stands. Another, where that has been merged."""


@dataclass(frozen=True, slots=True)
class ReplyJob:
    """Asks for an answer, or for the note that a person will take over: the conversation as it is then decides."""

    tenant_id: TenantId
    phone_number_id: PhoneNumberId
    customer_id: CustomerId
    message_id: MessageId
    position: Position


def conversation_id(tenant_id: TenantId, customer_id: CustomerId) -> ConversationId:
    return ConversationId(f"{tenant_id}#{customer_id}")
