"""What ministack leaves undone after a deployment, or does otherwise than AWS. Wanted after a real `sam deploy` too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.local.aws import LocalAws

BATCH_POLICY = "ministack-send-message-batch"
VISIBILITY_POLICY = "ministack-change-visibility-batch"
CONVERSE_POLICY = "ministack-converse"
OWN_POLICIES = frozenset({BATCH_POLICY, VISIBILITY_POLICY, CONVERSE_POLICY})
"""Of the emulator's making, not the template's."""


def close(aws: LocalAws, stack_name: str) -> None:
    client = aws.cloudformation()
    template: Any = client.get_template(StackName=stack_name, TemplateStage="Processed")["TemplateBody"]
    physical = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in client.describe_stack_resources(StackName=stack_name)["StackResources"]
        if "PhysicalResourceId" in resource
    }
    for logical, resource in template["Resources"].items():
        if logical in physical:
            _close(aws, physical[logical], resource["Type"], resource.get("Properties", {}))


def _close(aws: LocalAws, physical: str, kind: str, properties: dict[str, Any]) -> None:
    match kind:
        case "AWS::DynamoDB::Table":
            _set_time_to_live(aws, physical, properties.get("TimeToLiveSpecification"))
        case "AWS::Lambda::Function":
            _reserve_concurrency(aws, physical, properties.get("ReservedConcurrentExecutions"))
        case "AWS::IAM::Role":
            iam = aws.iam()
            allow_batches(iam, physical)
            allow_converse(iam, physical)


def _set_time_to_live(aws: LocalAws, table: str, wanted: dict[str, Any] | None) -> None:
    """The template's is ignored."""
    if not wanted:
        return
    dynamodb = aws.dynamodb()
    present = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if present.get("TimeToLiveStatus") != "ENABLED":
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={"AttributeName": wanted["AttributeName"], "Enabled": True},
        )


def _reserve_concurrency(aws: LocalAws, function: str, wanted: object) -> None:
    """The template's is ignored."""
    if isinstance(wanted, int):
        aws.functions().put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=wanted)


def allow_batches(iam: Any, role: str) -> None:
    """With AUTH=true it asks for actions that AWS does not have: there, who may do it to one may to a batch."""
    for policy, action in ((BATCH_POLICY, "sqs:SendMessage"), (VISIBILITY_POLICY, "sqs:ChangeMessageVisibility")):
        queues = list(_resources_of(action, iam, role))
        if queues:
            _allow(iam, role, policy, f"{action}Batch", queues)


def allow_converse(iam: Any, role: str) -> None:
    """As above: on AWS bedrock:InvokeModel allows it. Which model is asked, the emulator does not look at."""
    if any(_resources_of("bedrock:InvokeModel", iam, role)):
        _allow(iam, role, CONVERSE_POLICY, "bedrock:Converse", ["*"])


def _allow(iam: Any, role: str, policy: str, action: str, resources: list[str]) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resources}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=document)


def _resources_of(action: str, iam: Any, role: str) -> Iterator[str]:
    """On which the template's own policies allow it."""
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        if policy in OWN_POLICIES:
            continue
        for statement in iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow" and action in _listed(statement["Action"]):
                yield from _listed(statement["Resource"])


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
