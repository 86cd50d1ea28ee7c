"""From the evidence to the account that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from domain.conversations import ThreadMessage
from domain.messages import MessageId
from domain.replies import Reply, ReplyPurpose, ReplyState
from ops.demo.account import (
    Account,
    Chat,
    CheckLine,
    CustomerLine,
    EscalationLine,
    Line,
    QuarantineLine,
    QueueLine,
    StepLine,
    TableLine,
    UsageLine,
)
from ops.demo.evidence import Evidence
from ops.demo.phones import Written
from ops.outcomes.conversations import StoredConversation
from ops.outcomes.usage import grown

_AUTHORS = {
    ReplyPurpose.ANSWER: "assistant",
    ReplyPurpose.HANDOVER_NOTE: "assistant (hand-over note)",
    ReplyPurpose.WAITING_NOTE: "assistant (waiting note)",
    ReplyPurpose.OPT_OUT_NOTE: "assistant (confirmation)",
    ReplyPurpose.PERSON: "a person",
    ReplyPurpose.SEND: "a person",
}


def account_of(evidence: Evidence, checks: list[CheckLine], run: str, seconds: float) -> Account:
    return Account(
        run=run,
        seconds=round(seconds, 1),
        steps=[_step(written, evidence) for written in evidence.written],
        chats=[_chat(first, conversation, evidence) for first, conversation in evidence.chats],
        escalations=list(_escalations(evidence)),
        subscribers={who.name: len(got) for who, got in evidence.received},
        usage=list(_usage(evidence)),
        customers=[_customer(row) for row in evidence.customers],
        quarantine=list(_quarantine(evidence)),
        tables=[
            TableLine(table=name, rows_before=evidence.tables_before[name], rows_after=count)
            for name, count in evidence.tables_after.items()
        ],
        queues=[
            QueueLine(queue=depth.queue, waiting=depth.waiting, in_flight=depth.in_flight, delayed=depth.delayed)
            for depth in evidence.queues
        ],
        checks=checks,
    )


def _step(written: Written, evidence: Evidence) -> StepLine:
    outcome = evidence.outcomes[written.message_id]
    return StepLine(
        at=written.step.at,
        note=written.step.note,
        expected=written.step.expect.final,
        state=outcome.state,
        detail=outcome.detail,
    )


def _chat(first: Written, conversation: StoredConversation, evidence: Evidence) -> Chat:
    customer = first.step.customer
    clock = {written.message_id: written.step.at for written in evidence.written}
    return Chat(
        tenant=first.step.tenant or "",
        customer=customer.name,
        identity=_identity(customer.wa_id, customer.user_id),
        owner=str(conversation.state.owner) if conversation.state else "",
        lines=[
            _inbound(entry, customer.name, clock, conversation)
            if isinstance(entry, ThreadMessage)
            else _outbound(entry)
            for entry in conversation.entries
        ],
    )


def _inbound(message: ThreadMessage, name: str, clock: Mapping[str, str], conversation: StoredConversation) -> Line:
    outcome = conversation.outcome_of(MessageId(message.message_id))
    kind = f"{message.type}, {message.media.refusal or message.media.state}" if message.media else message.type
    words = message.words if message.type == "text" else f"[{kind}] {message.words}".rstrip()
    return Line(
        at=clock.get(message.message_id, ""),
        by=name,
        words=words,
        delivery="",
        outcome=f"{outcome.state}: {outcome.detail}" if outcome.detail else str(outcome.state),
        inbound=True,
    )


def _outbound(reply: Reply) -> Line:
    delivery = reply.delivery or str(reply.state)
    if reply.state is ReplyState.FAILED and reply.failure is not None:
        delivery = f"failed ({reply.failure.code})"
    return Line(at="", by=_AUTHORS[reply.purpose], words=reply.text, delivery=delivery, outcome="", inbound=False)


def _escalations(evidence: Evidence) -> Iterator[EscalationLine]:
    """As the subscriber without a filter got them, in the day's order."""
    names = {written.message_id: written.step.customer.name for written in evidence.written}
    order = list(names)
    for escalation in sorted(evidence.received[0][1], key=lambda one: order.index(one.message_id)):
        yield EscalationLine(
            tenant=escalation.tenant,
            customer=names[escalation.message_id],
            reason=escalation.reason,
            priority=escalation.priority,
            received_by=[who.name for who, got in evidence.received if escalation in got],
        )


def _usage(evidence: Evidence) -> Iterator[UsageLine]:
    for tenant, counters in grown(evidence.usage_before, evidence.usage_after).items():
        for counter, this_run in sorted(counters.items()):
            yield UsageLine(
                tenant=tenant, counter=counter, this_run=this_run, months=evidence.usage_after[tenant][counter]
            )


def _customer(row: Mapping[str, Any]) -> CustomerLine:
    return CustomerLine(
        tenant=row["tenantId"],
        name=row.get("profileName", ""),
        known_by=_identity(row.get("phone"), row.get("userId")),
        messages=int(row["messageCount"]),
        last_interaction=row["lastInteraction"],
    )


def _quarantine(evidence: Evidence) -> Iterator[QuarantineLine]:
    for written in evidence.written:
        row = evidence.quarantine.get(written.message_id)
        if row is not None:
            yield QuarantineLine(
                at=written.step.at,
                to=written.step.tenant or f"number {written.phone_number_id}",
                reason=str(row["reason"]),
                kind=written.step.send["type"],
            )


def _identity(phone: str | None, user_id: str | None) -> str:
    return " and ".join([*([f"+{phone}"] if phone else []), *([user_id] if user_id else [])])
