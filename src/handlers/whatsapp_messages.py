"""Meta's message objects, validated into the forms of the domain. Pure functions.

A shape that does not validate is no error: the message becomes `Unknown` and keeps its raw object.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from domain import messages as m
from domain.customers import CustomerIdentity
from domain.errors import MalformedRecordError
from domain.tenants import PhoneNumberId
from handlers.whatsapp_fields import decoded, id_of, identity_of, json_object, received_at_of, string, text_of, time_of
from handlers.whatsapp_keys import is_id

T = TypeVar("T")

_FORMS: Mapping[str, type[Any]] = {
    "text": m.Text,
    "image": m.Image,
    "video": m.Video,
    "audio": m.Audio,
    "document": m.Document,
    "sticker": m.Sticker,
    "location": m.Location,
    "button": m.TemplateButton,
    "order": m.Order,
    "reaction": m.Reaction,
    "revoke": m.Revoke,
}

_INTERACTIVE_FORMS: Mapping[str, type[Any]] = {
    "button_reply": m.ButtonReply,
    "list_reply": m.ListReply,
    "nfm_reply": m.FlowReply,
    "call_permission_reply": m.CallPermissionReply,
}

_POINTING = ("edit", "revoke", "reaction")
"""Types that speak of another message: no edit turns one into these."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A message as the webhook put it on the inbox queue."""

    message: m.InboundMessage
    phone_number_id: PhoneNumberId


def parse_inbox_item(text: str) -> InboxItem:
    """Raises `MalformedRecordError` for what the webhook did not write."""
    body = decoded(text)
    try:
        raw, contact = json_object(body["message"]), json_object(body.get("contact") or {})
        return InboxItem(_message(raw, contact, received_at_of(body)), PhoneNumberId(string(body["phone_number_id"])))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise MalformedRecordError("an inbox record lacks what the webhook puts there") from error


def _message(raw: Mapping[str, Any], contact: Mapping[str, Any], received_at: datetime) -> m.InboundMessage:
    message_type = raw.get("type")
    group_id = raw.get("group_id")
    return m.InboundMessage(
        message_id=m.MessageId(string(raw["id"])),
        type=message_type if isinstance(message_type, str) else "unknown",
        content=content_of(raw),
        sender=_sender(raw, contact),
        timestamp=time_of(raw.get("timestamp"), received_at),
        received_at=received_at,
        raw=raw,
        context=_context(raw),
        referral=_valid(m.Referral, raw.get("referral")),
        group_id=group_id if isinstance(group_id, str) else None,
    )


def _context(raw: Mapping[str, Any]) -> m.Context | None:
    context = _valid(m.Context, raw.get("context"))
    product = context.referred_product if context else None
    if context is None or product is None or is_id(product.product_retailer_id):
        return context
    return replace(context, referred_product=None)  # nothing in a catalogue has such an id


def content_of(raw: Mapping[str, Any]) -> m.Content:
    message_type = raw.get("type")
    content: m.Content | None = None
    match message_type:
        case "interactive":
            content = _interactive(raw.get("interactive"))
        case "contacts":
            cards = _valid(tuple[m.ContactCard, ...], raw.get("contacts"))
            content = None if cards is None else m.Contacts(cards)
        case "unsupported":
            content = _valid(m.Unsupported, raw.get("unsupported") or {})
        case "system":
            content = _system(raw.get("system"))
        case "edit":
            content = _edit(raw.get("edit"))
        case str() if message_type in _FORMS:
            content = _valid(_FORMS[message_type], raw.get(message_type))
    target = m.target_of(content) if content else None
    if target is not None and not is_id(target):
        content = None  # it points to nothing that could ever come
    return content or m.Unknown(message_type if isinstance(message_type, str) else "unknown")


def _system(body: Any) -> m.System | None:
    """A notice names identities: what cannot be one names nobody. What Meta does not share may be null."""
    given = {key: value for key, value in body.items() if value is not None} if isinstance(body, dict) else body
    system = _valid(m.System, given)
    if system is None:
        return None
    named = identity_of(system.wa_id, system.user_id)
    return replace(
        system,
        wa_id=(named.phone or "") if named else "",
        user_id=id_of(system.user_id),
        previous_user_id=id_of(system.previous_user_id),
    )


def _edit(body: Any) -> m.Content | None:
    """`message` has the form of a message of its own, but for id, sender and time."""
    message = body.get("message") if isinstance(body, dict) else None
    message = message if isinstance(message, dict) else {}
    message_type = message.get("type")
    content = m.Unknown(message_type) if message_type in _POINTING else content_of(message)
    original = _valid(m.Revoke, body)
    message_type = message_type if isinstance(message_type, str) else "unknown"
    return m.Edit(original.original_message_id, message_type, content) if original else None


def _interactive(body: Any) -> m.Content | None:
    """None where Meta sends `errors` in place of the body."""
    kind = body.get("type") if isinstance(body, dict) else None
    form = _INTERACTIVE_FORMS.get(kind) if isinstance(kind, str) else None
    return _valid(form, body.get(kind)) if form else None


def _sender(raw: Mapping[str, Any], contact: Mapping[str, Any]) -> CustomerIdentity:
    """Phone or business-scoped user id. Some payloads carry the user id in `from`: only a phone is all digits."""
    profile = contact.get("profile")
    identity = identity_of(raw.get("from"), id_of(raw.get("from_user_id")) or contact.get("user_id"))
    profile = profile if isinstance(profile, dict) else {}
    if identity is None:
        raise MalformedRecordError("a message without a sender")
    return replace(
        identity,
        profile_name=text_of(profile.get("name")) or None,
        username=text_of(profile.get("username")) or None,
    )


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)


def _valid(form: type[T], body: Any) -> T | None:
    adapter: TypeAdapter[T] = _adapter(cast("Hashable", form))
    try:
        return adapter.validate_python(body)
    except ValidationError:
        return None
