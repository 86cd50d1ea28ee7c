"""Real subscribers of a topic: SQS queues that hear what their filter lets through."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adapters.aws_clients import client
from tests.stack.deployed import Deployed

Hears = Callable[[], list[dict[str, Any]]]
"""Everything heard so far."""


def subscribed(stack: Deployed, topic_name: str, name: str, filter_policy: dict[str, list[str]]) -> Hears:
    """A queue of a subscriber who wants to hear of these alone."""
    sqs, topic = client("sqs"), stack.file.topics[topic_name]
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    client("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"FilterPolicy": json.dumps(filter_policy), "RawMessageDelivery": "true"},
    )
    heard: list[dict[str, Any]] = []

    def hears() -> list[dict[str, Any]]:
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=300)
        heard.extend(json.loads(message["Body"]) for message in received.get("Messages", []))
        return heard

    return hears
