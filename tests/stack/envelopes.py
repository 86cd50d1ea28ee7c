"""Webhook bodies in Meta's form, for what no phone would send."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ops.stack_file import StackTenant
from tests.stack.phone import Customer

Json = dict[str, Any]


def of_messages(tenant: StackTenant, messages: Sequence[Json], statuses: Sequence[Json] = ()) -> Json:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": tenant.display_phone_number,
            "phone_number_id": tenant.phone_number_id,
        },
        "messages": list(messages),
        "statuses": list(statuses),
    }
    changes = [{"field": "messages", "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": tenant.waba_id, "changes": changes}]}


def text_message(customer: Customer, message_id: str, text: str) -> Json:
    return message(customer, message_id, "text", {"body": text})


def message(customer: Customer, message_id: str, kind: str, content: Json) -> Json:
    return {"from": customer.wa_id, "id": message_id, "timestamp": _now(), "type": kind, kind: content}


def status(customer: Customer, message_id: str, word: str) -> Json:
    return {"id": message_id, "status": word, "timestamp": _now(), "recipient_id": customer.wa_id}


def _now() -> str:
    return str(int(time.time()))
