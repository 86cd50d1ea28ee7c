"""Use case: a conversation may want a reply.

The job only says that something happened; the conversation, as it is now, decides. So a job may come twice, late, or
after a crash: whatever it finds done, it does not do again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from domain import wording
from domain.assistants import Answer, CallPerson, NoReply, Turn
from domain.conversations import Handover, Owner, RecordedBecause, ReplyJob, Thread, ThreadMessage
from domain.courtesies import closes
from domain.errors import (
    BurstIncompleteError,
    MessageRefusedError,
    NumberPausedError,
    NumberThrottledError,
    SendError,
    SendHeldBackError,
    SendThrottledError,
)
from domain.escalations import EscalationReason
from domain.flooding import floods
from domain.ground import grounded_draft
from domain.hand_over import hand_over, publish
from domain.languages import detect_language
from domain.media import Media, MediaKind, MediaState
from domain.messages import MessageId, Order, month_of_position, received_at_of
from domain.model_use import ModelUse
from domain.opt_out import OptOut, language_of, refused_as_opted_out
from domain.orders import PricedOrder, priced
from domain.outbound import Content, Text, fits
from domain.pacing import PATIENCE, NumberPace, pause_after, whole_seconds
from domain.pausing import pause_sending, resume_sending, tell_alert, token_replaced
from domain.plans import BeyondPlan, Threshold
from domain.ports import (
    AccessTokens,
    AccountAlerts,
    Assistant,
    Conversations,
    Escalations,
    GroundingLog,
    HandoffNotifications,
    Messenger,
    NumberStates,
    OptOuts,
    SendLedger,
    Tenants,
    TurnCatalogue,
)
from domain.ports_usage import UsageWatch
from domain.presenting import presented
from domain.replies import REFUSED_FORM, WORKER_STOPPED, Failure, Reply, ReplyPurpose, ReplyState, SendOutcome, reply_id
from domain.tenants import SendingPause, WhatsAppNumber
from domain.waiting import WaitingStep
from domain.watch_usage import watch_usage

_LONG_LAG = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(seconds=60)


TIME_TO_SEND = timedelta(seconds=12)
"""What is kept of a function's time for the claim, the call to Meta, and whatever comes of it."""


class Answered(StrEnum):
    """What a job came to."""

    ANSWERED = "answered"
    NOTE_SENT = "note_sent"
    HANDED_OVER = "handed_over"
    NUMBER_PAUSED = "number_paused"
    """Handed over, since nothing can be sent from the seller's number."""
    SUPERSEDED = "superseded"
    PERSON_OWNS = "person_owns"
    NO_REPLY = "no_reply"
    DONE_BEFORE = "done_before"
    NOTE_REFUSED = "note_refused"
    """A note that Meta did not take: what it was to tell holds all the same."""
    TENANT_INACTIVE = "tenant_inactive"


@dataclass(frozen=True, slots=True)
class AnswerPorts:
    tenants: Tenants
    conversations: Conversations
    ledger: SendLedger
    assistant: Assistant
    messenger: Messenger
    escalations: Escalations
    opt_outs: OptOuts
    notifications: HandoffNotifications
    number_states: NumberStates
    account_alerts: AccountAlerts
    access_tokens: AccessTokens
    pace: NumberPace
    catalogue: TurnCatalogue
    grounding: GroundingLog
    usage: UsageWatch


def answer(
    job: ReplyJob,
    *,
    now: datetime,
    ports: AnswerPorts,
    asked_at: datetime | None = None,
    answer_by: datetime | None = None,
) -> Answered:
    """At most one reply for the burst that ends with the job's message, and never silence without an escalation.

    Raises `SendThrottledError` where Meta refuses for now: the job is to come back after its `retry_after`.
    `asked_at`: when the job was put on its queue, since when its patience runs.
    `answer_by`: until when the assistant may think, so that there is time left to send what it says.
    """
    number = ports.tenants.number(job.phone_number_id)
    if number is None:
        return Answered.TENANT_INACTIVE
    ports.catalogue.begin_turn()
    thread = ports.conversations.thread(job.tenant_id, job.customer_id)
    if thread is None:
        return Answered.DONE_BEFORE
    # Where the job's conversation has been merged into another since, that one decides.
    job = replace(job, customer_id=thread.conversation.customer_id)
    if not number.active:
        because = RecordedBecause.TENANT_SUSPENDED
        ports.conversations.leave_unanswered(job.tenant_id, job, thread.unanswered(), because)
        return Answered.TENANT_INACTIVE
    if token_replaced(number, ports.access_tokens):
        number = _resumed(number, now, ports)
    return _Case(job, now, asked_at or now, ports, number, thread, answer_by).run()


def _resumed(number: WhatsAppNumber, now: datetime, ports: AnswerPorts) -> WhatsAppNumber:
    """Also where another worker was faster: what the next call tells, holds."""
    resume_sending(number, now, ports)
    mended = replace(number, sending_pause=None)
    ports.tenants.remember(mended)
    return mended


def await_burst(job: ReplyJob, *, asked_at: datetime, now: datetime) -> None:
    """Raises `BurstIncompleteError` while messages received together with the job's may still be on their way.

    The queue's own delay (template.yaml: RepliesQueue) sees to that while messages are recorded as fast as they come.
    After an outage, or under a backlog, they are recorded far apart: then as long again is awaited as this one took,
    a minute at most, since each answer is charged.
    """
    lag = asked_at - received_at_of(job.position)
    wait = min(lag, _LONGEST_WAIT) - (now - asked_at)
    if lag > _LONG_LAG and wait > timedelta(0):
        raise BurstIncompleteError(math.ceil(wait.total_seconds()))


@dataclass(frozen=True, slots=True)
class _Case:
    """One job and everything that bears on it."""

    job: ReplyJob
    now: datetime
    asked_at: datetime
    ports: AnswerPorts
    number: WhatsAppNumber
    thread: Thread
    answer_by: datetime | None

    def run(self) -> Answered:  # noqa: PLR0911 (one line for each thing that a job can find)
        conversation = self.thread.conversation
        asked = self.thread.message(self.job.message_id)
        if asked is not None and asked.decision.to_be_confirmed:
            return self._confirm_opt_out(asked)
        seen_to = conversation.seen_to(self.job.position)
        left = self.thread.reply_to(self.job.message_id, ReplyPurpose.ANSWER)
        if left is not None and left.state in {ReplyState.SENDING, ReplyState.UNCERTAIN} and not seen_to:
            return self._give_up_uncertain(left)
        if conversation.owner is Owner.WAITING:
            return self._tell_of_handover(conversation.handover)
        if conversation.owner is Owner.PERSON:
            return Answered.PERSON_OWNS
        if seen_to:
            return Answered.DONE_BEFORE
        if conversation.awaiting not in {self.job.message_id, None}:
            return Answered.SUPERSEDED
        if left is not None and left.state is ReplyState.READY:
            return Answered.SUPERSEDED if self.thread.overtaken(left) else self._send(left)
        if left is not None and left.state is ReplyState.FAILED:  # and the worker died before it called anybody
            return self._refused(left, left.failure)
        if conversation.awaiting is None:
            return Answered.DONE_BEFORE
        return self._ask_assistant()

    @property
    def _language(self) -> str:
        spoken_so_far = self.thread.conversation.language or self.number.tenant.language
        return detect_language("\n".join(message.words for message in self.thread.unanswered()), spoken_so_far)

    def _ask_assistant(self) -> Answered:  # noqa: PLR0911 (one line for each thing that can come of a turn)
        if self.number.sending_pause is not None:
            return self._call_person(EscalationReason.NUMBER_PAUSED, tell=False)
        if self._held_back and self._out_of_patience():
            return self._call_person(EscalationReason.SEND_FAILED, tell=False)
        burst = self.thread.unanswered()
        because = closes(burst, self.thread.entries)
        if because is not None:
            return self._return_courtesy(burst, because)
        if floods(self.thread, self.now):
            return self._call_person(EscalationReason.TOO_MANY_MESSAGES, tell=True)
        beyond_plan = watch_usage(self.number, self.now, self.ports) is Threshold.REACHED
        if beyond_plan and self.number.tenant.beyond_plan is BeyondPlan.PERSON:
            return self._call_person(EscalationReason.PLAN_LIMIT, tell=True)
        self._wait_for_number()
        self._show_typing()
        turn = Turn(
            self.number.tenant,
            self._language,
            burst,
            self.thread.entries,
            attachments=_stored(burst, self.ports.assistant.takes),
            without_model=beyond_plan,
            answer_by=self.answer_by,
        )
        match grounded_draft(turn, ports=self.ports):
            case CallPerson(reason=reason, use=use):
                return self._call_person(reason, tell=True, use=use)
            case NoReply(because=because):
                return self._leave_unanswered(burst, because)
            case Answer(text=text, use=use) if not fits(text):
                return self._call_person(EscalationReason.NO_ANSWER, tell=True, use=use)
            case Answer() as drafted:
                return self._send(self._answering(burst, drafted))

    def _answering(self, burst: tuple[ThreadMessage, ...], drafted: Answer) -> Reply:
        answers = tuple(message.message_id for message in burst)
        reply = self._reply(ReplyPurpose.ANSWER, drafted.text, answers, drafted.product_ids, drafted.use)
        shop = self.number.tenant.name
        return replace(reply, shown=presented(drafted, self.number.catalog_id, shop, self._language))

    def _return_courtesy(self, burst: tuple[ThreadMessage, ...], because: RecordedBecause) -> Answered:
        """No answer, and no sign of one coming, unless the seller wants thanks to be returned."""
        if not self.number.tenant.replies.thanks:
            return self._leave_unanswered(burst, because)
        self._wait_for_number()
        answers = tuple(message.message_id for message in burst)
        return self._send(self._reply(ReplyPurpose.ANSWER, wording.say(wording.WELCOME, self._language), answers))

    def _leave_unanswered(self, burst: tuple[ThreadMessage, ...], because: RecordedBecause) -> Answered:
        closed = self.ports.conversations.leave_unanswered(self.job.tenant_id, self.job, burst, because)
        return Answered.NO_REPLY if closed else Answered.SUPERSEDED

    def _reply(
        self,
        purpose: ReplyPurpose,
        text: str,
        answers: tuple[MessageId, ...],
        product_ids: tuple[str, ...] = (),
        use: ModelUse | None = None,
    ) -> Reply:
        return Reply(
            reply_id=reply_id(self.job.customer_id, self.job.position, purpose),
            purpose=purpose,
            text=text,
            state=ReplyState.READY,
            reply_to=self.job.message_id,
            answers=answers,
            created_at=self.now,
            product_ids=product_ids,
            use=use,
        )

    def _show_typing(self) -> None:
        try:
            self.ports.messenger.mark_read(self.number, self.job.message_id)
        except SendError:
            return  # a courtesy: what is wrong with the number, the answer itself will tell

    def _send(self, reply: Reply) -> Answered:
        """Claims the reply, makes the one call to Meta, and writes down what became of it."""
        job, ledger = self.job, self.ports.ledger
        if self.number.sending_pause is None and not self._out_of_patience(reply):
            self._wait_for(reply)
            self._wait_for_number()
        if not ledger.claim(job.tenant_id, job, reply, self._language):
            return Answered.SUPERSEDED
        try:
            outcome = self._offer(reply)
        except SendError as error:
            return self._not_sent(reply, error)
        self.ports.pace.accepted(self.number.phone_number_id)
        ledger.settle(job.tenant_id, job, reply, outcome)
        self.ports.usage.add(job.tenant_id, month_of_position(job.position), reply.purpose.counters)
        watch_usage(self.number, self.now, self.ports)
        return Answered.ANSWERED if reply.purpose is ReplyPurpose.ANSWER else Answered.NOTE_SENT

    def _offer(self, reply: Reply) -> SendOutcome:
        """The one call; where it is known to be refused it is not made, and the reply ends as if it had been.

        Where Meta does not know a product, or takes a form for a wrong one, the text is offered in its place.
        """
        pause = self.number.sending_pause
        if pause is not None:
            raise NumberPausedError(pause.code, pause.title)
        if self._held_back:
            raise SendHeldBackError(whole_seconds(self._held_back))
        try:
            return SendOutcome(ReplyState.SENT, self._sent_as(reply, reply.shown or Text(reply.text)))
        except MessageRefusedError as error:
            if reply.shown is None or error.code not in REFUSED_FORM:
                raise
        return SendOutcome(ReplyState.SENT, self._sent_as(reply, Text(reply.text)), as_text=True)

    def _sent_as(self, reply: Reply, content: Content) -> MessageId:
        return self.ports.messenger.send(self.number, self.thread.conversation.recipient, content, reply.reply_id)

    @property
    def _held_back(self) -> timedelta:
        return self.ports.pace.held_back(self.number.phone_number_id, self.now)

    def _wait_for_number(self) -> None:
        if self._held_back:
            raise SendHeldBackError(whole_seconds(self._held_back))

    def _wait_for(self, reply: Reply) -> None:
        if reply.not_before is not None and reply.not_before > self.now:
            raise SendHeldBackError(whole_seconds(reply.not_before - self.now))

    def _out_of_patience(self, reply: Reply | None = None, pause: timedelta = timedelta(0)) -> bool:
        since = min(self.asked_at, reply.created_at) if reply else self.asked_at
        return self.now + pause - since > PATIENCE

    def _not_sent(self, reply: Reply, error: SendError) -> Answered:
        failure = Failure(error.code, error.title, error.details)
        if isinstance(error, NumberThrottledError):
            self.ports.pace.throttled(self.number.phone_number_id, self.now)
        pause = pause_after(reply.attempts + 1)
        if isinstance(error, SendThrottledError) and not self._out_of_patience(reply, pause):
            self._settle(reply, ReplyState.READY, failure, not_before=self.now + pause)
            error.retry_after = whole_seconds(pause)
            raise error
        refused = isinstance(error, SendThrottledError | MessageRefusedError | NumberPausedError)
        self._settle(reply, ReplyState.FAILED if refused else ReplyState.UNCERTAIN, failure)
        if not refused:
            # The status that carries our id may still settle it: the job comes back and looks once more.
            raise error
        if isinstance(error, NumberPausedError) and self.number.sending_pause is None:
            return self._pause(reply, failure, error)
        return self._refused(reply, failure)

    def _pause(self, reply: Reply, failure: Failure, error: NumberPausedError) -> Answered:
        """Every further call would be refused alike: this worker makes none, and the others learn of it."""
        pause = SendingPause(self.now, error.code, error.title, error.token_fingerprint)
        paused = replace(self.number, sending_pause=pause)
        alert = pause_sending(paused, pause, self.ports)
        self.ports.tenants.remember(paused)
        refused = self._refused(reply, failure, paused=True)
        if alert is not None:
            tell_alert(alert, self.ports)
        return refused

    def _refused(self, reply: Reply, failure: Failure | None, *, paused: bool = False) -> Answered:
        """A person gets what Meta refused for good; what its refusal says of the customer is kept."""
        if refused_as_opted_out(failure):
            # Of the reply's own time: a worker that died here is followed by one that writes the same row. In whole
            # seconds, as Meta's are: a START of the same second is the newer word.
            opt_out = OptOut.told_by_refusal(reply.created_at.replace(microsecond=0), reply.reply_id)
            self.ports.opt_outs.keep(self.job.tenant_id, self.thread.conversation.recipient, opt_out)
        if reply.purpose in {ReplyPurpose.OPT_OUT_NOTE, ReplyPurpose.WAITING_NOTE}:
            return Answered.NOTE_REFUSED
        paused = paused or self.number.sending_pause is not None
        return self._call_person(EscalationReason.NUMBER_PAUSED if paused else EscalationReason.SEND_FAILED, tell=False)

    def _settle(
        self, reply: Reply, state: ReplyState, failure: Failure | None, not_before: datetime | None = None
    ) -> None:
        outcome = SendOutcome(state, failure=failure, not_before=not_before)
        self.ports.ledger.settle(self.job.tenant_id, self.job, reply, outcome)

    def _settle_as_uncertain(self, reply: Reply) -> None:
        self._settle(reply, ReplyState.UNCERTAIN, WORKER_STOPPED)

    def _give_up_uncertain(self, reply: Reply) -> Answered:
        """A worker died while it sent, or Meta gave no answer, and no status has come since: a person must look."""
        if reply.state is ReplyState.SENDING:
            self._settle_as_uncertain(reply)
        return self._call_person(EscalationReason.REPLY_UNCERTAIN, tell=False)

    def _call_person(self, reason: EscalationReason, *, tell: bool, use: ModelUse | None = None) -> Answered:
        handed_over = hand_over(
            self.thread.conversation,
            self.job,
            reason,
            now=self.now,
            tell=tell,
            ports=self.ports,
        )
        if not handed_over:
            return Answered.SUPERSEDED
        if tell:
            self._send_note(reason, use)
        return Answered.NUMBER_PAUSED if reason is EscalationReason.NUMBER_PAUSED else Answered.HANDED_OVER

    def _tell_of_handover(self, handover: Handover | None) -> Answered:
        """Finishes what a rule, or a worker that died, began: the escalation published, the customer told once."""
        if handover is None or handover.message_id != self.job.message_id:
            return Answered.PERSON_OWNS
        publish(
            self.job.tenant_id,
            self.job.customer_id,
            self.job.position,
            ports=self.ports,
        )
        note = self.thread.reply_to(self.job.message_id, ReplyPurpose.HANDOVER_NOTE)
        if note is not None and note.state is not ReplyState.READY:
            return self._tell_of_wait(handover) or Answered.DONE_BEFORE
        if handover.told and note is None:
            return self._tell_of_wait(handover) or Answered.PERSON_OWNS
        return self._send(note) if note is not None else self._send_note(handover.reason)

    def _tell_of_wait(self, handover: Handover) -> Answered | None:
        """The note that nobody has come yet, where the sweeper has decided upon it and it can be sent."""
        note = self.thread.reply_to(self.job.message_id, ReplyPurpose.WAITING_NOTE)
        wanted = (
            handover.step is WaitingStep.NOTE and not handover.noted if note is None else note.state is ReplyState.READY
        )
        if not wanted or not self.thread.conversation.window_open(self.now):
            return None
        text = wording.waiting_note(self._language_of_job, self._opens_again)
        return self._send(note or self._reply(ReplyPurpose.WAITING_NOTE, text, ()))

    def _send_note(self, reason: EscalationReason, use: ModelUse | None = None) -> Answered:
        asked = self.thread.message(self.job.message_id)
        if reason is EscalationReason.ORDER and asked is not None and asked.order and asked.order.product_items:
            return self._confirm_order(asked.order, asked.priced)
        note = wording.handover_note(reason, self._language_of_job, self._opens_again)
        return self._send(self._reply(ReplyPurpose.HANDOVER_NOTE, note, (), use=use))

    def _confirm_order(self, order: Order, when_it_came: PricedOrder | None) -> Answered:
        """The one message that tells the customer of their order: what it comes to, and what has changed."""
        told = when_it_came or priced(order, partial(self.ports.catalogue.product, self.job.tenant_id))
        text = wording.order_note(told, self._language_of_job, self._opens_again)
        note = self._reply(ReplyPurpose.HANDOVER_NOTE, text, ())
        return self._send(replace(note, order=told))

    @property
    def _language_of_job(self) -> str:
        asked = self.thread.message(self.job.message_id)
        spoken_so_far = self.thread.conversation.language or self.number.tenant.language
        return detect_language(asked.words if asked else "", spoken_so_far)

    @property
    def _opens_again(self) -> datetime | None:
        return self.number.tenant.opening_hours.next_opening(self.now)

    def _confirm_opt_out(self, asked: ThreadMessage) -> Answered:
        """Tells the customer what holds now: once, the newest word alone, and not where a person speaks.

        A confirmation that is refused or unclear calls nobody.
        """
        note = self.thread.reply_to(self.job.message_id, ReplyPurpose.OPT_OUT_NOTE)
        if note is not None and note.state is not ReplyState.READY:
            if note.state is ReplyState.SENDING:
                self._settle_as_uncertain(note)
            return Answered.DONE_BEFORE
        conversation = self.thread.conversation
        if conversation.owner is Owner.PERSON:
            return Answered.PERSON_OWNS
        if self.thread.newest_to_be_confirmed() != asked:
            return Answered.SUPERSEDED
        if not conversation.window_open(self.now):
            return Answered.NO_REPLY
        language = language_of(asked.words, conversation.language or self.number.tenant.language)
        opted_out = asked.decision.reason is RecordedBecause.OPTED_OUT
        text = wording.say(wording.OPTED_OUT_NOTE if opted_out else wording.OPTED_IN_NOTE, language)
        return self._send(note or self._reply(ReplyPurpose.OPT_OUT_NOTE, text, ()))


def _stored(burst: tuple[ThreadMessage, ...], kinds: frozenset[MediaKind]) -> tuple[Media, ...]:
    sent = (message.media for message in burst)
    return tuple(media for media in sent if media and media.state is MediaState.STORED and media.kind in kinds)
