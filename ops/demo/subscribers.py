"""Real subscribers of the escalations topic: SQS queues made for one run of the demo."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from adapters.aws_clients import client

_MOST_RECEIVED = 10


@dataclass(frozen=True, slots=True)
class Received:
    """One escalation, as a subscriber gets it."""

    tenant: str
    message_id: str
    reason: str
    priority: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    name: str
    queue_url: str
    subscription: str
    wants: Mapping[str, list[str]]
    """Its filter policy; empty: everything."""

    def lets_through(self, escalation: Received) -> bool:
        given = {"tenantId": escalation.tenant, "reason": escalation.reason, "priority": escalation.priority}
        return all(given[attribute] in values for attribute, values in self.wants.items())

    def receive(self) -> list[Received]:
        """Everything that lies in its queue."""
        return list(_received(self.queue_url))


@contextmanager
def subscribed(topic: str, run: str, wanted: Mapping[str, Mapping[str, list[str]]]) -> Iterator[list[Subscriber]]:
    """`wanted`: filter policy by the subscriber's name. Queues and subscriptions are gone afterwards."""
    subscribers: list[Subscriber] = []
    try:
        for index, (name, wants) in enumerate(wanted.items()):
            subscribers.append(_subscribe(topic, f"ai-marketplace-demo-{run}-{index}", name, wants))
        yield subscribers
    finally:
        for subscriber in subscribers:
            client("sns").unsubscribe(SubscriptionArn=subscriber.subscription)
            client("sqs").delete_queue(QueueUrl=subscriber.queue_url)


def _subscribe(topic: str, queue: str, name: str, wants: Mapping[str, list[str]]) -> Subscriber:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": may_send(topic, arn)})
    policy = {"FilterPolicy": json.dumps(wants)} if wants else {}
    subscription = client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=policy, ReturnSubscriptionArn=True
    )
    return Subscriber(name, url, subscription["SubscriptionArn"], wants)


def may_send(topic: str, queue: str) -> str:
    """The queue's policy by which it hears the topic."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _received(url: str) -> Iterator[Received]:
    sqs = client("sqs")
    while letters := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=_MOST_RECEIVED).get("Messages", []):
        for letter in letters:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
            escalation = json.loads(json.loads(letter["Body"])["Message"])
            yield Received(
                tenant=escalation["tenantId"],
                message_id=escalation["messageId"],
                reason=escalation["reason"],
                priority=escalation["priority"],
            )
