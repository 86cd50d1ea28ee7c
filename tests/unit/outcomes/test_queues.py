"""Whose dead letter it is."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

from ops.outcomes.queues import _identity


@pytest.mark.parametrize(
    ("letter", "identity"),
    [
        ({"phone_number_id": "1", "message": {"id": "wamid.1"}}, ("1", "wamid.1")),
        ({"phone_number_id": "1", "update_id": "wamid.1:read", "status": {}}, ("1", "wamid.1:read")),
        ({"phone_number_id": "", "update_id": "0c1f", "value": {}}, ("", "0c1f")),
        ({"tenant_id": "acme", "message_id": "wamid.1"}, ("acme", "wamid.1")),
    ],
    ids=["message", "status", "event", "reply job"],
)
def test_identity(letter: dict[str, object], identity: tuple[str, str]) -> None:
    text = json.dumps(letter)
    packed = json.dumps({"zlib": base64.b64encode(zlib.compress(text.encode())).decode()})
    assert _identity(text) == _identity(packed) == identity


@pytest.mark.parametrize("letter", ["not JSON", "[]", "{}", '{"zlib": "AAAA"}', "null"])
def test_a_letter_of_somebody_else(letter: str) -> None:
    assert _identity(letter) is None
