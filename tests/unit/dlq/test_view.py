"""What an operator reads on a terminal, and in a ticket to which it is copied."""

from __future__ import annotations

import pytest

from adapters.dead_letters.causes import Causes
from adapters.dead_letters.groups import grouped
from adapters.dead_letters.queues import QueueName
from adapters.dead_letters.survey import Survey
from adapters.sqs_depths import Depth
from ops.dlq import view
from ops.dlq.report import HistoryReport, MoveReport, list_report, show_report
from tests.builders import after, number
from tests.fakes.tenants import FakeTenants
from tests.unit.dlq.dead import WORDS, letter, message_body

MESSAGE_ID = "wamid.HBgLMTIwMjU1NTAxNDMVAgASGBQ0"
"""Its middle is 12025550143 in base 64."""
PRIVATE = ("12025550143", "MTIwMjU1NTAxNDM", "Alice", WORDS)

LETTERS = [letter(message_body(MESSAGE_ID)), letter(WORDS, message_id="sqs-2")]
FOUND = Survey(LETTERS, {QueueName.INBOX: Depth("inbox-dlq", 5, 1, 0)}, Causes())
TENANTS = FakeTenants(number())


def moved(**changes: object) -> MoveReport:
    plain: dict[str, object] = {"action_id": "a1", "command": "redrive", "dry_run": False, "interrupted": False}
    return MoveReport.model_validate(
        {**plain, "counts": {"redriven": 3}, "errors": {}, "lying": {"inbox-dlq": 1}, "unseen": 0, **changes}
    )


def test_the_list_tells_what_it_could_not_see(capsys: pytest.CaptureFixture[str]) -> None:
    view.show_list(list_report(FOUND, grouped(LETTERS, FOUND.causes.why), TENANTS))
    printed = capsys.readouterr().out
    assert "acme" in printed
    assert "MalformedRecordError: is not JSON" in printed
    assert "about 3 more" in printed
    assert "about 1 are in somebody's hands" in printed
    assert not [private for private in PRIVATE if private in printed]


def test_a_group_shows_the_ends_of_ids(capsys: pytest.CaptureFixture[str]) -> None:
    for group in grouped(LETTERS, FOUND.causes.why):
        view.show_group(show_report(group, TENANTS, after(hours=1)))
    printed = capsys.readouterr().out
    assert f"…{MESSAGE_ID[-8:]}" in printed
    assert not [private for private in PRIVATE if private in printed]


def test_programs_are_told_no_more_than_ids() -> None:
    for group in grouped(LETTERS, FOUND.causes.why):
        printed = show_report(group, TENANTS, after(hours=1)).model_dump_json()
        assert not [private for private in ("12025550143", "Alice", WORDS) if private in printed]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (moved(), "3 redriven"),
        (moved(counts={}, action_id=""), "Nothing to do."),
        (moved(dry_run=True, action_id="", unseen=7), "About 7 more"),
        (moved(interrupted=True), "run it again"),
        (moved(counts={"failed": 1}, errors={"send to inbox: Throttled": 1}), "send to inbox: Throttled"),
    ],
    ids=["done", "nothing", "dry run", "interrupted", "failed"],
)
def test_what_came_of_it(report: MoveReport, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    view.show_moved(report)
    assert words in capsys.readouterr().out


def test_the_question_names_what_would_happen() -> None:
    assert view.question(moved(counts={"redriven": 3, "handed_over": 1})) == (
        "redrive: 3 redriven, 1 stale, to a person instead. Go on?"
    )


def test_no_history(capsys: pytest.CaptureFixture[str]) -> None:
    view.show_history(HistoryReport([]))
    assert "Nobody" in capsys.readouterr().out
