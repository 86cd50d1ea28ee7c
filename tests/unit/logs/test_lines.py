"""All functions' lines in one list, each once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from domain.replies import ReplyState
from domain.tenants import TenantId
from ops.logs.lines import Tail, as_json, parsed
from ops.logs.related import Related
from ops.logs.view import show
from tests.builders import ACME
from tests.unit.outcomes import rows as made
from tests.unit.outcomes.rows import TABLES, FakeRows

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FUNCTIONS = {"message-handler": "mp-message-handler", "reply-handler": "mp-reply-handler", "webhook": "mp-webhook"}


class MissingError(Exception):
    pass


class FakeLogs:
    """Two log groups; the third function has not run yet."""

    class exceptions:  # noqa: N801 (as boto3 names it)
        ResourceNotFoundException = MissingError

    def __init__(self) -> None:
        self.events: dict[str, list[dict[str, Any]]] = {"mp-message-handler": [], "mp-reply-handler": []}
        self.asked: list[dict[str, Any]] = []

    def log(self, function: str, second: int, **told: Any) -> None:
        events = self.events[function]
        at = int((NOON + timedelta(seconds=second)).timestamp() * 1000)
        text = json.dumps({"level": "INFO", "service": "mp", **told})
        events.append({"eventId": f"{function}-{len(events)}", "timestamp": at, "message": text})

    def get_paginator(self, _: str) -> FakeLogs:
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(asked)
        name = asked["logGroupName"].removeprefix("/aws/lambda/")
        if name not in self.events:
            raise MissingError
        yield {"events": [event for event in self.events[name] if event["timestamp"] >= asked["startTime"]]}


def tail(logs: FakeLogs, *ids: str, levels: tuple[str, ...] = ()) -> Tail:
    return Tail(
        FUNCTIONS, lambda: ids, levels, clock=lambda: NOON + timedelta(minutes=5), sleep=lambda _: None, logs=logs
    )


def test_lines_of_all_functions_stand_in_the_order_of_time() -> None:
    logs = FakeLogs()
    logs.log("mp-reply-handler", 3, message="answered")
    logs.log("mp-message-handler", 1, message="recorded")
    assert [(line.function, line.message) for line in tail(logs).since(NOON)] == [
        ("message-handler", "recorded"),
        ("reply-handler", "answered"),
    ]


def test_one_message_is_followed_through_all_functions() -> None:
    logs = FakeLogs()
    logs.log("mp-message-handler", 1, message="recorded", correlation_id="wamid.one")
    logs.log("mp-message-handler", 2, message="recorded", correlation_id="wamid.two")
    logs.log("mp-reply-handler", 3, message="answered", correlation_id="wamid.one")
    lines = list(tail(logs, "wamid.one").since(NOON))
    assert [line.message for line in lines] == ["recorded", "answered"]
    assert logs.asked[0]["filterPattern"] == '"wamid.one"'


def test_what_comes_is_told_once() -> None:
    logs = FakeLogs()
    logs.log("mp-message-handler", 299, message="first")
    lines = tail(logs).follow(NOON)
    assert next(lines).message == "first"
    logs.log("mp-message-handler", 290, message="shown late")
    logs.log("mp-reply-handler", 301, message="second")
    assert [line.message for line in islice(lines, 2)] == ["shown late", "second"]


def test_levels_can_be_chosen() -> None:
    logs = FakeLogs()
    logs.log("mp-message-handler", 1, message="fine")
    logs.log("mp-message-handler", 2, message="broken", level="ERROR")
    assert [line.message for line in tail(logs, levels=("ERROR",)).since(NOON)] == ["broken"]


def test_the_services_own_lines_and_metrics_are_left_out() -> None:
    assert parsed("webhook", 0, "START RequestId: 1 Version: $LATEST") is None
    assert parsed("webhook", 0, json.dumps({"type": "platform.report", "record": {}})) is None
    assert parsed("webhook", 0, json.dumps({"_aws": {}, "Answered": 1})) is None


def test_a_line_that_carries_metrics_is_shown_without_them() -> None:
    carried = {"CloudWatchMetrics": [{"Metrics": [{"Name": "RepliesSent", "Unit": "Count"}]}]}
    text = json.dumps({"message": "answered", "tenant_id": "acme", "_aws": carried, "service": "mp", "RepliesSent": 1})
    found = parsed("reply-handler", 0, text)
    assert found is not None
    assert (found.message, found.fields) == ("answered", {"tenant_id": "acme"})
    assert parsed("webhook", 0, "Traceback …") is not None


def test_a_line_for_people_and_for_programs() -> None:
    text = json.dumps({"level": "INFO", "message": "answered", "tenant_id": "acme", "count": 2, "service": "mp"})
    line = parsed("reply-handler", 1_795_348_800_123, text)
    assert line is not None
    assert show(line) == "12:00:00.123  reply-handler    INFO    answered tenant_id=acme count=2"
    assert json.loads(as_json(line))["tenant_id"] == "acme"


def test_a_messages_ids_are_its_own_and_its_replys() -> None:
    reply = {**made.reply("wamid.1", ReplyState.SENT, delivery="read"), "messageId": "wamid.reply"}
    rows = FakeRows(made.pointer("wamid.1"), made.message("wamid.1", "answer"), reply)
    assert Related("wamid.1", [ACME], rows, TABLES["conversations"])() == {"wamid.1", "wamid.reply"}
    assert Related("wamid.unknown", [ACME], rows, TABLES["conversations"])() == {"wamid.unknown"}


def test_a_reply_that_comes_while_its_message_is_followed_is_followed_too() -> None:
    logs, ids = FakeLogs(), ["wamid.one"]
    logs.log("mp-message-handler", 298, message="recorded", correlation_id="wamid.one")
    logs.log("mp-reply-handler", 299, message="tracked", correlation_id="wamid.reply")
    followed = Tail(FUNCTIONS, lambda: ids, (), lambda: NOON + timedelta(minutes=5), lambda _: None, logs)
    lines = followed.follow(NOON)
    assert next(lines).message == "recorded"
    ids.append("wamid.reply")
    assert next(lines).message == "tracked"


def test_once_its_seller_is_known_no_other_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, asked = FakeRows(made.pointer("wamid.1"), made.message("wamid.1", "answer")), list[int]()

    def find(table: str, wanted: Iterable[dict[str, str]]) -> Any:
        asked.append(len(list(wanted)))
        return FakeRows.find(rows, table, wanted)

    monkeypatch.setattr(rows, "find", find)
    of_one = Related("wamid.1", [TenantId("globex"), ACME], rows, TABLES["conversations"])
    assert of_one() == of_one() == {"wamid.1"}
    assert asked == [2, 1]
