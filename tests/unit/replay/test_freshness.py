"""As if it were sent now, by somebody who has never written before."""

from __future__ import annotations

import json

from ops.replay.bodies import Body
from ops.replay.freshness import freshened
from tests.unit.replay.envelopes import body, change

MESSAGE = {"id": "wamid.1", "timestamp": "1700000000", "type": "text", "text": {"body": "wamid.1"}}
REACTION = {"id": "wamid.2", "timestamp": "1700000001", "reaction": {"message_id": "wamid.1"}}


def test_new_ids_wherever_they_are_referred_to_and_now_as_time() -> None:
    bodies = [
        Body("a", body("w", change("1", messages=[MESSAGE]))),
        Body("b", body("w", change("1", messages=[REACTION]))),
    ]
    first, second = (
        json.loads(fresh.content)["entry"][0]["changes"][0]["value"]["messages"][0]
        for fresh in freshened(bodies, "run1", 1800000000)
    )
    assert first["id"] == second["reaction"]["message_id"] == "wamid.run11"
    assert second["id"] == "wamid.run12"
    assert first["timestamp"] == second["timestamp"] == "1800000000"


def test_two_runs_share_no_id() -> None:
    bodies = [Body("a", body("w", change("1", statuses=[{"id": "wamid.1", "status": "read"}])))]
    assert freshened(bodies, "run1", 1) != freshened(bodies, "run2", 1)


def test_what_is_no_json_stays() -> None:
    assert freshened([Body("a", b"no JSON")], "run1", 1) == [Body("a", b"no JSON")]
