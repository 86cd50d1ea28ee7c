"""A legacy conversation becomes its state, its messages, and a pointer for each message id.

Assumed are two forms: one row a conversation, with its messages in a list; or one row a message. Messages that came in
stand as `record`ed: the earlier system has counted them and seen to them. With its pointer, no message counts twice
that Meta sends again to the new system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_inbox_lines import said
from adapters.dynamodb_values import time_text
from domain.conversations import Owner
from domain.customers import CustomerIdentity
from domain.inbox import Speaker, folder_of
from domain.tenants import PhoneNumberId
from ops.migrate.legacy import LegacyRow, UnfitRowError, tenant_and_phone
from ops.migrate.rows import ASIDE, TargetRow, Transformed, Unfit
from ops.migrate.transforms.context import Context
from ops.migrate.transforms.customers import customer_item
from ops.migrate.transforms.messages import Chat, LegacyMessage, looks_like_a_message, message_of, message_rows

_LISTS = ("messages", "messageHistory", "history")
_PHONES = ("customerPhone", "customerPhoneNumber", "phoneNumber", "phone", "waId", "wa_id", "from", "conversationId")
_CLOSED = frozenset("closed resolved completed archived ended".split())
_WITH_A_PERSON = frozenset("escalated handoff handed_off human waiting pending_human agent".split())


def conversation(row: LegacyRow, context: Context) -> Transformed:
    tenant_id, phone = tenant_and_phone(row, ("tenantId", "tenant_id"), _PHONES)
    row.take("conversationId", "id")  # filed under another one from now on
    number = row.text("phoneNumberId", "businessPhoneNumberId", "phone_number_id")
    chat = Chat(tenant_id, phone, PhoneNumberId(number) if number else context.number_of(tenant_id))
    listed = row.take(*_LISTS)
    if listed is None and looks_like_a_message(row):
        return _single(row, chat, context)
    messages, unfit = _messages(listed, chat)
    kept = [message for message in messages if not context.erased(tenant_id, phone, message.at)]
    if len(kept) < len(messages):
        unfit = [*unfit, Unfit(f"{len(messages) - len(kept)} messages of a customer who has been erased")]
    groups = [tuple(message_rows(chat, message)) for message in kept]
    return Transformed([*groups, *_of_the_whole(row, chat, kept, context)], unfit)


def _single(row: LegacyRow, chat: Chat, context: Context) -> Transformed:
    message = message_of(row, chat)
    if context.erased(chat.tenant_id, chat.phone, message.at):
        raise UnfitRowError("the customer has been erased")
    groups = [tuple(message_rows(chat, message))]
    if message.inbound:
        # Who speaks is not known of one row alone: the newest message makes it the assistant's.
        groups.append((_state(chat, message.at, Owner.ASSISTANT, shown=_said(message)),))
    return Transformed(groups)


def _messages(listed: object, chat: Chat) -> tuple[list[LegacyMessage], list[Unfit]]:
    messages, unfit = {}, []
    for part in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ():
        try:
            message = message_of(LegacyRow(part if isinstance(part, dict) else {}), chat)
        except UnfitRowError as error:
            unfit.append(Unfit(str(error), part))
        else:
            messages[message.message_id] = message
    return sorted(messages.values(), key=lambda message: (message.at, message.message_id)), unfit


def _of_the_whole(
    row: LegacyRow, chat: Chat, messages: Sequence[LegacyMessage], context: Context
) -> Iterator[tuple[TargetRow]]:
    came_in = [message.at for message in messages if message.inbound]
    began, changed = row.time("createdAt", "startedAt"), row.time("updatedAt", "lastMessageAt", "lastActivity")
    at = max(came_in, default=None) or changed or began
    if at is None:
        raise UnfitRowError("no time: neither of a message nor of the conversation")
    if not messages and context.erased(chat.tenant_id, chat.phone, at):
        raise UnfitRowError("the customer has been erased")
    if not messages and _had_messages(row):
        raise UnfitRowError("none of its messages can be read")
    status = (row.text("status", "state") or "").lower()
    owner = _owner(status, messages, context.unanswered_since)
    name = row.text("customerName", "profileName", "contactName")
    resolved = status in _CLOSED and owner is Owner.ASSISTANT
    shown = {**_shown(messages, owner), "profileName": name, "language": row.text("language")}
    yield (_state(chat, at, owner, resolved=resolved, shown=shown, aside=row),)
    identity = CustomerIdentity(chat.phone, profile_name=name)
    first = min([*came_in, began or at, at])
    customer = customer_item(chat.tenant_id, identity, first, at, len(came_in))
    # What the customers table says of them comes before this.
    yield (TargetRow("customers", customer, f"0#{time_text(changed or at)}"),)


def _had_messages(row: LegacyRow) -> bool:
    return any(row.values.get(name) for name in _LISTS)


def _owner(status: str, messages: Sequence[LegacyMessage], unanswered_since: datetime) -> Owner:
    """Nobody is forgotten: whom a person was to see, and whom the earlier system had not answered when it ended."""
    if status in _WITH_A_PERSON:
        return Owner.WAITING
    last = messages[-1] if messages else None
    unanswered = last is not None and last.inbound and last.at >= unanswered_since
    return Owner.WAITING if unanswered else Owner.ASSISTANT


def _said(message: LegacyMessage) -> dict[str, Any]:
    by = Speaker.CUSTOMER if message.inbound else Speaker.ASSISTANT
    return said(by, message.type, message.words, message.at)


def _shown(messages: Sequence[LegacyMessage], owner: Owner) -> dict[str, Any]:
    """In the list of conversations: what was said last, and what nobody has seen of those who wait."""
    if not messages:
        return {}
    inbound = sum(message.inbound for message in messages)
    unanswered = list(takewhile(lambda message: message.inbound, reversed(messages)))
    waits = owner is Owner.WAITING and bool(unanswered)
    return {
        **_said(messages[-1]),
        "inbound": inbound,
        "seen": inbound - len(unanswered) if waits else inbound,
        "unansweredSince": time_text(unanswered[-1].at) if waits else None,
    }


def _state(  # noqa: PLR0913 (what a state row says)
    chat: Chat,
    at: datetime,
    owner: Owner,
    *,
    shown: Mapping[str, Any],
    resolved: bool = False,
    aside: LegacyRow | None = None,
) -> TargetRow:
    changed = aside.time("updatedAt", "lastMessageAt", "lastActivity") if aside else None
    content = {
        **keys.state(chat.tenant_id, chat.customer_id),
        "tenantId": chat.tenant_id,
        "customerId": chat.customer_id,
        "phoneNumberId": chat.phone_number_id,
        "phone": chat.phone,
        "lastInboundAt": time_text(at),
        "owner": owner,
        "inbox": keys.inbox(chat.tenant_id, folder_of(owner, resolved=resolved)),
        "resolved": resolved or None,
        **shown,
        ASIDE: aside.rest() if aside else None,
    }
    return TargetRow("conversations", content, time_text(max(changed or at, at)))
