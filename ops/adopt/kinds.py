"""What can be adopted, by what it is identified, and what must be as declared since nothing can change it later.

Only what holds something is adopted: rows, messages, files, subscribers, secrets. Functions, roles, alarms and
schedules hold nothing: they are removed, and made by the next deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ops.audit.clients import Clients
from ops.declared.model import DeclaredResource


@dataclass(frozen=True)
class ImportKind:
    identifier: str
    """CloudFormation's name for it."""
    identify: Callable[[DeclaredResource, Clients], str]
    fixed: tuple[str, ...] = ()
    """Properties that only a new resource could have otherwise."""
    as_declared: bool = False
    """What it is made with is imported as declared, not as found: CloudFormation acts upon each change of it."""


def _physical(resource: DeclaredResource, _: Clients) -> str:
    return str(resource.physical_id)


def _queue_url(resource: DeclaredResource, aws: Clients) -> str:
    return str(aws("sqs").get_queue_url(QueueName=resource.name)["QueueUrl"])


def _secret_arn(resource: DeclaredResource, aws: Clients) -> str:
    return str(aws("secretsmanager").describe_secret(SecretId=resource.physical_id)["ARN"])


KINDS: Mapping[str, ImportKind] = {
    "AWS::DynamoDB::Table": ImportKind("TableName", _physical, fixed=("KeySchema", "LocalSecondaryIndexes")),
    "AWS::SQS::Queue": ImportKind("QueueUrl", _queue_url, fixed=("FifoQueue",)),
    "AWS::SNS::Topic": ImportKind("TopicArn", _physical, fixed=("FifoTopic",)),
    "AWS::S3::Bucket": ImportKind("BucketName", _physical),
    "AWS::Logs::LogGroup": ImportKind("LogGroupName", _physical),
    # A change of GenerateSecretString would write a new secret over the old one.
    "AWS::SecretsManager::Secret": ImportKind("Id", _secret_arn, as_declared=True),
    "AWS::KMS::Key": ImportKind("KeyId", _physical),
}
