"""What carries messages: queues, topics, subscriptions; and what starts by the clock."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.policies import statements
from ops.audit.readers.reading import GoneError, Properties, Reader, picked

_QUEUE = (
    *("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "MaximumMessageSize", "KmsMasterKeyId"),
    *("ReceiveMessageWaitTimeSeconds", "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope"),
    *("FifoThroughputLimit", "SqsManagedSseEnabled"),
)
_DOCUMENTS = ("RedrivePolicy", "RedriveAllowPolicy")
CONFIRMED, PENDING = "confirmed", "waits to be confirmed"


def _queue(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("sqs").get_queue_attributes(QueueUrl=physical, AttributeNames=["All"])["Attributes"]
    documents = {name: json.loads(told[name]) if told.get(name) else None for name in _DOCUMENTS}
    return {**picked(told, _QUEUE), **documents}


def _queue_policy(aws: Clients, _: str, declared: Properties) -> dict[str, Any]:
    """One policy stands on each of its queues."""
    sqs = aws("sqs")
    answers = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]) for url in declared["Queues"]]
    policies = [answer.get("Attributes", {}).get("Policy") for answer in answers]
    if not all(policies):
        raise GoneError
    found = [json.loads(policy) for policy in policies]
    return {"PolicyDocument": next((one for one in found if one != found[0]), found[0])}


def _queue_policy_shape(properties: Properties) -> Properties:
    return {"PolicyDocument": statements(properties["PolicyDocument"])} if "PolicyDocument" in properties else {}


def _topic(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("sns").get_topic_attributes(TopicArn=physical)["Attributes"]
    return picked(told, ("DisplayName", "KmsMasterKeyId", "FifoTopic", "ContentBasedDeduplication"))


def _subscriptions(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    """Only those that the template declares: whoever has to know subscribes, that is what topics are for."""
    found = {
        f"{one['Protocol']} {one['Endpoint']}": CONFIRMED if one["SubscriptionArn"].startswith("arn:") else PENDING
        for one in _subscribed(aws, physical)
    }
    wanted = _by_endpoint(declared.get("Subscription", []))
    return {"Subscription": {name: found[name] for name in wanted if name in found}} if wanted else {}


def _subscribed(aws: Clients, topic: str) -> Iterator[Mapping[str, Any]]:
    for page in aws("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic):
        yield from page["Subscriptions"]


def _by_endpoint(subscriptions: Any) -> dict[str, str]:
    if isinstance(subscriptions, dict):
        return subscriptions
    return {f"{one['Protocol']} {one['Endpoint']}": CONFIRMED for one in subscriptions}


def _topic_shape(properties: Properties) -> Properties:
    if "Subscription" not in properties:
        return properties
    return {**properties, "Subscription": _by_endpoint(properties["Subscription"])}


def _subscription(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    """Its topic's list tells whom it leads to, on every AWS; its attributes how."""
    listed = (one for one in _subscribed(aws, physical.rpartition(":")[0]) if one["SubscriptionArn"] == physical)
    one = next(listed, None)
    if one is None:
        raise GoneError
    told = aws("sns").get_subscription_attributes(SubscriptionArn=physical)["Attributes"]
    documents = {name: json.loads(told[name]) if told.get(name) else None for name in ("FilterPolicy", "RedrivePolicy")}
    return {**picked(one, ("Protocol", "Endpoint", "TopicArn")), **picked(told, ("RawMessageDelivery",)), **documents}


def _schedule(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    group = {"GroupName": declared["GroupName"]} if "GroupName" in declared else {}
    told = aws("scheduler").get_schedule(Name=physical, **group)
    names = ("ScheduleExpression", "ScheduleExpressionTimezone", "State", "FlexibleTimeWindow", "Target")
    return picked(told, names)


QUEUE = Reader(
    parts=(_queue,),
    defaults={
        "VisibilityTimeout": 30,
        "MessageRetentionPeriod": 345_600,
        "DelaySeconds": 0,
        "ReceiveMessageWaitTimeSeconds": 0,
        "RedrivePolicy": None,
        "RedriveAllowPolicy": None,
        "KmsMasterKeyId": None,
    },
)
QUEUE_POLICY = Reader(parts=(_queue_policy,), shape=_queue_policy_shape, whole=frozenset({"PolicyDocument"}))
TOPIC = Reader(parts=(_topic, _subscriptions), defaults={"KmsMasterKeyId": None}, shape=_topic_shape)
SUBSCRIPTION = Reader(parts=(_subscription,), defaults={"FilterPolicy": None}, whole=frozenset({"FilterPolicy"}))
SCHEDULE = Reader(parts=(_schedule,), defaults={"State": "ENABLED", "ScheduleExpressionTimezone": "UTC"})
