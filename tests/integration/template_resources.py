"""Tables, queues and topics of template.yaml, made on moto as they are written there: the schema cannot drift."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from adapters.aws_clients import client
from ops.prove.template import ACCOUNT, REGION, TEMPLATE, ResolvedTemplate, Tag, template

__all__ = ["ACCOUNT", "REGION", "TEMPLATE", "Tag", "TemplateResources", "template"]


@dataclass(slots=True)
class TemplateResources(ResolvedTemplate):
    def create(self) -> TemplateResources:
        return self.create_tables().create_queues_and_topics()

    def create_tables(self) -> TemplateResources:
        for logical_id, properties in self.of_type("AWS::DynamoDB::Table"):
            self.tables[logical_id] = _create_table(properties)
        for logical_id, properties in self.of_type("AWS::S3::Bucket"):
            self.buckets[logical_id] = _create_bucket(properties)
        return self

    def create_queues_and_topics(self) -> TemplateResources:
        queues = self.of_type("AWS::SQS::Queue")
        for logical_id, properties in sorted(queues, key=lambda queue: "RedrivePolicy" in queue[1]):
            self.queues[logical_id] = _create_queue(properties)
        for logical_id, properties in self.of_type("AWS::SNS::Topic"):
            topic = client("sns").create_topic(Name=properties["TopicName"])
            self.topics[logical_id] = topic["TopicArn"]
        return self


def _create_table(properties: dict[str, Any]) -> str:
    given = ("TableName", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    client("dynamodb").create_table(**{name: properties[name] for name in given if name in properties})
    if "TimeToLiveSpecification" in properties:
        client("dynamodb").update_time_to_live(
            TableName=properties["TableName"], TimeToLiveSpecification=properties["TimeToLiveSpecification"]
        )
    return str(properties["TableName"])


def _create_bucket(properties: dict[str, Any]) -> str:
    s3: Any = client("s3")  # its parameters are an open set here
    name = str(properties["BucketName"])
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"])
    [encryption] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    rule = {"ApplyServerSideEncryptionByDefault": encryption["ServerSideEncryptionByDefault"]}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return name


def _create_queue(properties: dict[str, Any]) -> str:
    attributes = {name: _attribute_text(value) for name, value in properties.items() if name != "QueueName"}
    sqs: Any = client("sqs")  # a queue's attributes are an open set here
    return str(sqs.create_queue(QueueName=properties["QueueName"], Attributes=attributes)["QueueUrl"])


def _attribute_text(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return json.dumps(value)
        case _:
            return str(value)
