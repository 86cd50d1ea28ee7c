"""How often DynamoDB is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from adapters.aws_clients import client


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Calls by operation, while it is open."""
    calls: Counter[str] = Counter()
    events = client("dynamodb").meta.events

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    events.register("before-call.dynamodb", count, unique_id="counted")
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", unique_id="counted")
