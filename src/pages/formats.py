"""Numbers, money, dates and lengths of time, as the reader's language writes them and the seller's clock shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers, units

from domain.catalogue import Money, minor_digits

_MB = 1_000_000
_MINUTE = timedelta(minutes=1)
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (_MINUTE, "minute"))


@dataclass(frozen=True, slots=True)
class Formats:
    language: str
    timezone: str = "UTC"

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def number(self, value: float | Decimal) -> str:
        return numbers.format_decimal(value, locale=self.language)

    def percent(self, share: float | Decimal) -> str:
        """`share`: 0.5 is 50 %."""
        return numbers.format_percent(share, locale=self.language)

    def money(self, money: Money) -> str:
        amount = Decimal(money.minor).scaleb(-minor_digits(money.currency))
        return numbers.format_currency(amount, money.currency, locale=self.language)

    def amount(self, amount: Decimal, currency: str) -> str:
        """As a customer's phone told it: in whole units of the currency."""
        return numbers.format_currency(amount, currency, locale=self.language)

    def size(self, size: int) -> str:
        """`size`: in bytes."""
        unit, shown = ("MB", size / _MB) if size >= _MB else ("kB", size / 1000)
        return f"{numbers.format_decimal(shown, format='#,##0.#', locale=self.language)} {unit}"

    def language_name(self, code: str) -> str:
        return Locale.parse(code).get_display_name(self.language) or code

    def date(self, at: datetime) -> str:
        return dates.format_date(at.astimezone(self._zone), "medium", locale=self.language)

    def time(self, at: datetime) -> str:
        return dates.format_time(at, "short", tzinfo=self._zone, locale=self.language)

    def moment(self, at: datetime) -> str:
        return dates.format_datetime(at, "medium", tzinfo=self._zone, locale=self.language)

    def day(self, at: datetime) -> str:
        """For the line between two days of a conversation."""
        return dates.format_skeleton("MMMEd", at, tzinfo=self._zone, locale=self.language)

    def same_day(self, one: datetime, other: datetime) -> bool:
        return one.astimezone(self._zone).date() == other.astimezone(self._zone).date()

    def month(self, month: str) -> str:
        """Of `YYYY-MM`."""
        return dates.format_skeleton("yMMMM", datetime.strptime(month, "%Y-%m"), locale=self.language)  # noqa: DTZ007

    def length(self, length: timedelta) -> str:
        """`5 min`, `3 hr`, `2 days`: as little room as a list has. Never more than it is, but a minute at least."""
        unit, name = next(pair for pair in _UNITS if pair[0] <= length or pair[0] is _MINUTE)
        return units.format_unit(max(length // unit, 1), f"duration-{name}", length="short", locale=self.language)
