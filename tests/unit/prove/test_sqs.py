"""Queues as SQS keeps them, with a clock that is moved by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ops.prove.aws.sqs import Sqs
from ops.prove.clock import Clock

URL, DEAD = "https://sqs/replies.fifo", "https://sqs/replies-dlq.fifo"


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def sqs(clock: Clock) -> Sqs:
    sqs = Sqs(clock)
    redrive = {"deadLetterTargetArn": "arn:dead", "maxReceiveCount": 2}
    shared = {"FifoQueue": True, "DeduplicationScope": "messageGroup", "VisibilityTimeout": 60}
    sqs.create({"QueueName": "replies.fifo", "DelaySeconds": 4, "RedrivePolicy": redrive, **shared}, URL, "arn:live")
    sqs.create({"QueueName": "replies-dlq.fifo", "FifoQueue": True}, DEAD, "arn:dead")
    return sqs


def _send(sqs: Sqs, body: str, group: str = "a", deduplication: str | None = None) -> None:
    names = {"MessageGroupId": group, "MessageDeduplicationId": deduplication or body}
    sqs.call("SendMessage", {"QueueUrl": URL, "MessageBody": body, **names})


def _receive(sqs: Sqs, url: str = URL, most: int = 10) -> list[Any]:
    received: list[Any] = sqs.call("ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": most}).get("Messages", [])
    return received


def _bodies(received: list[Any]) -> list[str]:
    return [message["Body"] for message in received]


def test_a_delay_a_lock_and_an_order(sqs: Sqs, clock: Clock) -> None:
    for body, group in (("1", "a"), ("2", "a"), ("3", "b")):
        _send(sqs, body, group)
    assert _receive(sqs) == []
    clock.now += 4
    [first] = _receive(sqs, most=1)
    assert first["Body"] == "1"
    assert _bodies(_receive(sqs)) == ["3"]
    sqs.call("DeleteMessage", {"QueueUrl": URL, "ReceiptHandle": first["ReceiptHandle"]})
    assert _bodies(_receive(sqs)) == ["2"]


def test_the_same_id_counts_once_for_five_minutes_in_its_group(sqs: Sqs, clock: Clock) -> None:
    for group in ("a", "a", "b"):
        _send(sqs, "x", group)
    clock.now += 301
    _send(sqs, "x", "a")
    assert len(sqs.queues[URL]) == 3


def test_what_is_received_too_often_is_dead_lettered(sqs: Sqs, clock: Clock) -> None:
    _send(sqs, "x")
    for _ in range(2):
        clock.now += 61
        assert _bodies(_receive(sqs)) == ["x"]
    clock.now += 61
    assert _receive(sqs) == []
    [letter] = _receive(sqs, DEAD)
    assert letter["Attributes"]["ApproximateReceiveCount"] == "1"


def test_a_receipt_of_before_deletes_nothing(sqs: Sqs, clock: Clock) -> None:
    _send(sqs, "x")
    clock.now += 4
    [old] = _receive(sqs)
    clock.now += 61
    _receive(sqs)
    sqs.call("DeleteMessage", {"QueueUrl": URL, "ReceiptHandle": old["ReceiptHandle"]})
    assert len(sqs.queues[URL]) == 1


def test_what_failed_may_come_back_when_it_is_asked_to(sqs: Sqs, clock: Clock) -> None:
    _send(sqs, "x")
    clock.now += 4
    [held] = _receive(sqs)
    sqs.call(
        "ChangeMessageVisibility", {"QueueUrl": URL, "ReceiptHandle": held["ReceiptHandle"], "VisibilityTimeout": 900}
    )
    clock.now += 899
    assert _receive(sqs) == []
    clock.now += 1
    assert _bodies(_receive(sqs)) == ["x"]
