"""What the conversations, customers and usage tables hold, in memory: fakes that share rows share one `Store`."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from domain.account_alerts import AccountAlert, AlertKind
from domain.amendments import UNCHANGED, Amendments, Waiting
from domain.audit_trail import AuditEntry
from domain.conversations import Conversation, Recorded, ThreadMessage
from domain.customers import Customer, CustomerId, CustomerIdentity, first_customer_id
from domain.deliveries import Delivery
from domain.escalations import Escalation
from domain.inbox import LastSaid, Speaker, beginning
from domain.media import AwaitedMedia
from domain.merging import Merge
from domain.messages import MessageId, Position
from domain.notes import Note
from domain.opt_out import OptOut
from domain.ownership import OwnerChange
from domain.plans import Threshold
from domain.replies import ParsedReplyId, Reply
from domain.templates import MessageTemplate
from domain.tenants import PhoneNumberId, SendingPause, TenantId
from domain.tenants_overview import MetasWord
from domain.tombstones import Tombstone
from domain.usage import UsageDelta
from domain.waits import Wait

STATE = "state"


@dataclass(frozen=True, slots=True)
class Merged:
    """What is left of a conversation that was merged into another."""

    merge: Merge
    settled_apart: datetime | None
    """How far a person had seen to the other one's messages by then."""


@dataclass(slots=True)
class Kept:
    """What the state row has for the list of conversations."""

    name: str = ""
    last: LastSaid | None = None
    inbound: int = 0
    seen: int = 0
    unanswered_since: datetime | None = None


Place = tuple[TenantId, CustomerId, Position]
Talk = tuple[TenantId, CustomerId]


@dataclass(slots=True)
class Store:
    """Each fake holds `lock` for a whole call, as a transaction would."""

    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    recorded: dict[tuple[TenantId, MessageId], Recorded] = field(default_factory=dict)
    deliveries: dict[tuple[TenantId, MessageId], Delivery] = field(default_factory=dict)
    customers: dict[tuple[TenantId, str], Customer] = field(default_factory=dict)
    """By what they are filed under."""
    aliases: dict[tuple[TenantId, str], str] = field(default_factory=dict)
    """Every further identity, and what its customer is filed under."""
    merged: dict[Talk, Merged] = field(default_factory=dict)
    """In place of the conversations of those who were merged into others."""
    conversations: dict[Talk, Conversation] = field(default_factory=dict)
    entries: defaultdict[Talk, dict[str, ThreadMessage | Reply]] = field(default_factory=lambda: defaultdict(dict))
    """By what they sort by: a reply stands directly behind the message that it answers."""
    pending: dict[Place, Escalation] = field(default_factory=dict)
    """Escalations that are stored and not published."""
    opt_outs: dict[tuple[TenantId, str], OptOut] = field(default_factory=dict)
    """By identity, of customers and of those who never wrote."""
    opt_out_history: defaultdict[Talk, set[OptOut]] = field(default_factory=lambda: defaultdict(set))
    tombstones: dict[tuple[TenantId, str], Tombstone] = field(default_factory=dict)
    """By identity, of who was erased."""
    owner_changes: dict[tuple[TenantId, CustomerId, str], OwnerChange] = field(default_factory=dict)
    """By the sort keys of their rows; those alone that are not published."""
    audit: dict[str, AuditEntry] = field(default_factory=dict)
    """By id, of what stands in one transaction with a row of this store."""
    waits: dict[tuple[TenantId, CustomerId, str], Wait] = field(default_factory=dict)
    """By the sort keys of their rows. Of one that is over, what was known last."""
    due: dict[tuple[TenantId, CustomerId, str], datetime] = field(default_factory=dict)
    """The sparse index: sort key of a row, and since when it is due."""
    send_keys: dict[tuple[TenantId, CustomerId, str], tuple[Position, str]] = field(default_factory=dict)
    """Where what was sent under a key stands, and its fingerprint."""
    templates: dict[tuple[TenantId, str, str, str], MessageTemplate] = field(default_factory=dict)
    """By account, name and language."""
    pauses: dict[tuple[TenantId, PhoneNumberId], SendingPause] = field(default_factory=dict)
    resumed: dict[tuple[TenantId, PhoneNumberId], datetime] = field(default_factory=dict)
    alerts: dict[tuple[TenantId, str], AccountAlert] = field(default_factory=dict)
    """All of them; `due` tells which are not published."""
    waiting: dict[tuple[TenantId, MessageId], Waiting] = field(default_factory=dict)
    """What was said of messages that have not come."""
    amendments: dict[tuple[TenantId, CustomerId, str], Amendments] = field(default_factory=dict)
    """What became of `entries`, which stay as they first were."""
    awaited_media: dict[Place, AwaitedMedia] = field(default_factory=dict)
    """Files that are to be fetched."""
    kept: defaultdict[Talk, Kept] = field(default_factory=lambda: defaultdict(Kept))
    history: defaultdict[Talk, list[OwnerChange | Escalation]] = field(default_factory=lambda: defaultdict(list))
    """All of them, published or not."""
    notes: defaultdict[Talk, dict[str, Note]] = field(default_factory=lambda: defaultdict(dict))
    """By the key under which each was written."""
    usage: defaultdict[tuple[TenantId, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    last_message_at: dict[tuple[TenantId, str], datetime] = field(default_factory=dict)
    words: dict[tuple[TenantId, AlertKind], MetasWord] = field(default_factory=dict)
    """Meta's newest of each kind."""
    warned: defaultdict[tuple[TenantId, str], dict[Threshold, str]] = field(default_factory=lambda: defaultdict(dict))

    def reply(self, tenant_id: TenantId, parsed: ParsedReplyId) -> Reply | None:
        entry = self.entries[tenant_id, parsed.customer_id].get(f"{parsed.position}#{parsed.purpose}")
        return entry if isinstance(entry, Reply) else None

    def put_reply(self, tenant_id: TenantId, customer_id: CustomerId, position: Position, reply: Reply) -> None:
        self.entries[tenant_id, customer_id][f"{position}#{reply.purpose}"] = reply

    def amended(self, tenant_id: TenantId, customer_id: CustomerId, key: str) -> Amendments:
        return self.amendments.get((tenant_id, customer_id, key), UNCHANGED)

    def take_what_waits(self, tenant_id: TenantId, message_id: MessageId, customer_id: CustomerId, key: str) -> None:
        """A message that was sent becomes known."""
        waiting = self.waiting.pop((tenant_id, message_id), None)
        if waiting is not None:
            self.amendments[tenant_id, customer_id, key] = waiting.of(None)

    def change_conversation(self, talk: Talk, **changes: Any) -> None:
        self.conversations[talk] = replace(self.conversations[talk], **changes)

    def awaits_nothing(self, talk: Talk) -> None:
        self.change_conversation(talk, awaiting=None, awaiting_position=None)
        self.due.pop((*talk, STATE), None)

    def say(self, talk: Talk, by: Speaker, message_type: str, words: str, at: datetime) -> None:
        self.kept[talk].last = LastSaid(by, message_type, beginning(words), at)

    def join(self, here: Talk, there: Talk) -> None:
        """What the list shows of two conversations that become one."""
        one, other = self.kept[here], self.kept[there]
        newer, older = sorted((one, other), key=lambda kept: str(kept.last.at if kept.last else ""), reverse=True)
        self.kept[here] = Kept(
            name=newer.name or older.name,
            last=newer.last or older.last,
            inbound=one.inbound + other.inbound,
            seen=one.seen + other.seen,
            unanswered_since=min(filter(None, (one.unanswered_since, other.unanswered_since)), default=None),
        )

    def count(self, tenant_id: TenantId, delta: UsageDelta) -> None:
        self.usage[tenant_id, delta.month].update(delta.counters)
        if delta.message_at is not None:
            self.last_message_at[tenant_id, delta.month] = delta.message_at

    def known_by(self, tenant_id: TenantId, key: str) -> Customer | None:
        return self.customers.get((tenant_id, self.aliases.get((tenant_id, key), key)))

    def keep_change(self, change: OwnerChange) -> None:
        at = f"{change.at:%Y-%m-%dT%H:%M:%S.%fZ}"
        key = change.tenant_id, change.customer_id, f"c#{at}#{change.change}#{change.cause}"
        self.owner_changes[key] = change
        self.history[change.tenant_id, change.customer_id].append(change)
        self.due[key] = change.at

    def opt_out_keys(self, tenant_id: TenantId, identity: CustomerIdentity) -> tuple[str, ...]:
        """Of the customer whom the identity names; of who never wrote, each of its names."""
        known = [customer for key in identity.keys if (customer := self.known_by(tenant_id, key))]
        return tuple(dict.fromkeys(customer.key for customer in known)) or tuple(identity.keys)

    def keep_opt_out(self, tenant_id: TenantId, identity: CustomerIdentity, opt_out: OptOut) -> None:
        keys = self.opt_out_keys(tenant_id, identity)
        if not any(self._erased_since(tenant_id, key, opt_out.since) for key in keys):
            for key in keys:
                self.keep_word(tenant_id, key, opt_out)

    def keep_word(self, tenant_id: TenantId, key: str, opt_out: OptOut) -> None:
        customer, tombstone = self.customers.get((tenant_id, key)), self.tombstones.get((tenant_id, key))
        first_id = tombstone.next_customer_id if tombstone else first_customer_id(tenant_id, key)
        self.opt_out_history[tenant_id, customer.customer_id if customer else first_id].add(opt_out)
        self.keep_state(tenant_id, key, opt_out)

    def keep_state(self, tenant_id: TenantId, key: str, opt_out: OptOut | None) -> None:
        if opt_out is not None and opt_out.supersedes(self.opt_outs.get((tenant_id, key))):
            self.opt_outs[tenant_id, key] = opt_out

    def tombstones_of(self, tenant_id: TenantId, keys: Iterable[str]) -> dict[str, Tombstone]:
        return {key: tombstone for key in keys if (tombstone := self.tombstones.get((tenant_id, key)))}

    def _erased_since(self, tenant_id: TenantId, key: str, at: datetime) -> bool:
        customer = self.customers.get((tenant_id, key))
        if customer is not None:
            return customer.erased_since(at)
        tombstone = self.tombstones.get((tenant_id, key))
        return tombstone is not None and tombstone.covers(at)

    def snapshot(self) -> Mapping[str, Any]:
        """Equal to another one if nothing was written in between."""
        with self.lock:
            names = (field.name for field in fields(self) if field.name != "lock")
            return {name: {key: row for key, row in deepcopy(getattr(self, name)).items() if row} for name in names}
