from __future__ import annotations

from dataclasses import replace

from ops.audit.readers import READERS
from ops.declared.attributes import Place
from ops.declared.intrinsics import Unresolved
from ops.declared.model import DeclaredResource, Model
from ops.declared.stack import Stack, StackResource
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY

TEMPLATE = REPOSITORY / "template.yaml"
PROD = {
    "Stage": "prod",
    "Suffix": "-prod",
    "AlarmEmail": "operator@example.com",
    "S3VectorsFromProducts": "1000",
    "WafEnabled": "true",
    "CustomerManagedKey": "true",
}
EMPTY = Stack("shop", Place("aws", "eu-west-1", "123456789012"), "", PROD, {}, {})


WRITTEN = transformed(TEMPLATE, PROD, EMPTY.place.region)
"""Once: the transform takes its time."""


def resources(stack: Stack = EMPTY) -> dict[str, DeclaredResource]:
    return {one.logical_id: one for one in Model(WRITTEN, stack).resources()}


def test_every_kind_of_resource_of_the_template_can_be_audited() -> None:
    kinds = {one.type for one in resources().values()}

    assert sorted(kinds - READERS.keys()) == []


def test_parameters_conditions_and_references_are_resolved() -> None:
    declared = resources()

    assert declared["ConversationsTable"].properties["TableName"] == "ai-marketplace-conversations-prod"
    assert declared["ConversationsTable"].properties["DeletionProtectionEnabled"] is True
    assert declared["InboxQueue"].properties["RedrivePolicy"]["deadLetterTargetArn"] == (
        "arn:aws:sqs:eu-west-1:123456789012:ai-marketplace-inbox-dlq-prod.fifo"
    )
    assert "AlarmsTopic" in declared
    assert "AlarmsTopic" not in resources(replace(EMPTY, parameters={**PROD, "AlarmEmail": ""}))


def test_only_what_a_service_alone_knows_is_left_open() -> None:
    open_ends = {
        (one.logical_id, name)
        for one in resources().values()
        for name, value in one.properties.items()
        if isinstance(value, Unresolved)
    }

    assert ("EmbedderFunctionProducts", "EventSourceArn") in open_ends  # a stream's name has the time in it


def test_a_layer_is_the_same_whatever_hash_sam_puts_behind_its_name() -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:layer:ai-marketplace-search-prod:7"
    held = {"SearchLayer": StackResource("SearchLayer", "AWS::Lambda::LayerVersion", arn, "CREATE_COMPLETE")}

    layers = resources(replace(EMPTY, resources=held))["IndexerFunction"].properties["Layers"]

    assert arn in layers
