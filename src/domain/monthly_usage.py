"""One seller's month as it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.plans import Threshold


@dataclass(frozen=True, slots=True)
class MonthUsage:
    month: str
    """`YYYY-MM`, UTC."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """Over all of the month's items."""
    warned: Mapping[Threshold, str] = field(default_factory=dict)
    """Of which thresholds the seller has been told, and of what plan that was."""
    last_message_at: datetime | None = None
    """When the newest message of a customer came in."""
