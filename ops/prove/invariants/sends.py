"""I3: at most one POST per reply, unless the one before was definitely refused; one answer per burst."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from adapters import dynamodb_keys as keys
from domain.replies import ReplyPurpose, ReplyState
from ops.prove.evidence import Change, Row
from ops.prove.graph import REFUSED_FOR_NOW, REFUSED_FORMS, Verdict
from ops.prove.invariants.case import Case, writes


def replies_are_sent_once(case: Case) -> Iterator[str]:
    for reply_id, posts in case.posts.items():
        for earlier, later in pairwise(posts):
            if earlier.verdict is not Verdict.REFUSED:
                yield f"reply {reply_id} was sent again at {clock(later.at)}; before, it was {earlier.verdict}"
                break
        if reply_id not in case.replies:
            yield f"reply {reply_id!r} was sent, and the ledger does not know it"


def refusals_are_believed(case: Case) -> Iterator[str]:
    """What Meta refuses for good is not offered again; what it refuses for now, a few times."""
    for reply_id, posts in case.posts.items():
        for earlier, later in pairwise(posts):
            in_words = earlier.kind != "text" == later.kind and earlier.answer in REFUSED_FORMS
            if earlier.verdict is Verdict.REFUSED and earlier.answer not in REFUSED_FOR_NOW and not in_words:
                yield f"reply {reply_id} was offered again at {clock(later.at)}, after {earlier.answer}"
        if len(posts) > _MOST_OFFERS:
            yield f"reply {reply_id} was offered {len(posts)} times"


_MOST_OFFERS = 6


def sending_is_written_first(case: Case) -> Iterator[str]:
    for post in case.evidence.posts:
        if post.row_state in {None, ReplyState.READY, ReplyState.FAILED}:
            state = post.row_state or "not written"
            yield f"reply {post.reply_id} was sent at {clock(post.at)} while its row was {state}"


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
    for changes in writes(case.evidence.history):
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
                received = received_at(first.position)
                same_body = abs(received - received_at(second.position)) < 1
                lag = at - received
                wait = min(lag, 60.0) if lag > _LONG_LAG + 1 else _DELAY
                split = answers[first.message_id][0].reply_id != answers[second.message_id][0].reply_id
                if same_body and then < at + wait - 1 and split:
                    yield f"{first.message_id} and {second.message_id} came in one body, and have two answers"


_LONG_LAG, _DELAY = 10.0, 4.0
"""Of `answer.await_burst` and of the queue (template.yaml: ReplyDelaySeconds)."""


def received_at(position: str) -> float:
    return int(position.split("#")[1]) / 1000


def stale_replies_are_not_redriven(case: Case) -> Iterator[str]:
    for post in case.evidence.posts:
        if post.redriven and post.window_left < -60:  # noqa: PLR2004 (it was open when the operator looked)
            yield f"reply {post.reply_id} was redriven and sent, though the 24-hour window had closed"


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


def clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S}"
