"""Webhook bodies as Meta writes them, and their signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ops.prove.cast import APP_SECRET, CUSTOMERS, NUMBERS, WARES, phone_number_id
from ops.prove.script import Update, What

_WORDS: Mapping[What, str] = {
    What.GREETING: "hello",
    What.PUZZLE: "can you tune a harpsichord on the moon",
    What.THANKS: "thank you",
    What.PERSON: "I want to talk to a human",
    What.STOP: "STOP",
    What.START: "START",
    What.NUL: "hello \u0000 \ud83d \u202e olleh",
    What.LONG: "what " * 13_000,
}


def body_of(updates: Iterable[Update], now: float) -> bytes:
    """One change for each number and kind, in the order in which they come."""
    changes: dict[tuple[int, str], dict[str, Any]] = {}
    shapeless: list[Any] = []
    for update in updates:
        field = _field(update.what)
        if update.what is What.SHAPELESS:
            shapeless.append({"field": "messages", "value": f"piece {update.n}"})
            continue
        value = changes.setdefault((update.number, field), _value(update.number))
        _add(value, update, now)
    entries: list[Any] = [
        {"id": waba_of(number), "changes": [{"field": field, "value": value}]}
        for (number, field), value in changes.items()
    ]
    if shapeless:
        entries.append({"id": "waba-nobody", "changes": shapeless})
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def waba_of(number: int) -> str:
    return NUMBERS[number].waba_id if number < len(NUMBERS) else "waba-nobody"


def status_body(number: int, statuses: list[dict[str, Any]]) -> bytes:
    value = {**_value(number), "statuses": statuses}
    change = {"field": "messages", "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": waba_of(number), "changes": [change]}]}
    ).encode()


def _field(what: What) -> str:
    return {
        What.ECHO: "smb_message_echoes",
        What.NO_OFFERS: "user_preferences",
        What.OFFERS: "user_preferences",
    }.get(what, "messages")


def _value(number: int) -> dict[str, Any]:
    display = NUMBERS[number].display_phone_number if number < len(NUMBERS) else "15550199999"
    metadata = {"display_phone_number": display, "phone_number_id": phone_number_id(number)}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _add(value: dict[str, Any], update: Update, now: float) -> None:
    customer, timestamp = CUSTOMERS[update.customer], int(now - update.age)
    names = {key: name for key, name in (("wa_id", customer.phone), ("user_id", customer.user_id)) if name}
    match update.what:
        case What.ECHO:
            to = {"to": customer.phone} if customer.phone else {"to_user_id": customer.user_id}
            echo = {
                **to,
                "id": echo_id(update),
                "timestamp": str(timestamp),
                "type": "text",
                "text": {"body": "Ben here"},
            }
            value.setdefault("message_echoes", []).append(echo)
        case What.NO_OFFERS | What.OFFERS:
            wish = "stop" if update.what is What.NO_OFFERS else "resume"
            value.setdefault("user_preferences", []).append(
                {**names, "category": "marketing_messages", "value": wish, "timestamp": timestamp}
            )
        case What.STATUS:
            status = {"id": foreign_id(update), "status": "delivered", "timestamp": str(timestamp)}
            value.setdefault("statuses", []).append({**status, "recipient_id": customer.phone or "0"})
        case _:
            contact = {**names, "profile": {"name": f"Customer {update.customer}"}}
            if contact not in value.setdefault("contacts", []):
                value["contacts"].append(contact)
            sender = {key: name for key, name in (("from", customer.phone), ("from_user_id", customer.user_id)) if name}
            message = {**sender, "id": update.message_id, "timestamp": str(timestamp), **_content(update)}
            value.setdefault("messages", []).append(message)


def _content(update: Update) -> dict[str, Any]:
    match update.what:
        case What.ORDER:
            item = {"product_retailer_id": "MUG-1", "quantity": 2, "item_price": 12.5, "currency": "USD"}
            return {"type": "order", "order": {"catalog_id": "catalog-1", "product_items": [item]}}
        case What.STICKER:
            return {"type": "sticker", "sticker": {"id": "1", "mime_type": "image/webp", "sha256": "x"}}
        case What.STRANGE:
            return {"type": "hologram", "hologram": {"depth": 3}}
        case What.HUGE:
            noise = base64.b64encode(hashlib.shake_256(update.message_id.encode()).digest(780_000)).decode()
            return {"type": "text", "text": {"body": f"hello {noise}"}}
        case What.QUESTION:
            owner = (
                NUMBERS[update.number].tenant.tenant_id if update.number < len(NUMBERS) else NUMBERS[0].tenant.tenant_id
            )
            return {"type": "text", "text": {"body": f"How much is the {WARES[owner][0].lower()}?"}}
        case what:
            return {"type": "text", "text": {"body": _WORDS[what]}}


def echo_id(update: Update) -> str:
    return f"wamid.echo.{update.n}"


def foreign_id(update: Update) -> str:
    return f"wamid.foreign.{update.n}"


def function_url_event(body: bytes) -> dict[str, Any]:
    """Payload format 2.0, signed."""
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "version": "2.0",
        "requestContext": {"http": {"method": "POST", "path": "/"}},
        "headers": {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
