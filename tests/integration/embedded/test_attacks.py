"""Bad input against the whole product, from the signed body to the rows, the sends and the log.

What the webhook refuses at once (no signature, another's, an empty secret, a wrong verify token) is tested where it is
refused: tests/unit/handlers/test_webhook.py, test_whatsapp_webhook_signature.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ops.prove.cast import APP_SECRET, SUSPENDED, UNKNOWN, phone_number_id
from ops.prove.evidence import Evidence
from ops.prove.invariants import violations
from ops.prove.play import Playing
from ops.prove.proof import Proof
from ops.prove.scenarios import NOON
from ops.prove.script import Act, Script, Step, Update, What

QUESTION = Update(1, What.QUESTION)
Play = Callable[..., Evidence]


@pytest.fixture(autouse=True)
def _aws() -> None:
    """A proof brings its own."""


@pytest.fixture(autouse=True, scope="module")
def _clients() -> None:
    """As above."""


@pytest.fixture(scope="module")
def proof() -> Iterator[Proof]:
    proof = Proof(0)
    with proof.in_place():
        yield proof


@pytest.fixture
def play(proof: Proof) -> Play:
    def played(*steps: Step) -> Evidence:
        script = Script("an attack", NOON, 0, steps)
        proof.prepare(script)
        with proof.clock.running():
            evidence = Playing(proof.deployment, script).run()
        assert violations(evidence) == []
        return evidence

    return played


def _post(*updates: Update) -> Step:
    return Step(Act.POST, 1, updates)


def _usage(evidence: Evidence, tenant_id: str = "acme") -> int:
    return sum(int(row.get("messages", 0)) for row in evidence.rows["TenantUsageTable"] if row["tenantId"] == tenant_id)


def _quarantined(evidence: Evidence) -> list[Any]:
    return [row["reason"] for row in evidence.rows["ConversationsTable"] if row["sk"] == "quarantine"]


def test_8_valid_body_a_thousand_times_is_counted_once_with_one_reply(play: Play) -> None:
    evidence = play(_post(QUESTION), *(Step(Act.REPEAT, 1, (), wait, 333) for wait in (0.0, 360.0, 7 * 86_400.0)))
    assert (_usage(evidence), len(evidence.posts)) == (1, 1)


@pytest.mark.parametrize(("number", "reason"), [(UNKNOWN, "unknown_number"), (SUSPENDED, "suspended_tenant")])
def test_9_unknown_phone_number_id_is_answered_200_and_quarantined_with_no_model_call(
    play: Play, proof: Proof, number: int, reason: str
) -> None:
    evidence = play(_post(Update(1, What.QUESTION, number)))
    assert [attempt.acknowledged for attempt in evidence.attempts] == [True]
    assert _quarantined(evidence) == [reason]
    assert "reply_handler" not in proof.deployment.invocations
    assert evidence.posts == []


def test_10_one_body_with_two_tenants_is_routed_each_alone(play: Play) -> None:
    evidence = play(_post(QUESTION, Update(1, What.QUESTION, 1)))
    assert (_usage(evidence, "acme"), _usage(evidence, "globex")) == (1, 1)
    said = {post.phone_number_id: post.text for post in evidence.posts}
    assert "Azure mug" in said[phone_number_id(0)]
    assert "Green lamp" in said[phone_number_id(1)]


@pytest.mark.parametrize(
    "body",
    [
        '{"object": 1, "entry": {"id": []}}',
        "[" * 10_000 + "]" * 10_000,
        '{"entry": [], "entry": [{"changes": 5}]}',
        '{"entry": [{"id": NaN, "changes": [{"field": "messages", "value": {"messages": [{"id": NaN}]}}]}]}',
        '{"entry": [{"id": "1", "changes": [{"field": "messages", "value": {"messages": [{"id": {}, "from": []}]}}]}]}',
    ],
    ids=["wrong types", "10k nesting", "duplicate keys", "NaN", "ids that are none"],
)
def test_11_wrong_json_types_nesting_duplicate_keys_and_nan_crash_nothing(play: Play, proof: Proof, body: str) -> None:
    evidence = play(Step(Act.RAW, 1, text=body), _post(QUESTION))
    assert all(attempt.acknowledged for attempt in evidence.attempts)
    assert _quarantined(evidence) == ["malformed"]
    assert not evidence.dead_letters
    assert " raised " not in evidence.log
    assert len(evidence.posts) == 1
    assert proof.deployment.crashes == 0


@pytest.mark.parametrize("what", [What.NUL, What.LONG, What.HUGE])
def test_12_nul_lone_surrogate_rtl_override_and_65k_text_are_stored_and_bounded(play: Play, what: What) -> None:
    evidence = play(_post(Update(1, what)))
    [row] = [row for row in evidence.rows["ConversationsTable"] if row.get("direction") == "in"]
    assert 0 < len(row["words"]) <= 4096
    row["words"].encode()
    assert not evidence.dead_letters


def test_33_grep_of_all_logs_for_phones_tokens_texts_finds_nothing(play: Play) -> None:
    steps = [Step(Act.POST, n, (Update(n, what, n % 2, n % 4),)) for n, what in enumerate(What, 1)]
    evidence = play(*steps, Step(Act.POISON, 90, times=3, text="inbox"), Step(Act.RAW, 91, text="{"))
    lines = [line for line in evidence.log.splitlines() if line.strip()]
    assert len(lines) > len(What)
    assert all(isinstance(json.loads(line), dict) for line in lines)
    customer_words = ("harpsichord", "How much", "Ben here", "Customer 1")
    assert not [line for line in lines if any(word in line for word in (*customer_words, APP_SECRET))]
