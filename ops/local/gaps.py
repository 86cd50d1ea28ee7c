"""What ministack leaves undone after a deployment, or does otherwise than AWS. Wanted after a real `sam deploy` too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.declared.model import Model
from ops.declared.stack import processed_template, read_stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ops.local.aws import LocalAws

BATCH_POLICY = "ministack-send-message-batch"
VISIBILITY_POLICY = "ministack-change-visibility-batch"
CONVERSE_POLICY = "ministack-converse"
OWN_POLICIES = frozenset({BATCH_POLICY, VISIBILITY_POLICY, CONVERSE_POLICY})
"""Of the emulator's making, not the template's."""


def close(aws: LocalAws, stack_name: str) -> None:
    client: Any = aws.cloudformation()
    for resource in Model(processed_template(client, stack_name), read_stack(client, stack_name)).resources():
        if resource.in_stack and resource.physical_id:
            _close(aws, resource.physical_id, resource.type, resource.properties)


def _close(aws: LocalAws, physical: str, kind: str, properties: Mapping[str, Any]) -> None:
    match kind:
        case "AWS::DynamoDB::Table":
            _set_time_to_live(aws, physical, properties.get("TimeToLiveSpecification"))
            _encrypt_and_back_up(aws, physical, properties)
        case "AWS::Lambda::Function":
            _reserve_concurrency(aws, physical, properties.get("ReservedConcurrentExecutions"))
        case "AWS::SNS::Topic":
            _set_key(aws, physical, properties.get("KmsMasterKeyId"))
        case "AWS::S3::Bucket":
            _set_lifecycle(aws, physical, properties.get("LifecycleConfiguration"))
        case "AWS::IAM::Role":
            allow_what_aws_does_not_ask(aws.iam(), physical)


def _set_time_to_live(aws: LocalAws, table: str, wanted: Mapping[str, Any] | None) -> None:
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


def _encrypt_and_back_up(aws: LocalAws, table: str, properties: Mapping[str, Any]) -> None:
    """The template's are ignored."""
    dynamodb = aws.dynamodb()
    if properties.get("SSESpecification", {}).get("SSEEnabled"):
        dynamodb.update_table(TableName=table, SSESpecification={"Enabled": True})
    if properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
        dynamodb.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )


def _set_key(aws: LocalAws, topic: str, key: str | None) -> None:
    """The template's is ignored."""
    if key:
        aws.sns().set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key)


def _set_lifecycle(aws: LocalAws, bucket: str, wanted: Mapping[str, Any] | None) -> None:
    """The template's is ignored."""
    if wanted:
        rules: Any = [_lifecycle_rule(rule) for rule in wanted["Rules"]]
        aws.s3().put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """S3's own words for what CloudFormation says otherwise."""
    expiration = {"Expiration": {"Days": int(rule["ExpirationInDays"])}} if "ExpirationInDays" in rule else {}
    return {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}, **expiration}


def _reserve_concurrency(aws: LocalAws, function: str, wanted: object) -> None:
    """The template's is ignored."""
    if isinstance(wanted, int | str):  # a parameter is a text, whatever its type says
        aws.functions().put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=int(wanted))


def allow_what_aws_does_not_ask(iam: Any, role: str) -> None:
    """With AUTH=true it asks for actions that AWS does not have."""
    own = (policy for policy in iam.list_role_policies(RoleName=role)["PolicyNames"] if policy not in OWN_POLICIES)
    documents = [iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"] for policy in own]
    for policy, document in added_policies(documents).items():
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def added_policies(documents: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By name, what a role with these policies is given in addition.

    On AWS who may do a thing to one message may do it to a batch, and bedrock:InvokeModel allows Converse; which model
    is asked, the emulator does not look at.
    """
    documents = list(documents)
    added: dict[str, tuple[str, list[Any]]] = {}
    for policy, action in ((BATCH_POLICY, "sqs:SendMessage"), (VISIBILITY_POLICY, "sqs:ChangeMessageVisibility")):
        queues = list(_resources_of(action, documents))
        if queues:
            added[policy] = (f"{action}Batch", queues)
    if any(_resources_of("bedrock:InvokeModel", documents)):
        added[CONVERSE_POLICY] = ("bedrock:Converse", ["*"])
    return {
        policy: {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": resources}],
        }
        for policy, (action, resources) in added.items()
    }


def _resources_of(action: str, documents: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    for document in documents:
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow" and action in _listed(statement["Action"]):
                yield from _listed(statement["Resource"])


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
