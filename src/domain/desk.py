"""Use cases: what a person at the inbox does with one conversation, beside writing to the customer.

Whoever decides says what they have seen. Where the conversation is another by now, nothing is done, and they are told
what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.access import Principal
from domain.audit_trail import AuditTrail, done_by
from domain.change_owner import change_owner
from domain.conversations import Owner
from domain.customers import CustomerId
from domain.errors import ContentionError, ConversationChangedError, InvalidInputError, NotFoundError
from domain.inbox import Inbox, InboxLine
from domain.messages import position_of_send
from domain.notes import MOST_WORDS, Note, Notes
from domain.ownership import Change
from domain.ports import Conversations, HandoffNotifications, MediaLinks
from domain.tenants import TenantId
from domain.threads import ThreadPages

_MOST_OF_A_REASON = 200

_USUALLY = {
    Change.TAKEN_OVER: "took it over",
    Change.HANDED_BACK: "gave it back",
    Change.RESOLVED: "resolved it",
    Change.REOPENED: "opened it again",
}


@dataclass(frozen=True, slots=True)
class DeskPorts:
    inbox: Inbox
    threads: ThreadPages
    media_links: MediaLinks
    notes: Notes
    conversations: Conversations
    notifications: HandoffNotifications
    audit: AuditTrail


@dataclass(frozen=True, slots=True)
class Seen:
    """Of the conversation, by whoever decides. None: they decide about whatever it is."""

    version: int | None = None
    inbound: int | None = None
    """How many of the customer's messages were there: who gives a conversation away has seen them all."""

    def misses(self, line: InboxLine, change: Change) -> bool:
        other = self.version is not None and self.version != line.conversation.version
        more = self.inbound is not None and self.inbound < line.inbound
        return other or (more and change is not Change.TAKEN_OVER)


ANYTHING = Seen()


def change_hands(  # noqa: PLR0913 (which one, how, by whom, on what grounds and when)
    who: Principal,
    customer_id: CustomerId,
    change: Change,
    *,
    now: datetime,
    ports: DeskPorts,
    seen: Seen = ANYTHING,
    reason: str = "",
) -> InboxLine:
    """The line as it is afterwards. Who takes over what they have already changes nothing.

    Raises `NotFoundError`; `NotAllowedError` where it cannot be done to such a conversation; and
    `ConversationChangedError` where it is not what was seen.
    """
    tenant_id = who.tenant()
    line = find_line(tenant_id, customer_id, ports=ports)
    conversation = line.conversation
    if change is Change.TAKEN_OVER and (conversation.owner, conversation.person) == (Owner.PERSON, who.subject):
        return line
    if seen.misses(line, change):
        raise ConversationChangedError(line)
    try:
        change_owner(
            conversation,
            change,
            by=who.subject,
            by_name=who.name,
            person=who.subject,
            reason=" ".join(reason.split())[:_MOST_OF_A_REASON] or _USUALLY[change],
            now=now,
            ports=ports,
        )
    except ContentionError as error:
        raise ConversationChangedError(find_line(tenant_id, customer_id, ports=ports)) from error
    ports.audit.write(done_by(who, f"conversation.{change}", customer_id, now=now, was=conversation.owner))
    return find_line(tenant_id, customer_id, ports=ports)


def find_line(tenant_id: TenantId, customer_id: CustomerId, *, ports: DeskPorts) -> InboxLine:
    """Raises `NotFoundError`, also of a customer who was merged into another: reading the thread tells into whom."""
    found = ports.inbox.lines(tenant_id, [customer_id])
    if not found:
        raise NotFoundError("there is no conversation with such a customer")
    return found[0]


def write_note(  # noqa: PLR0913 (where, by whom, what, when)
    who: Principal, customer_id: CustomerId, words: str, *, key: str, now: datetime, ports: DeskPorts
) -> Note:
    """`key`: the same again writes nothing, and returns the note of then.

    Raises `InvalidInputError`, and `NotFoundError` where there is no such conversation.
    """
    words = words.strip()
    if not 1 <= len(words) <= MOST_WORDS:
        raise InvalidInputError("/words", f"a note has 1 to {MOST_WORDS} characters")
    note = Note(position_of_send(now, key), who.subject, who.name, words, now)
    written = ports.notes.write(who.tenant(), customer_id, key, note)
    if written is None:
        raise NotFoundError("there is no conversation with such a customer")
    return written
