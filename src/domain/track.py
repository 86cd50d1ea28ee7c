"""Use case: Meta tells what became of a message, or that something about an account changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.account_alerts import alert_of
from domain.conversations import Conversation, ReplyJob
from domain.customer_data import people_in, told_at
from domain.deliveries import DeliveryStatus, Progress, StatusUpdate, advance, expected
from domain.echo import hear_echo
from domain.errors import ContentionError
from domain.escalations import EscalationReason
from domain.hand_over import hand_over
from domain.learn_templates import learn
from domain.messages import Echo
from domain.opt_out import OptOut, refused_as_opted_out
from domain.pausing import PAUSING_CODES, pause_sending, tell_alert, tell_pending
from domain.ports import (
    AccountAlerts,
    AccountEvent,
    AccountEvents,
    Conversations,
    Customers,
    Deliveries,
    Escalations,
    HandoffNotifications,
    NumberStates,
    OptOuts,
    Quarantine,
    QuarantineReason,
    SendLedger,
    TemplateCatalogue,
    Tenants,
    quarantine_id,
)
from domain.replies import ReplyPurpose, parse_reply_id
from domain.tenants import PhoneNumberId, SendingPause, TenantId, WhatsAppNumber
from domain.tombstones import Tombstones

_TRIES = 5
_MOST_PEOPLE = 8
"""Of one update: both sides of a chat, by phone and user id. What names more is a list, and nobody's own."""


class Tracked(StrEnum):
    MOVED = "moved"
    UNCHANGED = "unchanged"
    RECORDED = "recorded"
    QUARANTINED = "quarantined"
    ERASED = "erased"
    """About somebody who was erased after it happened: kept nowhere."""


@dataclass(frozen=True, slots=True)
class TrackPorts:
    tenants: Tenants
    deliveries: Deliveries
    customers: Customers
    conversations: Conversations
    ledger: SendLedger
    escalations: Escalations
    notifications: HandoffNotifications
    account_events: AccountEvents
    quarantine: Quarantine
    opt_outs: OptOuts
    tombstones: Tombstones
    templates: TemplateCatalogue
    number_states: NumberStates
    account_alerts: AccountAlerts


def track_status(
    update: StatusUpdate,
    phone_number_id: PhoneNumberId,
    raw: Mapping[str, Any],
    *,
    now: datetime,
    ports: TrackPorts,
) -> Tracked:
    """Moves the delivery forward, never back; meters a message once; calls a person where an answer failed."""
    number = ports.tenants.number(phone_number_id)
    if number is None:
        update_id = quarantine_id(phone_number_id, update.message_id, update.status)
        ports.quarantine.keep(update_id, QuarantineReason.UNKNOWN_NUMBER, raw, now)
        return Tracked.QUARANTINED
    tenant_id = number.tenant.tenant_id
    if update.status not in set(DeliveryStatus):
        # A word that this version does not know: kept, so that nothing is lost.
        update_id = f"{update.message_id}:{update.status}"
        event = AccountEvent(update_id, "messages", now, number.waba_id, phone_number_id, {"statuses": [raw]})
        if not _erased(event, tenant_id, ports):
            ports.account_events.keep(tenant_id, event)
    progress = _save(update, tenant_id, ports)
    if progress is None:
        return Tracked.UNCHANGED if update.status in set(DeliveryStatus) else Tracked.RECORDED
    if progress.delivery.status is DeliveryStatus.FAILED:
        _pause(update, number, now, ports)
        _keep_opt_out(update, progress, tenant_id, now, ports)
        _call_person(progress, tenant_id, phone_number_id, now, ports)
    return Tracked.MOVED if progress.moved else Tracked.RECORDED


def _save(update: StatusUpdate, tenant_id: TenantId, ports: TrackPorts) -> Progress | None:
    known = expected(update)
    if known is not None and ports.deliveries.save(tenant_id, known, progress := advance(known, update)):
        return progress
    for _ in range(_TRIES):
        known = ports.deliveries.known(tenant_id, update.message_id)
        progress = advance(known, update)
        if progress.delivery == known:
            # A failure that was stored before its escalation was: the record that comes back still sees to it.
            return progress if update.status == known.status == DeliveryStatus.FAILED else None
        if ports.deliveries.save(tenant_id, known, progress):
            return progress
    raise ContentionError("other statuses of the same message kept arriving")


def _keep_opt_out(
    update: StatusUpdate, progress: Progress, tenant_id: TenantId, now: datetime, ports: TrackPorts
) -> None:
    """Meta delivers no offers to who stopped them, whoever sent this one."""
    if update.recipient is not None and refused_as_opted_out(progress.delivery.failure):
        opt_out = OptOut.told_by_refusal(min(update.at, now), update.message_id)
        ports.opt_outs.keep(tenant_id, update.recipient, opt_out)


def _pause(update: StatusUpdate, number: WhatsAppNumber, now: datetime, ports: TrackPorts) -> None:
    """Meta may take a message and only then tell that nothing can be sent from the number."""
    failure = update.failure
    if failure is None or failure.code not in PAUSING_CODES:
        return
    pause = SendingPause(min(update.at, now), failure.code, failure.title)
    alert = pause_sending(number, pause, ports)
    if alert is not None:
        tell_alert(alert, ports)


def _call_person(
    progress: Progress, tenant_id: TenantId, phone_number_id: PhoneNumberId, now: datetime, ports: TrackPorts
) -> None:
    """An answer that never reached the customer is silence, unless somebody is called."""
    parsed = parse_reply_id(progress.delivery.reply_id)
    if parsed is None or parsed.purpose is not ReplyPurpose.ANSWER:
        return
    thread = ports.conversations.thread(tenant_id, parsed.customer_id)
    if thread is None:
        return
    conversation: Conversation = thread.conversation
    job = ReplyJob(tenant_id, phone_number_id, parsed.customer_id, parsed.message_id, parsed.position)
    hand_over(
        conversation,
        job,
        EscalationReason.SEND_FAILED,
        now=now,
        tell=False,
        ports=ports,
    )


def keep_event(event: AccountEvent, *, ports: TrackPorts, echoes: Iterable[Echo] = ()) -> Tracked:
    """Keeps an update of any other kind with the tenant it is about, or for the operator where no tenant is known.

    `echoes`: what it tells of a person who wrote from the phone app.
    """
    number = ports.tenants.number(event.phone_number_id) if event.phone_number_id else None
    tenant_id = number.tenant.tenant_id if number else ports.tenants.of_waba(event.waba_id)
    if tenant_id is None:
        raw = {"field": event.field, "waba_id": event.waba_id, "value": event.value}
        ports.quarantine.keep(event.event_id, QuarantineReason.UNKNOWN_ACCOUNT, raw, event.received_at)
        return Tracked.QUARANTINED
    if _erased(event, tenant_id, ports):
        return Tracked.ERASED
    ports.account_events.keep(tenant_id, event)
    for identity, opt_out in event.opt_outs:
        ports.opt_outs.keep(tenant_id, identity, opt_out)
    for news in event.templates:
        learn(news, tenant_id, ports=ports)
    for echo in echoes:
        hear_echo(echo, tenant_id, ports=ports)
    alert = alert_of(event, tenant_id)
    if alert is not None:
        ports.number_states.flag(tenant_id, alert)
        tell_pending(tenant_id, alert.alert_id, ports)
    return Tracked.RECORDED


def _erased(event: AccountEvent, tenant_id: TenantId, ports: TrackPorts) -> bool:
    """Whether it tells of somebody who was erased after it happened."""
    people = people_in(event.value)
    tombstone = ports.tombstones.newest(tenant_id, people) if len(people) <= _MOST_PEOPLE else None
    return tombstone is not None and tombstone.covers(told_at(event.value, event.received_at))
