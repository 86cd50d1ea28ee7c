"""Dead letters, as their queues hand them out."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.dead_letters.letters import Letter, read
from adapters.dead_letters.queues import Held, QueueName
from domain.media import MediaJob
from tests.builders import ACME_NUMBER, NOON, job

RECEIVED_AT_MS = int(NOON.timestamp() * 1000)
WORDS = "please call 12025550143 about Alice"


def held(body: Any, message_id: str = "sqs-1", **changes: Any) -> Held:
    text = body if isinstance(body, str) else json.dumps(body)
    plain: dict[str, Any] = {
        "handle": f"handle of {message_id}",
        "sent_at": NOON + timedelta(hours=1),
        "receive_count": 5,
    }
    return Held(message_id=message_id, body=text, **{**plain, **changes})


def message_body(message_id: str = "wamid.in.1", **changes: Any) -> dict[str, Any]:
    """As the webhook writes it."""
    message = {"id": message_id, "from": "12025550143", "type": "text", "text": {"body": WORDS}, **changes}
    return {
        "waba_id": "waba-acme",
        "phone_number_id": ACME_NUMBER,
        "received_at_ms": RECEIVED_AT_MS,
        "kind": "message",
        "contact": {"profile": {"name": "Alice"}, "wa_id": "12025550143"},
        "message": message,
    }


def status_body(status: str = "delivered") -> dict[str, Any]:
    return {
        "waba_id": "waba-acme",
        "phone_number_id": ACME_NUMBER,
        "received_at_ms": RECEIVED_AT_MS,
        "kind": "status",
        "update_id": f"wamid.out.1:{status}",
        "status": {"id": "wamid.out.1", "status": status, "recipient_id": "12025550143"},
    }


def change_body(field: str = "account_update") -> dict[str, Any]:
    return {
        "waba_id": "waba-acme",
        "phone_number_id": "",
        "received_at_ms": RECEIVED_AT_MS,
        "kind": "change",
        "update_id": "0c1f",
        "field": field,
        "value": {"event": WORDS},
    }


def job_body() -> dict[str, Any]:
    return asdict(job())


def media_job_body() -> dict[str, Any]:
    return asdict(MediaJob(job().tenant_id, job().customer_id, job().position))


def letter(body: Any, queue: QueueName = QueueName.INBOX, **changes: Any) -> Letter:
    return read(queue, held(body, **changes))


def at(hour: int) -> datetime:
    return datetime(2026, 11, 22, hour, tzinfo=UTC)
