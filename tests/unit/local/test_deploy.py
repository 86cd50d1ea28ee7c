from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ops.local.deploy import first_failure

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.literals import ResourceStatusType
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef


def event(resource: str, status: ResourceStatusType) -> StackEventTypeDef:
    return {
        "StackId": "id",
        "EventId": "id",
        "StackName": "stack",
        "Timestamp": datetime(2026, 11, 22, tzinfo=UTC),
        "LogicalResourceId": resource,
        "ResourceStatus": status,
    }


def test_the_first_failure_of_the_latest_operation_is_the_reason() -> None:
    newest_first = [
        event("stack", "UPDATE_ROLLBACK_COMPLETE"),
        event("Cancelled", "UPDATE_FAILED"),
        event("Culprit", "UPDATE_FAILED"),
        event("Fine", "UPDATE_COMPLETE"),
        event("stack", "UPDATE_IN_PROGRESS"),
        event("OfLastWeek", "CREATE_FAILED"),
        event("stack", "CREATE_IN_PROGRESS"),
    ]
    failure = first_failure(newest_first, "stack")
    assert failure is not None
    assert failure["LogicalResourceId"] == "Culprit"


def test_a_stack_that_failed_without_a_resource_has_none() -> None:
    assert first_failure([event("stack", "CREATE_FAILED"), event("stack", "CREATE_IN_PROGRESS")], "stack") is None
