"""`SendLedger`, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.conversations import Conversation, Owner, ReplyJob
from domain.customers import CustomerId
from domain.deliveries import Delivery
from domain.dispatches import Dispatch, Sent
from domain.inbox import Speaker
from domain.messages import Echo
from domain.replies import Reply, ReplyPurpose, ReplyState, SendOutcome, parse_reply_id, reply_id
from domain.tenants import TenantId
from domain.usage import UsageDelta, failed
from tests.fakes.store import Store, Talk


class FakeSendLedger:
    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, language: str) -> bool:
        store, talk = self._store, (tenant_id, job.customer_id)
        with store.lock:
            conversation = store.conversations.get(talk)
            stored = self._stored(tenant_id, job, reply)
            again = reply.attempts > 0
            free = stored is not None and stored.state is ReplyState.READY if again else stored is None
            if conversation is None or not free or not _may_speak(conversation, job, reply, again=again):
                return False
            claimed = replace(stored or reply, state=ReplyState.SENDING, attempts=(stored or reply).attempts + 1)
            place = _place(job, reply)
            store.put_reply(tenant_id, place, job.position, claimed)
            store.due.setdefault((tenant_id, place, f"m#{job.position}#{reply.purpose}"), reply.created_at)
            store.say(talk, Speaker.ASSISTANT, "text", reply.text, reply.created_at)
            if reply.purpose is ReplyPurpose.ANSWER:
                store.awaits_nothing(talk)
                store.kept[talk].unanswered_since = None
                store.change_conversation(talk, language=language)
            elif reply.purpose is ReplyPurpose.OPT_OUT_NOTE:
                store.change_conversation(talk, language=language)
            elif reply.purpose is ReplyPurpose.WAITING_NOTE and conversation.handover:
                store.change_conversation(talk, language=language, handover=replace(conversation.handover, noted=True))
            elif conversation.handover:
                store.change_conversation(talk, language=language, handover=replace(conversation.handover, told=True))
            return True

    def claim_send(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, dispatch: Dispatch) -> bool:
        store, talk = self._store, (tenant_id, job.customer_id)
        with store.lock:
            conversation = store.conversations.get(talk)
            if conversation is None or (*talk, dispatch.key) in store.send_keys:
                return False
            theirs = conversation.owner is Owner.PERSON and conversation.person == dispatch.by
            if dispatch.person and not theirs:
                return False
            if dispatch.person:
                self._said_by_person(talk, dispatch.content.type, reply.text, reply.created_at)
            claimed = replace(reply, state=ReplyState.SENDING, attempts=1, by=dispatch.by, by_name=dispatch.by_name)
            store.put_reply(tenant_id, job.customer_id, job.position, claimed)
            store.send_keys[*talk, dispatch.key] = job.position, dispatch.fingerprint
            store.due[*talk, f"m#{job.position}#{reply.purpose}"] = reply.created_at
            return True

    def sent_under(self, tenant_id: TenantId, customer_id: CustomerId, key: str) -> Sent | None:
        store = self._store
        with store.lock:
            position, fingerprint = store.send_keys.get((tenant_id, customer_id, key), ("", ""))
            key = f"{position}#{ReplyPurpose.SEND}"
            entry = store.entries[tenant_id, customer_id].get(key)
            if not isinstance(entry, Reply):
                return None
            reactions = store.amended(tenant_id, customer_id, key).reactions
            return Sent(replace(entry, reactions=reactions), fingerprint)

    def settle(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, outcome: SendOutcome) -> None:
        store = self._store
        with store.lock:
            stored = self._stored(tenant_id, job, reply)
            if stored is None or stored.state is not ReplyState.SENDING:
                return
            settled = replace(stored, state=outcome.state, message_id=outcome.message_id, failure=outcome.failure)
            if outcome.not_before is not None:
                settled = replace(settled, not_before=outcome.not_before)
                store.due[tenant_id, _place(job, reply), f"m#{job.position}#{reply.purpose}"] = outcome.not_before
            store.put_reply(tenant_id, _place(job, reply), job.position, settled)
            failed_answer = settled.state is ReplyState.FAILED and reply.purpose is ReplyPurpose.ANSWER
            if settled.state not in {ReplyState.UNCERTAIN, ReplyState.READY} and not failed_answer:
                store.due.pop((tenant_id, _place(job, reply), f"m#{job.position}#{reply.purpose}"), None)
            if settled.state is ReplyState.FAILED and outcome.failure is not None:
                store.count(tenant_id, UsageDelta(job.position[:7], {failed(outcome.failure.code): 1}))
            if outcome.message_id is not None:
                known = store.deliveries.get((tenant_id, outcome.message_id), Delivery(outcome.message_id))
                store.deliveries[tenant_id, outcome.message_id] = replace(known, reply_id=reply.reply_id)
                key = f"{job.position}#{reply.purpose}"
                store.take_what_waits(tenant_id, outcome.message_id, _place(job, reply), key)
                store.count(tenant_id, UsageDelta(job.position[:7], reply.purpose.counters))

    def note_person(self, tenant_id: TenantId, customer_id: CustomerId, echo: Echo) -> None:
        store, purpose = self._store, ReplyPurpose.PERSON
        with store.lock:
            if f"{echo.position}#{purpose}" in store.entries[tenant_id, customer_id]:
                return
            if (tenant_id, customer_id) not in {*store.conversations, *store.merged}:
                return
            said = Reply(
                reply_id=reply_id(customer_id, echo.position, purpose),
                purpose=purpose,
                text=echo.words,
                state=ReplyState.SENT,
                reply_to=echo.message_id,
                answers=(),
                created_at=echo.at,
                message_id=echo.message_id,
            )
            self._said_by_person((tenant_id, customer_id), "text", echo.words, echo.at)
            store.put_reply(tenant_id, customer_id, echo.position, said)
            known = store.deliveries.get((tenant_id, echo.message_id), Delivery(echo.message_id))
            store.deliveries[tenant_id, echo.message_id] = replace(known, reply_id=said.reply_id)
            store.take_what_waits(tenant_id, echo.message_id, customer_id, f"{echo.position}#{purpose}")

    def _said_by_person(self, talk: Talk, message_type: str, words: str, at: datetime) -> None:
        self._store.say(talk, Speaker.PERSON, message_type, words, at)
        self._store.kept[talk].unanswered_since = None

    def _stored(self, tenant_id: TenantId, job: ReplyJob, reply: Reply) -> Reply | None:
        entry = self._store.entries[tenant_id, _place(job, reply)].get(f"{job.position}#{reply.purpose}")
        return entry if isinstance(entry, Reply) else None


def _place(job: ReplyJob, reply: Reply) -> CustomerId:
    parsed = parse_reply_id(reply.reply_id)
    return parsed.customer_id if parsed else job.customer_id


def _may_speak(conversation: Conversation, job: ReplyJob, reply: Reply, *, again: bool) -> bool:
    """The first claim of an answer takes its message off the conversation: a later one finds nothing awaited."""
    if reply.purpose is ReplyPurpose.OPT_OUT_NOTE:
        return conversation.owner is not Owner.PERSON
    if reply.purpose is ReplyPurpose.HANDOVER_NOTE:
        handover = conversation.handover
        mine = handover is not None and handover.message_id == job.message_id and handover.told is again
        return conversation.owner is Owner.WAITING and mine
    if reply.purpose is ReplyPurpose.WAITING_NOTE:
        handover = conversation.handover
        mine = handover is not None and handover.message_id == job.message_id
        return conversation.owner is Owner.WAITING and mine
    return conversation.owner is Owner.ASSISTANT and conversation.awaiting == (None if again else job.message_id)
