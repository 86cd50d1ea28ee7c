"""Which month a message counts in, and how spilt counters add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.usage import OLDEST_CREDIBLE, billable, credible_time, messages_of_type, month_of, total

RECEIVED = datetime(2026, 12, 1, 0, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claimed", "credible"),
    [
        pytest.param(RECEIVED, RECEIVED, id="now"),
        pytest.param(RECEIVED - timedelta(seconds=10), RECEIVED - timedelta(seconds=10), id="ten seconds ago"),
        pytest.param(RECEIVED + timedelta(minutes=10), RECEIVED, id="a clock ahead"),
        pytest.param(RECEIVED + timedelta(days=400), RECEIVED, id="a year ahead"),
        pytest.param(RECEIVED - timedelta(days=7), RECEIVED - timedelta(days=7), id="Meta's last retry"),
        pytest.param(RECEIVED - OLDEST_CREDIBLE, RECEIVED - OLDEST_CREDIBLE, id="the oldest"),
        pytest.param(RECEIVED - timedelta(days=9), RECEIVED - OLDEST_CREDIBLE, id="too old"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), RECEIVED - OLDEST_CREDIBLE, id="no clock at all"),
    ],
)
def test_a_messages_own_time_is_believed_within_what_can_be_true(claimed: datetime, credible: datetime) -> None:
    assert credible_time(claimed, RECEIVED) == credible


def test_a_message_of_the_old_month_received_in_the_new_one_counts_in_the_old() -> None:
    assert month_of(credible_time(RECEIVED - timedelta(seconds=6), RECEIVED)) == "2026-11"
    assert month_of(credible_time(RECEIVED - timedelta(seconds=5), RECEIVED)) == "2026-12"


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC), "2026-01"),
        (datetime(2026, 2, 1, tzinfo=UTC), "2026-02"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-12"),
    ],
)
def test_months_are_two_digits_and_end_at_midnight_utc(at: datetime, month: str) -> None:
    assert month_of(at) == month


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(datetime(2020, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (hypothesis adds the time zone)
def test_credible_times_stay_within_their_bounds(claimed: datetime, received: datetime) -> None:
    assert received - OLDEST_CREDIBLE <= credible_time(claimed, received) <= received


def test_names_of_counters() -> None:
    assert (messages_of_type("text"), billable("service")) == ("messages_text", "billable_service")


def test_spill_items_add_up() -> None:
    assert total([]) == {}
    assert total([{"messages": 2, "customers": 1}, {"messages": 3}, {}]) == {"messages": 5, "customers": 1}
