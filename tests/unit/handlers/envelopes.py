"""Meta's webhook bodies, made up and recorded, and what must come out of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

ROOT = Path(__file__).parents[3]
EVENTS = ROOT / "events"
APP_SECRET = "test_app_secret"
RECEIVED_AT_MS = 1_794_830_400_000
"""2026-11-16 12:00 UTC, the day of `events/`."""
PHONE = "12025550151"
NUMBER = "481207733015524"
WABA = "372910446518803"


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def text_message(message_id: str = "wamid.A", body: str = "hello", sender: str = PHONE, **more: Any) -> dict[str, Any]:
    timestamp = str(RECEIVED_AT_MS // 1000)
    return {
        "from": sender,
        "id": message_id,
        "timestamp": timestamp,
        "type": "text",
        "text": {"body": body},
        **more,
    }


def status(message_id: str = "wamid.S", name: str = "sent", **more: Any) -> dict[str, Any]:
    return {
        "id": message_id,
        "status": name,
        "timestamp": str(RECEIVED_AT_MS // 1000),
        "recipient_id": PHONE,
        **more,
    }


def value(number: str = NUMBER, **lists: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "12025550117", "phone_number_id": number}
    return {"messaging_product": "whatsapp", "metadata": metadata, **lists}


def change(of: Any, field: str = "messages") -> dict[str, Any]:
    return {"field": field, "value": of}


def entry(*changes: Any, waba_id: str = WABA) -> dict[str, Any]:
    return {"id": waba_id, "changes": list(changes)}


def envelope(*entries: Any) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": list(entries)}).encode()


def body_with(**lists: Any) -> bytes:
    return envelope(entry(change(value(**lists))))


def canonical(piece: Any) -> str:
    return json.dumps(piece, sort_keys=True)


def pieces(body: bytes) -> list[str]:
    """Every message and status that stands in a body, found the plain way."""
    try:
        root = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [
        canonical(piece) for of in _message_values(root) for key in ("messages", "statuses") for piece in _of(of, key)
    ]


def _message_values(root: Any) -> Iterator[Any]:
    for one in _of(root, "entry"):
        for made in _of(one, "changes"):
            if isinstance(made, dict) and made.get("field") == "messages":
                yield made.get("value")


def _of(holder: Any, key: str) -> list[Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


@dataclass(frozen=True)
class Recorded:
    path: Path

    @property
    def body(self) -> bytes:
        return self.path.read_bytes()


def recorded() -> list[Any]:
    """Every file of `events/`, and of each folder that `PAYLOAD_DIRS` names."""
    own = [path for path in sorted(EVENTS.rglob("*.json")) if EVENTS / "lambda" not in path.parents]
    folders = [Path(folder) for folder in os.environ.get("PAYLOAD_DIRS", "").split(os.pathsep) if folder]
    extra = [(folder, path) for folder in folders for path in sorted(folder.rglob("*.json"))]
    return [
        *(pytest.param(Recorded(path), id=str(path.relative_to(ROOT))) for path in own),
        *(pytest.param(Recorded(path), id=f"{folder.name}/{path.relative_to(folder)}") for folder, path in extra),
    ]


_text = st.text(st.characters(), max_size=12)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _text,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(_text, children, max_size=4),
    max_leaves=8,
)
"""Whatever JSON can say, NaN and lone surrogates included."""


def _mostly(sound: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(sound, sound, sound, json_values)


_ids = st.integers(0, 999).map("wamid.{}".format)
_senders = st.sampled_from([PHONE, "447700900123", "US.13491208655302741918"])
_types = st.sampled_from("text image interactive order reaction system hologram".split())


def _dicts(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=optional)


messages = st.builds(
    lambda head, body: {**head, **({head["type"]: body} if isinstance(head.get("type"), str) else {})},
    _dicts(
        **{
            "id": _mostly(_ids),
            "from": _mostly(_senders),
            "from_user_id": _mostly(_senders),
            "timestamp": _mostly(st.just("1794830400")),
            "type": _mostly(_types),
            "context": _mostly(st.just({"id": "wamid.1"})),
            "group_id": json_values,
            "referral": json_values,
        }
    ),
    json_values,
)
statuses = _dicts(
    id=_mostly(_ids),
    status=_mostly(st.sampled_from(["sent", "delivered", "read", "failed"])),
    timestamp=_mostly(st.just("1794830400")),
    pricing=_mostly(_dicts(billable=_mostly(st.just(True)), category=_mostly(st.just("service")))),
    errors=_mostly(st.lists(_dicts(code=json_values, title=json_values, error_data=json_values), max_size=2)),
    biz_opaque_callback_data=json_values,
)
contacts = _dicts(wa_id=_mostly(_senders), user_id=_mostly(_senders), profile=_mostly(_dicts(name=_text)))
_values = _dicts(
    metadata=_mostly(_dicts(phone_number_id=_mostly(st.just(NUMBER)))),
    contacts=_mostly(st.lists(_mostly(contacts), max_size=3)),
    messages=_mostly(st.lists(_mostly(messages), max_size=4)),
    statuses=_mostly(st.lists(_mostly(statuses), max_size=4)),
    errors=json_values,
    history=json_values,
)
_changes = _dicts(
    field=_mostly(st.sampled_from(["messages", "messages", "history", "security"])), value=_mostly(_values)
)
_entries = _dicts(id=_mostly(st.just(WABA)), changes=_mostly(st.lists(_mostly(_changes), max_size=3)))
bodies = _dicts(object=json_values, entry=_mostly(st.lists(_mostly(_entries), max_size=3))).map(
    lambda root: json.dumps(root).encode()
)
"""Envelopes that are mostly sound, with any JSON in any place of them."""
