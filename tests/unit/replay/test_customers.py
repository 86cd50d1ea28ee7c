"""What is looked for in the logs."""

from __future__ import annotations

from ops.outcomes.log_search import Private
from ops.replay.customers import told_by_customers
from tests.unit.replay.envelopes import body, change


def test_numbers_names_and_texts_long_enough_to_be_told_apart() -> None:
    content = body(
        "w",
        change(
            "106540352242922",
            contacts=[{"profile": {"name": "Nora Whitfield"}, "wa_id": "12025550143"}],
            messages=[
                {"from": "+12025550143", "id": "wamid.1", "type": "text", "text": {"body": "How much is it?"}},
                {"from": "12025550144", "id": "wamid.2", "type": "text", "text": {"body": "Hi"}},
            ],
        ),
    )
    assert told_by_customers([content, b"no JSON"]) == [
        Private("a phone number", "12025550143"),
        Private("a phone number", "12025550144"),
        Private("a text", "How much is it?"),
        Private("a name", "Nora Whitfield"),
    ]
