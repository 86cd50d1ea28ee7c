"""Meta's message and status objects, validated into the forms of the domain. Pure functions.

A shape that does not validate is no error: the message becomes `Unknown` and keeps its raw object.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from domain import messages as m
from domain.customers import CustomerIdentity
from domain.deliveries import StatusUpdate
from domain.errors import MalformedRecordError
from domain.opt_out import OptOut, OptOutSource, Wish
from domain.ports import AccountEvent
from domain.replies import Failure, ReplyId
from domain.tenants import PhoneNumberId
from domain.usage import credible_time
from handlers.whatsapp_template_updates import template_news
from handlers.whatsapp_webhook import LONGEST_FIELD, LONGEST_ID, LONGEST_STATUS, clean, decode, is_id

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

# Meta's pricing categories.
_CATEGORIES = frozenset(
    "marketing marketing_lite utility authentication authentication_international service referral_conversion".split()
)

_POINTING = ("edit", "revoke", "reaction")
"""Types that speak of another message: no edit turns one into these."""

_LONGEST_CALLBACK_DATA = 512  # characters, as Meta counts
_MOST_BYTES_OF_CALLBACK_DATA = 1_000  # it leads to a reply's sort key, which holds 1,024
_CODES = 10**9  # Meta's have six digits at most; what a table's number cannot hold, it refuses


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A message as the webhook put it on the inbox queue."""

    message: m.InboundMessage
    phone_number_id: PhoneNumberId


@dataclass(frozen=True, slots=True)
class StatusItem:
    update: StatusUpdate
    phone_number_id: PhoneNumberId
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MalformedItem:
    """A piece of a signed body that is not in Meta's form."""

    update_id: str
    raw: Mapping[str, Any]
    received_at: datetime


def parse_inbox_item(text: str) -> InboxItem:
    """Raises `MalformedRecordError` for what the webhook did not write."""
    body = _decode(text)
    try:
        raw, contact = _object(body["message"]), _object(body.get("contact") or {})
        return InboxItem(_message(raw, contact, _received_at(body)), PhoneNumberId(_string(body["phone_number_id"])))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise MalformedRecordError("an inbox record lacks what the webhook puts there") from error


def parse_update(text: str) -> StatusItem | AccountEvent | MalformedItem:
    """Raises `MalformedRecordError` for what the webhook did not write."""
    body = _decode(text)
    try:
        received_at, phone_number_id = _received_at(body), PhoneNumberId(_string(body["phone_number_id"]))
        match body["kind"]:
            case "status":
                status = _object(body["status"])
                return StatusItem(_status(status, received_at), phone_number_id, status)
            case "malformed":
                return MalformedItem(_string(body["update_id"]), body, received_at)
            case _:
                event = AccountEvent(
                    event_id=_string(body["update_id"]),
                    field=_string(body["field"], LONGEST_FIELD),
                    received_at=received_at,
                    waba_id=_string(body["waba_id"]),
                    phone_number_id=phone_number_id or None,
                    value=_object(body["value"]),
                )
                news = template_news(event.field, event.waba_id, event.value, body.get("told_at"), received_at)
                return replace(event, opt_outs=tuple(_opt_outs(event)), templates=news)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise MalformedRecordError("a statuses record lacks what the webhook puts there") from error


def echoes_of(event: AccountEvent) -> list[m.Echo]:
    """What a person wrote from the phone app, of an update that tells of it; what has no recipient is left out."""
    if event.field != "smb_message_echoes":
        return []
    items = event.value.get("message_echoes")
    echoes = [_echo(item, event.received_at) for item in (items if isinstance(items, list) else [])]
    return [echo for echo in echoes if echo is not None]


def _echo(raw: Any, received_at: datetime) -> m.Echo | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        return None
    phone, user_id = _text(raw.get("to")), _text(raw.get("to_user_id"))
    if not phone and not user_id:
        return None
    recipient = CustomerIdentity(phone=phone or None, user_id=user_id or None)
    at = credible_time(_time(raw.get("timestamp"), received_at), received_at)
    return m.Echo(m.MessageId(raw["id"]), recipient, at, m.words_of(_content(raw)))


def _decode(text: str) -> dict[str, Any]:
    try:
        return decode(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedRecordError("a record is not a JSON object") from error


def _received_at(body: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(body["received_at_ms"] / 1000, UTC)
    except OSError as error:
        raise ValueError("a time beyond the calendar") from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not a JSON object")
    return value


def _string(value: Any, most_bytes: int = LONGEST_ID) -> str:
    """As a key can carry it, whoever wrote the record."""
    if not isinstance(value, str):
        raise TypeError("not a string")
    return clean(value, most_bytes)


def _time(seconds: Any, otherwise: datetime) -> datetime:
    """Meta writes seconds since 1970, mostly as a string."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise


def _message(raw: Mapping[str, Any], contact: Mapping[str, Any], received_at: datetime) -> m.InboundMessage:
    message_type = raw.get("type")
    group_id = raw.get("group_id")
    return m.InboundMessage(
        message_id=m.MessageId(_string(raw["id"])),
        type=message_type if isinstance(message_type, str) else "unknown",
        content=_content(raw),
        sender=_sender(raw, contact),
        timestamp=_time(raw.get("timestamp"), received_at),
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


def _content(raw: Mapping[str, Any]) -> m.Content:
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
    named = _identity(system.wa_id, system.user_id)
    return replace(
        system,
        wa_id=(named.phone or "") if named else "",
        user_id=_id(system.user_id),
        previous_user_id=_id(system.previous_user_id),
    )


def _edit(body: Any) -> m.Content | None:
    """`message` has the form of a message of its own, but for id, sender and time."""
    message = body.get("message") if isinstance(body, dict) else None
    message = message if isinstance(message, dict) else {}
    message_type = message.get("type")
    content = m.Unknown(message_type) if message_type in _POINTING else _content(message)
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
    identity = _identity(raw.get("from"), _id(raw.get("from_user_id")) or contact.get("user_id"))
    profile = profile if isinstance(profile, dict) else {}
    if identity is None:
        raise MalformedRecordError("a message without a sender")
    return replace(
        identity,
        profile_name=_text(profile.get("name")) or None,
        username=_text(profile.get("username")) or None,
    )


def _identity(named: Any, user_id: Any) -> CustomerIdentity | None:
    """`named` is what Meta calls a phone number, and not always is one. What cannot be an id names nobody."""
    named, user_id = (value if is_id(value) else "" for value in (named, user_id))
    phone = named if named.lstrip("+").isdigit() else ""
    user_id = user_id or ("" if phone else named)
    return CustomerIdentity(phone=phone or None, user_id=user_id or None) if phone or user_id else None


def _opt_outs(event: AccountEvent) -> Iterator[tuple[CustomerIdentity, OptOut]]:
    """Of a `user_preferences` update; what is not in its documented form is kept with the event and means nothing."""
    if event.field != OptOutSource.USER_PREFERENCES:
        return
    for item in _objects(event.value.get("user_preferences")):
        identity = _who_prefers(item, _objects(event.value.get("contacts")))
        value = _text(item.get("value"))
        if identity is None or item.get("category") != "marketing_messages" or value not in set(Wish):
            continue
        since = min(_time(item.get("timestamp"), event.received_at), event.received_at)
        yield (
            identity,
            OptOut(
                opted_out=value == Wish.STOP,
                since=since,
                told_at=since,
                source=OptOutSource.USER_PREFERENCES,
                cause=event.event_id,
            ),
        )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _who_prefers(item: Mapping[str, Any], contacts: list[dict[str, Any]]) -> CustomerIdentity | None:
    """By all that the update tells: who is filed under a number may be named by the user id alone."""
    names = {name for key in ("wa_id", "user_id") if (name := _text(item.get(key)))}
    contact = next((one for one in contacts if {_text(one.get("wa_id")), _text(one.get("user_id"))} & names), {})
    return _identity(
        _text(item.get("wa_id")) or contact.get("wa_id"), _text(item.get("user_id")) or contact.get("user_id")
    )


def _status(raw: Mapping[str, Any], received_at: datetime) -> StatusUpdate:
    pricing, errors = raw.get("pricing"), raw.get("errors")
    pricing = pricing if isinstance(pricing, dict) else {}
    charged = _charged(pricing)
    category = None if charged is None else _category(pricing.get("category"))
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    return StatusUpdate(
        message_id=m.MessageId(_string(raw["id"])),
        status=clean(_text(raw.get("status")), LONGEST_STATUS),
        at=credible_time(_time(raw.get("timestamp"), received_at), received_at),
        reply_id=_reply_id(raw.get("biz_opaque_callback_data")),
        billable_category=category if charged else None,
        free_category=None if charged else category,
        failure=None if first is None else _failure(first),
        recipient=_identity(raw.get("recipient_id"), raw.get("recipient_user_id")),
    )


def _reply_id(callback_data: Any) -> ReplyId | None:
    """None for what no reply is named: our names are short, and Meta's limit is 512 characters."""
    if not isinstance(callback_data, str) or not 0 < len(callback_data) <= _LONGEST_CALLBACK_DATA:
        return None
    try:
        size = len(callback_data.encode())
    except UnicodeEncodeError:
        return None
    return ReplyId(callback_data) if size <= _MOST_BYTES_OF_CALLBACK_DATA else None


def _charged(pricing: Mapping[str, Any]) -> bool | None:
    """None where Meta does not say. `billable` is to go: then `type` tells (regular, free_customer_service, …)."""
    if "billable" in pricing:
        return pricing["billable"] if isinstance(pricing["billable"], bool) else None
    kind = _text(pricing.get("type"))
    return True if kind == "regular" else False if kind.startswith("free_") else None


def _category(name: Any) -> str:
    """Each message is counted, but only under Meta's own names: no sender can invent counters."""
    category = _text(name).replace("-", "_")  # Meta's pages have `authentication-international` too
    return category if category in _CATEGORIES else "other"


def _failure(error: Mapping[str, Any]) -> Failure:
    code, data = error.get("code"), error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    code = code if type(code) is int and abs(code) < _CODES else None
    return Failure(code, _text(error.get("title")), _text(details))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _id(value: Any) -> str:
    return value if is_id(value) else ""


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)


def _valid(form: type[T], body: Any) -> T | None:
    adapter: TypeAdapter[T] = _adapter(cast("Hashable", form))
    try:
        return adapter.validate_python(body)
    except ValidationError:
        return None
