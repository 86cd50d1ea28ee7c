"""Meta's statuses and the news of an account, in the forms of the domain. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain import messages as m
from domain.customers import CustomerIdentity
from domain.deliveries import StatusUpdate
from domain.errors import MalformedRecordError
from domain.opt_out import OptOut, OptOutSource, Wish
from domain.ports import AccountEvent
from domain.replies import Failure, ReplyId
from domain.tenants import PhoneNumberId
from domain.usage import credible_time
from handlers.whatsapp_fields import (
    decoded,
    identity_of,
    json_object,
    objects,
    received_at_of,
    string,
    text_of,
    time_of,
)
from handlers.whatsapp_keys import LONGEST_FIELD, LONGEST_STATUS, clean
from handlers.whatsapp_messages import content_of
from handlers.whatsapp_template_updates import template_news

# Meta's pricing categories.
_CATEGORIES = frozenset(
    "marketing marketing_lite utility authentication authentication_international service referral_conversion".split()
)

_LONGEST_CALLBACK_DATA = 512  # characters, as Meta counts
_MOST_BYTES_OF_CALLBACK_DATA = 1_000  # it leads to a reply's sort key, which holds 1,024
_CODES = 10**9  # Meta's have six digits at most; what a table's number cannot hold, it refuses


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


def parse_update(text: str) -> StatusItem | AccountEvent | MalformedItem:
    """Raises `MalformedRecordError` for what the webhook did not write."""
    body = decoded(text)
    try:
        received_at, phone_number_id = received_at_of(body), PhoneNumberId(string(body["phone_number_id"]))
        match body["kind"]:
            case "status":
                status = json_object(body["status"])
                return StatusItem(_status(status, received_at), phone_number_id, status)
            case "malformed":
                return MalformedItem(string(body["update_id"]), body, received_at)
            case _:
                event = AccountEvent(
                    event_id=string(body["update_id"]),
                    field=string(body["field"], LONGEST_FIELD),
                    received_at=received_at,
                    waba_id=string(body["waba_id"]),
                    phone_number_id=phone_number_id or None,
                    value=json_object(body["value"]),
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
    phone, user_id = text_of(raw.get("to")), text_of(raw.get("to_user_id"))
    if not phone and not user_id:
        return None
    recipient = CustomerIdentity(phone=phone or None, user_id=user_id or None)
    at = credible_time(time_of(raw.get("timestamp"), received_at), received_at)
    return m.Echo(m.MessageId(raw["id"]), recipient, at, m.words_of(content_of(raw)))


def _opt_outs(event: AccountEvent) -> Iterator[tuple[CustomerIdentity, OptOut]]:
    """Of a `user_preferences` update; what is not in its documented form is kept with the event and means nothing."""
    if event.field != OptOutSource.USER_PREFERENCES:
        return
    for item in objects(event.value.get("user_preferences")):
        identity = _who_prefers(item, objects(event.value.get("contacts")))
        value = text_of(item.get("value"))
        if identity is None or item.get("category") != "marketing_messages" or value not in set(Wish):
            continue
        since = min(time_of(item.get("timestamp"), event.received_at), event.received_at)
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


def _who_prefers(item: Mapping[str, Any], contacts: list[dict[str, Any]]) -> CustomerIdentity | None:
    """By all that the update tells: who is filed under a number may be named by the user id alone."""
    names = {name for key in ("wa_id", "user_id") if (name := text_of(item.get(key)))}
    contact = next((one for one in contacts if {text_of(one.get("wa_id")), text_of(one.get("user_id"))} & names), {})
    return identity_of(
        text_of(item.get("wa_id")) or contact.get("wa_id"), text_of(item.get("user_id")) or contact.get("user_id")
    )


def _status(raw: Mapping[str, Any], received_at: datetime) -> StatusUpdate:
    pricing, errors = raw.get("pricing"), raw.get("errors")
    pricing = pricing if isinstance(pricing, dict) else {}
    charged = _charged(pricing)
    category = None if charged is None else _category(pricing.get("category"))
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    return StatusUpdate(
        message_id=m.MessageId(string(raw["id"])),
        status=clean(text_of(raw.get("status")), LONGEST_STATUS),
        at=credible_time(time_of(raw.get("timestamp"), received_at), received_at),
        reply_id=_reply_id(raw.get("biz_opaque_callback_data")),
        billable_category=category if charged else None,
        free_category=None if charged else category,
        failure=None if first is None else _failure(first),
        recipient=identity_of(raw.get("recipient_id"), raw.get("recipient_user_id")),
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
    kind = text_of(pricing.get("type"))
    return True if kind == "regular" else False if kind.startswith("free_") else None


def _category(name: Any) -> str:
    """Each message is counted, but only under Meta's own names: no sender can invent counters."""
    category = text_of(name).replace("-", "_")  # Meta's pages have `authentication-international` too
    return category if category in _CATEGORIES else "other"


def _failure(error: Mapping[str, Any]) -> Failure:
    code, data = error.get("code"), error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    code = code if type(code) is int and abs(code) < _CODES else None
    return Failure(code, text_of(error.get("title")), text_of(details))
