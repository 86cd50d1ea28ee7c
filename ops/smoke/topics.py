"""Every topic: published to, and heard by a queue that is subscribed for the moment."""

from __future__ import annotations

import json

from ops.declared.attributes import last_part
from ops.demo.subscribers import may_send
from ops.smoke.bench import Bench
from ops.smoke.marks import TENANT

_SECONDS = 60
_ALARMS = "alarms"
_TEXT = "Smoke test of `ai-marketplace audit --smoke`: nothing has happened."


def try_topics(bench: Bench) -> None:
    for name, topic in sorted(bench.topics.items()):
        if name == _ALARMS:
            bench.not_tried("topic", name, "it would wake whom the alarms wake")
            continue
        with bench.step("topic", name):
            _try(bench, topic)


def queue_prefix(bench: Bench) -> str:
    return f"{bench.stack.prefix}-{TENANT}-"


def _try(bench: Bench, topic: str) -> None:
    """Told to the reserved tenant alone: who listens for a seller of theirs does not hear of it."""
    sqs, sns = bench.aws("sqs"), bench.aws("sns")
    url = sqs.create_queue(QueueName=f"{queue_prefix(bench)}{bench.run.run_id}-{last_part(topic)[-30:]}")["QueueUrl"]
    subscription = ""
    try:
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": may_send(topic, arn)})
        subscription = sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"FilterPolicy": json.dumps({"auditSmoke": [bench.run.run_id]}), "RawMessageDelivery": "true"},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        _publish(bench, topic)
        bench.wait(lambda: _heard(bench, url), _SECONDS, "what was published was not heard")
    finally:
        if subscription:
            sns.unsubscribe(SubscriptionArn=subscription)
        sqs.delete_queue(QueueUrl=url)


def _publish(bench: Bench, topic: str) -> None:
    told = {"tenantId": TENANT, "auditSmoke": bench.run.run_id}
    bench.aws("sns").publish(
        TopicArn=topic,
        Message=json.dumps({**told, "text": _TEXT}),
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in told.items()},
    )


def _heard(bench: Bench, url: str) -> bool:
    received = bench.aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return any(bench.run.run_id in letter["Body"] for letter in received.get("Messages", []))
