"""Every message that was received ended somewhere, once; what did not is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.conversations import Owner
from domain.replies import ReplyState
from ops.outcomes.rows import Row
from ops.reconcile.books import Books, DeadLetter, claim_of, month_counts, months_in, reconcile
from ops.reconcile.report import ReconcileReport, report_of
from tests.builders import ACME
from tests.unit.outcomes import rows as made
from tests.unit.outcomes.rows import TABLES, FakeRows

DAY = "2026-11-22"
SOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)


def books(*rows: Row, dead: Sequence[DeadLetter] = (), now: datetime = SOON) -> Books:
    claims = [claim_of(row) for row in rows if row["sk"] == "#pointer"]
    return reconcile(claims, dead, FakeRows(*rows), TABLES["conversations"], (DAY, DAY), now)


def told(kept: Books) -> ReconcileReport:
    return report_of(kept, [], (DAY, DAY))


def dead(message_id: str, *, recorded: bool) -> DeadLetter:
    return DeadLetter(ACME, message_id, DAY, recorded)


def test_each_message_stands_under_where_it_ended() -> None:
    report = told(
        books(
            made.state(Owner.ASSISTANT),
            *(made.pointer(f"wamid.{n}") for n in range(1, 5)),
            made.message("wamid.1", "answer"),
            made.reply("wamid.1", ReplyState.SENT),
            made.message("wamid.2", "record", "thanks"),
            made.message("wamid.3", "answer"),
            made.message("wamid.4", "answer"),
            dead=[dead("wamid.4", recorded=True), dead("wamid.5", recorded=False)],
        )
    )
    [day] = report.days
    assert (day.received, day.answered, day.recorded, day.pending, day.dead) == (5, 1, 1, 1, 2)
    assert day.adds_up
    assert report.adds_up


def test_a_letter_whose_message_was_recorded_after_all_counts_once() -> None:
    rows = (made.state(Owner.ASSISTANT), made.pointer("wamid.1"), made.message("wamid.1", "record", "thanks"))
    [day] = told(books(*rows, dead=[dead("wamid.1", recorded=False)])).days
    assert (day.received, day.recorded, day.dead) == (1, 1, 0)


def test_a_claim_without_its_message_is_named() -> None:
    report = told(books(made.state(Owner.ASSISTANT), made.pointer("wamid.1")))
    assert not report.adds_up
    assert not report.days[0].adds_up
    assert [(one.message_id, one.what) for one in report.problems] == [
        ("wamid.1", "counted, but not in its conversation")
    ]


def test_a_message_that_was_never_counted_is_named() -> None:
    report = told(
        books(
            made.state(Owner.ASSISTANT),
            made.pointer("wamid.1"),
            made.message("wamid.1", "record", "thanks"),
            made.message("wamid.2", "record", "thanks"),
        )
    )
    assert [(one.message_id, one.what) for one in report.problems] == [
        ("wamid.2", "stands in its conversation, and was never counted")
    ]


def test_silence_that_lasts_too_long_is_named() -> None:
    rows = (made.state(Owner.ASSISTANT), made.pointer("wamid.1"), made.message("wamid.1", "answer"))
    assert told(books(*rows)).adds_up
    late = told(books(*rows, now=SOON + timedelta(hours=1)))
    assert [one.what for one in late.problems] == ["pending for too long: no answer yet"]


def test_what_was_answered_twice_is_named() -> None:
    rows = (
        made.state(Owner.ASSISTANT),
        made.pointer("wamid.1"),
        made.pointer("wamid.2"),
        made.message("wamid.1", "answer"),
        made.message("wamid.2", "answer"),
        made.reply("wamid.1", ReplyState.SENT),
        made.reply("wamid.2", ReplyState.SENT, "wamid.1"),
    )
    assert [one.what for one in told(books(*rows)).problems] == ["answered more than once"]


@pytest.mark.parametrize(
    ("counted", "adds_up"), [((1, 1), True), ((0, 1), True), ((1, 2), True), ((2, 2), False), ((0, 0), False)]
)
def test_the_months_counter_is_the_number_of_claims(counted: tuple[int, int], adds_up: bool) -> None:
    """Around a message that comes in between, the counter may have grown."""
    claims = [
        claim_of(made.pointer("wamid.1")),
        claim_of(made.pointer("wamid.2", reason="earlier_system")),
    ]
    before, after = ({(str(ACME), "2026-11"): count} for count in counted)
    [month] = month_counts(claims, before, after)
    assert month.adds_up is adds_up


@pytest.mark.parametrize(
    ("window", "months"),
    [
        (("2026-11-16", "2026-11-22"), []),
        (("2026-11-01", "2026-11-22"), ["2026-11"]),
        (("2026-09-01", "2026-09-30"), ["2026-09"]),
        (("2026-09-01", "2026-09-29"), []),
        (("2025-12-31", "2026-11-22"), [f"2026-{n:02}" for n in range(1, 12)]),
    ],
)
def test_months_are_compared_where_no_day_is_missing(window: tuple[str, str], months: list[str]) -> None:
    assert months_in(window, "2026-11-22") == months
