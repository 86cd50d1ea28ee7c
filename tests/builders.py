"""Things of the domain with sensible values: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain import messages as m
from domain.catalogue import Money, Product, ProductId
from domain.conversations import Conversation, Decision, Disposition, Recorded, Recording, ReplyJob
from domain.customers import CustomerIdentity
from domain.deliveries import StatusUpdate
from domain.escalations import Escalation, EscalationReason
from domain.intake import QueueMessage
from domain.opt_out import OptOut, OptOutSource
from domain.ownership import Change, OwnerChange
from domain.ports import AccountEvent
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState, reply_id
from domain.templates import TemplateNews
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from domain.usage import credible_time
from domain.waiting import WaitingTimes

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MONTH = "2026-11"

ACME, GLOBEX = TenantId("acme"), TenantId("globex")
ACME_NUMBER, GLOBEX_NUMBER = PhoneNumberId("106540352242922"), PhoneNumberId("106540352242923")

ALICE = CustomerIdentity(phone="12025550143", user_id="US.13491208655302741918", profile_name="Alice")
BOB = CustomerIdentity(phone="12025550144", profile_name="Bob")
NAMELESS = CustomerIdentity(user_id="US.99991208655302741999", username="quiet.one")
"""Adopted a username: WhatsApp gives no phone."""

A_PERSON_PLEASE = "I want to talk to a human"


def after(**how_long: float) -> datetime:
    """Some time after noon."""
    return NOON + timedelta(**how_long)


NEVER = WaitingTimes(None, None, None)


def tenant(tenant_id: TenantId = ACME, **changes: Any) -> Tenant:
    """Nobody minds how long its customers wait, unless `changes` says so."""
    return replace(Tenant(tenant_id, name=tenant_id.title(), waiting=NEVER), **changes)


def number(owner: Tenant | None = None, phone_number_id: PhoneNumberId = ACME_NUMBER, **changes: Any) -> WhatsAppNumber:
    owner = owner or tenant()
    plain = WhatsAppNumber(
        tenant=owner,
        phone_number_id=phone_number_id,
        waba_id=f"waba-{owner.tenant_id}",
        display_phone_number="15550100001",
        access_token_secret=f"ai-marketplace-platform/tenants/{owner.tenant_id}/{phone_number_id}",
    )
    return replace(plain, **changes)


def message(
    content: m.Content | str = "Do you have the blue mug?",
    message_id: str = "wamid.in.1",
    *,
    at: datetime = NOON,
    sender: CustomerIdentity = ALICE,
    **changes: Any,
) -> m.InboundMessage:
    """Received a second after it was sent, unless `changes` says otherwise."""
    content = m.Text(content) if isinstance(content, str) else content
    plain = m.InboundMessage(
        message_id=m.MessageId(message_id),
        type=TYPES[type(content)],
        content=content,
        sender=sender,
        timestamp=at,
        received_at=at + timedelta(seconds=1),
        raw={"id": message_id},
    )
    return replace(plain, **changes)


TYPES: Mapping[type[Any], str] = {
    m.Text: "text",
    m.Image: "image",
    m.Video: "video",
    m.Audio: "audio",
    m.Document: "document",
    m.Sticker: "sticker",
    m.Location: "location",
    m.Contacts: "contacts",
    m.ButtonReply: "interactive",
    m.ListReply: "interactive",
    m.FlowReply: "interactive",
    m.CallPermissionReply: "interactive",
    m.TemplateButton: "button",
    m.Order: "order",
    m.Reaction: "reaction",
    m.System: "system",
    m.Edit: "edit",
    m.Revoke: "revoke",
    m.Unsupported: "unsupported",
    m.Unknown: "hologram",
}


def edit(
    words: str = "Do you have the red mug?",
    message_id: str = "wamid.edit.1",
    *,
    of: str = "wamid.in.1",
    at: datetime = NOON + timedelta(seconds=10),
    **changes: Any,
) -> m.InboundMessage:
    return message(m.Edit(of, "text", m.Text(words)), message_id, at=at, **changes)


def revoke(
    message_id: str = "wamid.revoke.1",
    *,
    of: str = "wamid.in.1",
    at: datetime = NOON + timedelta(seconds=20),
    **changes: Any,
) -> m.InboundMessage:
    return message(m.Revoke(of), message_id, at=at, **changes)


def reaction(
    emoji: str = "👍",
    message_id: str = "wamid.reaction.1",
    *,
    of: str = "wamid.in.1",
    at: datetime = NOON + timedelta(seconds=5),
    **changes: Any,
) -> m.InboundMessage:
    return message(m.Reaction(of, emoji), message_id, at=at, **changes)


def order() -> m.Order:
    return m.Order("catalog-1", (m.OrderItem("MUG-1", 2, Decimal("12.50"), "USD"),))


def every_content() -> list[m.Content]:
    """One of each form."""
    return [
        m.Text("hello"),
        m.Image("media-1", "image/jpeg", caption="this one?"),
        m.Video("media-2", "video/mp4"),
        m.Audio("media-3", "audio/ogg", voice=True),
        m.Document("media-4", "application/pdf", filename="list.pdf"),
        m.Sticker("media-5", "image/webp"),
        m.Location(38.7, -9.1),
        m.Contacts((m.ContactCard(m.ContactName("Bob"), (m.ContactPhone("12025550144"),)),)),
        m.ButtonReply("yes", "Yes"),
        m.ListReply("mug", "Mug"),
        m.FlowReply("{}"),
        m.CallPermissionReply("accept"),
        m.TemplateButton("More"),
        order(),
        m.Reaction("wamid.out.1", "👍"),
        m.System("user_changed_number", wa_id="12025550199"),
        m.Edit("wamid.in.0", "text", m.Text("hello there")),
        m.Revoke("wamid.in.0"),
        m.Unsupported(),
        m.Unknown("hologram"),
    ]


ANSWER = Decision(Disposition.ANSWER)
PERSON_REQUESTED = Decision(Disposition.ESCALATE, EscalationReason.PERSON_REQUESTED)


def recording(
    of: m.InboundMessage | None = None,
    decision: Decision = ANSWER,
    *,
    tenant_id: TenantId = ACME,
    **changes: Any,
) -> Recording:
    """As `receive` makes it of a message in a conversation that the assistant owns."""
    of = of or message()
    escalates = decision.disposition is Disposition.ESCALATE
    plain = Recording(
        message=of,
        at=credible_time(of.timestamp, of.received_at),
        customer_id=of.sender.first_customer_id(tenant_id),
        decision=decision,
        phone_number_id=ACME_NUMBER,
        takes_over=escalates,
        tell=escalates,
    )
    return replace(plain, **changes)


def job(of: Recording | None = None, tenant_id: TenantId = ACME) -> ReplyJob:
    of = of or recording()
    return ReplyJob(tenant_id, of.phone_number_id, of.customer_id, of.message.message_id, of.position)


def recorded(of: Recording, *, new: bool = True) -> Recorded:
    return Recorded(new, of.decision, of.customer_id, of.position)


def reply(to: ReplyJob, purpose: ReplyPurpose = ReplyPurpose.ANSWER, **changes: Any) -> Reply:
    plain = Reply(
        reply_id=reply_id(to.customer_id, to.position, purpose),
        purpose=purpose,
        text="Blue mug: 12.50 USD, in stock (4)",
        state=ReplyState.READY,
        reply_to=to.message_id,
        answers=(to.message_id,) if purpose is ReplyPurpose.ANSWER else (),
        created_at=after(seconds=5),
        product_ids=("MUG-1",) if purpose is ReplyPurpose.ANSWER else (),
    )
    return replace(plain, **changes)


def escalation(of: ReplyJob, reason: EscalationReason = EscalationReason.NO_ANSWER, **changes: Any) -> Escalation:
    plain = Escalation(
        tenant_id=of.tenant_id,
        phone_number_id=of.phone_number_id,
        customer_id=of.customer_id,
        message_id=of.message_id,
        position=of.position,
        reason=reason,
        at=after(seconds=5),
    )
    return replace(plain, **changes)


def owner_change(of: Conversation, change: Change = Change.TAKEN_OVER, **changes: Any) -> OwnerChange:
    """By Ana, of the conversation as she sees it."""
    plain = OwnerChange(
        tenant_id=of.tenant_id,
        customer_id=of.customer_id,
        phone_number_id=of.phone_number_id,
        change=change,
        by="ana",
        reason="asked to",
        at=after(minutes=5),
        cause=f"v{of.version}",
        person="ana" if change is Change.TAKEN_OVER else None,
    )
    return replace(plain, **changes)


def echo(words: str = "Ana here, one moment", message_id: str = "wamid.echo.1", **changes: Any) -> m.Echo:
    return replace(m.Echo(m.MessageId(message_id), ALICE, after(minutes=1), words), **changes)


def status(status: str = "delivered", message_id: str = "wamid.out.1", **changes: Any) -> StatusUpdate:
    plain = StatusUpdate(message_id=m.MessageId(message_id), status=status, at=after(seconds=10))
    return replace(plain, **changes)


def opt_out(opted_out: bool = True, **changes: Any) -> OptOut:
    """As the `user_preferences` field tells it."""
    since = changes.pop("since", NOON)
    plain = OptOut(opted_out, since=since, told_at=since, source=OptOutSource.USER_PREFERENCES, cause="event-1")
    return replace(plain, **changes)


def template_news(name: str = "order_ready", language: str = "en_US", **changes: Any) -> TemplateNews:
    """An approved utility template, as a reading of Acme's account tells it."""
    plain = TemplateNews(
        waba_id="waba-acme",
        name=name,
        language=language,
        at=NOON,
        template_id="1689556908129832",
        status="APPROVED",
        category="UTILITY",
        quality="GREEN",
        components=({"type": "BODY", "text": "Hello {{1}}, your order {{2}} is ready."},),
        parameter_format="POSITIONAL",
    )
    return replace(plain, **changes)


UNDELIVERABLE = Failure(131026, "Message undeliverable", "The customer cannot receive it")


def account_event(event_id: str = "event-1", **changes: Any) -> AccountEvent:
    plain = AccountEvent(
        event_id=event_id,
        field="phone_number_quality_update",
        received_at=NOON,
        waba_id="waba-acme",
        phone_number_id=None,
        value={"event": "DOWNGRADE", "current_limit": "TIER_1K"},
    )
    return replace(plain, **changes)


def product(product_id: str = "MUG-1", title: str = "Blue mug", **changes: Any) -> Product:
    return replace(Product(ProductId(product_id), title, Money(1250, "USD"), stock=4), **changes)


def queue_message(text: str = "{}", group: str = "group", deduplication_id: str = "id") -> QueueMessage:
    return QueueMessage(text, group, deduplication_id)
