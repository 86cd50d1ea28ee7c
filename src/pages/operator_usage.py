"""Plans and prices, as the operator sets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.costs import PriceTable
from domain.plans import Plan
from pages.operator_words import dollars
from pages.visit import Visit

CATEGORIES = ("service", "utility", "marketing", "authentication")
"""Of Meta's pricing, as its webhooks name them."""
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class ShownPlan:
    name: str
    replies: str
    tokens: str
    cost: str


@dataclass(frozen=True, slots=True)
class UsagePage:
    plans: Sequence[ShownPlan]
    prices: Sequence[tuple[str, str]]
    """Category, and dollars for each message as a field holds them; empty where none is set."""
    aws_message: str
    """Of a thousand of them."""
    aws_send: str


def usage_page(plans: Sequence[Plan], prices: PriceTable, visit: Visit) -> UsagePage:
    formats = visit.formats

    def limit(value: int | None) -> str:
        return "∞" if value is None else formats.number(value)

    return UsagePage(
        plans=[
            ShownPlan(
                name=plan.name,
                replies=limit(plan.limits.replies),
                tokens=limit(plan.limits.tokens),
                cost="∞" if plan.limits.micro_usd is None else dollars(plan.limits.micro_usd, formats),
            )
            for plan in plans
        ],
        prices=[(category, _field(prices.meta.get(category))) for category in CATEGORIES],
        aws_message=dollars(prices.aws_message * _MANY, formats),
        aws_send=dollars(prices.aws_send * _MANY, formats),
    )


def _field(micro_usd: int | None) -> str:
    return "" if micro_usd is None else f"{Decimal(micro_usd) / 1_000_000:f}"
