"""Operations of a stack, put together from its events and change sets.

CloudFormation keeps events for 90 days; what a change set was to change it tells as long as the change set is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

_STACK = "AWS::CloudFormation::Stack"
_BEGIN = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "IMPORT_IN_PROGRESS", "DELETE_IN_PROGRESS"}
_REVIEW = "REVIEW_IN_PROGRESS"
"""Of a stack that a change set would make: nothing has been done."""
_EXECUTED = {"EXECUTE_COMPLETE", "EXECUTE_IN_PROGRESS", "EXECUTE_FAILED"}


class Done(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    IMPORTED = "imported"
    DELETED = "deleted"
    FAILED = "failed"


_DONE: Mapping[str, Done] = {
    "CREATE_COMPLETE": Done.CREATED,
    "UPDATE_COMPLETE": Done.UPDATED,
    "IMPORT_COMPLETE": Done.IMPORTED,
    "DELETE_COMPLETE": Done.DELETED,
}


class ResourceChange(BaseModel):
    resource: str
    type: str
    done: Done
    why: str = ""
    """Of a failure."""


class ChangeSet(BaseModel):
    name: str
    description: str
    created_at: datetime
    changes: list[str]
    """As CloudFormation foresaw them; empty where it no longer tells."""


class Operation(BaseModel):
    kind: str
    """create, update, import, delete."""
    began_at: datetime
    ended_at: datetime | None
    """None while it is under way, or where its end is older than the events that are kept."""
    status: str
    token: str
    """Of the request that began it, by which its caller can be found in CloudTrail."""
    changes: list[ResourceChange]
    change_set: ChangeSet | None = None


class Timeline(BaseModel):
    stack: str
    operations: list[Operation]
    """Newest first."""


def read(cloudformation: Any, name: str) -> Timeline:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    events = [event for page in pages for event in page["StackEvents"]]
    return Timeline(stack=name, operations=operations(events, _change_sets(cloudformation, name)))


def operations(newest_first: Sequence[Mapping[str, Any]], change_sets: Sequence[ChangeSet]) -> list[Operation]:
    found: list[list[Mapping[str, Any]]] = []
    for event in reversed(newest_first):
        if not found or (_of_stack(event) and event["ResourceStatus"] in _BEGIN):
            found.append([])
        found[-1].append(event)
    made = [one for one in map(_operation, found) if one.status != _REVIEW]
    for number, one in enumerate(made):
        since = made[number - 1].began_at if number else None
        one.change_set = _executed(change_sets, since, one.began_at)
    return made[::-1]


def _operation(events: Sequence[Mapping[str, Any]]) -> Operation:
    first, stack = events[0], [event for event in events if _of_stack(event)]
    last = stack[-1] if stack else first
    status = str(last["ResourceStatus"])
    return Operation(
        kind=str(first["ResourceStatus"]).split("_", 1)[0].lower(),
        began_at=first["Timestamp"],
        ended_at=None if status.endswith("_IN_PROGRESS") else last["Timestamp"],
        status=status,
        token=str(first.get("ClientRequestToken", "")),
        changes=list(_changes(event for event in events if not _of_stack(event))),
    )


def _changes(events: Iterable[Mapping[str, Any]]) -> list[ResourceChange]:
    """What became of each resource; of a failure the first word, since those that follow are cancellations."""
    told: dict[str, ResourceChange] = {}
    for event in events:
        status, resource = str(event["ResourceStatus"]), str(event["LogicalResourceId"])
        done = Done.FAILED if status.endswith("_FAILED") else _DONE.get(status)
        before = told.get(resource)
        if done is None or (before is not None and (before.done is Done.FAILED or done is Done.UPDATED)):
            continue  # what is new is tagged afterwards, which CloudFormation calls an update
        why = str(event.get("ResourceStatusReason", "")) if done is Done.FAILED else ""
        told[resource] = ResourceChange(resource=resource, type=str(event["ResourceType"]), done=done, why=why)
    return list(told.values())


def _of_stack(event: Mapping[str, Any]) -> bool:
    return bool(event["ResourceType"] == _STACK and event["PhysicalResourceId"] == event["StackId"])


def _executed(change_sets: Sequence[ChangeSet], since: datetime | None, until: datetime) -> ChangeSet | None:
    """The newest that was made between the operation before and this one."""
    between = [one for one in change_sets if one.created_at <= until and (since is None or one.created_at > since)]
    return max(between, key=lambda one: one.created_at, default=None)


def _change_sets(cloudformation: Any, name: str) -> list[ChangeSet]:
    pages = cloudformation.get_paginator("list_change_sets").paginate(StackName=name)
    executed = [one for page in pages for one in page["Summaries"] if one.get("ExecutionStatus") in _EXECUTED]
    return [
        ChangeSet(
            name=one["ChangeSetName"],
            description=one.get("Description", ""),
            created_at=one["CreationTime"],
            changes=_foreseen(cloudformation, name, one["ChangeSetName"]),
        )
        for one in executed
    ]


def _foreseen(cloudformation: Any, name: str, change_set: str) -> list[str]:
    told = cloudformation.describe_change_set(StackName=name, ChangeSetName=change_set)
    changes = (one["ResourceChange"] for one in told.get("Changes", []) if "ResourceChange" in one)
    return [_foreseen_change(change) for change in changes]


def _foreseen_change(change: Mapping[str, Any]) -> str:
    targets = (one.get("Target", {}) for one in change.get("Details", []))
    names = dict.fromkeys(target["Name"] for target in targets if target.get("Name"))
    where = f" ({', '.join(names)})" if names else ""
    return f"{change['Action']} {change['LogicalResourceId']}{where}"
