"""Use case: a person, or the seller's own system, sends something to a customer.

It keeps the promises that answers keep: written down before the call, never repeated, settled by the status that
carries its id. Whoever sends sees what became of it, so nobody is called where it failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.change_owner import change_owner
from domain.conversations import Conversation, Owner, ReplyJob
from domain.customers import CustomerId
from domain.dispatches import Dispatch
from domain.errors import (
    ContentionError,
    MarketingRefusedError,
    NotAllowedError,
    NotFoundError,
    NumberPausedError,
    OutsideWindowError,
    SendError,
    SendUncertainError,
    TemplateRefusedError,
)
from domain.messages import MessageId, position_of_send
from domain.opt_out import OptOut, may_send, refused_as_opted_out
from domain.outbound import Template, words_of
from domain.ownership import Change
from domain.pausing import pause_sending, tell_alert
from domain.ports import (
    AccountAlerts,
    Conversations,
    HandoffNotifications,
    Messenger,
    NumberStates,
    OptOuts,
    SendLedger,
    TemplateCatalogue,
    Tenants,
)
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState, SendOutcome, reply_id
from domain.templates import MessageTemplate, check_parameters, proposed
from domain.tenants import SendingPause, TenantId, WhatsAppNumber

_TRIES = 3


@dataclass(frozen=True, slots=True)
class SendPorts:
    tenants: Tenants
    conversations: Conversations
    ledger: SendLedger
    messenger: Messenger
    templates: TemplateCatalogue
    opt_outs: OptOuts
    notifications: HandoffNotifications
    number_states: NumberStates
    account_alerts: AccountAlerts


def send(tenant_id: TenantId, customer_id: CustomerId, dispatch: Dispatch, *, now: datetime, ports: SendPorts) -> Reply:
    """The row as it stands afterwards: SENT, FAILED with Meta's code and words, or UNCERTAIN.

    The same key again sends nothing and returns what became of it; SENDING, while that is under way or its worker has
    died. A person who sends takes the conversation over, unless another person has it.

    Raises, and nothing was sent: `NotAllowedError`, `OutboundRefusedError`; `ContentionError` where the conversation
    kept changing, after which the same key may be tried again.
    """
    for _ in range(_TRIES + 1):
        before = _sent(tenant_id, customer_id, dispatch, ports)
        if before is not None:
            return before
        conversation, number = _conversation(tenant_id, customer_id, ports)
        if conversation.customer_id != customer_id:  # merged into another since the page was opened
            customer_id = conversation.customer_id
            continue
        _check(dispatch, conversation, number, now, ports)
        try:
            _take_over(dispatch, conversation, now, ports)
        except ContentionError:
            continue
        job, reply = _written(conversation, dispatch, now)
        if ports.ledger.claim_send(tenant_id, job, reply, dispatch):
            _call_meta(job, reply, dispatch, conversation, number, ports)
            return _sent(tenant_id, customer_id, dispatch, ports) or reply
    raise ContentionError("the conversation kept changing while something was sent: look at it, then try again")


def _sent(tenant_id: TenantId, customer_id: CustomerId, dispatch: Dispatch, ports: SendPorts) -> Reply | None:
    sent = ports.ledger.sent_under(tenant_id, customer_id, dispatch.key)
    if sent is not None and sent.fingerprint != dispatch.fingerprint:
        raise NotAllowedError("this key was used for another message: give each message a key of its own")
    return sent.reply if sent else None


def _conversation(
    tenant_id: TenantId, customer_id: CustomerId, ports: SendPorts
) -> tuple[Conversation, WhatsAppNumber]:
    thread = ports.conversations.thread(tenant_id, customer_id)
    if thread is None:
        raise NotFoundError("there is no conversation with this customer: they have to write first")
    number = ports.tenants.number(thread.conversation.phone_number_id)
    if number is None or number.tenant.tenant_id != tenant_id or not number.active:
        raise NotAllowedError("the seller's number is not active: nothing is sent from it")
    if number.sending_pause is not None:
        pause = number.sending_pause
        raise NotAllowedError(
            f"sending from this number is paused, since Meta refuses it ({pause.code}: {pause.title})"
        )
    return thread.conversation, number


def _check(
    dispatch: Dispatch, conversation: Conversation, number: WhatsAppNumber, now: datetime, ports: SendPorts
) -> None:
    """Whatever can be known without asking Meta."""
    content, others = dispatch.content, conversation.person not in {None, dispatch.by}
    if dispatch.person and conversation.owner is Owner.PERSON and others:
        raise NotAllowedError(
            f"{conversation.person_name or conversation.person} has this conversation: take it over first"
        )
    if isinstance(content, Template):
        _check_template(content, conversation, number, ports)
    elif not dispatch.person:
        raise NotAllowedError("the seller's system informs by templates alone: who wants to talk is a person")
    elif not conversation.window_open(now):
        allowed = sendable_templates(conversation, number, ports)
        raise OutsideWindowError(tuple((template.name, template.language) for template in allowed))


def sendable_templates(
    conversation: Conversation, number: WhatsAppNumber, ports: SendPorts
) -> Sequence[MessageTemplate]:
    """What may be sent at any hour, the customer's language first, then the seller's."""
    tenant = number.tenant
    known = ports.templates.of_account(tenant.tenant_id, number.waba_id)
    languages = list(filter(None, (conversation.language, tenant.language)))
    return proposed(known, languages, ports.opt_outs.current(tenant.tenant_id, conversation.recipient))


def _check_template(content: Template, conversation: Conversation, number: WhatsAppNumber, ports: SendPorts) -> None:
    tenant_id = number.tenant.tenant_id
    template = ports.templates.find(tenant_id, number.waba_id, content.name, content.language)
    label = f"{content.name} ({content.language})"
    if template is None:
        raise TemplateRefusedError(f"{label} is not in the catalogue: check name and language, or synchronise it")
    if not template.sendable:
        because = f" ({template.rejected_reason})" if template.rejected_reason else ""
        raise TemplateRefusedError(f"{label} is {template.status}{because}: only an approved template can be sent")
    if not may_send(template.priced_as, ports.opt_outs.current(tenant_id, conversation.recipient)):
        raise MarketingRefusedError(f"{label} is marketing, and this customer has stopped offers")
    check_parameters(template, content)


def _take_over(dispatch: Dispatch, conversation: Conversation, now: datetime, ports: SendPorts) -> None:
    if dispatch.person and conversation.owner is not Owner.PERSON:
        change_owner(
            conversation,
            Change.TAKEN_OVER,
            by=dispatch.by,
            reason="wrote to the customer",
            now=now,
            ports=ports,
            person=dispatch.by,
            by_name=dispatch.by_name,
        )


def _written(conversation: Conversation, dispatch: Dispatch, now: datetime) -> tuple[ReplyJob, Reply]:
    position = position_of_send(now, dispatch.key)
    job = ReplyJob(
        tenant_id=conversation.tenant_id,
        phone_number_id=conversation.phone_number_id,
        customer_id=conversation.customer_id,
        message_id=MessageId(dispatch.key),
        position=position,
    )
    reply = Reply(
        reply_id=reply_id(conversation.customer_id, position, ReplyPurpose.SEND),
        purpose=ReplyPurpose.SEND,
        text=words_of(dispatch.content),
        state=ReplyState.SENDING,
        reply_to=dispatch.in_reply_to or MessageId(""),
        answers=(),
        created_at=now,
        attempts=1,
        by=dispatch.by,
        by_name=dispatch.by_name,
    )
    return job, reply


def _call_meta(  # noqa: PLR0913, PLR0917 (one call, and all that it takes)
    job: ReplyJob,
    reply: Reply,
    dispatch: Dispatch,
    conversation: Conversation,
    number: WhatsAppNumber,
    ports: SendPorts,
) -> None:
    try:
        message_id = ports.messenger.send(
            number, conversation.recipient, dispatch.content, reply.reply_id, in_reply_to=dispatch.in_reply_to
        )
    except NumberPausedError as error:
        ports.ledger.settle(job.tenant_id, job, reply, _failed(error))
        _pause(number, error, reply.created_at, ports)
        return
    except SendError as error:
        failure = Failure(error.code, error.title, error.details)
        if refused_as_opted_out(failure):
            at = reply.created_at.replace(microsecond=0)  # as Meta's times
            opt_out = OptOut.told_by_refusal(at, reply.reply_id)
            ports.opt_outs.keep(job.tenant_id, conversation.recipient, opt_out)
        state = ReplyState.UNCERTAIN if isinstance(error, SendUncertainError) else ReplyState.FAILED
        outcome = SendOutcome(state, failure=failure)
    else:
        outcome = SendOutcome(ReplyState.SENT, message_id)
    ports.ledger.settle(job.tenant_id, job, reply, outcome)


def _failed(error: SendError) -> SendOutcome:
    return SendOutcome(ReplyState.FAILED, failure=Failure(error.code, error.title, error.details))


def _pause(number: WhatsAppNumber, error: NumberPausedError, now: datetime, ports: SendPorts) -> None:
    """As where an answer is refused so: every further call would be."""
    pause = SendingPause(now, error.code, error.title, error.token_fingerprint)
    paused = replace(number, sending_pause=pause)
    alert = pause_sending(paused, pause, ports)
    ports.tenants.remember(paused)
    if alert is not None:
        tell_alert(alert, ports)
