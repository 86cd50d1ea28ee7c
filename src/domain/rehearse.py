"""Use case: a seller's admin asks what a customer would, and sees what the assistant would answer.

It goes the way of a customer's message through the rules, the assistant and the guard to the form of the answer
(`receive.decide`, `answer`). Among its ports is none that sends, and none that keeps a conversation: nothing is sent,
stored or counted as a reply. What a model takes for it is paid for, so it counts as any other use of the model does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain import wording
from domain.access import Principal, Role
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.conversations import Decision, Disposition, Owner, RecordedBecause
from domain.courtesies import closes
from domain.errors import InvalidInputError, NotAllowedError, NotFoundError, TooManyRequestsError
from domain.escalations import EscalationReason
from domain.findings import Finding
from domain.ground import grounded_draft
from domain.languages import detect_language
from domain.opt_out import language_of
from domain.outbound import Content, fits
from domain.plans import BeyondPlan, Threshold, threshold_of
from domain.ports import Assistant, CatalogueSearch, GroundingLog
from domain.presenting import presented
from domain.receive import decide
from domain.rehearsals import MOST_REMEMBERED, Exchange, RehearsalPorts, Rehearsed, Said, history_of, kept, message_of
from domain.request_limits import take
from domain.tenants import Tenant, TenantId, TenantStatus
from domain.usage import month_of

A_MINUTE = 20
"""Questions that one tenant may ask in a minute: each may be paid for."""
LONGEST_QUESTION = 1000
_CONFIRMED = {RecordedBecause.OPTED_OUT: wording.OPTED_OUT_NOTE, RecordedBecause.OPTED_IN: wording.OPTED_IN_NOTE}
_TIME_TO_THINK = timedelta(seconds=20)
"""Whoever asked waits for a page, and the gateway waits 29 seconds for it."""


def rehearse(  # noqa: PLR0913 (who asks what, after what, of which assistant)
    who: Principal,
    asked: str,
    talk: Sequence[Exchange],
    change: Callable[[Tenant], Tenant],
    *,
    now: datetime,
    ports: RehearsalPorts,
) -> Rehearsed:
    """`change`: what a form says and is not saved yet; of it, what the assistant is told of itself holds here.

    Raises `ForbiddenError`, `InvalidInputError`, `InvalidSettingsError`, `NotAllowedError`, `TooManyRequestsError`.
    """
    who.demand(Role.TENANT_ADMIN)
    if not asked.strip() or len(asked) > LONGEST_QUESTION:
        raise InvalidInputError("/question", f"1 to {LONGEST_QUESTION:,} characters")
    tenant_id = who.tenant()
    tenant = ports.profiles.find(tenant_id)
    if tenant is None:
        raise NotFoundError("no such tenant")
    if tenant.status is TenantStatus.SUSPENDED:
        raise NotAllowedError("while a tenant is suspended, its assistant answers nobody")
    typed = _as_typed(tenant, change(tenant))
    allowance = take(f"rehearsal:{tenant_id}", A_MINUTE, now, ports.counts)
    if allowance.exceeded:
        raise TooManyRequestsError(allowance.seconds_left)
    return _Rehearsal(typed, asked, tuple(talk[-MOST_REMEMBERED:]), now, ports).run()


def _as_typed(tenant: Tenant, typed: Tenant) -> Tenant:
    """Neither who answers, nor what that may cost, nor where orders are looked up: these hold once they are saved."""
    words = typed.assistant
    told = replace(
        tenant.assistant,
        persona=words.persona,
        tone=words.tone,
        languages=words.languages,
        forbidden_subjects=words.forbidden_subjects,
        escalation_rules=words.escalation_rules,
    )
    return replace(tenant, assistant=told, replies=typed.replies)


@dataclass(frozen=True, slots=True)
class _Noted:
    """`GroundingLog`: hears of this turn's findings, and passes them on."""

    log: GroundingLog
    findings: list[Finding] = field(default_factory=list)

    def note(self, tenant_id: TenantId, findings: Sequence[Finding], remedy: str) -> None:
        self.findings.extend(findings)
        self.log.note(tenant_id, findings, remedy)


@dataclass(frozen=True, slots=True)
class _Guarded:
    """`GroundPorts`"""

    assistant: Assistant
    catalogue: CatalogueSearch
    grounding: _Noted


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    tenant: Tenant
    asked: str
    talk: tuple[Exchange, ...]
    now: datetime
    ports: RehearsalPorts

    def run(self) -> Rehearsed:
        message = message_of(self.asked, len(self.talk), self.now)
        decision = decide(message, self.tenant, Owner.ASSISTANT)
        match decision:
            case Decision(disposition=Disposition.ESCALATE, reason=EscalationReason() as reason):
                return self._person(reason)
            case Decision(disposition=Disposition.RECORD, reason=RecordedBecause() as because):
                return self._recorded(because)
            case _:
                asked = kept(message, self.asked, decision)
        burst, history = (asked,), (*history_of(self.talk, self.now), asked)
        courtesy = closes(burst, history)
        if courtesy is not None:
            return self._courtesy(courtesy)
        beyond_plan = self._beyond_plan()
        if beyond_plan and self.tenant.beyond_plan is BeyondPlan.PERSON:
            return self._person(EscalationReason.PLAN_LIMIT)
        self.ports.catalogue.begin_turn()
        turn = Turn(
            self.tenant,
            self._language,
            burst,
            history,
            without_model=beyond_plan,
            answer_by=self.now + _TIME_TO_THINK,
        )
        noted = _Noted(self.ports.grounding)
        draft = grounded_draft(turn, ports=_Guarded(self.ports.assistant, self.ports.catalogue, noted))
        return replace(self._came_to(draft), findings=tuple(noted.findings))

    def _came_to(self, draft: Draft) -> Rehearsed:
        match draft:
            case CallPerson(reason=reason, use=use):
                return replace(self._person(reason), use=use)
            case NoReply(because=because):
                return self._recorded(because)
            case Answer(text=text, use=use) if not fits(text):
                return replace(self._person(EscalationReason.NO_ANSWER), use=use)
            case Answer(use=use) as drafted:
                exchange = self._exchange(Said.ANSWER, drafted.text, product_ids=drafted.product_ids)
                return Rehearsed(exchange, drafted.cited, self._form(drafted), use=use)

    def _form(self, drafted: Answer) -> Content | None:
        """As from the first number that has a catalogue at Meta, if any has."""
        numbers = self.ports.numbers.of_tenant(self.tenant.tenant_id) if drafted.cited else ()
        catalog_id = next((number.catalog_id for number in numbers if number.catalog_id), None)
        return presented(drafted, catalog_id, self.tenant.name, self._language)

    def _person(self, reason: EscalationReason) -> Rehearsed:
        opens_again = self.tenant.opening_hours.next_opening(self.now)
        note = wording.handover_note(reason, self._language, opens_again)
        return Rehearsed(self._exchange(Said.PERSON, note, reason))

    def _recorded(self, because: RecordedBecause) -> Rehearsed:
        note = _CONFIRMED.get(because)
        spoken = language_of(self.asked, self._spoken_so_far)
        return Rehearsed(self._exchange(Said.NOTHING, wording.say(note, spoken) if note else "", because))

    def _courtesy(self, because: RecordedBecause) -> Rehearsed:
        if not self.tenant.replies.thanks:
            return self._recorded(because)
        return Rehearsed(self._exchange(Said.ANSWER, wording.say(wording.WELCOME, self._language)))

    def _exchange(
        self,
        said: Said,
        text: str,
        reason: EscalationReason | RecordedBecause | None = None,
        product_ids: tuple[str, ...] = (),
    ) -> Exchange:
        return Exchange(self.asked, said, text, self._language, reason, product_ids)

    def _beyond_plan(self) -> bool:
        """As `watch_usage`, but nobody is warned: who rehearses is no customer whose answer brings a seller there."""
        limits = self.tenant.limits
        if not limits.limited:
            return False
        usage = self.ports.usage.so_far(self.tenant.tenant_id, month_of(self.now))
        return threshold_of(limits, usage.counters) is Threshold.REACHED

    @property
    def _language(self) -> str:
        return detect_language(self.asked, self._spoken_so_far)

    @property
    def _spoken_so_far(self) -> str:
        return self.talk[-1].language if self.talk else self.tenant.language
