"""Lambda on a schedule: settles what is overdue, a bounded share of it at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.due import DueItem
from domain.sweep import Swept, sweep
from handlers import bootstrap
from handlers.observability import correlated, count, described, invocation, logger

_MOST_ITEMS = 320
_SPARE_MILLISECONDS = 15_000
"""Left of the function's time when it stops: the next run goes on where this one ended, since rows stay due."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001 (the schedule says nothing)
    with invocation(context):
        return sweep_all(bootstrap.sweeper(), context)


def sweep_all(services: bootstrap.Sweeper, context: Any) -> dict[str, int]:
    """How many items came to what."""
    now = datetime.now(UTC)
    outcomes: dict[str, int] = {}
    for item in services.ports.due.overdue(now, _MOST_ITEMS):
        if context.get_remaining_time_in_millis() < _SPARE_MILLISECONDS:
            break
        outcome = _sweep(item, now, services)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    logger().info("swept", extra={"outcomes": outcomes})
    return outcomes


def _sweep(item: DueItem, now: datetime, services: bootstrap.Sweeper) -> str:
    """One item that cannot be settled, whatever the reason, keeps none of the others waiting."""
    with correlated(item.position or item.sort_key, tenant_id=item.tenant_id):
        try:
            swept = sweep(item, now=now, ports=services.ports)
        except Exception as error:  # noqa: BLE001 (nobody else looks after the items behind it)
            logger().error("not_swept", extra={"kind": item.kind, **described(error)})
            count("SweepsFailed")
            return "failed"
        count("ConversationsRescued" if swept is Swept.CALLED_PERSON else "ItemsSwept")
        return swept
