"""Plans and prices, which hold for all sellers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from domain.errors import InvalidInputError
from domain.plans import Plan, PlanLimits
from domain.sell_plans import SellPlansPorts, keep_plan, keep_prices, list_plans
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import form, principal, visit
from pages.operator_usage import CATEGORIES, usage_page

router = routes()

_MICRO = 1_000_000


@router.get("/operator/usage")
def get_usage() -> Answer:
    sell = ports(router, SellPlansPorts)
    shown = usage_page(list_plans(principal(router), ports=sell), sell.settings.table(), visit(router))
    return page(router, "operator/usage.html", page=shown)


@router.post("/operator/usage/plans")
def post_plan() -> Answer:
    sent = form(router)
    limits = PlanLimits(_whole(sent, "replies"), _whole(sent, "tokens"), _micro_usd(sent, "usd"))
    plan = Plan(sent.get("name", "").strip(), limits)
    keep_plan(principal(router), plan, now=visit(router).now, ports=ports(router, SellPlansPorts))
    return see_other(router, "/operator/usage", done="saved")


@router.post("/operator/usage/prices")
def post_prices() -> Answer:
    sent, sell = form(router), ports(router, SellPlansPorts)
    named = {category: _micro_usd(sent, category) for category in CATEGORIES}
    before = sell.settings.table()
    others = {name: price for name, price in before.meta.items() if name not in CATEGORIES}
    meta = {**others, **{category: price for category, price in named.items() if price is not None}}
    prices = replace(before, meta=meta)
    keep_prices(principal(router), prices, now=visit(router).now, ports=sell)
    return see_other(router, "/operator/usage", done="saved")


def _whole(sent: Mapping[str, str], name: str) -> int | None:
    """Empty: none."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise InvalidInputError(f"/{name}", f"{name}: a whole number, or nothing")
    return int(text)


def _micro_usd(sent: Mapping[str, str], name: str) -> int | None:
    """Empty: none. To the millionth."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        amount = Decimal(text) * _MICRO
        whole = int(amount)
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise InvalidInputError(f"/{name}", f"{name}: dollars, as 0.0045, or nothing") from error
    if amount != whole:
        raise InvalidInputError(f"/{name}", f"{name}: no more than six digits behind the point")
    return whole
