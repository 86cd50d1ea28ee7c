"""What the saved queries ask for is what the functions log: handlers write their lines, each query finds some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest

from domain.answer import Answered
from domain.errors import SendThrottledError, ServiceUnavailableError
from domain.escalations import EscalationReason
from domain.findings import Finding, FindingKind
from domain.model_use import FallbackReason, ModelUse
from domain.receive import Outcome, Received
from handlers import bootstrap, message_handler, reply_handler
from handlers.api import problems
from handlers.gui.failures import failures_of
from handlers.observability import CountedFindings, escalated, model_used
from tests.builders import ACME, escalation, job
from tests.unit.handlers import test_message_handler, test_reply_handler, test_sweeper, test_webhook
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.records import CONTEXT, event, record
from tests.unit.handlers.test_tenant_notifier import Notifier
from tests.unit.watching.declared import queries

Line = dict[str, Any]
_CONDITION = re.compile(r'(\w+) = "([^"]*)"|(\w+) in \[([^]]*)\]|ispresent\((\w+)\)')
_OF_INSIGHTS = re.compile(r"@\w+|bin\([^)]*\)")


class Query:
    """As much of CloudWatch Logs Insights' language as the saved ones speak."""

    def __init__(self, text: str) -> None:
        self.commands = [command.strip() for command in text.split("|")]

    def finds(self, line: Line) -> bool:
        return all(
            (name and line.get(name) == value)
            or (among and str(line.get(among)) in re.findall(r'"([^"]*)"', values))
            or (present and line.get(present) is not None)
            for command in self.commands
            if command.startswith("filter ")
            for name, value, among, values, present in self._conditions(command)
        )

    @staticmethod
    def _conditions(command: str) -> list[tuple[str, ...]]:
        conditions = command.removeprefix("filter ").split(" and ")
        found = [_CONDITION.fullmatch(one) for one in conditions]
        return [tuple(group or "" for group in one.groups()) for one in found if one] + [("",) * 5] * found.count(None)

    @property
    def fields(self) -> set[str]:
        return {name for command in self.commands for name in self._asked(command)}

    @staticmethod
    def _asked(command: str) -> Iterator[str]:
        word, _, rest = command.partition(" ")
        aliases = set(re.findall(r" as (\w+)", rest))
        listed = rest.partition(" by ")[2] if word == "stats" else rest.removesuffix(" desc")
        names = re.findall(r"(?:max|min|avg)\((\w+)\)", rest) if word == "stats" else []
        if word in {"fields", "stats", "sort"}:
            names += [name.strip() for name in listed.split(",")]
        yield from (name for name in names if name not in aliases | {"times"} and not _OF_INSIGHTS.fullmatch(name))


def _value(line: Line, path: str) -> Any:
    """Insights names the first of a list `kinds.0`."""
    name, _, index = path.partition(".")
    return line[name][int(index)] if index else line.get(name)


def _answers(given: test_reply_handler.Given, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [Answered.HANDED_OVER, Answered.ANSWERED]

    def answered(*_: Any, **__: Any) -> Answered:
        escalated(escalation(job(), EscalationReason.COMPLAINT))
        return outcomes.pop()

    with monkeypatch.context() as patched:
        patched.setattr(reply_handler, "answer", answered)
        while outcomes:
            given.handle()


def _is_held_up_and_fails(given: test_reply_handler.Given) -> None:
    for error in (SendThrottledError(131056, "pair rate"), ServiceUnavailableError("DynamoDB")):
        given.tenants.error = error
        with pytest.raises(type(error)):
            given.handle()


def _quarantines(monkeypatch: pytest.MonkeyPatch) -> None:
    received = Received(Outcome.QUARANTINED)
    services = bootstrap.MessageHandler(lambda *_: received)
    monkeypatch.setattr(bootstrap, "message_handler", lambda: services)
    message_handler.handler(event(record(test_message_handler.RECORD)), CONTEXT)


def _sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [test_sweeper.item(1)]
    conversations = test_sweeper.FakeConversations({items[0].customer_id: ServiceUnavailableError("DynamoDB")})
    given = test_sweeper.Given(test_sweeper.FakeDue(items), conversations)
    monkeypatch.setattr(bootstrap, "sweeper", lambda: given.services)
    test_sweeper.run()


def _fails_on_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems.response_of(ServiceUnavailableError("DynamoDB")).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    monkeypatch.setattr("handlers.gui.failures.page", lambda *_, **__: None)
    monkeypatch.setattr("handlers.gui.failures._said", lambda *_: (HTTPStatus.SERVICE_UNAVAILABLE, ""))
    monkeypatch.setattr("handlers.gui.failures.title_of", lambda *_: "")
    found: Any = SimpleNamespace(context={"visit": None})
    failures_of(found)(ServiceUnavailableError("DynamoDB"))


@pytest.fixture
def written(log: Log, monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    replies = test_reply_handler.Given(test_reply_handler.FakeReplyJobs(), test_reply_handler.FakeTenants())
    assert test_webhook.Called()(test_webhook.post(headers={}))["statusCode"] == HTTPStatus.UNAUTHORIZED
    _answers(replies, monkeypatch)
    _is_held_up_and_fails(replies)
    _quarantines(monkeypatch)
    _sweeps(monkeypatch)
    _fails_on_the_web(monkeypatch)
    Notifier(monkeypatch, reason="timeout").run()
    model_used(ModelUse("amazon.nova-lite-v1:0", fallback=FallbackReason.TIMED_OUT, milliseconds=20_000, calls=1))
    CountedFindings().note(ACME, [Finding(FindingKind.PRICE, "9.99 usd")], "read_back")
    return log.lines


@pytest.mark.parametrize("name", queries())
def test_a_query_finds_lines_that_have_all_of_its_fields(name: str, written: list[Line]) -> None:
    query = Query(str(queries()[name]["QueryString"]).replace("wamid.put-the-id-here", "wamid.1"))
    found = [line for line in written if query.finds(line)]
    assert found, "no handler writes such a line"
    assert query.fields
    missing = {one for one in query.fields if all(_value(line, one) is None for line in found)}
    assert missing == set()
