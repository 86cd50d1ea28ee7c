"""Opening hours, in the seller's own time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.escalations import EscalationReason
from domain.opening_hours import ALWAYS_OPEN, WEEKDAYS, OpeningHours, Span
from domain.wording import OPENS_AGAIN, handover_note

DAY = (Span(time(9), time(13)), Span(time(15), time(18)))
BOSTON = OpeningHours(
    "America/New_York", {**dict.fromkeys(WEEKDAYS[:5], DAY), "sat": DAY[:1]}, frozenset({date(2026, 11, 26)})
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T14:00", True),  # Monday, 09:00 in Boston
        ("2026-11-23T13:59", False),
        ("2026-11-23T18:00", False),  # 13:00: closed from then on
        ("2026-11-23T20:00", True),  # 15:00
        ("2026-11-28T15:00", True),  # Saturday morning
        ("2026-11-28T20:30", False),
        ("2026-11-29T15:00", False),  # Sunday
        ("2026-11-26T15:00", False),  # Thanksgiving
        ("2026-07-06T13:00", True),  # in summer, 09:00 there is an hour earlier here
    ],
)
def test_open_in_the_sellers_time(moment: str, is_open: bool) -> None:
    assert BOSTON.open_at(utc(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T12:00", "2026-11-23T09:00"),
        ("2026-11-23T18:30", "2026-11-23T15:00"),
        ("2026-11-25T23:30", "2026-11-27T09:00"),  # over the holiday
        ("2026-11-28T20:30", "2026-11-30T09:00"),  # over Sunday
    ],
)
def test_the_next_opening(moment: str, opens: str) -> None:
    opening = BOSTON.next_opening(utc(moment))
    assert opening is not None
    assert f"{opening:%Y-%m-%dT%H:%M}" == opens
    assert BOSTON.open_at(opening)


def test_while_it_is_open_there_is_none() -> None:
    assert BOSTON.next_opening(utc("2026-11-23T14:00")) is None


def test_who_gave_no_hours_is_always_there() -> None:
    assert ALWAYS_OPEN.open_at(utc("2026-12-25T03:00"))
    assert ALWAYS_OPEN.next_opening(utc("2026-12-25T03:00")) is None


def test_who_never_opens_has_no_next_opening() -> None:
    assert OpeningHours("UTC", {"mon": ()}).next_opening(utc("2026-11-23T14:00")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 (bounds of the strategy)
def test_the_next_opening_is_in_the_future_and_within_a_week(moment: datetime) -> None:
    opening = BOSTON.next_opening(moment)
    assert (opening is None) is BOSTON.open_at(moment)
    if opening is not None:
        assert moment < opening <= moment + timedelta(days=7)
        assert BOSTON.open_at(opening)


@pytest.mark.parametrize("language", OPENS_AGAIN)
def test_the_note_says_when_somebody_will_be_there(language: str) -> None:
    opening = BOSTON.next_opening(utc("2026-11-28T20:30"))
    note = handover_note(EscalationReason.PERSON_REQUESTED, language, opening)
    assert "2026-11-30" in note
    assert "09:00" in note
    assert handover_note(EscalationReason.PERSON_REQUESTED, language) in note
