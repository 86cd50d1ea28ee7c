"""When a replay has failed."""

from __future__ import annotations

import pytest

from ops.outcomes.states import FinalState
from ops.replay import view
from ops.replay.report import BodyReport, ItemReport, ReplayReport

ID = "wamid.HBgLMTIwMjU1NTAxNDMVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA="


def item(state: FinalState = FinalState.RECORDED, kind: str = "message", update_id: str = ID) -> ItemReport:
    return ItemReport(kind=kind, update_id=update_id, state=state, detail="late", duplicate=False)


def report(*bodies: BodyReport, leaks: list[str] | None = None) -> ReplayReport:
    return ReplayReport(bodies=list(bodies), seconds=1.5, log_lines=7, leaks=leaks or [])


def body(*items: ItemReport, http_status: int | None = 200, not_accepted: list[str] | None = None) -> BodyReport:
    return BodyReport(name="a.json", http_status=http_status, items=list(items), not_accepted=not_accepted or [])


@pytest.mark.parametrize(
    "state", [FinalState.ANSWERED, FinalState.ESCALATED, FinalState.RECORDED, FinalState.QUARANTINED]
)
def test_good_ends(state: FinalState) -> None:
    assert report(body(item(state))).ok


@pytest.mark.parametrize(
    "bad",
    [
        report(body(item(FinalState.LOST))),
        report(body(item(FinalState.DEAD_LETTERED))),
        report(body(item(FinalState.PENDING))),
        report(body(item(), http_status=401)),
        report(body(http_status=None)),
        report(body(not_accepted=["message"])),
        report(body(item()), leaks=["a text in emulator.log (1 ×)"]),
    ],
    ids=["lost", "dead-lettered", "pending", "refused", "no answer", "not accepted", "leak"],
)
def test_bad_ends(bad: ReplayReport) -> None:
    assert not bad.ok


def test_what_was_not_accepted_counts_as_lost() -> None:
    assert report(body(item(), not_accepted=["status"])).states == {"recorded": 1, "lost": 1}


def test_the_front_of_an_id_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    view.show(report(body(item(), item(kind="status", update_id=f"{ID}:read")), body(http_status=None)))
    shown = capsys.readouterr().out
    assert "MUMxMAA=" in shown
    assert "HBgLMTIwMjU1NTAxNDMV" not in shown
    assert "no answer" in shown


def test_a_body_of_many_updates_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    view.show(report(body(*[item() for _ in range(1000)])))
    shown = capsys.readouterr().out
    assert "message × 1000" in shown
    assert len(shown.splitlines()) < 10
