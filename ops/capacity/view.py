"""The reckoning, for people and for programs."""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.table import Table

from ops.capacity import quotas
from ops.capacity.counted import STATUSES_OF_AN_ANSWER
from ops.capacity.model import MONTH_SECONDS, SUPERSEDED_SECONDS, Load, Use, monthly_dollars, uses

_WIDE = 180


def assumptions(load: Load) -> list[str]:
    seconds = ", ".join(f"{name.replace('_', '-')} {value:g}" for name, value in load.seconds.items())
    customers = load.answers * quotas.PAIR_SECONDS
    told = [
        f"seconds of an invocation: {seconds}; of a superseded reply {SUPERSEDED_SECONDS:g} (--seconds, not measured)",
        f"{load.answered_share:.0%} of messages are answered, the others superseded",
        f"{STATUSES_OF_AN_ANSWER} statuses an answer, each in a webhook of its own; an invocation for each",
        f"the busiest tenant has {load.busiest:.1%} of the messages, on one number",
        f"{load.handed_over_share:.0%} of messages call a person, by one publish; their further writes are not counted",
        "rows have up to a kilobyte; a Query reads four units",
        f"the load is even, a month has 30 days; prices of {quotas.PRICES_OF}, x86_64, without storage or free tiers",
        f"{customers:,.0f} customers or more write at once: Meta takes one message in {quotas.PAIR_SECONDS} s to each",
    ]
    if load.model_tokens_per_minute is None:
        told.append("Bedrock's quota is the account's, by model and Region: give yours by --model-tokens-per-minute")
    if load.model_prices is not None or load.model_tokens_per_minute is not None:
        told.append(f"a model reads {quotas.TOKENS_IN:,} tokens and writes {quotas.TOKENS_OUT} for an answer")
        told.append("a model takes longer, which --seconds reply-handler has to say; its own rows are not counted")
    if load.meta_fee is None:
        told.append("Meta's own fee is not in it: give it by --meta-fee")
    return told


def as_json(load: Load) -> str:
    found, dollars = uses(load), monthly_dollars(load)
    return json.dumps(
        {
            "messages_per_second": load.messages,
            "tenants": load.tenants,
            "breaks_first": found[0].quota.name,
            "breaks_at_messages_per_second": found[0].breaks_at,
            "quotas": [_entry(use) for use in found],
            "monthly_dollars": dollars,
            "monthly_dollars_total": sum(dollars.values()),
            "assumptions": assumptions(load),
        },
        indent=2,
    )


def _entry(use: Use) -> dict[str, object]:
    quota = use.quota
    return {
        "quota": quota.name,
        "unit": quota.unit,
        "use": use.use,
        "limit": quota.limit,
        "share": use.share,
        "breaks_at_messages_per_second": use.breaks_at,
        "raise": quota.remedy,
        "parameters": list(quota.parameters),
        "source": quota.source,
    }


def _raise(quota: quotas.Quota) -> str:
    return quota.remedy + "".join(f"; {name}" for name in quota.parameters)


def show(load: Load) -> None:
    found, dollars = uses(load), monthly_dollars(load)
    table = Table("quota", "use", "limit", "", "share", "breaks at messages/s", "what to raise")
    for use in found:
        breaks = "-" if use.breaks_at is None else f"{use.breaks_at:,.0f}"
        numbers = (f"{use.use:,.1f}", f"{use.quota.limit:,.0f}", use.quota.unit, f"{use.share:.1%}", breaks)
        table.add_row(use.quota.name, *numbers, _raise(use.quota))
    costs = Table("service", "dollars a month")
    for service, amount in sorted(dollars.items(), key=lambda cost: -cost[1]):
        costs.add_row(service, f"{amount:,.2f}")
    costs.add_row("all", f"{sum(dollars.values()):,.2f}")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    console.print(table)
    console.print(costs)
    for assumption in assumptions(load):
        print(f"- {assumption}")
    first = found[0]
    verdict = "is more than allowed already" if first.share > 1 else "breaks first"
    millions = load.messages * MONTH_SECONDS / quotas.MILLION
    print(
        f"{first.quota.name} {verdict}: at {first.breaks_at:,.1f} messages/s. {millions:,.1f} million messages a month."
    )
