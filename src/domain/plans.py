"""What a seller may use in a month, and what happens beyond it.

A plan is the operator's to sell; its limits stand on the seller's own row, so that an answer learns of them without a
read. How much has been used, the month's counters tell (`domain.monthly_usage`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from domain.model_use import MODEL_MICRO_USD, MODEL_TOKENS_IN, MODEL_TOKENS_OUT
from domain.usage import REPLIES


class BeyondPlan(StrEnum):
    """Who answers once a limit is reached: the seller's choice."""

    FALLBACK = "fallback"
    """The catalogue assistant, which costs no tokens. Replies go on, and are counted."""
    PERSON = "person"


class Measure(StrEnum):
    """What a plan can limit."""

    REPLIES = "replies"
    TOKENS = "tokens"
    """Of language models, read and written."""
    MICRO_USD = "micro_usd"
    """Whole millionths of a dollar, for language models. What Meta charges, Meta bills."""


class Threshold(IntEnum):
    """Per cent of a limit of which the seller is told, once a month each."""

    NEAR = 80
    REACHED = 100


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """In a calendar month (UTC). None: as many as there are."""

    replies: int | None = None
    tokens: int | None = None
    micro_usd: int | None = None

    def of(self, measure: Measure) -> int | None:
        limits = {Measure.REPLIES: self.replies, Measure.TOKENS: self.tokens, Measure.MICRO_USD: self.micro_usd}
        return limits[measure]

    @property
    def limited(self) -> bool:
        return any(self.of(measure) is not None for measure in Measure)


UNLIMITED = PlanLimits()


@dataclass(frozen=True, slots=True)
class Plan:
    """As the operator sells it. Who is given it keeps the limits of that day until they are given them anew."""

    name: str
    limits: PlanLimits = UNLIMITED


STANDARD = Plan("standard")


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of one limit is used."""

    measure: Measure
    used: int
    limit: int

    @property
    def per_cent(self) -> int:
        """Rounded down: what is told as 100 is reached. Of a limit of nought, nothing is left from the beginning."""
        return self.used * 100 // self.limit if self.limit else 100

    @property
    def threshold(self) -> Threshold | None:
        return next((one for one in sorted(Threshold, reverse=True) if self.per_cent >= one), None)


def used(counters: Mapping[str, int], measure: Measure) -> int:
    return sum(counters.get(name, 0) for name in _COUNTERS[measure])


def standings(limits: PlanLimits, counters: Mapping[str, int]) -> tuple[Standing, ...]:
    """Of every limit that there is."""
    return tuple(_standings(limits, counters))


def threshold_of(limits: PlanLimits, counters: Mapping[str, int]) -> Threshold | None:
    """The highest that any of the limits has come to."""
    reached = [standing.threshold for standing in _standings(limits, counters)]
    return max((one for one in reached if one is not None), default=None)


def _standings(limits: PlanLimits, counters: Mapping[str, int]) -> Iterator[Standing]:
    for measure in Measure:
        limit = limits.of(measure)
        if limit is not None:
            yield Standing(measure, used(counters, measure), limit)


_COUNTERS: Mapping[Measure, tuple[str, ...]] = {
    Measure.REPLIES: (REPLIES,),
    Measure.TOKENS: (MODEL_TOKENS_IN, MODEL_TOKENS_OUT),
    Measure.MICRO_USD: (MODEL_MICRO_USD,),
}
