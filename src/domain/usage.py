"""What a tenant is billed for: counters per calendar month (UTC).

A hot tenant's month may be spread over several items (`YYYY-MM#<n>`); readers add them up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

MESSAGES = "messages"
CUSTOMERS = "customers"
ESCALATIONS = "escalations"
REPLIES = "replies"
ANSWERS = "answers"
"""Those of the replies that answer: what else is sent tells of a hand-over, a wait or an opt-out."""
SENDS = "sends"
"""What people, and the sellers' own systems, sent through this product."""

# Meta retries a webhook for up to seven days; one day more for clocks that differ.
OLDEST_CREDIBLE = timedelta(days=8)


def month_of(at: datetime) -> str:
    return at.strftime("%Y-%m")


def credible_time(claimed: datetime, received_at: datetime) -> datetime:
    """The message's own time, clamped to what can be true: not after its receipt, not before Meta would have given up.

    A sender's broken clock must not reach into a month that is already billed, or into one that has not begun.
    """
    return max(min(claimed, received_at), received_at - OLDEST_CREDIBLE)


def messages_of_type(message_type: str) -> str:
    return f"{MESSAGES}_{message_type}"


BILLABLE = "billable_"
"""What the counters of messages that Meta charges begin with."""


def billable(category: str) -> str:
    """Counter of Meta's charged messages of one pricing category (marketing, utility, service, …)."""
    return f"{BILLABLE}{category}"


FREE = "free_"
"""What the counters of messages that Meta does not charge begin with."""


def free(category: str) -> str:
    """Counter of the messages of one pricing category that Meta says it does not charge."""
    return f"{FREE}{category}"


FAILED = "failed_"
"""What the counters of messages that did not arrive begin with."""


def failed(code: int | None) -> str:
    """Counter of messages that failed, by Meta's code."""
    return f"{FAILED}{'unknown' if code is None else code}"


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """What one event adds to one month."""

    month: str
    counters: Mapping[str, int]
    message_at: datetime | None = None
    """When it came in, where it is a customer's message that is counted."""


def total(items: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """A month's counters over all of its items."""
    summed: Counter[str] = Counter()
    for item in items:
        summed.update(item)
    return dict(summed)
