from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.aws_json import AwsJson
from adapters.sqs_update_queues import SqsUpdateQueues
from domain.errors import ServiceUnavailableError
from tests.builders import queue_message
from tests.integration.aws_json_on_moto import ACCESS
from tests.integration.template_resources import TemplateResources

MEBIBYTE = 1024 * 1024


@pytest.fixture
def queues(resources: TemplateResources) -> SqsUpdateQueues:
    return SqsUpdateQueues(resources.queues["InboxQueue"], resources.queues["StatusesQueue"], ACCESS)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch, resources: TemplateResources) -> list[dict[str, Any]]:  # noqa: ARG001 (the queues come first)
    """Every call of SendMessageBatch. moto takes half a minute for a thousand messages: here they are only noted."""
    calls: list[dict[str, Any]] = []
    lock = Lock()

    def call(_: AwsJson, operation: str, params: Any) -> Any:
        assert operation == "SendMessageBatch"
        with lock:
            calls.append(params)
        return {"Successful": [{"Id": entry["Id"]} for entry in params["Entries"]]}

    monkeypatch.setattr(AwsJson, "call", call)
    return calls


def entries(batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for batch in batches for entry in batch["Entries"]]


def test_each_kind_goes_to_its_queue(
    queues: SqsUpdateQueues, resources: TemplateResources, batches: list[dict[str, Any]]
) -> None:
    queues.enqueue([queue_message("message", "alice", "wamid.1")], [queue_message("status", "x", "y")])
    sent = {batch["QueueUrl"]: batch["Entries"] for batch in batches}
    assert sent[resources.queues["InboxQueue"]] == [
        {"Id": "0", "MessageBody": "message", "MessageGroupId": "alice", "MessageDeduplicationId": "wamid.1"}
    ]
    assert sent[resources.queues["StatusesQueue"]] == [{"Id": "0", "MessageBody": "status"}]


def test_the_queues_take_them_and_know_a_message_that_comes_again(
    queues: SqsUpdateQueues, resources: TemplateResources
) -> None:
    inbox = [queue_message(f"body {n}", "alice", f"wamid.{n}") for n in range(12)]
    for _ in range(2):
        queues.enqueue(inbox, [queue_message("status", "x", "y")])
    for name, count in (("InboxQueue", "12"), ("StatusesQueue", "2")):
        attributes = client("sqs").get_queue_attributes(
            QueueUrl=resources.queues[name], AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]
        assert attributes["ApproximateNumberOfMessages"] == count


def test_nothing_is_sent_of_nothing(queues: SqsUpdateQueues, batches: list[dict[str, Any]]) -> None:
    queues.enqueue([], [])
    assert batches == []


def test_a_thousand_messages_go_in_batches_and_each_group_in_order(
    queues: SqsUpdateQueues, batches: list[dict[str, Any]]
) -> None:
    inbox = [queue_message(f"body {n}", f"customer {n % 37}", f"wamid.{n}") for n in range(800)]
    queues.enqueue(inbox, [queue_message(f"status {n}", "", "") for n in range(200)])
    assert all(len(batch["Entries"]) <= 10 for batch in batches)
    assert len(batches) <= 1000 // 10 + 8
    sent: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries(batches):
        sent[entry.get("MessageGroupId", "statuses")].append(entry["MessageBody"])
    assert sum(map(len, sent.values())) == 1000
    for group in range(37):
        assert sent[f"customer {group}"] == [each.body for each in inbox if each.group == f"customer {group}"]


def test_no_batch_is_beyond_what_sqs_takes(queues: SqsUpdateQueues, batches: list[dict[str, Any]]) -> None:
    big = [queue_message("é" * 100_000, "alice", f"wamid.{n}") for n in range(12)]
    queues.enqueue(big, [])
    assert len(entries(batches)) == 12
    sizes = [sum(len(entry["MessageBody"].encode()) for entry in batch["Entries"]) for batch in batches]
    assert max(sizes) <= MEBIBYTE
    assert len(batches) == 3


def test_ids_are_unique_within_a_batch(queues: SqsUpdateQueues, batches: list[dict[str, Any]]) -> None:
    queues.enqueue([queue_message("same", "alice", "wamid.1")] * 7, [])
    ids = [entry["Id"] for entry in entries(batches)]
    assert len(set(ids)) == len(ids) == 7


@pytest.mark.parametrize("count", [1, 25])
def test_one_that_was_not_accepted_makes_meta_send_all_again(
    queues: SqsUpdateQueues, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    def call(_: AwsJson, __: str, params: Any) -> Any:
        *accepted, failed = params["Entries"]
        return {
            "Successful": [{"Id": entry["Id"]} for entry in accepted],
            "Failed": [{"Id": failed["Id"], "Code": "InternalError", "SenderFault": False}],
        }

    monkeypatch.setattr(AwsJson, "call", call)
    with pytest.raises(ServiceUnavailableError):
        queues.enqueue([queue_message("body", f"group {n}", f"id {n}") for n in range(count)], [])


def test_a_queue_that_is_not_there_is_an_error_of_ours(resources: TemplateResources) -> None:
    nowhere = resources.queues["InboxQueue"].replace("inbox", "nowhere")
    with pytest.raises(ServiceUnavailableError):
        SqsUpdateQueues(nowhere, nowhere, ACCESS).enqueue([queue_message()], [])
