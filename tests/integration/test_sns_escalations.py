from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.sns_escalations import SnsEscalations
from domain.errors import ServiceUnavailableError
from domain.escalations import Escalation, EscalationReason
from tests.builders import ACME_NUMBER, ALICE, escalation, job
from tests.integration.template_resources import TemplateResources


def subscribe(topic: str, name: str, **policy: list[Any]) -> str:
    """A queue of a subscriber who wants to hear of these alone."""
    url = client("sqs").create_queue(QueueName=name)["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def heard(url: str) -> list[dict[str, Any]]:
    messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in messages]


@pytest.fixture
def topic(resources: TemplateResources) -> str:
    return resources.topics["EscalationsTopic"]


def test_subscribers_can_filter_by_tenant_reason_and_priority(topic: str) -> None:
    everybody = subscribe(topic, "everybody")
    acmes = subscribe(topic, "acmes", tenantId=["acme"])
    globexs = subscribe(topic, "globexs", tenantId=["globex"])
    urgent = subscribe(topic, "urgent", priority=["high"])
    orders = subscribe(topic, "orders", reason=["order"], tenantId=["acme"])
    for reason in (EscalationReason.NO_ANSWER, EscalationReason.ORDER):
        SnsEscalations(topic).publish(escalation(job(), reason))
    assert [len(heard(url)) for url in (everybody, acmes, globexs, urgent, orders)] == [2, 2, 0, 1, 1]


def test_the_body_names_ids_and_nothing_that_a_customer_said_or_is(topic: str) -> None:
    everybody = subscribe(topic, "everybody")
    of = escalation(job())
    SnsEscalations(topic).publish(of)
    envelope = heard(everybody)[0]
    assert json.loads(envelope["Message"]) == {
        "version": "1",
        "tenantId": "acme",
        "conversationId": f"acme#{of.customer_id}",
        "messageId": "wamid.in.1",
        "phoneNumberId": ACME_NUMBER,
        "reason": "no_answer",
        "priority": "normal",
        "at": "2026-11-22T12:00:05.000000Z",
    }
    assert ALICE.phone is not None
    assert ALICE.phone not in json.dumps(envelope)


def test_a_topic_that_is_not_there_is_an_error_of_ours_and_nothing_was_published(topic: str) -> None:
    published: list[Escalation] = []
    with pytest.raises(ServiceUnavailableError):
        SnsEscalations(f"{topic}-of-nobody", published.append).publish(escalation(job()))
    assert published == []
    SnsEscalations(topic, published.append).publish(escalation(job()))
    assert published == [escalation(job())]
