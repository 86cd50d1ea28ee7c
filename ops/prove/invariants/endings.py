"""I1: every message that was acknowledged comes to an end, and nobody is left in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from adapters import dynamodb_keys as keys
from domain.messages import MessageId
from ops.outcomes.conversations import StoredConversation
from ops.outcomes.states import FinalState
from ops.prove import bodies
from ops.prove.cast import NUMBERS, SUSPENDED, phone_number_id, tenant_of
from ops.prove.evidence import Row
from ops.prove.invariants.case import RANKS, Case, Said, ids_in, writes
from ops.prove.script import WANT_AN_ANSWER, What


def acknowledged_messages_end(case: Case) -> Iterator[str]:
    for (owner, message_id), said in case.said.items():
        if said.acknowledged:
            problem = _unfinished(case, owner, message_id, said)
            if problem:
                yield f"{said}: {problem}"


def _unfinished(  # noqa: PLR0911 (one line for each end)
    case: Case, owner: str, message_id: str, said: Said
) -> str | None:
    if said.tenant_id is None:
        kept = (f"quarantine#{owner}#{message_id}", keys.QUARANTINE) in case.by_key or message_id in case.dead
        return None if kept else "acknowledged, but neither quarantined nor dead-lettered"
    pointer = case.by_key.get((f"{said.tenant_id}#{message_id}", keys.POINTER))
    if pointer is None or "position" not in pointer:
        return None if message_id in case.dead else "acknowledged, and lost"
    conversation = case.stored.get(f"{said.tenant_id}#{pointer['customerId']}")
    if conversation is None:
        return "counted, but its conversation has no state"
    outcome = conversation.outcome_of(MessageId(message_id))
    match outcome.state:
        case FinalState.ANSWERED:
            return _unless_sent(case, conversation, message_id)
        case FinalState.RECORDED:
            return _unless_silence_is_right(said, outcome.detail)
        case FinalState.ESCALATED:
            return None
    return f"{outcome.state}: {outcome.detail}"


def _unless_sent(case: Case, conversation: StoredConversation, message_id: str) -> str | None:
    replies = conversation.answers_to(MessageId(message_id))
    sent = any(post.verdict.sent for reply in replies for post in case.posts.get(reply.reply_id, ()))
    return None if sent else "its answer is called sent, and Meta never took one"


def _unless_silence_is_right(said: Said, reason: str) -> str | None:
    if not reason:
        return "recorded without a reply, and without a reason"
    late = said.update.age + max(said.attempts) - min(said.attempts) >= 86_399  # noqa: PLR2004 (the window, with Meta's whole seconds)
    if said.update.what is What.ORDER:
        return f"an order, and nobody was called: {reason}"
    if said.update.what in WANT_AN_ANSWER | {What.PERSON} and not late:
        return f"wants an answer, and was recorded as {reason}"
    return None


def persons_are_called(case: Case) -> Iterator[str]:
    """Whoever waits for a person has one coming: the escalation is stored, published, and stands on the topic."""
    for name, conversation in case.stored.items():
        state, tenant_id = conversation.state, name.split("#")[0]
        if state is None:
            continue
        if state.owner == "waiting_for_person":
            called = state.handover and conversation.escalations.get(state.handover.message_id)
            if not called:
                yield f"{name} waits for a person, and no escalation is stored"
        for message in conversation.messages:
            if message.decision.disposition == "escalate" and message.message_id not in conversation.escalations:
                yield f"{message.message_id} was to call a person, and no escalation is stored"
        for message_id, stored in conversation.escalations.items():
            if not stored.published:
                yield f"the escalation of {message_id} was never published"
            if not case.escalations[tenant_id, message_id]:
                yield f"the escalation of {message_id} never came to the topic"


def changes_are_told(case: Case) -> Iterator[str]:
    told = Counter(
        (one.body["conversationId"], one.body["change"], one.body["at"])
        for one in case.evidence.published
        if "-handoff" in one.topic
    )
    for name, rows in case.rows.items():
        for row in rows:
            if row["sk"].startswith("c#") and not (row["published"] and told[name, row["change"], row["at"]]):
                yield f"{name}: the change {row['change']} of {row['at']} was never told"
            if (
                row["sk"].startswith("e#")
                and row["takesOver"]
                and not any((name, "handed_over", row["at"]) == one for one in told)
            ):
                yield f"{name}: that it was handed over at {row['at']} was never told"


def people_close_what_they_saw(case: Case) -> Iterator[str]:
    """Who gives a conversation back, or closes it, has seen the message that waits: none is closed unread."""
    seen = {(one.conversation_id, one.at): one.awaiting for one in case.evidence.decisions}
    for changes in writes(case.evidence.history):
        states = {change.key[0]: change.old or {} for change in changes if change.key[-1] == keys.STATE}
        for change in changes:
            row = change.new or {}
            decided = (change.key[0], row.get("at", ""))
            closes = change.key[-1].startswith("c#") and row.get("change") in {"handed_back", "resolved"}
            waits = states.get(change.key[0], {}).get("awaiting")
            if closes and change.old is None and decided in seen and seen[decided] != waits:
                yield f"{change.key[0]} was {row['change']} while {waits} waited, which nobody had seen"


def nothing_is_left_due(case: Case) -> Iterator[str]:
    for row in case.evidence.rows["ConversationsTable"]:
        if "due" in row:
            yield f"{row['conversationId']} {row['sk']} is due since {row['dueAt']}, and nobody sees to it"


def updates_are_kept(case: Case) -> Iterator[str]:
    """What is no message: statuses, echoes, preferences, and what has no form."""
    shapeless = set()
    for attempt in case.evidence.acknowledged():
        for status in attempt.statuses:
            problem = _unkept_status(case, status.number, status.message_id, status.status)
            if problem:
                yield problem
        shapeless |= {attempt.raw} if attempt.raw is not None else set()
        for update in attempt.updates:
            if update.what is What.STATUS:
                problem = _unkept_status(case, update.number, bodies.foreign_id(update), "delivered")
                if problem:
                    yield problem
            elif update.what is What.SHAPELESS:
                shapeless.add(f"{update.n}".encode())
    kept = sum(
        row["reason"] == "malformed" for row in case.evidence.rows["ConversationsTable"] if row["sk"] == "quarantine"
    )
    dead = sum(letter.queue == "statuses-dlq" for letter in case.evidence.dead_letters)
    if not len(shapeless) <= kept + dead:
        yield f"{len(shapeless)} shapeless updates were acknowledged, {kept} are quarantined"


def _unkept_status(case: Case, number: int, message_id: str, status: str) -> str | None:
    tenant_id, number_id = tenant_of(number), phone_number_id(number)
    if number == SUSPENDED:
        tenant_id = NUMBERS[number].tenant.tenant_id
    if message_id in case.dead or f"{message_id}:{status}" in case.dead:
        return None
    if tenant_id is None:
        kept = (f"quarantine#{number_id}#{message_id}#{status}", keys.QUARANTINE) in case.by_key
        return None if kept else f"status {status} of {message_id}, of a number that is nobody's, is lost"
    pointer = case.by_key.get((f"{tenant_id}#{message_id}", keys.POINTER), {})
    if status not in RANKS:
        events = {row["sk"] for row in case.evidence.rows["TenantsTable"] if row["tenantId"] == tenant_id}
        return None if f"event#{message_id}:{status}" in events else f"status {status} of {message_id} is lost"
    delivery = _shown(case, pointer, message_id) or pointer.get("delivery", "")
    if RANKS.get(delivery, -1) < RANKS[status]:
        return f"{message_id} was told to be {status}, and its delivery is {delivery or None}"
    return None


def _shown(case: Case, pointer: Row, message_id: str) -> str:
    """Of a reply: what people see of it. That it was sent, the ledger says."""
    reply = case.replies.get(pointer.get("replyId", ""), {})
    if reply.get("messageId") != message_id:
        return ""
    return str(reply.get("delivery") or ("sent" if reply["state"] == "sent" else ""))


def innocents_are_not_buried(case: Case) -> Iterator[str]:
    for letter in case.evidence.dead_letters:
        if not (letter.struck or letter.poison):
            yield f"{letter.queue} holds {sorted(ids_in(letter.body))}, which no fault ever touched"
