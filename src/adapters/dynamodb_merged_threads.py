"""One thread of several conversations: those that were merged, each still in its own partition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_rows import conversation_of, entry_of
from adapters.dynamodb_values import time_of
from domain.conversations import MergedFrom, Thread, ThreadMessage
from domain.customers import CustomerId
from domain.messages import MessageId, Position, received_at_of
from domain.replies import Reply

Row = Mapping[str, Any]


def merged_thread(partitions: Sequence[Sequence[Row]]) -> Thread:
    """Of each conversation its state and its newest entries, newest first; the survivor's first of all."""
    states = {rows[0]["customerId"]: rows[0] for rows in partitions if rows and rows[0]["sk"] == keys.STATE}
    survivor = partitions[0][0]
    found = [
        (row["sk"], _entry(row, rows[0], states))
        for rows in partitions
        if rows and rows[0]["sk"] == keys.STATE
        for row in rows[1:]
    ]
    return Thread(conversation_of(survivor), tuple(entry for _, entry in sorted(found, key=lambda one: one[0])))


def _entry(row: Row, state: Row, states: Mapping[str, Row]) -> ThreadMessage | Reply:
    entry = entry_of(row)
    if not isinstance(entry, ThreadMessage) or "mergedInto" not in state:
        return entry
    seen = _seen_to(entry.position, entry.message_id, state, states)
    return replace(entry, merged_from=MergedFrom(CustomerId(state["customerId"]), seen))


def _seen_to(position: Position, message_id: MessageId, state: Row, states: Mapping[str, Row]) -> bool:
    """By a person of its own conversation, or, once that was merged, by one of those that it went into.

    `settledApart`: how far the other one had been seen to before. That was about its own messages alone. What was
    awaited had come after the person looked, however long it was on its way.
    """
    apart = state.get("settledThrough") if state.get("awaitedApart") == message_id else None
    while True:
        settled = state.get("settledThrough")
        if settled not in {None, apart} and received_at_of(position) <= time_of(settled):
            return state.get("awaiting") != message_id
        if state.get("mergedInto") not in states:
            return False
        apart, state = state.get("settledApart"), states[state["mergedInto"]]
