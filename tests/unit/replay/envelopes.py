"""Bodies of Meta's form."""

from __future__ import annotations

import json
from typing import Any


def change(phone_number_id: str, field: str = "messages", **value: Any) -> dict[str, Any]:
    return {"field": field, "value": {"metadata": {"phone_number_id": phone_number_id}, **value}}


def body(waba_id: str, *changes: Any) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": waba_id, "changes": changes}]}).encode()
