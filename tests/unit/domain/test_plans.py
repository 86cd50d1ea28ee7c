from __future__ import annotations

import pytest

from domain.plans import UNLIMITED, Measure, PlanLimits, Standing, Threshold, standings, threshold_of


def test_without_limits_nothing_is_near() -> None:
    assert standings(UNLIMITED, {"replies": 10**9}) == ()
    assert threshold_of(UNLIMITED, {"replies": 10**9}) is None
    assert not UNLIMITED.limited


@pytest.mark.parametrize(
    ("replies", "threshold"),
    [
        (0, None),
        (799, None),
        (800, Threshold.NEAR),
        (999, Threshold.NEAR),
        (1000, Threshold.REACHED),
        (2000, Threshold.REACHED),
    ],
)
def test_thresholds_are_told_when_they_are_reached_and_not_before(replies: int, threshold: Threshold | None) -> None:
    assert threshold_of(PlanLimits(replies=1000), {"replies": replies}) is threshold


def test_the_limit_that_is_nearest_to_its_end_decides() -> None:
    limits = PlanLimits(replies=1000, tokens=100)
    assert threshold_of(limits, {"replies": 10, "model_tokens_in": 60, "model_tokens_out": 25}) is Threshold.NEAR


def test_each_limit_has_its_standing() -> None:
    counters = {"replies": 250, "model_tokens_in": 10, "model_tokens_out": 5, "model_micro_usd": 7}
    assert standings(PlanLimits(1000, 30, 7), counters) == (
        Standing(Measure.REPLIES, 250, 1000),
        Standing(Measure.TOKENS, 15, 30),
        Standing(Measure.MICRO_USD, 7, 7),
    )
    assert Standing(Measure.REPLIES, 250, 1000).per_cent == 25


def test_of_a_limit_of_nought_nothing_is_left_from_the_beginning() -> None:
    assert threshold_of(PlanLimits(replies=0), {}) is Threshold.REACHED
