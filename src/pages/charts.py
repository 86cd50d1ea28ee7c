"""Bar charts as geometry: the server draws, the browser shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pages.formats import Formats

_WIDTH = 720
_HEIGHT = 220
_LEFT = 52
_TOP = 8
_BOTTOM = 24
_FILLED = 0.68
"""Share of a place that its bars take."""
_MOST_BAR = 40
_LEAST_TOP = 4


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the axis: a month, a day."""

    label: str
    values: tuple[float, ...]
    """One for each series, stacked from below."""
    forecast: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    series: int
    x: float
    y: float
    width: float
    height: float
    title: str
    forecast: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    title: str
    heading: str
    """Over the first column of the data table."""
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    labels: tuple[Label, ...]
    rows: tuple[Row, ...]
    limit_y: float | None
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT


def bar_chart(  # noqa: PLR0913 (what is drawn, and its words)
    title: str,
    heading: str,
    series: Sequence[str],
    places: Sequence[Place],
    formats: Formats,
    *,
    limit: float | None = None,
) -> BarChart:
    """`limit`: a line that is not to be crossed."""
    top = _round_top(max([sum(place.values) for place in places] + [limit or 0]))
    step = (_WIDTH - _LEFT) / max(len(places), 1)
    centres = [_LEFT + step * (at + 0.5) for at in range(len(places))]
    return BarChart(
        title=title,
        heading=heading,
        series=tuple(series),
        bars=tuple(
            bar
            for centre, place in zip(centres, places, strict=True)
            for bar in _bars(place, centre, min(step * _FILLED, _MOST_BAR), top, formats)
        ),
        grid=tuple(GridLine(_y(top * part / 4, top), formats.number(top * part / 4)) for part in range(5)),
        labels=tuple(Label(round(centre, 1), place.label) for centre, place in zip(centres, places, strict=True)),
        rows=tuple(Row(place.label, tuple(formats.number(value) for value in place.values)) for place in places),
        limit_y=None if limit is None else _y(limit, top),
    )


def _bars(place: Place, centre: float, width: float, top: float, formats: Formats) -> list[Bar]:
    bars, below = [], 0.0
    for series, value in enumerate(place.values):
        upper, lower = _y(below + value, top), _y(below, top)
        words = f"{place.label}: {formats.number(value)}"
        if value > 0:
            left = round(centre - width / 2, 1)
            bars.append(Bar(series, left, upper, round(width, 1), round(lower - upper, 1), words, place.forecast))
        below += value
    return bars


def _y(value: float, top: float) -> float:
    return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / top), 1)


def _round_top(most: float) -> float:
    """The next of 4, 8, 20, 40, 80, 200 …: quarters of it are numbers that one reads at a glance."""
    most = max(most, _LEAST_TOP)
    magnitude = 10.0 ** math.floor(math.log10(most))
    return next(magnitude * step for step in (1, 2, 4, 8, 10, 20) if magnitude * step >= most)
