"""Each burst of a conversation that was answered, drafted once more with the history as it stood then.

The catalogue is that of now: a price that has changed since is a difference, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from domain.assistants import Answer, CallPerson, NoReply, Turn
from domain.conversations import Thread, ThreadMessage
from domain.ground import grounded_draft
from domain.languages import detect_language
from domain.ports import Assistant, TurnCatalogue
from domain.replies import Reply, ReplyPurpose
from domain.tenants import Tenant
from ops.evaluate.asking import Findings
from ops.models.asked import ModelReport


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """The ports of the guard."""

    assistant: Assistant
    catalogue: TurnCatalogue
    grounding: Findings = field(default_factory=Findings)


class Rehearsed(BaseModel):
    model_config = ConfigDict(frozen=True)

    asked: str
    then: str
    """What was said."""
    now: str
    """What would be said, or `-> person (reason)`, `-> no reply (reason)`."""

    @property
    def same(self) -> bool:
        return self.then == self.now


class Rehearsal(BaseModel):
    model_config = ConfigDict(frozen=True)

    conversation: str
    turns: tuple[Rehearsed, ...]
    model: ModelReport | None = None
    """None: the catalogue assistant was asked."""
    persona: str | None = None


def rehearse(thread: Thread, tenant: Tenant, *, ports: Rehearsing) -> Rehearsal:
    turns = tuple(
        Rehearsed(
            asked="\n".join(message.words for message in burst),
            then=reply.text,
            now=_said_now(tenant, burst, history, ports),
        )
        for reply, burst, history in _answered(thread.entries)
    )
    return Rehearsal(conversation=thread.conversation.conversation_id, turns=turns)


def _answered(
    entries: Sequence[ThreadMessage | Reply],
) -> Iterator[tuple[Reply, tuple[ThreadMessage, ...], tuple[ThreadMessage | Reply, ...]]]:
    """Each answer with its burst, as far as that is in sight, and all that stood before the answer."""
    for at, reply in enumerate(entries):
        if not isinstance(reply, Reply) or reply.purpose is not ReplyPurpose.ANSWER:
            continue
        history = tuple(entries[:at])
        burst = tuple(
            entry for entry in history if isinstance(entry, ThreadMessage) and entry.message_id in reply.answers
        )
        if burst:
            yield reply, burst, history


def _said_now(
    tenant: Tenant,
    burst: tuple[ThreadMessage, ...],
    history: tuple[ThreadMessage | Reply, ...],
    ports: Rehearsing,
) -> str:
    language = detect_language("\n".join(message.words for message in burst), tenant.language)
    ports.catalogue.begin_turn()
    match grounded_draft(Turn(tenant, language, burst, history), ports=ports):
        case Answer(text=text):
            return text
        case CallPerson(reason=reason):
            return f"-> person ({reason})"
        case NoReply(because=because):
            return f"-> no reply ({because})"
