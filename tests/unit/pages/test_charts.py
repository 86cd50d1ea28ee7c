from __future__ import annotations

import pytest

from pages.charts import Place, bar_chart
from pages.formats import Formats

_FORMATS = Formats("en")


def test_bars_are_as_high_as_their_values_and_stand_on_each_other() -> None:
    chart = bar_chart("Messages", "Month", ["Answered", "Escalated"], [Place("Jan", (300, 100))], _FORMATS)
    answered, escalated = chart.bars
    assert answered.height == pytest.approx(3 * escalated.height, abs=0.2)
    assert escalated.y + escalated.height == pytest.approx(answered.y, abs=0.1)
    assert chart.grid[-1].label == "400"


def test_the_table_says_what_the_bars_show() -> None:
    chart = bar_chart("Messages", "Month", ["Sent"], [Place("Jan", (1234,)), Place("Feb", (0,))], _FORMATS, limit=2000)
    assert [(row.label, row.values) for row in chart.rows] == [("Jan", ("1,234",)), ("Feb", ("0",))]
    assert len(chart.bars) == 1
    assert chart.limit_y == chart.grid[-1].y


def test_nothing_is_a_chart_too() -> None:
    chart = bar_chart("Messages", "Month", ["Sent"], [], _FORMATS)
    assert chart.bars == ()
    assert chart.grid[0].label == "0"
