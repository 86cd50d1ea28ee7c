"""`Conversations`, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.amendments import NOTHING_WAITS, Waited
from domain.conversations import (
    Conversation,
    Decision,
    Disposition,
    Handover,
    OwnedBy,
    Owner,
    Recorded,
    RecordedBecause,
    Recording,
    ReplyJob,
    Thread,
    ThreadMessage,
    conversation_id,
)
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.escalations import Escalation, EscalationReason
from domain.messages import Position, words_of
from domain.ownership import Change, OwnerChange, reopening
from domain.replies import Reply
from domain.tenants import TenantId
from domain.usage import CUSTOMERS, ESCALATIONS, MESSAGES, UsageDelta, messages_of_type, month_of
from domain.waits import Wait
from tests.fakes.store import STATE, Store
from tests.fakes.waits import key_of_handover, wait_key


class FakeConversations:
    def __init__(self, store: Store, newest_entries: int = 40) -> None:
        self._store = store
        self._newest_entries = newest_entries

    def record(self, tenant_id: TenantId, recording: Recording) -> Recorded | OwnedBy | Waited:
        store, message = self._store, recording.message
        with store.lock:
            before = store.recorded.get((tenant_id, message.message_id))
            if before is not None:
                return replace(before, new=False)
            known = store.customers.get((tenant_id, message.sender.key))
            customer_id = known.customer_id if known else recording.customer_id
            conversation = store.conversations.get((tenant_id, customer_id))
            waiting = store.waiting.get((tenant_id, message.message_id), NOTHING_WAITS)
            if waiting != recording.waited.waiting:
                return Waited(waiting, customer_id)
            if not _as_assumed(recording, conversation):
                return OwnedBy(
                    conversation.owner if conversation else Owner.ASSISTANT,
                    resolved=conversation is not None and conversation.resolved,
                )
            recorded = Recorded(True, recording.decision, customer_id, recording.position)
            store.recorded[tenant_id, message.message_id] = recorded
            self._count(tenant_id, recording, known)
            store.customers[tenant_id, message.sender.key] = _customer(tenant_id, recording, known)
            store.conversations[tenant_id, customer_id] = _conversation(tenant_id, customer_id, recording, conversation)
            self._keep(tenant_id, customer_id, recording)
            if recording.opt_out is not None:
                store.keep_opt_out(tenant_id, message.sender, recording.opt_out)
            if recording.takes_over:
                store.awaits_nothing((tenant_id, customer_id))
            elif recording.decision.disposition is Disposition.ANSWER:
                store.due.setdefault((tenant_id, customer_id, STATE), message.received_at)
            if recording.decision.disposition is Disposition.ESCALATE:
                escalation = _escalation(tenant_id, customer_id, recording)
                self._call_person(escalation)
                if recording.takes_over:
                    self._begin_wait(Wait(escalation, message.received_at, recording.tell, message.received_at))
            if recording.reopening_is_told:
                number, position = recording.phone_number_id, recording.position
                self._keep_change(reopening(tenant_id, customer_id, number, position, message.received_at))
            return replace(recorded, reopened=recording.reopening_is_told)

    def _keep(self, tenant_id: TenantId, customer_id: CustomerId, recording: Recording) -> None:
        """The message, with what waited for it."""
        store, position = self._store, recording.position
        store.entries[tenant_id, customer_id][position] = _entry(recording)
        if store.waiting.pop((tenant_id, recording.message.message_id), None):
            store.amendments[tenant_id, customer_id, position] = recording.waited.amendments

    def _call_person(self, escalation: Escalation) -> None:
        talk = escalation.tenant_id, escalation.customer_id
        self._store.pending[*talk, escalation.position] = escalation
        self._store.due[*talk, f"e#{escalation.position}"] = escalation.at

    def _begin_wait(self, wait: Wait) -> None:
        key = wait_key(wait.escalation.tenant_id, wait)
        self._store.waits[key] = wait
        self._store.due[key] = wait.due_at

    def _keep_change(self, change: OwnerChange) -> None:
        key = _change_key(change)
        self._store.owner_changes[key] = change
        self._store.due[key] = change.at

    def _count(self, tenant_id: TenantId, recording: Recording, known: Customer | None) -> None:
        month = month_of(recording.at)
        counters = {MESSAGES: 1, messages_of_type(recording.message.counted_type): 1}
        if known is None or month not in known.active_months:
            counters[CUSTOMERS] = 1
        if recording.decision.disposition is Disposition.ESCALATE:
            counters[ESCALATIONS] = 1
        self._store.count(tenant_id, UsageDelta(month, counters))

    def thread(self, tenant_id: TenantId, customer_id: CustomerId) -> Thread | None:
        with self._store.lock:
            conversation = self._store.conversations.get((tenant_id, customer_id))
            if conversation is None:
                return None
            entries = sorted(self._store.entries[tenant_id, customer_id].items())
            newest = len(entries) - self._newest_entries
            while newest > 0 and not any(isinstance(entry, Reply) for _, entry in entries[newest:]):
                newest -= 1
            shown = (self._shown(tenant_id, customer_id, key, entry) for key, entry in entries[max(newest, 0) :])
            return Thread(conversation, tuple(shown))

    def _shown(
        self, tenant_id: TenantId, customer_id: CustomerId, key: str, entry: ThreadMessage | Reply
    ) -> ThreadMessage | Reply:
        amendments = self._store.amended(tenant_id, customer_id, key)
        if isinstance(entry, Reply):
            return replace(entry, reactions=amendments.reactions)
        return entry.amended(amendments)

    def hand_over(self, tenant_id: TenantId, handover: Handover, escalation: Escalation) -> bool:
        store, talk = self._store, (tenant_id, escalation.customer_id)
        with store.lock:
            conversation = store.conversations.get(talk)
            if conversation is None or conversation.owner is not Owner.ASSISTANT:
                return False
            awaited = {escalation.message_id} if escalation.void_unless_awaited else {None, escalation.message_id}
            if escalation.yields_to_newer and conversation.awaiting not in awaited:
                return False
            store.awaits_nothing(talk)
            version = conversation.version + 1
            store.change_conversation(talk, owner=Owner.WAITING, resolved=False, handover=handover, version=version)
            self._call_person(escalation)
            self._begin_wait(Wait(escalation, escalation.at, not handover.told, escalation.at))
            store.count(tenant_id, UsageDelta(month_of(escalation.at), {ESCALATIONS: 1}))
            return True

    def leave_unanswered(
        self, tenant_id: TenantId, job: ReplyJob, burst: Sequence[ThreadMessage], because: RecordedBecause
    ) -> bool:
        store, talk = self._store, (tenant_id, job.customer_id)
        with store.lock:
            conversation = store.conversations.get(talk)
            if conversation is None or conversation.awaiting != job.message_id:
                return False
            store.awaits_nothing(talk)
            for message in burst:
                kept = store.entries[talk][message.position]
                if isinstance(kept, ThreadMessage):
                    decision = Decision(Disposition.RECORD, because)
                    store.entries[talk][message.position] = replace(kept, decision=decision)
            return True

    def pending_escalation(self, tenant_id: TenantId, customer_id: CustomerId, position: Position) -> Escalation | None:
        with self._store.lock:
            return self._store.pending.get((tenant_id, customer_id, position))

    def escalation_published(self, tenant_id: TenantId, escalation: Escalation) -> None:
        with self._store.lock:
            talk = tenant_id, escalation.customer_id
            self._store.pending.pop((*talk, escalation.position), None)
            self._store.due.pop((*talk, f"e#{escalation.position}"), None)

    def change_owner(self, tenant_id: TenantId, change: OwnerChange, seen: Conversation) -> bool:
        store, talk = self._store, (tenant_id, change.customer_id)
        with store.lock:
            conversation = store.conversations.get(talk)
            if conversation is None or conversation.version != seen.version:
                return False
            if change.change is not Change.TAKEN_OVER and conversation.awaiting != seen.awaiting:
                return False
            store.awaits_nothing(talk)
            if conversation.owner is Owner.WAITING and conversation.handover is not None:
                store.due.pop(key_of_handover(*talk, conversation.handover), None)
            by_person = change.owner is Owner.PERSON
            store.change_conversation(
                talk,
                owner=change.owner,
                person=change.person,
                resolved=change.change is Change.RESOLVED,
                handover=conversation.handover if by_person else None,
                settled_through=conversation.settled_through if by_person else change.at,
                version=conversation.version + 1,
            )
            self._keep_change(replace(change, tenant_id=tenant_id))
            return True

    def owner_change_published(self, tenant_id: TenantId, change: OwnerChange) -> None:
        key = _change_key(replace(change, tenant_id=tenant_id))
        with self._store.lock:
            self._store.owner_changes.pop(key, None)
            self._store.due.pop(key, None)


def _as_assumed(recording: Recording, conversation: Conversation | None) -> bool:
    """Whether the conversation is what `receive` took it for, wherever the message changes it."""
    escalates = recording.decision.disposition is Disposition.ESCALATE
    if recording.decision.disposition is Disposition.RECORD:
        return True
    owner = conversation.owner if conversation else Owner.ASSISTANT
    resolved = conversation is not None and conversation.resolved
    return resolved is recording.reopens and (not escalates or recording.takes_over is (owner is Owner.ASSISTANT))


def _change_key(change: OwnerChange) -> tuple[TenantId, CustomerId, str]:
    at = f"{change.at:%Y-%m-%dT%H:%M:%S.%fZ}"
    return change.tenant_id, change.customer_id, f"c#{at}#{change.change}#{change.cause}"


def _customer(tenant_id: TenantId, recording: Recording, known: Customer | None) -> Customer:
    at, sender, month = recording.at, recording.message.sender, month_of(recording.at)
    if known is None:
        return Customer(tenant_id, recording.customer_id, sender, at, at, 1, frozenset({month}))
    return replace(
        known,
        identity=_merged(sender, known.identity),
        first_interaction=min(at, known.first_interaction),
        last_interaction=max(at, known.last_interaction),
        message_count=known.message_count + 1,
        active_months=known.active_months | {month},
    )


def _conversation(
    tenant_id: TenantId, customer_id: CustomerId, recording: Recording, known: Conversation | None
) -> Conversation:
    sender = recording.message.sender
    changed = known or Conversation(
        conversation_id=conversation_id(tenant_id, customer_id),
        tenant_id=tenant_id,
        customer_id=customer_id,
        phone_number_id=recording.phone_number_id,
        recipient=CustomerIdentity(sender.phone, sender.user_id),
        owner=Owner.ASSISTANT,
        awaiting=None,
        awaiting_position=None,
        last_inbound_at=recording.at,
    )
    changed = replace(
        changed,
        phone_number_id=recording.phone_number_id,
        recipient=_merged(CustomerIdentity(sender.phone, sender.user_id), changed.recipient),
        last_inbound_at=max(recording.at, changed.last_inbound_at),
        resolved=changed.resolved and not recording.reopens,
        version=changed.version + (recording.takes_over or recording.reopens),
    )
    if recording.takes_over:
        handover = Handover(recording.message.message_id, _reason(recording), recording.at, told=not recording.tell)
        return replace(changed, owner=Owner.WAITING, handover=handover)
    if recording.decision.disposition is Disposition.ANSWER:
        return replace(changed, awaiting=recording.message.message_id, awaiting_position=recording.position)
    return changed


def _merged(new: CustomerIdentity, old: CustomerIdentity) -> CustomerIdentity:
    """What a message does not tell stays as it was."""
    return CustomerIdentity(
        phone=new.phone or old.phone,
        user_id=new.user_id or old.user_id,
        profile_name=new.profile_name or old.profile_name,
        username=new.username or old.username,
    )


def _entry(recording: Recording) -> ThreadMessage:
    message = recording.message
    product = message.context.referred_product if message.context else None
    return ThreadMessage(
        message_id=message.message_id,
        position=recording.position,
        type=message.counted_type,
        words=words_of(message.content)[:4096],
        at=recording.at,
        decision=recording.decision,
        referred_product_id=product.product_retailer_id if product else None,
    )


def _reason(recording: Recording) -> EscalationReason:
    return EscalationReason(recording.decision.reason or "")


def _escalation(tenant_id: TenantId, customer_id: CustomerId, recording: Recording) -> Escalation:
    return Escalation(
        tenant_id=tenant_id,
        phone_number_id=recording.phone_number_id,
        customer_id=customer_id,
        message_id=recording.message.message_id,
        position=recording.position,
        reason=_reason(recording),
        at=recording.at,
        takes_over=recording.takes_over,
    )
