"""The history as a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ops.timeline.history import Done, Operation, ResourceChange, Timeline


def markdown(timeline: Timeline) -> str:
    lines = [f"# Timeline of {timeline.stack}", "", "Newest first, as CloudFormation remembers it: for 90 days."]
    for operation in timeline.operations:
        lines += ["", *_operation(operation)]
    return "\n".join(lines)


def _operation(one: Operation) -> Iterator[str]:
    yield f"## {one.began_at:%Y-%m-%d %H:%M:%S}Z: {one.kind}, {one.status}"
    yield ""
    ended = f"It took {(one.ended_at - one.began_at).total_seconds():.0f} s." if one.ended_at else "It has not ended."
    token = f" Request token: `{one.token}`." if one.token else ""
    yield f"{ended}{token}"
    if one.change_set:
        described = f", {one.change_set.description}" if one.change_set.description else ""
        yield f"Change set: `{one.change_set.name}`{described}."
    if one.changes:
        yield ""
        yield from _changes(one.changes)
    if one.change_set and one.change_set.changes:
        yield f"- foreseen by the change set: {'; '.join(one.change_set.changes)}"


def _changes(changes: list[ResourceChange]) -> Iterator[str]:
    order = list(Done)
    ordered = sorted(changes, key=lambda one: (order.index(one.done), one.type, one.resource))
    for failed in (one for one in ordered if one.done is Done.FAILED):
        yield f"- **failed**: {failed.resource} ({failed.type}): {failed.why}"
    for done, some in groupby((one for one in ordered if one.done is not Done.FAILED), key=lambda one: one.done):
        yield f"- {done}: {', '.join(one.resource for one in some)}"
