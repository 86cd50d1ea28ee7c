from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ops.timeline.history import ChangeSet, Done, Timeline, operations
from ops.timeline.view import markdown

STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1"
START = datetime(2026, 11, 22, 9, tzinfo=UTC)


def event(minute: int, resource: str, status: str, reason: str = "", token: str = "") -> dict[str, Any]:
    of_stack = resource == "shop"
    return {
        "StackId": STACK,
        "LogicalResourceId": resource,
        "PhysicalResourceId": STACK if of_stack else f"{resource}-1",
        "ResourceType": "AWS::CloudFormation::Stack" if of_stack else "AWS::SQS::Queue",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "ClientRequestToken": token,
        "Timestamp": START + timedelta(minutes=minute),
    }


FIRST = [
    event(0, "shop", "REVIEW_IN_PROGRESS"),
    event(1, "shop", "CREATE_IN_PROGRESS", token="deploy-1"),
    event(1, "Inbox", "CREATE_IN_PROGRESS"),
    event(2, "Inbox", "CREATE_COMPLETE"),
    event(3, "shop", "CREATE_COMPLETE"),
]
IMPORT = [
    event(10, "shop", "IMPORT_IN_PROGRESS"),
    event(11, "Replies", "IMPORT_COMPLETE"),
    event(12, "Replies", "UPDATE_COMPLETE"),
    event(13, "shop", "IMPORT_COMPLETE"),
]
FAILED = [
    event(20, "shop", "UPDATE_IN_PROGRESS"),
    event(21, "Inbox", "UPDATE_COMPLETE"),
    event(22, "Media", "CREATE_FAILED", "media already exists"),
    event(22, "Statuses", "CREATE_FAILED", "Resource creation cancelled"),
    event(23, "shop", "UPDATE_ROLLBACK_IN_PROGRESS"),
    event(24, "Inbox", "UPDATE_COMPLETE"),
    event(25, "Media", "DELETE_COMPLETE"),
    event(26, "shop", "UPDATE_ROLLBACK_COMPLETE"),
]
CHANGE_SET = ChangeSet(
    name="adopt-1", description="", created_at=START + timedelta(minutes=9), changes=["Import Replies"]
)


def newest_first(*operations_: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for some in operations_ for one in some][::-1]


def test_each_operation_is_told_with_what_it_did() -> None:
    failed, imported, created = operations(newest_first(FIRST, IMPORT, FAILED), [])

    assert [one.kind for one in (created, imported, failed)] == ["create", "import", "update"]
    assert created.token == "deploy-1"
    assert [(one.resource, one.done) for one in created.changes] == [("Inbox", Done.CREATED)]
    assert [(one.resource, one.done) for one in imported.changes] == [("Replies", Done.IMPORTED)]
    assert imported.ended_at == START + timedelta(minutes=13)


def test_a_failure_is_told_by_its_first_reason_and_outlives_the_rollback() -> None:
    [failed] = operations(newest_first(FAILED), [])

    assert failed.status == "UPDATE_ROLLBACK_COMPLETE"
    told = {one.resource: (one.done, one.why) for one in failed.changes}
    assert told["Media"] == (Done.FAILED, "media already exists")


def test_a_change_set_belongs_to_the_operation_that_followed_it() -> None:
    failed, imported, created = operations(newest_first(FIRST, IMPORT, FAILED), [CHANGE_SET])

    assert imported.change_set == CHANGE_SET
    assert failed.change_set is None
    assert created.change_set is None


def test_what_has_not_ended_has_no_end() -> None:
    [under_way] = operations(newest_first(FAILED[:2]), [])

    assert under_way.ended_at is None
    assert "It has not ended." in markdown(Timeline(stack="shop", operations=[under_way]))


def test_the_page_tells_failures_before_the_rest() -> None:
    page = markdown(Timeline(stack="shop", operations=operations(newest_first(FAILED), [])))

    assert page.index("**failed**: Media (AWS::SQS::Queue): media already exists") < page.index("- updated: Inbox")
