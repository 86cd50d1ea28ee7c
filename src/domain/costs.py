"""What a seller's month costs: what is known of it, and what is estimated.

Known are the counts, and what language models were paid. Meta's webhooks tell that a message is charged and in which
category, not how much: that depends on the customer's country and on volume. So one price for each category is the
operator's to set, from Meta's rate card for their market; a category without a price is said to be unknown, and is not
counted as nothing. What AWS costs is estimated from the counts, by list prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.model_use import MODEL_MICRO_USD
from domain.usage import BILLABLE, FREE, MESSAGES, REPLIES, SENDS

AWS_MICRO_USD_A_MESSAGE = 15
"""In us-east-1, November 2026: webhook, two queues, function, one transaction of five rows with its indexes, logs."""
AWS_MICRO_USD_A_SEND = 20
"""A queue, function, the thread, two transactions, three statuses with theirs, logs."""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Whole millionths of a dollar for each message. Set by the operator."""

    meta: Mapping[str, int] = field(default_factory=dict)
    """By Meta's pricing category (marketing, utility, authentication, service)."""
    aws_message: int = AWS_MICRO_USD_A_MESSAGE
    """Of a message that comes in."""
    aws_send: int = AWS_MICRO_USD_A_SEND
    """Of one that goes out."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Whole millionths of a dollar."""

    meta: Mapping[str, int | None]
    """By category; None where no price is set."""
    model: int
    aws: int

    @property
    def known(self) -> int:
        """Without what nobody knows: `unpriced` says whether that is all of it."""
        return sum(amount for amount in self.meta.values() if amount is not None) + self.model + self.aws

    @property
    def unpriced(self) -> tuple[str, ...]:
        return tuple(category for category, amount in self.meta.items() if amount is None)


def charged(counters: Mapping[str, int]) -> dict[str, int]:
    """Meta's charged messages by category."""
    return _by_category(BILLABLE, counters)


def uncharged(counters: Mapping[str, int]) -> dict[str, int]:
    """By category the messages that Meta says it does not charge. Months from before they were counted have none."""
    return _by_category(FREE, counters)


def _by_category(prefix: str, counters: Mapping[str, int]) -> dict[str, int]:
    named = {name.removeprefix(prefix): count for name, count in sorted(counters.items()) if name.startswith(prefix)}
    return {category: count for category, count in named.items() if count}


def costs_of(counters: Mapping[str, int], prices: PriceTable) -> Costs:
    sent = counters.get(REPLIES, 0) + counters.get(SENDS, 0)
    return Costs(
        meta={
            category: None if category not in prices.meta else count * prices.meta[category]
            for category, count in charged(counters).items()
        },
        model=counters.get(MODEL_MICRO_USD, 0),
        aws=counters.get(MESSAGES, 0) * prices.aws_message + sent * prices.aws_send,
    )
