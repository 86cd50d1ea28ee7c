"""How long customers may wait: minutes in which somebody could come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.opening_hours import ALWAYS_OPEN, WEEKDAYS, OpeningHours, Span
from domain.waiting import USUAL_TIMES, WaitingStep, WaitingTimes
from domain.wording import HANDOVER_NOTE, OPENS_AGAIN, WAITING_NOTE, waiting_note

DAY = (Span(time(9), time(13)), Span(time(15), time(18)))
BOSTON = OpeningHours(
    "America/New_York", {**dict.fromkeys(WEEKDAYS[:5], DAY), "sat": DAY[:1]}, frozenset({date(2026, 11, 26)})
)
NIGHTS = OpeningHours("America/New_York", dict.fromkeys(WEEKDAYS, (Span(time(0), time(6)),)))
"""Open while the clocks change: on 8 March 2026 from 2 to 3, on 1 November 2026 from 2 back to 1."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestAfterSoMuchOpenTime:
    @pytest.mark.parametrize(
        ("moment", "minutes", "expected"),
        [
            ("2026-11-23T14:00", 15, "2026-11-23T14:15"),  # Monday, 09:00 in Boston
            ("2026-11-24T04:00", 15, "2026-11-24T14:15"),  # 23:00: the clock starts with the opening
            ("2026-11-23T17:50", 30, "2026-11-23T20:20"),  # ten minutes before lunch, twenty behind it
            ("2026-11-23T17:50", 10, "2026-11-23T18:00"),  # the last minute counts whole
            ("2026-11-25T22:50", 30, "2026-11-27T14:20"),  # over Thanksgiving
            ("2026-11-28T17:30", 60, "2026-11-30T14:30"),  # over Sunday
            ("2026-11-23T14:00", 10 * 60, "2026-11-24T17:00"),  # seven hours of Monday, three of Tuesday
            ("2026-07-06T12:00", 15, "2026-07-06T13:15"),  # in summer, 09:00 there is an hour earlier here
        ],
    )
    def test_only_while_it_is_open_time_counts(self, moment: str, minutes: int, expected: str) -> None:
        assert BOSTON.after(utc(moment), timedelta(minutes=minutes)) == utc(expected)

    @pytest.mark.parametrize(
        ("moment", "hours", "expected"),
        [
            ("2026-03-08T05:00", 5, "2026-03-08T10:00"),  # midnight: the hour that is skipped does not count
            ("2026-03-08T05:00", 6, "2026-03-09T05:00"),
            ("2026-11-01T04:00", 7, "2026-11-01T11:00"),  # the one that is repeated counts twice
            ("2026-11-01T04:00", 8, "2026-11-02T06:00"),
        ],
    )
    def test_when_the_clocks_change_it_is_time_that_counts(self, moment: str, hours: int, expected: str) -> None:
        assert NIGHTS.after(utc(moment), timedelta(hours=hours)) == utc(expected)

    def test_who_gave_no_hours_is_always_there(self) -> None:
        assert ALWAYS_OPEN.after(utc("2026-12-25T03:00"), timedelta(minutes=15)) == utc("2026-12-25T03:15")

    def test_who_is_never_there_is_never_late(self) -> None:
        assert OpeningHours("UTC", {"mon": ()}).after(utc("2026-11-23T14:00"), timedelta(minutes=1)) is None

    def test_nor_who_is_away_for_longer_than_a_year(self) -> None:
        hours = OpeningHours("UTC", {"mon": (Span(time(9), time(10)),)})
        assert hours.after(utc("2026-11-23T14:00"), timedelta(hours=52)) is not None
        assert hours.after(utc("2026-11-23T14:00"), timedelta(hours=54)) is None

    def test_what_is_written_down_twice_counts_once(self) -> None:
        twice = OpeningHours(
            "UTC", {"mon": (Span(time(12), time(18)), Span(time(9), time(13)), Span(time(9), time(12)))}
        )
        assert twice.after(utc("2026-11-23T00:00"), timedelta(hours=9)) == utc("2026-11-23T18:00")

    def test_who_closes_before_they_open_is_not_open(self) -> None:
        hours = OpeningHours("UTC", {"mon": (Span(time(18), time(2)), Span(time(20), time(21)))})
        assert hours.after(utc("2026-11-23T00:00"), timedelta(hours=1)) == utc("2026-11-23T21:00")


# Changes of clock fall between one and three at night; who opens or closes there is told about in the docstring.
_TIMES = [time(hour, minute) for hour in (0, *range(3, 24)) for minute in (0, 30)]
_SPANS = st.lists(st.tuples(*[st.sampled_from(_TIMES)] * 2).map(lambda pair: Span(*pair)), max_size=3).map(tuple)
_HOURS = st.builds(
    OpeningHours,
    st.sampled_from(["UTC", "America/New_York", "Europe/Madrid", "Asia/Kolkata", "Australia/Lord_Howe"]),
    st.dictionaries(st.sampled_from(WEEKDAYS), _SPANS, min_size=1),
    st.sets(st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 11, 1), date(2026, 11, 26)])).map(
        frozenset
    ),
)
_MOMENTS = st.sampled_from(
    ["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"]
).flatmap(lambda day: st.integers(0, 3 * 48).map(lambda halves: utc(day) + timedelta(minutes=30 * halves)))
_HALF = timedelta(minutes=30)


@given(_HOURS, _MOMENTS, st.integers(1, 40))
def test_it_is_what_one_counts_who_looks_every_half_hour(hours: OpeningHours, moment: datetime, halves: int) -> None:
    counted, look = 0, moment
    while counted < halves and look < moment + timedelta(days=30):
        counted += hours.open_at(look)
        look += _HALF
    found = hours.after(moment, halves * _HALF)
    assert found == look if counted == halves else found is None or found >= look


@given(_HOURS, _MOMENTS, st.integers(1, 20 * 60), st.integers(1, 20 * 60))
def test_one_can_count_in_two_goes(hours: OpeningHours, moment: datetime, first: int, second: int) -> None:
    between = hours.after(moment, timedelta(minutes=first))
    at_once = hours.after(moment, timedelta(minutes=first + second))
    if between is not None and at_once is not None:
        assert moment < between < at_once
        assert hours.after(between, timedelta(minutes=second)) == at_once


class TestFollowing:
    SINCE = utc("2026-11-23T12:00")

    def test_the_usual_times(self) -> None:
        assert self.steps(USUAL_TIMES) == [
            (WaitingStep.REMINDER, utc("2026-11-23T12:15")),
            (WaitingStep.NOTE, utc("2026-11-23T12:30")),
            (WaitingStep.URGENT, utc("2026-11-23T14:00")),
        ]

    @pytest.mark.parametrize(
        ("times", "expected"),
        [
            (WaitingTimes(None, None, None), []),
            (WaitingTimes(0, 0, 0), []),
            (WaitingTimes(None, 5, None), [WaitingStep.NOTE]),
            (WaitingTimes(5, None, 10), [WaitingStep.REMINDER, WaitingStep.URGENT]),
            (WaitingTimes(30, 20, 10), list(WaitingStep)),  # the order stays, whatever the minutes say
        ],
    )
    def test_each_step_can_be_switched_off(self, times: WaitingTimes, expected: list[WaitingStep]) -> None:
        assert [step for step, _ in self.steps(times)] == expected

    def test_minutes_are_the_sellers_open_ones(self) -> None:
        [(_, reminder), (_, note), (_, urgent)] = self.steps(USUAL_TIMES, BOSTON)
        assert (reminder, note, urgent) == (
            utc("2026-11-23T14:15"),
            utc("2026-11-23T14:30"),
            utc("2026-11-23T16:00"),
        )

    def test_where_nobody_is_ever_there_nothing_follows(self) -> None:
        assert self.steps(USUAL_TIMES, OpeningHours("UTC", {"mon": ()})) == []

    def steps(self, times: WaitingTimes, hours: OpeningHours = ALWAYS_OPEN) -> list[tuple[WaitingStep, datetime]]:
        steps: list[tuple[WaitingStep, datetime]] = []
        while found := times.following(steps[-1][0] if steps else None, self.SINCE, hours):
            steps.append(found)
        return steps


@pytest.mark.parametrize("language", HANDOVER_NOTE)
def test_the_note_is_in_every_language_of_the_hand_over(language: str) -> None:
    opening = BOSTON.next_opening(utc("2026-11-28T20:30"))
    note = waiting_note(language, opening)
    assert note.startswith(WAITING_NOTE[language])
    assert "2026-11-30" in note
    assert "09:00" in note
    assert waiting_note(language) == WAITING_NOTE[language]
    assert set(WAITING_NOTE) == set(OPENS_AGAIN) == set(HANDOVER_NOTE)
