"""What `Ref` and `GetAtt` give for a resource, from its name and its physical id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.declared.intrinsics import Unresolved


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack stands."""

    partition: str
    region: str
    account: str
    url_suffix: str = "amazonaws.com"

    @property
    def pseudo_parameters(self) -> dict[str, str]:
        return {
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::URLSuffix": self.url_suffix,
        }

    def arn(self, service: str, rest: str, *, region: bool = True, account: bool = True) -> str:
        return f"arn:{self.partition}:{service}:{self.region * region}:{self.account * account}:{rest}"


_Attribute = Callable[[Place, str], str]

NAME_PROPERTY: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::KMS::Alias": "AliasName",
}
"""Which property names a resource; those that AWS names itself have none."""

# What `Ref` gives for a resource of that name, where that is not the name itself.
_REF: Mapping[str, _Attribute] = {
    "AWS::SQS::Queue": lambda at, name: f"https://sqs.{at.region}.{at.url_suffix}/{at.account}/{name}",
    "AWS::SNS::Topic": lambda at, name: at.arn("sns", name),
}

_ATTRIBUTES: Mapping[tuple[str, str], _Attribute] = {
    ("AWS::DynamoDB::Table", "Arn"): lambda at, id_: at.arn("dynamodb", f"table/{id_}"),
    ("AWS::SQS::Queue", "Arn"): lambda at, id_: at.arn("sqs", last_part(id_)),
    ("AWS::SQS::Queue", "QueueName"): lambda _, id_: last_part(id_),
    ("AWS::SQS::Queue", "QueueUrl"): lambda _, id_: id_,
    ("AWS::SNS::Topic", "TopicArn"): lambda _, id_: id_,
    ("AWS::SNS::Topic", "TopicName"): lambda _, id_: last_part(id_),
    ("AWS::Lambda::Function", "Arn"): lambda at, id_: at.arn("lambda", f"function:{last_part(id_)}"),
    ("AWS::Lambda::Version", "Version"): lambda _, id_: last_part(id_),
    ("AWS::Lambda::Alias", "AliasArn"): lambda _, id_: id_,
    ("AWS::IAM::Role", "Arn"): lambda at, id_: at.arn("iam", f"role/{id_}", region=False),
    ("AWS::S3::Bucket", "Arn"): lambda at, id_: at.arn("s3", id_, region=False, account=False),
    ("AWS::Logs::LogGroup", "Arn"): lambda at, id_: at.arn("logs", f"log-group:{id_}:*"),
    ("AWS::CloudWatch::Alarm", "Arn"): lambda at, id_: at.arn("cloudwatch", f"alarm:{id_}"),
    ("AWS::KMS::Key", "Arn"): lambda at, id_: at.arn("kms", f"key/{id_}"),
    ("AWS::KMS::Key", "KeyId"): lambda _, id_: id_,
    ("AWS::WAFv2::WebACL", "Arn"): lambda at, id_: at.arn("wafv2", _web_acl(*id_.split("|"))),
    ("AWS::Cognito::UserPool", "Arn"): lambda at, id_: at.arn("cognito-idp", f"userpool/{id_}"),
    ("AWS::Cognito::UserPool", "UserPoolId"): lambda _, id_: id_,
    ("AWS::Cognito::UserPool", "ProviderName"): lambda at, id_: f"cognito-idp.{at.region}.{at.url_suffix}/{id_}",
    ("AWS::Cognito::UserPool", "ProviderURL"): lambda at, id_: f"https://cognito-idp.{at.region}.{at.url_suffix}/{id_}",
    ("AWS::Cognito::UserPoolClient", "ClientId"): lambda _, id_: id_,
}


def reference(resource_type: str, name: str, at: Place) -> str:
    """The physical id that a resource of this name has."""
    known = _REF.get(resource_type)
    return known(at, name) if known else name


def attribute(resource_type: str, physical_id: str, name: str, at: Place) -> Any:
    """Computed, not asked for; Unresolved where only the service knows."""
    known = _ATTRIBUTES.get((resource_type, name))
    return known(at, physical_id) if known else Unresolved(f"{physical_id}.{name}")


def last_part(physical_id: str) -> str:
    """The name at the end of an ARN or a URL."""
    return physical_id.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _web_acl(name: str, own_id: str, _: str) -> str:
    return f"regional/webacl/{name}/{own_id}"
