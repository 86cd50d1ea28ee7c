"""A tenant's usage: this month against the plan, the forecast, and the months before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.costs import charged, uncharged
from domain.plans import Measure, Standing
from domain.report_usage import UsageReport
from domain.usage import ANSWERS, ESCALATIONS, MESSAGES, REPLIES, SENDS
from pages.charts import BarChart, Place, bar_chart
from pages.formats import Formats
from pages.operator_words import dollars
from pages.translations import N_, translations
from pages.words import MEASURES, PRICING_CATEGORIES


@dataclass(frozen=True, slots=True)
class ShownLimit:
    name: str
    used: str
    limit: str
    share: float
    per_cent: str
    forecast: str
    """For the month's end; empty on its first day."""
    beyond: bool
    """Whether the forecast is beyond the limit."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class ShownCategory:
    """Of Meta's pricing."""

    name: str
    charged: str
    uncharged: str


@dataclass(frozen=True, slots=True)
class UsageView:
    month: str
    plan: str
    limits: Sequence[ShownLimit]
    figures: Sequence[ShownFigure]
    categories: Sequence[ShownCategory]
    chart: BarChart
    months: Sequence[tuple[str, str]]
    """Key and words of each month, the newest first."""


_FIGURES = {
    MESSAGES: N_("Messages from customers"),
    ANSWERS: N_("Answers of the assistant"),
    SENDS: N_("Sent by people"),
    ESCALATIONS: N_("Calls for a person"),
}


def usage_view(report: UsageReport, formats: Formats) -> UsageView:
    said = translations(formats.language).gettext
    counters = report.current.counters
    return UsageView(
        month=formats.month(report.current.month),
        plan=report.tenant.plan,
        limits=[_limit(standing, report, formats) for standing in report.standings],
        figures=[ShownFigure(said(name), formats.number(counters.get(key, 0)), "") for key, name in _FIGURES.items()],
        categories=_categories(counters, formats),
        chart=_chart(report, formats),
        months=[(usage.month, formats.month(usage.month)) for usage in reversed(report.months)],
    )


def _categories(counters: Mapping[str, int], formats: Formats) -> list[ShownCategory]:
    said = translations(formats.language).gettext
    paid, free = charged(counters), uncharged(counters)
    return [
        ShownCategory(
            name=said(PRICING_CATEGORIES[category]) if category in PRICING_CATEGORIES else category.replace("_", " "),
            charged=formats.number(paid.get(category, 0)),
            uncharged=formats.number(free.get(category, 0)),
        )
        for category in sorted({*paid, *free})
    ]


def _limit(standing: Standing, report: UsageReport, formats: Formats) -> ShownLimit:
    coming = (report.forecast or {}).get(standing.measure)

    def shown(value: int) -> str:
        return dollars(value, formats) if standing.measure is Measure.MICRO_USD else formats.number(value)

    return ShownLimit(
        name=translations(formats.language).gettext(MEASURES[standing.measure]),
        used=shown(standing.used),
        limit=shown(standing.limit),
        share=standing.per_cent / 100,
        per_cent=formats.percent(standing.per_cent / 100),
        forecast="" if coming is None else shown(coming),
        beyond=coming is not None and coming > standing.limit,
    )


def _chart(report: UsageReport, formats: Formats) -> BarChart:
    said = translations(formats.language).gettext
    return bar_chart(
        said("Sent messages by month"),
        said("Month"),
        [said("Replies of the assistant"), said("Sent by people")],
        [
            Place(formats.month(usage.month), (usage.counters.get(REPLIES, 0), usage.counters.get(SENDS, 0)))
            for usage in report.months
        ],
        formats,
        limit=report.tenant.limits.replies,
    )
