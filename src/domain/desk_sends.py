"""Use case: a person at the inbox writes to the customer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Principal
from domain.audit_trail import AuditTrail, done_by
from domain.customers import CustomerId
from domain.dispatches import Dispatch
from domain.errors import NotFoundError
from domain.messages import MessageId
from domain.outbound import Content
from domain.replies import Reply
from domain.send import SendPorts, send, sendable_templates
from domain.templates import MessageTemplate
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class DeskSendPorts:
    send: SendPorts
    audit: AuditTrail


def send_as(  # noqa: PLR0913 (who writes what to whom, and when)
    who: Principal,
    customer_id: CustomerId,
    content: Content,
    *,
    key: str,
    now: datetime,
    ports: DeskSendPorts,
    in_reply_to: MessageId | None = None,
) -> Reply:
    """What became of it. `key`: theirs for this message, of any form; the same again sends nothing again.

    Raises what `send` raises.
    """
    dispatch = Dispatch(
        key=_key_of(who, key), by=who.subject, by_name=who.name, content=content, in_reply_to=in_reply_to
    )
    reply = send(who.tenant(), customer_id, dispatch, now=now, ports=ports.send)
    entry = done_by(who, "message.sent", customer_id, now=reply.created_at, type=content.type)
    ports.audit.write(replace(entry, entry_id=dispatch.key))
    return reply


def sendable_to(tenant_id: TenantId, customer_id: CustomerId, *, ports: DeskSendPorts) -> Sequence[MessageTemplate]:
    """Templates that may be sent to this customer now. Raises `NotFoundError`."""
    thread = ports.send.conversations.thread(tenant_id, customer_id)
    number = ports.send.tenants.number(thread.conversation.phone_number_id) if thread else None
    if thread is None or number is None or number.tenant.tenant_id != tenant_id:
        raise NotFoundError("there is no conversation with such a customer")
    return sendable_templates(thread.conversation, number, ports.send)


def _key_of(who: Principal, key: str) -> str:
    """No two people's keys are one, whatever they choose."""
    return hashlib.sha256(f"{who.subject}\0{key}".encode()).hexdigest()[:40]
