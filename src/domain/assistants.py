"""What an assistant is asked, and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.catalogue import Product
from domain.conversations import RecordedBecause, ThreadMessage
from domain.escalations import EscalationReason
from domain.findings import Finding
from domain.media import Media
from domain.model_use import ModelUse
from domain.replies import Reply
from domain.tenants import Tenant


@dataclass(frozen=True, slots=True)
class Rejected:
    """A draft that was not sent, since nothing proves what it says."""

    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One burst of a customer, to be answered once."""

    tenant: Tenant
    language: str
    burst: tuple[ThreadMessage, ...]
    history: tuple[ThreadMessage | Reply, ...]
    """The newest entries of the conversation, oldest first, the burst among them."""
    attachments: tuple[Media, ...] = ()
    """The files of the burst that are in the library and that the assistant takes (`Assistant.takes`)."""
    rejected: Rejected | None = None
    """The first draft of this turn, where the assistant is asked for a second: the last that it is asked for."""
    without_model: bool = False
    """The seller's plan is used up: nothing is to be asked that costs tokens."""
    answer_by: datetime | None = None
    """Until then there is somebody who can still send it; None: nobody is in a hurry."""

    @property
    def words(self) -> str:
        return "\n".join(message.words for message in self.burst if message.words)


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    product_ids: tuple[str, ...] = ()
    """The products that the text speaks of."""
    evidence: tuple[Product, ...] = ()
    """Every product that was looked up for it, as it was found: what the text says of products must stand in here."""
    facts: tuple[str, ...] = ()
    """What else was looked up for it, as it was found: what the seller's own system tells of an order, say."""
    use: ModelUse | None = None


@dataclass(frozen=True, slots=True)
class CallPerson:
    """The assistant has no truthful answer: a person has to look."""

    reason: EscalationReason = EscalationReason.NO_ANSWER
    use: ModelUse | None = None


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nothing needs saying, and each message that is sent is charged."""

    because: RecordedBecause


Draft = Answer | CallPerson | NoReply
