"""What must hold of every run, read from the stored rows, from Meta's list of messages, and from what the webhook took.

One function for each promise; each names the ids that break it. The faults are not looked at: no fault excuses.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from adapters import dynamodb_keys as keys
from domain.messages import MessageId
from domain.replies import ReplyPurpose, ReplyState, parse_reply_id
from ops.outcomes.conversations import StoredConversation, stored_conversation
from ops.outcomes.states import FinalState
from ops.prove import bodies
from ops.prove.cast import APP_SECRET, CUSTOMERS, NUMBERS, SUSPENDED, WARES, phone_number_id, tenant_of, token
from ops.prove.evidence import Change, Evidence, Row
from ops.prove.graph import Post, Verdict
from ops.prove.script import MESSAGES, WANT_AN_ANSWER, Update, What


@dataclass(frozen=True, slots=True)
class Violation:
    invariant: str
    told: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.told}"


@dataclass(slots=True)
class Said:
    """One message to one seller, over all of its deliveries."""

    tenant_id: str | None
    update: Update
    attempts: list[float] = field(default_factory=list)
    acknowledged: bool = False

    def __str__(self) -> str:
        return f"{self.update.message_id} ({self.update.what}) to {self.tenant_id or phone_number_id(self.update.number)}"


@dataclass
class Case:
    """The evidence, looked up."""

    evidence: Evidence

    @cached_property
    def said(self) -> dict[tuple[str, str], Said]:
        """By seller (or number, where it is nobody's) and message id."""
        found: dict[tuple[str, str], Said] = {}
        for attempt in self.evidence.attempts:
            for update in attempt.updates:
                if update.what in MESSAGES:
                    tenant_id = tenant_of(update.number)
                    key = (tenant_id or phone_number_id(update.number), update.message_id)
                    said = found.setdefault(key, Said(tenant_id, update))
                    said.attempts.append(attempt.at)
                    said.acknowledged |= attempt.acknowledged
        return found

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        return self.evidence.conversations()

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Row]:
        return {(row["conversationId"], row["sk"]): row for row in self.evidence.rows["ConversationsTable"]}

    @cached_property
    def stored(self) -> dict[str, StoredConversation]:
        return {name: stored_conversation(rows) for name, rows in self.rows.items() if rows[-1]["sk"] == keys.STATE}

    @cached_property
    def messages(self) -> dict[tuple[str, str], list[Row]]:
        """Inbound rows by seller and message id."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.evidence.rows["ConversationsTable"]:
            if row["sk"].startswith("m#") and row.get("direction") == "in":
                found[row["conversationId"].split("#")[0], row["messageId"]].append(row)
        return found

    @cached_property
    def replies(self) -> dict[str, Row]:
        """Rows of the ledger by reply id."""
        return {
            f"{row['customerId']}|{row['position']}|{row['purpose']}": row
            for row in self.evidence.rows["ConversationsTable"]
            if row["sk"].startswith("m#") and row.get("direction") == "out"
        }

    @cached_property
    def posts(self) -> dict[str, list[Post]]:
        found: dict[str, list[Post]] = defaultdict(list)
        for post in self.evidence.posts:
            found[post.reply_id].append(post)
        return found

    @cached_property
    def escalations(self) -> Counter[tuple[str, str]]:
        """Told to the topic, by seller and message id."""
        told = (one.body for one in self.evidence.published if "-escalations" in one.topic)
        return Counter((body["tenantId"], body["messageId"]) for body in told)

    @cached_property
    def dead(self) -> set[str]:
        """Ids that stand in a dead letter."""
        return {str(found) for letter in self.evidence.dead_letters for found in _ids_in(letter.body)}


Check = Callable[[Case], Iterator[str]]


def _ids_in(body: str) -> Iterator[str]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return
    if isinstance(parsed, dict):
        message, status = parsed.get("message"), parsed.get("status")
        yield from (part["id"] for part in (message, status) if isinstance(part, dict) and "id" in part)
        yield from (str(parsed[name]) for name in ("message_id", "update_id") if name in parsed)


# --- I1: every message that was acknowledged comes to an end, and nobody is left in silence ---


def acknowledged_messages_end(case: Case) -> Iterator[str]:
    for (owner, message_id), said in case.said.items():
        if said.acknowledged:
            problem = _unfinished(case, owner, message_id, said)
            if problem:
                yield f"{said}: {problem}"


def _unfinished(case: Case, owner: str, message_id: str, said: Said) -> str | None:
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
            if row["sk"].startswith("e#") and row["takesOver"] and not any(
                (name, "handed_over", row["at"]) == one for one in told
            ):
                yield f"{name}: that it was handed over at {row['at']} was never told"


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
    kept = sum(row["reason"] == "malformed" for row in case.evidence.rows["ConversationsTable"] if row["sk"] == "quarantine")
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
    if status not in _RANKS:
        events = {row["sk"] for row in case.evidence.rows["TenantsTable"] if row["tenantId"] == tenant_id}
        return None if f"event#{message_id}:{status}" in events else f"status {status} of {message_id} is lost"
    if _RANKS.get(pointer.get("delivery", ""), -1) < _RANKS[status]:
        return f"{message_id} was told to be {status}, and its delivery is {pointer.get('delivery')}"
    return None


def innocents_are_not_buried(case: Case) -> Iterator[str]:
    for letter in case.evidence.dead_letters:
        if not (letter.struck or letter.poison):
            yield f"{letter.queue} holds {sorted(_ids_in(letter.body))}, which no fault ever touched"


# --- I2: recorded once, counted once ---


def messages_are_recorded_once(case: Case) -> Iterator[str]:
    for (tenant_id, message_id), rows in case.messages.items():
        if len(rows) > 1:
            yield f"{message_id} of {tenant_id} is stored {len(rows)} times"
        if (tenant_id, message_id) not in case.said:
            yield f"{message_id} of {tenant_id} is stored, and nobody ever sent it"
        pointer = case.by_key.get((f"{tenant_id}#{message_id}", keys.POINTER), {})
        if pointer.get("position") != rows[0]["position"]:
            yield f"{message_id} of {tenant_id} is stored, and its pointer does not lead to it"
    for (name, sort_key), row in case.by_key.items():
        if sort_key == keys.POINTER and "position" in row and (row["tenantId"], name.split("#", 1)[1]) not in case.messages:
            yield f"the pointer {name} leads to no message"


def messages_are_answered_once(case: Case) -> Iterator[str]:
    for conversation in case.stored.values():
        for message in conversation.messages:
            answers = conversation.answers_to(message.message_id)
            if len(answers) > 1:
                yield f"{message.message_id} is answered by {len(answers)} replies"
        told = Counter(row.reply_to for row in conversation.replies if row.purpose is ReplyPurpose.HANDOVER_NOTE)
        yield from (f"{message_id} was told {n} times that a person comes" for message_id, n in told.items() if n > 1)


# --- I3: at most one POST per reply, unless the first was definitely refused ---


def replies_are_sent_once(case: Case) -> Iterator[str]:
    for reply_id, posts in case.posts.items():
        for earlier, later in zip(posts, posts[1:], strict=False):
            if earlier.verdict is not Verdict.REFUSED:
                yield f"reply {reply_id} was sent again at {_clock(later.at)}; before, Meta's answer was: {earlier.verdict}"
                break
        if reply_id not in case.replies:
            yield f"reply {reply_id!r} was sent, and the ledger does not know it"


def sending_is_written_first(case: Case) -> Iterator[str]:
    for post in case.evidence.posts:
        if post.row_state in {None, ReplyState.READY, ReplyState.FAILED}:
            yield f"reply {post.reply_id} was sent at {_clock(post.at)} while its row was {post.row_state or 'not written'}"


def replies_move_on(case: Case) -> Iterator[str]:
    for change in case.evidence.history:
        if not (change.table == "ConversationsTable" and change.key[1].startswith("m#") and change.new):
            continue
        before, after = (change.old or {}).get("state"), change.new.get("state")
        if after != before and change.new.get("direction") == "out" and (before, after) not in _MOVES:
            yield f"{change.key} went from {before} to {after}"


def claims_fit_their_conversation(case: Case) -> Iterator[str]:
    """An answer is claimed only while the assistant speaks, and for the newest message that waits."""
    states: dict[str, Row] = {}
    for changes in _writes(case.evidence.history):
        before = dict(states)
        states |= {change.key[0]: change.new for change in changes if change.key[-1] == keys.STATE and change.new}
        for change in changes:
            new = change.new or {}
            claimed = new.get("state") == "sending" and (change.old or {}).get("state") != "sending"
            state = before.get(change.key[0])
            if claimed and change.key[1].startswith("m#") and state is not None:
                yield from _misfits(change, new, state)


def _misfits(change: Change, reply: Row, state: Row) -> Iterator[str]:
    name, owner = f"{change.key[0]} {change.key[1]}", state["owner"]
    match reply["purpose"]:
        case ReplyPurpose.ANSWER:
            if owner != "assistant":
                yield f"{name} was claimed while {owner} had the conversation"
            waits = state.get("awaiting")
            if change.old is None and waits != reply["replyTo"]:
                yield f"{name} was claimed for {reply['replyTo']} while {waits} waited for its answer"
        case ReplyPurpose.HANDOVER_NOTE if owner != "waiting_for_person":
            yield f"{name} was claimed while {owner} had the conversation"
        case ReplyPurpose.OPT_OUT_NOTE if owner == "person":
            yield f"{name} was claimed while a person had the conversation"


def bursts_get_one_answer(case: Case) -> Iterator[str]:
    """Messages of one body, recorded while the first one's job still had to wait, have one answer between them."""
    recorded = {
        (change.key[0], change.new["messageId"]): change.at
        for change in case.evidence.history
        if change.old is None and change.new and change.new.get("direction") == "in"
    }
    for name, conversation in case.stored.items():
        asked = [message for message in conversation.messages if message.decision.disposition == "answer"]
        answers = {message.message_id: conversation.answers_to(message.message_id) for message in asked}
        for first in asked:
            for second in asked:
                at, then = recorded[name, first.message_id], recorded[name, second.message_id]
                if not at < then or not answers[first.message_id] or not answers[second.message_id]:
                    continue
                received = _received_at(first.position)
                same_body = abs(received - _received_at(second.position)) < 1
                lag = at - received
                wait = min(lag, 60.0) if lag > _LONG_LAG + 1 else _DELAY
                split = answers[first.message_id][0].reply_id != answers[second.message_id][0].reply_id
                if same_body and then < at + wait - 1 and split:
                    yield f"{first.message_id} and {second.message_id} came in one body, and have two answers"


_LONG_LAG, _DELAY = 10.0, 4.0
"""Of `answer.await_burst` and of the queue (template.yaml: ReplyDelaySeconds)."""


def _received_at(position: str) -> float:
    return int(position.split("#")[1]) / 1000


def stale_replies_are_not_redriven(case: Case) -> Iterator[str]:
    for post in case.evidence.posts:
        if post.redriven and post.window_left < -60:  # noqa: PLR2004 (it was open when the operator looked)
            yield f"reply {post.reply_id} was redriven and sent, though the 24-hour window had closed"


# --- I4: usage ---


def usage_is_what_is_stored(case: Case) -> Iterator[str]:
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in case.evidence.rows["TenantUsageTable"]:
        for name, value in row.items():
            if name not in {"tenantId", "month"}:
                counted[name][row["tenantId"], row["month"][:7]] += int(value)

    distinct = Counter((tenant_id, rows[0]["at"][:7]) for (tenant_id, _), rows in case.messages.items())
    escalated = Counter((row["tenantId"], row["at"][:7]) for row in _kind(case, "e#"))
    customers = Counter(
        (row["tenantId"], month) for row in case.evidence.rows["CustomersTable"] for month in row.get("activeMonths", ())
    )
    for name, expected in (("messages", distinct), ("escalations", escalated), ("customers", customers)):
        yield from _differences(name, counted[name], expected)
    by_type: Counter[tuple[str, str]] = Counter()
    for name, months in counted.items():
        if name.startswith("messages_"):
            by_type.update(months)
    yield from _differences("messages by type", by_type, distinct)
    yield from _replies_counted(case, counted["replies"])
    yield from _billed(case, counted)


def _differences(name: str, counted: Counter[Any], expected: Counter[Any]) -> Iterator[str]:
    for key in sorted({*counted, *expected}):
        if counted[key] != expected[key]:
            yield f"{name} of {' '.join(key)}: {counted[key]} counted, {expected[key]} stored"


def _replies_counted(case: Case, counted: Counter[tuple[str, str]]) -> Iterator[str]:
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for reply_id, row in case.replies.items():
        tenant_id = row["tenantId"]
        took = any(post.verdict.sent for post in case.posts.get(reply_id, ()))
        most[tenant_id] += took
        least[tenant_id] += took and row["state"] == "sent" and not _ever_failed(case, row)
    for tenant_id in {*least, *most}:
        total = sum(value for (owner, _), value in counted.items() if owner == tenant_id)
        if not least[tenant_id] <= total <= most[tenant_id]:
            yield f"replies of {tenant_id}: {total} counted, {least[tenant_id]} to {most[tenant_id]} sent"


def _ever_failed(case: Case, row: Row) -> bool:
    return any(
        status.status == "failed" and status.message_id == row.get("messageId")
        for attempt in case.evidence.attempts
        for status in attempt.statuses
    )


def _billed(case: Case, counted: dict[str, Counter[tuple[str, str]]]) -> Iterator[str]:
    charged: dict[str, set[str]] = defaultdict(set)
    sure: dict[str, set[str]] = defaultdict(set)
    for attempt in case.evidence.attempts:
        for status in attempt.statuses:
            tenant_id = tenant_of(status.number)
            if status.billable and tenant_id:
                charged[tenant_id].add(status.message_id)
                if attempt.acknowledged and status.message_id not in case.dead:
                    sure[tenant_id].add(status.message_id)
    for tenant_id, ids in charged.items():
        total = sum(value for (owner, _), value in counted["billable_service"].items() if owner == tenant_id)
        if not len(sure[tenant_id]) - _dead_statuses(case) <= total <= len(ids):
            yield f"billable messages of {tenant_id}: {total} metered, {len(sure[tenant_id])} charged by Meta"


def _dead_statuses(case: Case) -> int:
    return sum(letter.queue == "statuses-dlq" for letter in case.evidence.dead_letters)


def months_are_the_messages_own(case: Case) -> Iterator[str]:
    """The month in which a message counts is that of its own time, held to what can be true of its receipt."""
    for (tenant_id, message_id), rows in case.messages.items():
        said = case.said.get((tenant_id, message_id))
        if said is None:
            continue
        claimed = int(min(said.attempts) - said.update.age)
        allowed = set()
        for at in said.attempts:
            for received in (at, at + 2):
                allowed.add(_month(max(min(float(claimed), received), received - 8 * 86_400)))
        if rows[0]["at"][:7] not in allowed:
            yield f"{message_id} counts in {rows[0]['at'][:7]}, its own time lies in {sorted(allowed)}"


def _month(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m}"


# --- I5: one customer per identity, and nothing goes back ---


def customers_are_one(case: Case) -> Iterator[str]:
    for customer in CUSTOMERS:
        for tenant_id in {number.tenant.tenant_id for number in NUMBERS}:
            own = [
                row
                for row in case.evidence.rows["CustomersTable"]
                if row["phoneNumber"].startswith(f"{tenant_id}#")
                and "customerId" in row
                and "aliasOf" not in row
                and _is(row, customer.phone, customer.user_id)
            ]
            if len(own) > 1:
                yield f"{len(own)} customers of {tenant_id} have the identity {customer.key[-4:]}"
            yield from (told for row in own for told in _misremembered(case, row))


def _is(row: Row, phone: str | None, user_id: str | None) -> bool:
    return (phone is not None and row.get("phone") == phone) or (user_id is not None and row.get("userId") == user_id)


def _misremembered(case: Case, row: Row) -> Iterator[str]:
    """The row against the customer's own messages."""
    name = f"{row['tenantId']}#{row['customerId']}"
    messages = [one for one in case.rows.get(name, ()) if one["sk"].startswith("m#") and one.get("direction") == "in"]
    if not messages:
        yield f"{name} is a customer who never wrote"
        return
    times = [one["at"] for one in messages]
    for attribute, expected in (("lastInteraction", max(times)), ("firstInteraction", min(times))):
        if row[attribute] != expected:
            yield f"{name}: {attribute} is {row[attribute]}, the messages say {expected}"
    if int(row["messageCount"]) != len(messages):
        yield f"{name}: messageCount is {row['messageCount']}, {len(messages)} are stored"
    state = case.by_key.get((name, keys.STATE), {})
    if state.get("lastInboundAt") != max(times):
        yield f"{name}: lastInboundAt is {state.get('lastInboundAt')}, the newest message is of {max(times)}"


def nothing_goes_back(case: Case) -> Iterator[str]:
    for change in case.evidence.history:
        old, new = change.old or {}, change.new or {}
        for name in ("lastInteraction", "lastInboundAt", "version", "messageCount"):
            if name in old and (name not in new or new[name] < old[name]):
                yield f"{change.key}: {name} went from {old[name]} back to {new.get(name)}"
        before, after = old.get("delivery"), new.get("delivery")
        if before is not None and _RANKS.get(after or "", -1) < _RANKS[before]:
            yield f"{change.key}: delivery went from {before} back to {after}"
        if "firstInteraction" in old and new.get("firstInteraction", "~") > old["firstInteraction"]:
            yield f"{change.key}: firstInteraction went forward"


def wishes_hold(case: Case) -> Iterator[str]:
    """The newest word on offers is what holds, each word is kept once, and is confirmed at most once."""
    for row in case.evidence.rows["CustomersTable"]:
        if "customerId" not in row:
            continue
        name = f"{row['tenantId']}#{row['customerId']}"
        told = sorted(one["sk"] for one in case.rows.get(name, ()) if one["sk"].startswith("consent#"))
        if (told[-1] if told else None) != row.get("optOutChange"):
            yield f"{name}: the newest word on offers is {told[-1] if told else None}, what holds is {row.get('optOutChange')}"
        newest = case.by_key.get((name, told[-1])) if told else None
        if newest is not None and newest["optedOut"] != row["optedOut"]:
            yield f"{name}: optedOut is {row['optedOut']}, the newest word says {newest['optedOut']}"
        causes = Counter(case.by_key[name, sk]["optOutCause"] for sk in told)
        yield from (f"{name}: the word {cause} is kept {n} times" for cause, n in causes.items() if n > 1)
    for (tenant_id, message_id), said in case.said.items():
        rows = case.messages.get((tenant_id, message_id))
        if rows and said.update.what in {What.STOP, What.START}:
            words = {row["optOutCause"] for row in _kind(case, "consent#") if row["tenantId"] == tenant_id}
            if message_id not in words:
                yield f"{said}: the word on offers is not kept"
    for attempt in case.evidence.acknowledged():
        for update in attempt.updates:
            tenant_id = tenant_of(update.number)
            if update.what in {What.NO_OFFERS, What.OFFERS} and tenant_id:
                key = f"{tenant_id}#{CUSTOMERS[update.customer].key}"
                known = [row for row in case.evidence.rows["CustomersTable"] if row["phoneNumber"] == key]
                if not (known and "optOutChange" in known[0]) and not _dead_statuses(case):
                    yield f"{update.what} of customer {update.customer} to {tenant_id} is not kept"


def echoes_are_kept(case: Case) -> Iterator[str]:
    """Of a customer who had written before: the message stands in the conversation, and a person has it, or had."""
    known_since = {
        change.key[0]: change.at
        for change in reversed(case.evidence.history)
        if change.table == "CustomersTable" and change.new and "customerId" in change.new
    }
    for attempt in case.evidence.acknowledged():
        for update in attempt.updates:
            tenant_id = tenant_of(update.number)
            key = f"{tenant_id}#{CUSTOMERS[update.customer].key}"
            if update.what is not What.ECHO or tenant_id is None or known_since.get(key, attempt.at) >= attempt.at:
                continue
            echo_id = bodies.echo_id(update)
            kept = any(
                row.get("messageId") == echo_id and row["tenantId"] == tenant_id and row.get("purpose") == "person"
                for row in _kind(case, "m#")
            )
            if not kept and not _dead_statuses(case):
                yield f"{echo_id} of {tenant_id}: what a person wrote is not in the conversation"


# --- I6: nothing crosses tenants ---


def rows_stay_with_their_tenant(case: Case) -> Iterator[str]:
    numbers = {number.phone_number_id: number.tenant.tenant_id for number in NUMBERS}
    for table, rows in case.evidence.rows.items():
        for row in rows:
            owner = row.get("tenantId")
            name = row.get("conversationId") or row.get("phoneNumber") or owner or ""
            if owner is not None and "#" in name and name.split("#")[0] != owner:
                yield f"{table} {name}: the row is {owner}'s, its key is not"
            number = row.get("phoneNumberId")
            if owner is not None and number in numbers and numbers[number] != owner:
                yield f"{table} {name}: the row is {owner}'s, its number {numbers[number]}'s"
    for (tenant_id, message_id), rows in case.messages.items():
        said = case.said.get((tenant_id, message_id))
        writer = CUSTOMERS[said.update.customer] if said else None
        for row in rows:
            state = case.by_key.get((row["conversationId"], keys.STATE), {})
            if writer is not None and not _is(state, writer.phone, writer.user_id):
                yield f"{message_id} of {tenant_id} stands in somebody else's conversation"


def sends_stay_with_their_tenant(case: Case) -> Iterator[str]:
    numbers = {number.phone_number_id: number.tenant.tenant_id for number in NUMBERS}
    for post in case.evidence.posts:
        tenant_id = numbers[post.phone_number_id]
        if not post.authorized:
            yield f"{post.reply_id} was sent from {tenant_id}'s number with another's token"
        foreign = [title for owner, titles in WARES.items() if owner != tenant_id for title in titles if title in post.text]
        if foreign:
            yield f"{post.reply_id} was sent by {tenant_id}, and speaks of {foreign}"
        parsed = parse_reply_id(post.reply_id)
        row = case.replies.get(post.reply_id)
        if row is not None and row["tenantId"] != tenant_id:
            yield f"{post.reply_id} is {row['tenantId']}'s, and was sent from {tenant_id}'s number"
        state = case.by_key.get((f"{tenant_id}#{parsed.customer_id}", keys.STATE)) if parsed else None
        if state is None or post.to not in {state.get("phone"), state.get("userId")}:
            yield f"{post.reply_id} was sent to somebody else than its customer"
    for one in case.evidence.published:
        body = one.body
        number = body.get("phoneNumberId")
        if numbers.get(number) != body["tenantId"] or not body["conversationId"].startswith(f"{body['tenantId']}#"):
            yield f"an event of {body['tenantId']} names the number {number}, or another's conversation"


# --- the logs ---


def logs_are_silent(case: Case) -> Iterator[str]:
    for kind, pattern in _SECRETS.items():
        if pattern.search(case.evidence.log):
            yield f"a log line holds a {kind}"


_SECRETS = {
    "phone number": re.compile("|".join(rf"(?<!\d){one.phone}(?!\d)" for one in CUSTOMERS if one.phone)),
    "user id": re.compile("|".join(re.escape(one.user_id) for one in CUSTOMERS if one.user_id)),
    "token": re.compile("|".join(re.escape(token(number)) for number in NUMBERS)),
    "app secret": re.compile(re.escape(APP_SECRET)),
    "message's text": re.compile("|".join([r"How much is", r"talk to a human", r"harpsichord", r"Ben here", "(?:what ){5}"])),
    "answer's text": re.compile("|".join(re.escape(title) for titles in WARES.values() for title in titles)),
}


# --- what they share ---

_RANKS = {"sent": 0, "failed": 1, "delivered": 2, "read": 3, "played": 4}

_MOVES = {
    (None, "sending"),
    (None, "sent"),  # what a person wrote
    ("ready", "sending"),
    ("sending", "ready"),
    ("sending", "sent"),
    ("sending", "failed"),
    ("sending", "uncertain"),
    ("uncertain", "sent"),
    ("uncertain", "failed"),
    ("sent", "failed"),
    ("failed", "sent"),  # told delivered after all
    ("ready", "sent"),
    ("ready", "failed"),
}


def _kind(case: Case, prefix: str) -> Iterator[Row]:
    return (row for row in case.evidence.rows["ConversationsTable"] if row["sk"].startswith(prefix))


def _writes(history: Sequence[Change]) -> Iterator[list[Change]]:
    """The rows of one transaction together."""
    together: list[Change] = []
    for change in history:
        if together and change.write != together[0].write:
            yield together
            together = []
        together.append(change)
    if together:
        yield together


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S}"


CHECKS: dict[str, tuple[Check, ...]] = {
    "I1": (
        acknowledged_messages_end,
        persons_are_called,
        changes_are_told,
        nothing_is_left_due,
        updates_are_kept,
        innocents_are_not_buried,
    ),
    "I2": (messages_are_recorded_once, messages_are_answered_once),
    "I3": (
        replies_are_sent_once,
        sending_is_written_first,
        replies_move_on,
        claims_fit_their_conversation,
        bursts_get_one_answer,
        stale_replies_are_not_redriven,
    ),
    "I4": (usage_is_what_is_stored, months_are_the_messages_own),
    "I5": (customers_are_one, nothing_goes_back, wishes_hold, echoes_are_kept),
    "I6": (rows_stay_with_their_tenant, sends_stay_with_their_tenant),
    "logs": (logs_are_silent,),
}


def violations(evidence: Evidence) -> list[Violation]:
    case = Case(evidence)
    return [Violation(name, told) for name, checks in CHECKS.items() for check in checks for told in check(case)]
