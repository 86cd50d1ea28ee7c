"""Use case: a customer's message has come in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.amend import amend
from domain.amendments import NOTHING_WAITED, Amendments, Waited
from domain.catalogue import ProductId
from domain.change_owner import publish_change
from domain.conversations import (
    FREE_FORM_WINDOW,
    Decision,
    Disposition,
    OwnedBy,
    Owner,
    Recorded,
    RecordedBecause,
    Recording,
    ReplyJob,
    TwoCustomers,
)
from domain.errors import ContentionError
from domain.escalations import EscalationReason, reason_to_escalate
from domain.hand_over import publish
from domain.media import MediaJob, media_of
from domain.messages import InboundMessage, Order, expects_answer, with_words
from domain.opt_out import OptOut, OptOutSource, Wish, wish_of
from domain.orders import PricedOrder, priced_at
from domain.ownership import reopening
from domain.ports import (
    Conversations,
    Escalations,
    HandoffNotifications,
    Identities,
    MediaJobs,
    MessageAmendments,
    Quarantine,
    QuarantineReason,
    ReplyJobs,
    Tenants,
    quarantine_id,
)
from domain.ports_catalogue import ProductLookup
from domain.tenants import PhoneNumberId, Tenant, TenantId
from domain.tombstones import Erased, Tombstones
from domain.unite import unite
from domain.usage import credible_time

_TRIES = 6
_OPT_OUT_REASONS = {Wish.STOP: RecordedBecause.OPTED_OUT, Wish.RESUME: RecordedBecause.OPTED_IN}


class Outcome(StrEnum):
    QUARANTINED = "quarantined"
    ESCALATED = "escalated"
    REPLY_DUE = "reply_due"
    RECORDED = "recorded"
    OPT_OUT_CHANGED = "opt_out_changed"
    """Recorded, with what it says of offers; the customer is told, once."""
    ERASED = "erased"
    """From before its sender was erased: stored nowhere, counted no more."""


@dataclass(frozen=True, slots=True)
class Received:
    outcome: Outcome
    tenant_id: TenantId | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ReceivePorts:
    tenants: Tenants
    conversations: Conversations
    amendments: MessageAmendments
    escalations: Escalations
    notifications: HandoffNotifications
    reply_jobs: ReplyJobs
    quarantine: Quarantine
    media_jobs: MediaJobs
    identities: Identities
    tombstones: Tombstones
    products: ProductLookup


def receive(message: InboundMessage, phone_number_id: PhoneNumberId, *, ports: ReceivePorts) -> Received:
    """Store it and count it once; call a person where a rule says so; ask for a reply where one is due.

    Safe to run again after a crash at any point: the transaction tells what it decided the first time, and each step
    after it is done again, with no further effect where it had been done.
    """
    number = ports.tenants.number(phone_number_id)
    if number is not None and not number.active:
        tombstone = ports.tombstones.newest(number.tenant.tenant_id, message.sender.keys)
        if tombstone and tombstone.covers(message.timestamp):
            return Received(Outcome.ERASED, number.tenant.tenant_id)
    if number is None or not number.active:
        reason = QuarantineReason.UNKNOWN_NUMBER if number is None else QuarantineReason.SUSPENDED_TENANT
        raw = {"phone_number_id": phone_number_id, "message": message.raw}
        kept_as = quarantine_id(phone_number_id, message.message_id)
        new = ports.quarantine.keep(kept_as, reason, raw, message.received_at)
        return Received(Outcome.QUARANTINED, number.tenant.tenant_id if number else None, duplicate=not new)

    tenant_id = number.tenant.tenant_id
    recorded = _record(message, phone_number_id, number.tenant, ports)
    if isinstance(recorded, Erased):
        return Received(Outcome.ERASED, tenant_id)
    disposition = recorded.decision.disposition
    amended = amend(message, recorded, tenant_id, ports=ports)
    if disposition is not Disposition.RECORD or recorded.decision.to_be_confirmed or amended:
        position = recorded.position
        ports.reply_jobs.put(ReplyJob(tenant_id, phone_number_id, recorded.customer_id, message.message_id, position))
    if disposition is Disposition.ESCALATE:
        publish(tenant_id, recorded.customer_id, recorded.position, ports=ports)
    if recorded.reopened:
        change = reopening(tenant_id, recorded.customer_id, phone_number_id, recorded.position, message.received_at)
        publish_change(change, ports)
    if media_of(message.content) is not None:
        ports.media_jobs.put(MediaJob(tenant_id, recorded.customer_id, recorded.position))
    outcomes = {
        Disposition.ANSWER: Outcome.REPLY_DUE,
        Disposition.ESCALATE: Outcome.ESCALATED,
        Disposition.RECORD: Outcome.REPLY_DUE if amended else Outcome.RECORDED,
    }
    outcome = Outcome.OPT_OUT_CHANGED if recorded.decision.to_be_confirmed else outcomes[disposition]
    return Received(outcome, tenant_id, duplicate=not recorded.new)


def _record(
    message: InboundMessage, phone_number_id: PhoneNumberId, tenant: Tenant, ports: ReceivePorts
) -> Recorded | Erased:
    # Nearly always true, and the transaction says so when it is not: no read is spent on asking.
    assumed = OwnedBy(Owner.ASSISTANT, resolved=False)
    waited = NOTHING_WAITED
    order = _priced(message, tenant.tenant_id, ports)
    for _ in range(_TRIES):
        recording = replace(_recording(message, phone_number_id, tenant, assumed, waited), priced=order)
        match ports.conversations.record(tenant.tenant_id, recording):
            case Recorded() | Erased() as result:
                return result
            case OwnedBy() as assumed:
                continue
            case Waited() as waited:
                continue
            case TwoCustomers() as two:
                if unite(two, tenant.tenant_id, message, ports=ports):
                    return Erased()
    raise ContentionError("the customer or the conversation kept changing while a message was stored")


def _priced(message: InboundMessage, tenant_id: TenantId, ports: ReceivePorts) -> PricedOrder | None:
    """Before it is stored, so that whoever reads the conversation, or is told of the order, sees one price."""
    cart = message.content
    if not isinstance(cart, Order) or not cart.product_items:
        return None
    ids = dict.fromkeys(ProductId(item.product_retailer_id) for item in cart.product_items)
    return priced_at(cart, ports.products.get(tenant_id, list(ids)), message.received_at)


def _recording(
    message: InboundMessage, phone_number_id: PhoneNumberId, tenant: Tenant, state: OwnedBy, waited: Waited
) -> Recording:
    decision = _decide_amended(message, waited.amendments, tenant, state.owner)
    at = credible_time(message.timestamp, message.received_at)
    return Recording(
        message=message,
        at=at,
        customer_id=message.sender.first_customer_id(tenant.tenant_id),
        decision=decision,
        phone_number_id=phone_number_id,
        takes_over=decision.disposition is Disposition.ESCALATE and state.owner is Owner.ASSISTANT,
        tell=not _late(message),
        opt_out=_opt_out(message, at, decision),
        reopens=state.resolved and decision.disposition is not Disposition.RECORD,
        waited=waited,
    )


def _opt_out(message: InboundMessage, at: datetime, decision: Decision) -> OptOut | None:
    """A word that was edited or revoked before it came still ends offers; it does not bring them back."""
    wish = wish_of(message)
    if wish is None or (wish is Wish.RESUME and not decision.to_be_confirmed):
        return None
    return OptOut(
        opted_out=wish is Wish.STOP,
        since=at,
        told_at=message.received_at,
        source=OptOutSource.WORD,
        cause=message.message_id,
    )


def decide(message: InboundMessage, tenant: Tenant, owner: Owner) -> Decision:
    """Whether a message calls a person, waits for an answer, or is only kept.

    A word on offers comes first: whatever else it could mean, it ends them, and it is no question.
    Who already waits for a person, or talks to one, is not announced again, however often they ask; but every order
    is, since the seller must know of each.
    """
    wish = wish_of(message)
    if wish is not None:
        return Decision(Disposition.RECORD, _OPT_OUT_REASONS[wish])
    reason = reason_to_escalate(message, tenant)
    if reason is not None and (owner is Owner.ASSISTANT or reason is EscalationReason.ORDER):
        return Decision(Disposition.ESCALATE, reason)
    return _decide_calmly(message)


def _decide_amended(message: InboundMessage, amendments: Amendments, tenant: Tenant, owner: Owner) -> Decision:
    """About a message that was edited or revoked before it came. The rules have been applied to the edit itself."""
    if amendments.revoked_at:
        return Decision(Disposition.RECORD, RecordedBecause.REVOKED)
    if amendments.edit is None:
        return decide(message, tenant, owner)
    edited = replace(message, content=with_words(message.content, amendments.edit.words))
    if wish_of(edited) is not None:
        return Decision(Disposition.RECORD, RecordedBecause.NO_ANSWER_EXPECTED)
    return _decide_calmly(edited)


def _decide_calmly(message: InboundMessage) -> Decision:
    if not expects_answer(message):
        return Decision(Disposition.RECORD, RecordedBecause.NO_ANSWER_EXPECTED)
    if _late(message):
        return Decision(Disposition.RECORD, RecordedBecause.LATE)
    return Decision(Disposition.ANSWER)


def _late(message: InboundMessage) -> bool:
    """Whether Meta's 24-hour window had closed before the message reached us."""
    return message.received_at - message.timestamp >= FREE_FORM_WINDOW
