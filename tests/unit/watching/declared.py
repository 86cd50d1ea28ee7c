"""What the template watches, with its parameters and references resolved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from ops.audit.readers.reading import Properties
from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource, Model
from ops.declared.stack import Stack
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY

RUNBOOK = REPOSITORY / "docs" / "runbook.md"
_PROD = {"Stage": "prod", "Suffix": "-prod", "AlarmEmail": "operator@example.com"}
_RELEASED = {"DeploymentPreferenceType": "Canary10Percent5Minutes"}  # as samconfig.toml has it for prod
_PREFIX, _SUFFIX = "ai-marketplace-", "-prod"


@cache
def resources(**parameters: str) -> dict[str, DeclaredResource]:
    given = {**_PROD, **_RELEASED, **parameters}
    stack = Stack("shop", Place("aws", "eu-west-1", "123456789012"), "", given, {}, {})
    written = transformed(REPOSITORY / "template.yaml", given, stack.place.region)
    return {one.logical_id: one for one in Model(written, stack).resources()}


def of_type(kind: str, **parameters: str) -> dict[str, Properties]:
    return {name: one.properties for name, one in resources(**parameters).items() if one.type == kind}


def alarms(**parameters: str) -> dict[str, Properties]:
    """By what stands between prefix and suffix."""
    declared = of_type("AWS::CloudWatch::Alarm", **parameters).values()
    return {str(one["AlarmName"]).removeprefix(_PREFIX).removesuffix(_SUFFIX): one for one in declared}


def queries() -> dict[str, Properties]:
    """By what stands behind the folder."""
    declared = of_type("AWS::Logs::QueryDefinition").values()
    return {str(one["Name"]).removeprefix("ai-marketplace-prod/"): one for one in declared}


class Metric(NamedTuple):
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Widget:
    title: str
    metrics: list[Metric]


def alarm_metrics(alarm: Mapping[str, Any]) -> Iterator[Metric]:
    stats = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    for one in stats or [alarm]:
        dimensions = tuple((each["Name"], each["Value"]) for each in one.get("Dimensions", []))
        yield Metric(one["Namespace"], one["MetricName"], dimensions)


def widgets() -> list[Widget]:
    [dashboard] = of_type("AWS::CloudWatch::Dashboard").values()
    shown = [one["properties"] for one in json.loads(dashboard["DashboardBody"])["widgets"]]
    return [Widget(one["title"], [_metric(row) for row in one["metrics"]]) for one in shown]


def _metric(row: list[Any]) -> Metric:
    namespace, name, *rest = (word for word in row if isinstance(word, str))
    return Metric(namespace, name, tuple(zip(rest[::2], rest[1::2], strict=True)))
