"""The envelopes that Meta posts, as pure functions."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ops.simulator.chats import ChatMessage, MessageStatus, StatusChange
from ops.simulator.config import SimulatedNumber
from ops.simulator.customers import Customer
from ops.simulator.identifiers import digits

Json = dict[str, Any]

# Meta tells the price twice; who meters must count a message id once.
_PRICED = {MessageStatus.SENT, MessageStatus.DELIVERED}


def of_change(number: SimulatedNumber, field: str, value: Mapping[str, Any]) -> Json:
    changes = [{"value": dict(value), "field": field}]
    # Messages carry times of their own; of an account's changes the entry tells it.
    told_at = {} if field == "messages" else {"time": int(time.time())}
    return {"object": "whatsapp_business_account", "entry": [{"id": number.waba_id, **told_at, "changes": changes}]}


def of_message(number: SimulatedNumber, customer: Customer, message: Json) -> Json:
    """`message` is the item of `messages[]`. System messages come without `contacts`."""
    contacts = {} if message["type"] == "system" else {"contacts": [_contact(customer)]}
    return of_change(number, "messages", {**_head(number), **contacts, "messages": [message]})


def of_status(number: SimulatedNumber, customer: Customer, message: ChatMessage, change: StatusChange) -> Json:
    value = {**_head(number), "contacts": [_contact(customer)], "statuses": [_status(customer, message, change)]}
    return of_change(number, "messages", value)


def sender(customer: Customer) -> Json:
    """Who wrote, as it stands in a message: one with a username may have no `from`."""
    return _given(**{"from": customer.wa_id, "from_user_id": customer.user_id})


def _head(number: SimulatedNumber) -> Json:
    metadata = {"display_phone_number": digits(number.display_phone_number), "phone_number_id": number.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _contact(customer: Customer) -> Json:
    profile = {"name": customer.profile_name} | _given(username=customer.username)
    return {"profile": profile} | _given(wa_id=customer.wa_id, user_id=customer.user_id)


def _status(customer: Customer, message: ChatMessage, change: StatusChange) -> Json:
    return {
        "id": message.id,
        "status": change.status,
        "timestamp": str(int(change.timestamp)),
        **_given(
            recipient_id=customer.wa_id,
            recipient_user_id=customer.user_id,
            biz_opaque_callback_data=message.biz_opaque_callback_data,
            pricing=_pricing(message.pricing_category) if change.status in _PRICED else None,
            errors=_present(change.errors),
        ),
    }


def _pricing(category: str) -> Json:
    """Since 2026-10-01 every free-form message is billed too, in the category `service`."""
    return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}


def _present(errors: Sequence[Json]) -> Sequence[Json] | None:
    return errors or None


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}
