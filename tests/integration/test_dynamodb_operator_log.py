from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters import dynamodb_keys as keys
from adapters.dynamodb_operator_log import DynamoOperatorLog
from domain.operator_log import ActionState, OperatorAction
from tests.builders import NOON
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources

ACTION = OperatorAction(
    action_id="a1",
    at=NOON,
    operator="ana",
    identity="arn:aws:iam::123456789012:user/ana",
    command="dlq redrive",
    subject="0c1f77aa",
    state=ActionState.RUNNING,
)


@pytest.fixture
def log(resources: TemplateResources) -> DynamoOperatorLog:
    return DynamoOperatorLog(resources.tables["ConversationsTable"])


def test_newest_first(log: DynamoOperatorLog) -> None:
    later = replace(ACTION, action_id="a0", at=NOON + timedelta(microseconds=1), reason="made up by nobody \ud800")
    log.put(ACTION)
    log.put(later)
    assert log.newest(10) == [replace(later, reason="made up by nobody ?"), ACTION]
    assert log.newest(1)[0].action_id == "a0"


def test_the_end_of_an_action_replaces_its_beginning(log: DynamoOperatorLog) -> None:
    done = replace(ACTION, state=ActionState.DONE, counts={"redriven": 3, "handed_over": 1})
    log.put(ACTION)
    log.put(done)
    assert log.newest(10) == [done]


def test_it_is_forgotten_after_400_days(log: DynamoOperatorLog, look: AwsLook) -> None:
    log.put(ACTION)
    row = look.row("ConversationsTable", keys.operator_action("2026-11-22T12:00:00.000000Z", "a1"))
    assert row["expiresAt"] == int((NOON + timedelta(days=400)).timestamp())
