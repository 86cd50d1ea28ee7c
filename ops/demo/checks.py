"""What must hold after the day. Each check is told in words and proved by rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from domain.conversations import RecordedBecause
from domain.escalations import EscalationReason
from domain.media import MediaState
from domain.replies import ReplyPurpose, ReplyState
from ops.demo.account import CheckLine
from ops.demo.evidence import Evidence
from ops.demo.phones import Written
from ops.outcomes.states import FinalState
from ops.outcomes.usage import grown

Check = Callable[[Evidence], CheckLine]
_OK = 200


def run_checks(evidence: Evidence) -> list[CheckLine]:
    return [check(evidence) for check in _CHECKS]


def _webhook(evidence: Evidence) -> CheckLine:
    refused = [written for written in evidence.written if written.http_status != _OK]
    count = len(evidence.written)
    return CheckLine(check="The webhook answers 200", ok=not refused, evidence=f"{count - len(refused)} of {count}")


def _final_states(evidence: Evidence) -> CheckLine:
    states = Counter(evidence.outcomes[written.message_id].state for written in evidence.written)
    told = ", ".join(f"{count} {state}" for state, count in states.items())
    settled = all(evidence.outcomes[written.message_id].settled for written in evidence.written)
    return CheckLine(check="Every message is in a final state", ok=settled, evidence=told)


def _as_expected(evidence: Evidence) -> CheckLine:
    wrong = [written.step.at for written in evidence.written if not _expected(written, evidence)]
    told = f"{len(evidence.written)} steps" if not wrong else f"not at {', '.join(wrong)}"
    return CheckLine(check="Every step of the day ends as it should", ok=not wrong, evidence=told)


def _expected(written: Written, evidence: Evidence) -> bool:
    outcome, expected = evidence.outcomes[written.message_id], written.step.expect
    answers = evidence.answers_to(written)
    return (
        outcome.state is expected.final
        and expected.reason in {None, outcome.detail}
        and (expected.answers is None or len(answers) == expected.answers)
        and (expected.stock is None or any(_says_stock(answer.text, expected.stock) for answer in answers))
    )


def _says_stock(text: str, stock: str) -> bool:
    sold_out = any(words in text for words in ("out of stock", "agotado"))
    return sold_out == (stock == "out of stock")


def _prices(evidence: Evidence) -> CheckLine:
    asked = [written for written in evidence.written if written.step.expect.price is not None]
    right = [written for written in asked if _answered_with_price(written, evidence)]
    return CheckLine(
        check="Product questions are answered with the right price",
        ok=bool(asked) and len(right) == len(asked),
        evidence=f"{len(right)} of {len(asked)}",
    )


def _answered_with_price(written: Written, evidence: Evidence) -> bool:
    """With the price that the script expects, and with no other than the products table holds."""
    answers, expected = evidence.answers_to(written), written.step.expect.price or ""
    prices = [
        str(evidence.prices[written.step.tenant or "", product]) for answer in answers for product in answer.product_ids
    ]
    text = "\n".join(answer.text for answer in answers)
    return expected in text and bool(prices) and all(price in text for price in prices)


def _bursts(evidence: Evidence) -> CheckLine:
    bursts: dict[tuple[tuple[str, str], str], list[Written]] = {}
    for written in evidence.written:
        if written.step.burst is not None:
            bursts.setdefault((written.step.chat, written.step.burst), []).append(written)
    once = all(_answered_once(burst, evidence) for burst in bursts.values())
    sizes = ", ".join(f"{len(burst)} messages, 1 answer" for burst in bursts.values())
    return CheckLine(check="Quick messages in a row are answered once", ok=bool(bursts) and once, evidence=sizes)


def _answered_once(burst: list[Written], evidence: Evidence) -> bool:
    answers = {answer.reply_id: answer for written in burst for answer in evidence.answers_to(written)}
    return len(answers) == 1 and all(
        written.message_id in answer.answers for answer in answers.values() for written in burst
    )


def _duplicates(evidence: Evidence) -> CheckLine:
    repeated = [written for written in evidence.written if written.step.duplicates > 1]
    once = all(
        evidence.deliveries[written.message_id] >= written.step.duplicates
        and _times_stored(written, evidence) == 1
        and len(evidence.answers_to(written)) == 1
        for written in repeated
    )
    told = ", ".join(
        f"delivered {evidence.deliveries[written.message_id]} ×, stored {_times_stored(written, evidence)} ×, "
        f"answered {len(evidence.answers_to(written))} ×"
        for written in repeated
    )
    return CheckLine(check="A duplicate counts once", ok=bool(repeated) and once, evidence=told)


def _times_stored(written: Written, evidence: Evidence) -> int:
    conversation = evidence.conversations.get(written.message_id)
    messages = conversation.messages if conversation else []
    return sum(message.message_id == written.message_id for message in messages)


def _customers(evidence: Evidence) -> CheckLine:
    counted = sum(int(row["messageCount"]) for row in evidence.customers)
    written = len(evidence.conversations)
    told = f"{len(evidence.customers)} customers, {counted} messages"
    return CheckLine(check="Customers' rows count each message once", ok=counted == written, evidence=told)


def _escalated(reason: EscalationReason, words: str) -> Check:
    def check(evidence: Evidence) -> CheckLine:
        due = [written for written in evidence.written if written.step.expect.reason == reason]
        due = [written for written in due if written.step.expect.answers is None]
        told = {escalation.message_id: escalation for escalation in evidence.received[0][1]}
        published = [written for written in due if written.message_id in told]
        right = all(told[written.message_id].reason == reason for written in published)
        ok = bool(due) and len(published) == len(due) and right
        return CheckLine(check=words, ok=ok, evidence=f"{len(published)} of {len(due)} on the topic")

    return check


def _silence(evidence: Evidence) -> CheckLine:
    waiting = [
        written
        for written in evidence.written
        if written.step.expect.final is FinalState.ESCALATED and written.step.expect.answers == 0
    ]
    silent = [written for written in waiting if _only_told(written, evidence)]
    return CheckLine(
        check="The assistant is silent while a person is waited for",
        ok=bool(waiting) and len(silent) == len(waiting),
        evidence=f"{len(silent)} of {len(waiting)}: told once, answered never",
    )


def _only_told(written: Written, evidence: Evidence) -> bool:
    conversation = evidence.conversations[written.message_id]
    return [reply.purpose for reply in conversation.replies] == [ReplyPurpose.HANDOVER_NOTE]


def _opt_outs(evidence: Evidence) -> CheckLine:
    said = [written for written in evidence.written if written.step.expect.confirmations is not None]
    once = [written for written in said if _confirmed(written, evidence)]
    held = {row["customerId"]: bool(row["optedOut"]) for row in evidence.customers if "optedOut" in row}
    told = f"{len(once)} of {len(said)} confirmed once; {sum(held.values())} opted out, {len(held)} said something"
    right = held == _last_wishes(said, evidence)
    return CheckLine(
        check="A word on offers holds and is confirmed", ok=bool(said) and once == said and right, evidence=told
    )


def _confirmed(written: Written, evidence: Evidence) -> bool:
    notes = evidence.confirmations_of(written)
    return [note.state for note in notes] == [ReplyState.SENT] * (written.step.expect.confirmations or 0)


def _last_wishes(said: list[Written], evidence: Evidence) -> dict[str, bool]:
    """By customer, whether their last word of the day ends the offers."""
    return {
        state.customer_id: evidence.outcomes[written.message_id].detail == RecordedBecause.OPTED_OUT
        for written in said
        if (conversation := evidence.conversations.get(written.message_id)) and (state := conversation.state)
    }


def _quarantined(evidence: Evidence) -> CheckLine:
    due = [written for written in evidence.written if written.step.expect.final is FinalState.QUARANTINED]
    found = Counter(str(row["reason"]) for row in evidence.quarantine.values())
    told = ", ".join(f"{count} × {reason}" for reason, count in found.items())
    ok = bool(due) and {written.message_id for written in due} == set(evidence.quarantine)
    return CheckLine(check="Unknown numbers and suspended sellers are quarantined", ok=ok, evidence=told)


def _read(evidence: Evidence) -> CheckLine:
    moved = [reply for reply in evidence.replies if reply.message_id in evidence.read and reply.delivery == "read"]
    return CheckLine(
        check="A status moves a reply to read",
        ok=bool(evidence.read) and len(moved) == len(evidence.read),
        evidence=f"{len(moved)} of {len(evidence.read)} that customers read",
    )


def _usage(evidence: Evidence) -> CheckLine:
    distinct = Counter(
        written.step.tenant for written in evidence.written if written.message_id in evidence.conversations
    )
    counted = {
        tenant: counters.get("messages", 0)
        for tenant, counters in grown(evidence.usage_before, evidence.usage_after).items()
    }
    ok = all(counted[tenant] == distinct[tenant] for tenant in counted)
    told = ", ".join(f"{tenant} {count} = {distinct[tenant]}" for tenant, count in counted.items())
    return CheckLine(check="Usage equals each seller's distinct message ids", ok=ok, evidence=told)


def _subscribers(evidence: Evidence) -> CheckLine:
    everything = evidence.received[0][1]
    right = all(
        sorted(one.message_id for one in got) == sorted(one.message_id for one in everything if who.lets_through(one))
        for who, got in evidence.received
    )
    told = ", ".join(f"{who.name}: {len(got)}" for who, got in evidence.received)
    return CheckLine(
        check="Subscribers get what their filters let through", ok=right and bool(everything), evidence=told
    )


def _files(evidence: Evidence) -> CheckLine:
    files = [message.media for _, chat in evidence.chats for message in chat.messages if message.media]
    states = Counter(str(file.refusal or file.state) for file in files)
    return CheckLine(
        check="Every picture and voice note is in the library",
        ok=bool(files) and all(file.state is MediaState.STORED for file in files),
        evidence=", ".join(f"{count} {state}" for state, count in states.items()),
    )


def _dead_letters(evidence: Evidence) -> CheckLine:
    dead = {depth.queue: depth.total for depth in evidence.queues if depth.dead_letters}
    told = ", ".join(f"{queue} {count}" for queue, count in dead.items())
    return CheckLine(check="The dead-letter queues are empty", ok=not any(dead.values()), evidence=told)


def _logs(evidence: Evidence) -> CheckLine:
    told = "; ".join(evidence.logs.leaks) or f"{evidence.logs.lines} lines searched"
    return CheckLine(check="No log line tells a number, name, text or token", ok=not evidence.logs.leaks, evidence=told)


def _checks() -> Iterator[Check]:
    yield from (_webhook, _final_states, _as_expected, _prices, _bursts, _duplicates, _customers)
    yield _escalated(EscalationReason.ORDER, "An order calls a person")
    yield _escalated(EscalationReason.PERSON_REQUESTED, "A request for a person calls one, in any language")
    yield from (_silence, _opt_outs, _quarantined, _read, _usage, _files, _subscribers, _dead_letters, _logs)


_CHECKS = tuple(_checks())
