"""Bounds of scale are parameters: none of them is set unless somebody sets it."""

from __future__ import annotations

from typing import Any

import pytest

from ops.declared.attributes import Place
from ops.declared.model import Model
from ops.declared.stack import Stack
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY

PLACE = Place("aws", "eu-west-1", "123456789012")
WRITTEN = transformed(REPOSITORY / "template.yaml", {"Stage": "prod"}, PLACE.region)
MESSAGES = ("MessageHandlerFunctionInbox", "ReplyHandlerFunctionReplies", "StatusHandlerFunctionStatuses")
BACKGROUND = {
    "MediaHandlerFunctionMedia": 10,
    "IndexerFunctionIndexing": 5,
    "CatalogueImporterFunctionImports": 5,
    "TenantNotifierFunctionTenantEvents": 10,
}


def values(kind: str, name: str, **parameters: str) -> dict[str, Any]:
    """Of one property, in every resource of a kind that has it."""
    stack = Stack("shop", PLACE, "", {"Stage": "prod", **parameters}, {}, {})
    found = (one for one in Model(WRITTEN, stack).resources() if one.type == kind)
    return {one.logical_id: one.properties[name] for one in found if name in one.properties}


def test_unless_set_aws_scales_by_itself() -> None:
    assert values("AWS::Lambda::Function", "ReservedConcurrentExecutions") == {}
    assert values("AWS::Lambda::EventSourceMapping", "ProvisionedPollerConfig") == {}
    assert values("AWS::DynamoDB::Table", "OnDemandThroughput") == {}
    concurrency = values("AWS::Lambda::EventSourceMapping", "ScalingConfig")
    assert concurrency == {name: {"MaximumConcurrency": most} for name, most in BACKGROUND.items()}


@pytest.mark.parametrize(
    ("group", "functions"),
    [
        ("Webhook", {"WebhookFunction"}),
        ("Messages", {"MessageHandlerFunction", "ReplyHandlerFunction", "StatusHandlerFunction"}),
        (
            "Background",
            {
                *("MediaHandlerFunction", "EmbedderFunction", "IndexerFunction"),
                *("CatalogueImporterFunction", "TenantNotifierFunction"),
            },
        ),
        ("Console", {"TenantAdminApiFunction", "AdminDashboardFunction", "AdminGuiFunction"}),
    ],
)
def test_concurrency_is_reserved_by_groups_of_functions(group: str, functions: set[str]) -> None:
    reserved = values("AWS::Lambda::Function", "ReservedConcurrentExecutions", **{f"{group}ReservedConcurrency": "7"})

    assert reserved == dict.fromkeys(functions, "7")


def test_queues_of_messages_have_a_most_at_once_or_pollers_of_their_own_never_both() -> None:
    most = {"MessagesMaximumConcurrency": "20"}
    pollers = {"MessagesMinimumPollers": "4", "MessagesMaximumPollers": "40"}
    mapping = "AWS::Lambda::EventSourceMapping"
    kept = {name: {"MaximumConcurrency": most} for name, most in BACKGROUND.items()}

    assert values(mapping, "ScalingConfig", **most) == {
        **kept,
        **{name: {"MaximumConcurrency": "20"} for name in MESSAGES},
    }
    assert values(mapping, "ScalingConfig", **most, **pollers) == kept
    polled = values(mapping, "ProvisionedPollerConfig", **most, **pollers)
    assert polled == {name: {"MinimumPollers": "4", "MaximumPollers": "40"} for name in MESSAGES}
    all_at_once = values(mapping, "ScalingConfig", BackgroundMaximumConcurrency="3")
    assert all_at_once == {name: {"MaximumConcurrency": "3"} for name in BACKGROUND}


def test_tables_have_a_ceiling_of_reads_of_writes_or_of_both() -> None:
    reads, writes = {"TableMaxReadRequestUnits": "50"}, {"TableMaxWriteRequestUnits": "60"}
    tables = values("AWS::DynamoDB::Table", "TableName")

    for given, expected in (
        (reads, {"MaxReadRequestUnits": "50"}),
        (writes, {"MaxWriteRequestUnits": "60"}),
        ({**reads, **writes}, {"MaxReadRequestUnits": "50", "MaxWriteRequestUnits": "60"}),
    ):
        assert values("AWS::DynamoDB::Table", "OnDemandThroughput", **given) == dict.fromkeys(tables, expected)


def test_every_fifo_queue_that_a_function_reads_has_high_throughput() -> None:
    fifo = values("AWS::SQS::Queue", "FifoQueue").keys() & values("AWS::SQS::Queue", "RedrivePolicy").keys()
    limits = values("AWS::SQS::Queue", "FifoThroughputLimit")
    scopes = values("AWS::SQS::Queue", "DeduplicationScope")

    assert len(fifo) == 4
    assert {name: (scopes.get(name), limits.get(name)) for name in fifo} == dict.fromkeys(
        fifo, ("messageGroup", "perMessageGroupId")
    )
