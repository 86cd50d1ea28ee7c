"""The command, over the demo's own catalogues; sockets are off."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from domain.assistants import Answer, Turn
from domain.media import MediaKind
from domain.tenants import TenantId
from ops.cli import app
from ops.evaluate import questions, run
from ops.evaluate.names import AssistantName
from ops.evaluate.questions import Category
from ops.evaluate.report import Evaluation, thresholds
from ops.evaluate.run import Candidate


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return run.evaluate(Candidate(), None)


def test_the_catalogue_assistant_meets_every_threshold(evaluation: Evaluation) -> None:
    assert {report.tenant for report in evaluation.tenants} == set(questions.tenants())
    for report in evaluation.tenants:
        for category, score in report.scores.items():
            assert score.ok, (report.tenant, category, score)
    assert evaluation.ok


def test_the_assistant_that_needs_no_model_needs_no_repair(evaluation: Evaluation) -> None:
    assert [one.id for report in evaluation.tenants for one in report.asked if one.findings] == []


def test_an_assistant_that_invents_is_below_the_threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    class Inventor:
        takes: frozenset[MediaKind] = frozenset()

        def answer(self, turn: Turn) -> Answer:
            return Answer(f"It is 1.00 USD, {turn.tenant.name} promises", ())

    monkeypatch.setattr(run, "_assistant", lambda *_: Inventor())
    found = run.evaluate(Candidate(), "maple-home")
    [report] = found.tenants
    assert not found.ok
    assert report.scores[Category.RIGHT_PRICE].right == 0
    assert not any("1.00" in one.text for one in report.asked)  # the guard kept each of them back
    result = CliRunner().invoke(app, ["evaluate", "--tenant", "maple-home"])
    assert result.exit_code == 1
    assert "below a threshold" in result.output


def test_the_command_tells_programs_all_that_was_said() -> None:
    result = CliRunner().invoke(app, ["evaluate", "--tenant", "flor-de-cafe", "--output", "json"])
    assert result.exit_code == 0
    [report] = json.loads(result.output)["tenants"]
    assert report["tenant"] == "flor-de-cafe"
    assert len(report["asked"]) == len(questions.of_tenant(TenantId("flor-de-cafe")))


@pytest.mark.parametrize("name", AssistantName)
def test_every_assistant_has_its_thresholds(name: AssistantName) -> None:
    assert all(0 < least <= 1 for least in thresholds(name).values())
