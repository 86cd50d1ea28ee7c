"""The short form of `ai-marketplace prove`, and code that is broken on purpose: each break turns it red."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.prove import scenarios
from ops.prove.commands import DEFAULT_SEED
from ops.prove.graph import Verdict
from ops.prove.invariants import Violation
from ops.prove.proof import Failure, Proof
from ops.prove.script import Act, Fault, Place, Script, Step, Strike, Update, What
from tests.integration.embedded import proving

_RUNS = 64
_MOST_RUNS = 200
"""Within so many of the default seed's a break must show."""


@pytest.fixture(autouse=True)
def _aws() -> None:
    """A proof brings its own."""


@pytest.fixture(autouse=True, scope="module")
def _clients() -> None:
    """As above."""


@pytest.fixture(scope="module")
def proof() -> Proof:
    return Proof(DEFAULT_SEED)


@pytest.fixture
def placed(proof: Proof) -> Iterator[Proof]:
    with proof.in_place():
        yield proof


def test_every_promise_holds(placed: Proof) -> None:
    broken = [(run, str(one)) for run in range(_RUNS) for one in placed.run(run).violations]
    assert broken == []


def test_a_run_can_be_made_again(placed: Proof) -> None:
    script = scenarios.mixed(5, 11)
    assert script == scenarios.mixed(5, 11)
    assert placed.play(script)[1] == placed.play(script)[1]
    first = [(post.at, post.reply_id) for post in placed.deployment.graph.posts]
    placed.play(script)
    assert [(post.at, post.reply_id) for post in placed.deployment.graph.posts] == first


@pytest.mark.parametrize(
    ("broken", "invariants"),
    [
        (proving.pointer_without_condition, {"I2", "I4", "I5"}),
        (proving.sent_before_sending_is_written, {"I3"}),
        (proving.statuses_go_back, {"I5"}),
        (proving.accepted_though_not_queued, {"I1"}),
        (proving.customers_without_tenant, {"I3", "I4", "I5", "I6"}),
        (proving.last_interaction_goes_back, {"I5"}),
        (proving.blind_to_unanswered, {"I1"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_break_turns_it_red_and_is_cut_down(
    broken: proving.Break, invariants: set[str], proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with proof.in_place():
        red = next((run for run in range(_MOST_RUNS) if proof.run(run).violations), None)
        assert red is not None
        failure = proof.shrink(red)
        again, _ = proof.play(proof.script(red).only(failure.kept))
    assert invariants & {violation.invariant for violation in failure.violations}
    assert tuple(again) == failure.violations
    assert len(failure.kept) <= len(proof.script(red).parts)
    assert len(failure.kept) <= 5
    assert f"--run {red} --only " in failure.replay


@pytest.mark.parametrize(
    ("broken", "make", "invariant"),
    [
        (proving.bursts_not_awaited, scenarios.backlog, "I3"),
        (proving.claimed_whoever_speaks, scenarios.offered_again, "I3"),
        (proving.deliveries_saved_without_condition, scenarios.told_at_once, "I4"),
        (proving.settled_without_condition, scenarios.disordered, "I4"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_break_that_takes_bad_luck_shows_in_the_runs_made_for_it(
    broken: proving.Break, make: scenarios.Make, invariant: str, proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with proof.in_place():
        found = (proof.play(scenarios.of_kind(make, seed))[0] for seed in range(150))
        red = next(filter(None, found), [])
    assert invariant in {violation.invariant for violation in red}


def test_meta_takes_the_message_and_breaks_the_connection(placed: Proof) -> None:
    """No second send; the status settles it; without one a person has it."""
    for report, state in ((None, "sent"), ("none", "uncertain")):
        faults = (Fault(Place.SEND, "reset_sent"), *([Fault(Place.REPORT, report)] if report else []))
        found, _ = placed.play(_script(Update(1, What.QUESTION), faults=faults))
        rows = [
            row for row in placed.deployment.aws.dynamodb.tables[_conversations(placed)].items() if "purpose" in row
        ]
        assert found == []
        assert [post.verdict for post in placed.deployment.graph.posts] == [Verdict.UNCLEAR_SENT]
        assert [row["state"]["S"] for row in rows] == [state]


def test_an_answer_that_another_has_overtaken_is_not_offered_again(placed: Proof) -> None:
    """Refused for now; then a message comes, and its answer takes on both: the sweeper must leave the first alone."""
    steps = tuple(Step(Act.POST, n, (Update(n, What.QUESTION),), 6.0) for n in (1, 2))
    faults = (Fault(Place.SEND, "131056"), Fault("reply_handler", Strike.MEANWHILE_NEXT, 1, 1))
    found, _ = placed.play(Script("overtaken", scenarios.NOON, 0, steps, faults))
    assert found == []
    accepted = [post for post in placed.deployment.graph.posts if post.verdict is Verdict.ACCEPTED]
    assert len(accepted) == 1


def test_a_worker_killed_is_no_exception_that_anybody_handles(placed: Proof) -> None:
    fault = Fault(Place.ANYWHERE, Strike.CRASH_AFTER, 0, 3)
    found, injected = placed.play(_script(Update(1, What.QUESTION), faults=(fault,)))
    assert (found, injected["crash_after"], placed.deployment.crashes) == ([], 1, 1)


def test_a_violation_names_the_message(placed: Proof, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(placed.deployment.aws.sqs), "_send", lambda *_: "taken, and forgotten")
    found, _ = placed.play(_script(Update(1, What.QUESTION)))
    assert found == [Violation("I1", "wamid.in.1 (question) to acme: acknowledged, and lost")]


def test_a_failure_says_how_to_see_it_again() -> None:
    failure = Failure(7, 33, (), (0, 4), _script(Update(1, What.QUESTION)))
    assert failure.replay == "ai-marketplace prove --seed 7 --run 33 --only 0,4"


def _script(*updates: Update, faults: tuple[Fault, ...] = ()) -> Script:
    return Script("made for a test", scenarios.NOON, 0, (Step(Act.POST, 1, updates),), faults)


def _conversations(proof: Proof) -> str:
    return proof.deployment.template.tables["ConversationsTable"]
