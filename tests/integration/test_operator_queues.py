"""The operator's page at the dead-letter queues: the letters, causes and rounds of the command."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dead_letters.queues import dead_letter_queues
from adapters.dead_letters.redriving import Redriving
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.sqs_dead_letters import SqsDeadLetters
from domain.dead_letters import DeadLetterPorts, Redriven, dead_queues, letter_groups, redrive
from domain.errors import ForbiddenError
from domain.operator_log import ActionState
from tests.builders import NOON
from tests.contracts.world import World
from tests.fakes.api import ANNA, OSKAR
from tests.fakes.queues import FakeEscalations, FakeHandoffNotifications
from tests.integration.template_resources import TemplateResources
from tests.unit.dlq.dead import message_body, status_body

LOGICAL = {
    "inbox": "InboxQueue",
    "inbox-dlq": "InboxDeadLetterQueue",
    "replies": "RepliesQueue",
    "replies-dlq": "RepliesDeadLetterQueue",
    "statuses": "StatusesQueue",
    "statuses-dlq": "StatusesDeadLetterQueue",
    "media": "MediaQueue",
    "media-dlq": "MediaDeadLetterQueue",
}


@pytest.fixture
def urls(resources: TemplateResources) -> dict[str, str]:
    return {name: resources.queues[logical] for name, logical in LOGICAL.items()}


@pytest.fixture
def ports(resources: TemplateResources, world: World, urls: dict[str, str]) -> DeadLetterPorts:
    redriving = Redriving(world.conversations, FakeEscalations(), FakeHandoffNotifications(), lambda: NOON)
    letters = SqsDeadLetters(dead_letter_queues(urls, wait_seconds=0), {}, redriving)
    return DeadLetterPorts(letters, DynamoOperatorLog(resources.tables["ConversationsTable"]))


def put(url: str, body: Any, group: str | None = None) -> None:
    text = json.dumps(body)
    ordered: Any = {"MessageGroupId": group, "MessageDeduplicationId": str(hash(text))} if group else {}
    client("sqs").send_message(QueueUrl=url, MessageBody=text, **ordered)


def test_letters_of_one_cause_are_put_back_to_work_and_the_others_stay(
    ports: DeadLetterPorts, urls: dict[str, str]
) -> None:
    for n in range(3):
        put(urls["inbox-dlq"], message_body(f"wamid.{n}"), f"customer-{n}")
    put(urls["statuses-dlq"], status_body())
    assert {queue.name: queue.waiting for queue in dead_queues(OSKAR, ports=ports)} == {
        "inbox-dlq": 3,
        "replies-dlq": 0,
        "statuses-dlq": 1,
        "media-dlq": 0,
    }
    messages, statuses = letter_groups(OSKAR, ports=ports)
    assert (messages.queue, messages.count, statuses.queue, statuses.count) == ("inbox-dlq", 3, "statuses-dlq", 1)
    assert redrive(OSKAR, messages.fingerprint, now=NOON, ports=ports) == Redriven({"redriven": 3})
    assert [(group.queue, group.count) for group in letter_groups(OSKAR, ports=ports)] == [("statuses-dlq", 1)]
    back = client("sqs").receive_message(QueueUrl=urls["inbox"], MaxNumberOfMessages=10)["Messages"]
    assert len(back) == 3
    [action] = ports.log.newest(10)
    assert (action.operator, action.command, action.state) == ("Oskar", "dlq redrive", ActionState.DONE)
    assert action.counts == {"redriven": 3}


def test_a_cause_that_is_gone_moves_nothing(ports: DeadLetterPorts) -> None:
    assert redrive(OSKAR, "00000000", now=NOON, ports=ports) == Redriven({})


def test_who_is_no_operator_does_none_of_it(ports: DeadLetterPorts) -> None:
    with pytest.raises(ForbiddenError):
        redrive(ANNA, "00000000", now=NOON, ports=ports)
    with pytest.raises(ForbiddenError):
        letter_groups(ANNA, ports=ports)
