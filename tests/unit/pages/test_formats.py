from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.catalogue import Money
from pages.formats import Formats

_AT = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)


def test_times_are_those_of_the_seller() -> None:
    assert Formats("en", "America/New_York").date(_AT) == "Nov 21, 2026"
    assert Formats("es", "Europe/Madrid").time(_AT) == "4:05"
    assert Formats("en", "America/New_York").same_day(_AT, _AT - timedelta(hours=3))
    assert not Formats("en").same_day(_AT, _AT - timedelta(hours=4))


def test_numbers_and_money_are_written_as_the_language_does() -> None:
    assert Formats("en").money(Money(123456, "USD")) == "$1,234.56"
    assert Formats("es").money(Money(123456, "EUR")) == "1.234,56\xa0€"
    assert Formats("en").money(Money(500, "JPY")) == "¥500"
    assert Formats("es").amount(Decimal("12345.5"), "EUR") == "12.345,50\xa0€"
    assert Formats("en").number(12345) == "12,345"
    assert Formats("es").percent(Decimal("0.5")) == "50\xa0%"
    assert Formats("en").size(183_000) == "183 kB"
    assert Formats("es").size(1_500_000) == "1,5 MB"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=23, minutes=50), "23 hr"),
        (timedelta(days=12, hours=23), "12 days"),
    ],
)
def test_lengths_are_short_and_never_more_than_is_left(length: timedelta, said: str) -> None:
    assert Formats("en").length(length) == said
