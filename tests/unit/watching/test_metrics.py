"""What is watched is what is measured: no name that nobody emits, nobody's queue, no function that is not there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from domain.findings import FindingKind
from ops.local.places import REPOSITORY
from tests.unit.watching.declared import RUNBOOK, Metric, alarm_metrics, alarms, of_type, widgets

OF_AWS = {
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    "AWS/Lambda": {
        *("Errors", "Throttles", "IteratorAge", "ClaimedAccountConcurrency"),
        *("UrlRequestCount", "Url4xxCount", "Url5xxCount"),
    },
    "AWS/ApiGateway": {"5XXError"},
}
"""As AWS's documentation names them."""
_COUNTING = {"count", "took"}
_FREE_ON_A_DASHBOARD = 50
_MOST_IN_AN_ALARM = 10
_CENTS = 10
"""A month, for each metric that an alarm looks at."""


@cache
def emitted() -> set[str]:
    """Every name that the handlers give to a metric."""
    names = {f"Ungrounded{kind.title()}" for kind in FindingKind}
    for module in (REPOSITORY / "src" / "handlers").rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        names |= {name for node in ast.walk(tree) for name in _given(node)}
    return names


def _given(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=function), args=[name, *_]) if function in _COUNTING:
            yield from _texts(name)
        case ast.Assign(targets=[ast.Name(id="_METRICS") | ast.Subscript(value=ast.Name(id="_METRICS"))], value=table):
            yield from _texts(table.values if isinstance(table, ast.Dict) else table)


def _texts(node: ast.AST | list[ast.expr]) -> Iterator[str]:
    for part in node if isinstance(node, list) else [node]:
        for one in ast.walk(part):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def watched() -> dict[Metric, str]:
    by_alarm = {metric: name for name, alarm in alarms().items() for metric in alarm_metrics(alarm)}
    return by_alarm | {metric: widget.title for widget in widgets() for metric in widget.metrics}


WATCHED = watched()


@pytest.mark.parametrize("metric", WATCHED, ids=lambda metric: f"{metric.namespace}-{metric.name}")
def test_every_metric_is_one_that_is_emitted(metric: Metric) -> None:
    known = emitted() if metric.namespace == "AIMarketplace" else OF_AWS[metric.namespace]
    assert metric.name in known, f"{WATCHED[metric]} watches what nobody measures"


@pytest.mark.parametrize("metric", WATCHED, ids=lambda metric: f"{metric.namespace}-{metric.name}")
def test_and_of_something_that_is_there(metric: Metric) -> None:
    named = {
        "QueueName": {one["QueueName"] for one in of_type("AWS::SQS::Queue").values()},
        "FunctionName": {one["FunctionName"] for one in of_type("AWS::Lambda::Function").values()},
        "ApiName": {one["Name"] for one in of_type("AWS::ApiGateway::RestApi").values()},
        "Resource": {f"{one['FunctionName']}:live" for one in of_type("AWS::Lambda::Function").values()},
        "service": {"ai-marketplace-prod"},
    }
    for name, value in metric.dimensions:
        assert value in named[name]
    assert metric.dimensions or metric.name == "ClaimedAccountConcurrency"


def test_the_service_is_the_one_that_powertools_gives_to_every_metric() -> None:
    functions = of_type("AWS::Lambda::Function").values()
    variables = [one["Environment"]["Variables"] for one in functions]
    assert {one["POWERTOOLS_SERVICE_NAME"] for one in variables} == {"ai-marketplace-prod"}
    assert {one["POWERTOOLS_METRICS_NAMESPACE"] for one in variables} == {"AIMarketplace"}


def test_every_queue_is_watched_for_its_age_or_for_its_dead_letters() -> None:
    ages = {dict(one.dimensions)["QueueName"] for one in WATCHED if one.name == "ApproximateAgeOfOldestMessage"}
    dead = {dict(one.dimensions)["QueueName"] for one in WATCHED if one.name == "ApproximateNumberOfMessagesVisible"}
    assert ages | dead == {one["QueueName"] for one in of_type("AWS::SQS::Queue").values()}
    assert all(("-dlq-" in name) is (name in dead) for name in ages | dead)


def test_every_function_that_no_gateway_answers_for_is_watched_for_errors() -> None:
    watched_by_alarms = {metric for alarm in alarms().values() for metric in alarm_metrics(alarm)}
    failing = {dict(one.dimensions)["FunctionName"] for one in watched_by_alarms if one.name == "Errors"}
    behind_gateway = {f"ai-marketplace-{name}-prod" for name in ("tenant-admin-api", "admin-gui", "admin-dashboard")}
    assert failing | behind_gateway == {one["FunctionName"] for one in of_type("AWS::Lambda::Function").values()}


def test_the_dashboard_is_one_of_those_that_cost_nothing() -> None:
    assert 0 < sum(len(widget.metrics) for widget in widgets()) <= _FREE_ON_A_DASHBOARD


def test_what_the_alarms_cost_a_month_is_what_the_runbook_says() -> None:
    looked_at = sum(len(list(alarm_metrics(alarm))) for alarm in alarms().values())
    assert f"together {looked_at * _CENTS / 100:.2f} USD" in RUNBOOK.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", alarms())
def test_no_alarm_looks_at_more_metrics_than_cloudwatch_takes(name: str) -> None:
    assert len(list(alarm_metrics(alarms()[name]))) <= _MOST_IN_AN_ALARM
