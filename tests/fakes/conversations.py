"""`Conversations`, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.amendments import NOTHING_WAITS, Waited, Waiting
from domain.choices import product_meant
from domain.conversations import (
    Conversation,
    Decision,
    Disposition,
    Handover,
    MergedFrom,
    OwnedBy,
    Owner,
    Recorded,
    RecordedBecause,
    Recording,
    ReplyJob,
    Thread,
    ThreadMessage,
    TwoCustomers,
    conversation_id,
)
from domain.customers import Customer, CustomerId, CustomerIdentity, first_customer_id
from domain.escalations import Escalation, EscalationReason
from domain.identities import Holding, Told, told_by
from domain.inbox import Speaker, shown_name
from domain.media import AwaitedMedia, Media, MediaState, media_of
from domain.messages import Order, Position, Reaction, System, as_it_says_now, words_of
from domain.opt_out import OptOut
from domain.ownership import Change, OwnerChange, reopening
from domain.replies import Reply
from domain.tenants import TenantId
from domain.tombstones import Erased, Tombstone
from domain.usage import CUSTOMERS, ESCALATIONS, MESSAGES, UsageDelta, messages_of_type, month_of
from domain.waits import Wait
from tests.fakes.store import STATE, Store, Talk
from tests.fakes.waits import key_of_handover, wait_key


class FakeConversations:
    def __init__(self, store: Store, newest_entries: int = 40) -> None:
        self._store = store
        self._newest_entries = newest_entries

    def record(self, tenant_id: TenantId, recording: Recording) -> Recorded | OwnedBy | Waited | TwoCustomers | Erased:
        store, message = self._store, recording.message
        with store.lock:
            before = store.recorded.get((tenant_id, message.message_id))
            if before is not None:
                return replace(before, new=False)
            who = whom_it_names(store, tenant_id, told_by(recording))
            if isinstance(who, TwoCustomers):
                return who
            known, told = who
            tombstones = store.tombstones_of(tenant_id, _to_make_known(known, told))
            if _erased_since(message.timestamp, known, tombstones):
                return Erased()
            customer_id = known.customer_id if known else _new_id(tenant_id, recording, told, tombstones)
            conversation = store.conversations.get((tenant_id, customer_id))
            waiting = store.waiting.get((tenant_id, message.message_id), NOTHING_WAITS)
            other = _other_than_assumed(recording, customer_id, conversation, waiting)
            if other is not None:
                return other
            recorded = Recorded(True, recording.decision, customer_id, recording.position)
            store.recorded[tenant_id, message.message_id] = recorded
            self._count(tenant_id, recording, known)
            customer = _customer(tenant_id, customer_id, recording, told, known)
            customer = _remembering(customer, tombstones)
            self._keep_customer(customer, told, tombstones, recording.opt_out)
            store.conversations[tenant_id, customer_id] = _conversation(customer, recording, conversation)
            self._keep(tenant_id, customer_id, recording)
            self._show(
                tenant_id, customer_id, recording, newest=known is None or recording.at >= known.last_interaction
            )
            self._await_file(tenant_id, customer_id, recording)
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
                store.keep_change(reopening(tenant_id, customer_id, number, position, message.received_at))
            return replace(recorded, reopened=recording.reopening_is_told)

    def _keep(self, tenant_id: TenantId, customer_id: CustomerId, recording: Recording) -> None:
        """The message, with what waited for it."""
        store, position = self._store, recording.position
        store.entries[tenant_id, customer_id][position] = _entry(recording)
        if store.waiting.pop((tenant_id, recording.message.message_id), None):
            store.amendments[tenant_id, customer_id, position] = recording.waited.amendments

    def _show(self, tenant_id: TenantId, customer_id: CustomerId, recording: Recording, *, newest: bool) -> None:
        message, kept = recording.message, self._store.kept[tenant_id, customer_id]
        spoken = not isinstance(message.content, Reaction | System)
        kept.inbound += spoken
        if recording.decision.disposition is not Disposition.RECORD:
            kept.unanswered_since = kept.unanswered_since or message.received_at
        if newest:
            kept.name = shown_name(message.sender.profile_name, message.sender.username) or kept.name
        if newest and spoken:
            words = words_of(as_it_says_now(message.content))
            self._store.say((tenant_id, customer_id), Speaker.CUSTOMER, message.counted_type, words, recording.at)

    def _await_file(self, tenant_id: TenantId, customer_id: CustomerId, recording: Recording) -> None:
        sent = media_of(recording.message.content)
        if sent is not None:
            awaited = AwaitedMedia(sent.kind, sent.media_id, recording.phone_number_id)
            self._store.awaited_media[tenant_id, customer_id, recording.position] = awaited
            self._store.due[tenant_id, customer_id, f"m#{recording.position}"] = recording.message.received_at

    def _call_person(self, escalation: Escalation) -> None:
        talk = escalation.tenant_id, escalation.customer_id
        self._store.pending[*talk, escalation.position] = escalation
        self._store.history[talk].append(escalation)
        self._store.due[*talk, f"e#{escalation.position}"] = escalation.at

    def _keep_customer(
        self, customer: Customer, told: Told, tombstones: Mapping[str, Tombstone], said: OptOut | None
    ) -> None:
        words = self._link(customer, told)
        self._store.customers[customer.tenant_id, customer.key] = customer
        for tombstone in tombstones.values():
            self._store.keep_state(customer.tenant_id, customer.key, tombstone.opt_out)
        for word in (*words, *((said,) if said else ())):
            self._store.keep_word(customer.tenant_id, customer.key, word)

    def _link(self, customer: Customer, told: Told) -> list[OptOut]:
        """New identities lead to the customer; words on offers that were kept under them come along."""
        store, words = self._store, []
        for key in told.keys:
            if key == customer.key or (customer.tenant_id, key) in store.aliases:
                continue
            store.aliases[customer.tenant_id, key] = customer.key
            word = store.opt_outs.pop((customer.tenant_id, key), None)
            words += [word] if word else []
        return words

    def _begin_wait(self, wait: Wait) -> None:
        key = wait_key(wait.escalation.tenant_id, wait)
        self._store.waits[key] = wait
        self._store.due[key] = wait.due_at

    def _count(self, tenant_id: TenantId, recording: Recording, known: Customer | None) -> None:
        month = month_of(recording.at)
        counters = {MESSAGES: 1, messages_of_type(recording.message.counted_type): 1}
        if known is None or month not in known.active_months:
            counters[CUSTOMERS] = 1
        if recording.decision.disposition is Disposition.ESCALATE:
            counters[ESCALATIONS] = 1
        self._store.count(tenant_id, UsageDelta(month, counters, recording.message.received_at))

    def thread(self, tenant_id: TenantId, customer_id: CustomerId) -> Thread | None:
        with self._store.lock:
            merged = self._store.merged.get((tenant_id, customer_id))
            if merged is not None:
                return self.thread(tenant_id, merged.merge.survivor.customer.customer_id)
            conversation = self._store.conversations.get((tenant_id, customer_id))
            if conversation is None:
                return None
            found = [(key, talk) for talk in self._talks(tenant_id, customer_id) for key in self._store.entries[talk]]
            found.sort()
            replies = (n for n in reversed(range(len(found))) if self._is_reply(*found[n]))
            begin = max(0, min(len(found) - self._newest_entries, next(replies, 0)))
            return Thread(conversation, tuple(shown(self._store, talk, key) for key, talk in found[begin:]))

    def _is_reply(self, key: str, talk: Talk) -> bool:
        return isinstance(self._store.entries[talk][key], Reply)

    def _talks(self, tenant_id: TenantId, customer_id: CustomerId) -> list[Talk]:
        """The conversation, and all that were merged into it."""
        if not self._store.merged:
            return [(tenant_id, customer_id)]
        customer = next(
            one
            for (owner, _), one in self._store.customers.items()
            if (owner, one.customer_id) == (tenant_id, customer_id)
        )
        return [(tenant_id, one) for one in (customer_id, *sorted(customer.former_customer_ids))]

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
            store.kept[talk].unanswered_since = store.kept[talk].unanswered_since or escalation.at
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
            store.kept[talk].unanswered_since = None
            for message in burst:
                place = tenant_id, message.merged_from.customer_id if message.merged_from else job.customer_id
                kept = store.entries[place][message.position]
                if isinstance(kept, ThreadMessage):
                    decision = Decision(Disposition.RECORD, because)
                    store.entries[place][message.position] = replace(kept, decision=decision)
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
                person_name=change.by_name if change.person == change.by else None,
                resolved=change.change is Change.RESOLVED,
                handover=conversation.handover if by_person else None,
                settled_through=conversation.settled_through if by_person else change.at,
                version=conversation.version + 1,
            )
            if not by_person:
                store.kept[talk].unanswered_since = None
            store.keep_change(replace(change, tenant_id=tenant_id))
            return True

    def owner_change_published(self, tenant_id: TenantId, change: OwnerChange) -> None:
        key = _change_key(replace(change, tenant_id=tenant_id))
        with self._store.lock:
            self._store.owner_changes.pop(key, None)
            self._store.due.pop(key, None)


def shown(store: Store, talk: Talk, key: str) -> ThreadMessage | Reply:
    """With what has become of it, and where it stands if that is a conversation that was merged into this one."""
    entry, amendments = store.entries[talk][key], store.amended(*talk, key)
    if isinstance(entry, Reply):
        return replace(entry, reactions=amendments.reactions)
    amended = entry.amended(amendments)
    if talk not in store.merged:
        return amended
    return replace(amended, merged_from=MergedFrom(talk[1], _seen_to(store, talk, entry)))


def _seen_to(store: Store, talk: Talk, message: ThreadMessage) -> bool:
    """There, before it was merged; or since then, where it went."""
    if store.merged[talk].merge.former.conversation.seen_to(message.position):
        return True
    while (merged := store.merged.get(talk)) is not None:
        talk = talk[0], merged.merge.survivor.customer.customer_id
        went_on = store.merged.get(talk)
        where = went_on.merge.former.conversation if went_on else store.conversations[talk]
        if where.settled_through != merged.settled_apart and where.seen_to(message.position):
            return True
    return False


def _other_than_assumed(
    recording: Recording, customer_id: CustomerId, conversation: Conversation | None, waiting: Waiting
) -> OwnedBy | Waited | None:
    if waiting != recording.waited.waiting:
        return Waited(waiting, customer_id)
    if _as_assumed(recording, conversation):
        return None
    resolved = conversation is not None and conversation.resolved
    return OwnedBy(conversation.owner if conversation else Owner.ASSISTANT, resolved=resolved)


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


def whom_it_names(store: Store, tenant_id: TenantId, told: Told) -> TwoCustomers | tuple[Customer | None, Told]:
    """The one customer of all that a message names as one person's, and what of it is theirs."""
    found = {key: customer for key in told.keys if (customer := store.known_by(tenant_id, key))}
    of_phone = found.get(told.phone or "")
    of_user_id = found.get(told.user_id or "")
    given_up = of_phone is not None and _holding(of_phone).has_given_up(told)
    apart = of_phone and of_user_id and of_user_id.customer_id in of_phone.apart_from
    if told.user_id and not told.moved_by and (given_up or apart):
        return of_user_id, replace(told, keys=(told.user_id,), filed_under=told.user_id)
    named = list({customer.customer_id: customer for customer in found.values()}.values())
    if len(named) > 1:
        return TwoCustomers((named[0].key, named[1].key))
    return next(iter(named), None), told


def _to_make_known(known: Customer | None, told: Told) -> list[str]:
    if known is None:
        return [told.filed_under, *(key for key in told.keys if key != told.filed_under)]
    return [key for key in told.keys if not _holding(known).knows(key)]


def _erased_since(at: datetime, known: Customer | None, tombstones: Mapping[str, Tombstone]) -> bool:
    covered = any(tombstone.covers(at) for tombstone in tombstones.values())
    return covered or (known is not None and known.erased_since(at))


def _new_id(tenant_id: TenantId, recording: Recording, told: Told, tombstones: Mapping[str, Tombstone]) -> CustomerId:
    if told.filed_under in tombstones:
        return tombstones[told.filed_under].next_customer_id
    as_told = told.filed_under == recording.message.sender.key
    return recording.customer_id if as_told else first_customer_id(tenant_id, told.filed_under)


def _remembering(customer: Customer, tombstones: Mapping[str, Tombstone]) -> Customer:
    erased = [tombstone.erased_at for tombstone in tombstones.values()]
    erased += [customer.erased_at] if customer.erased_at else []
    return replace(customer, erased_at=max(erased, default=None))


def _holding(customer: Customer) -> Holding:
    held = customer.identity
    return Holding(customer.key, held.phone, held.user_id, customer.aliases, customer.moved_by)


def _customer(
    tenant_id: TenantId, customer_id: CustomerId, recording: Recording, told: Told, known: Customer | None
) -> Customer:
    at, sender, month = recording.at, recording.message.sender, month_of(recording.at)
    known = known or Customer(
        tenant_id, customer_id, CustomerIdentity(), at, at, 0, frozenset({month}), key=told.filed_under
    )
    held = _holding(known).after(told, newest=at >= known.last_interaction)
    names = _merged(sender, known.identity)
    return replace(
        known,
        identity=CustomerIdentity(held.phone, held.user_id, names.profile_name, names.username),
        first_interaction=min(at, known.first_interaction),
        last_interaction=max(at, known.last_interaction),
        message_count=known.message_count + 1,
        active_months=known.active_months | {month},
        aliases=held.aliases,
        moved_by=held.moved_by,
    )


def _conversation(customer: Customer, recording: Recording, known: Conversation | None) -> Conversation:
    recipient = CustomerIdentity(customer.identity.phone, customer.identity.user_id)
    changed = known or Conversation(
        conversation_id=conversation_id(customer.tenant_id, customer.customer_id),
        tenant_id=customer.tenant_id,
        customer_id=customer.customer_id,
        phone_number_id=recording.phone_number_id,
        recipient=recipient,
        owner=Owner.ASSISTANT,
        awaiting=None,
        awaiting_position=None,
        last_inbound_at=recording.at,
    )
    changed = replace(
        changed,
        phone_number_id=recording.phone_number_id,
        recipient=recipient,
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
    sent = media_of(message.content)
    return ThreadMessage(
        message_id=message.message_id,
        position=recording.position,
        type=message.counted_type,
        words=words_of(message.content)[:4096],
        at=recording.at,
        decision=recording.decision,
        referred_product_id=product_meant(message),
        media=Media(sent.kind, MediaState.AWAITED, sent.mime_type, sent.filename, sent.voice) if sent else None,
        order=message.content if isinstance(message.content, Order) else None,
        priced=recording.priced,
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
        order=recording.priced,
    )
