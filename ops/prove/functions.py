"""The functions as template.yaml describes them: whatever is added there, is proved as well."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.prove.template import ResolvedTemplate, Tag, template

Entry = Callable[[Mapping[str, Any], Any], Any]


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    """Of the handler's module."""
    entry: Entry
    timeout: float
    queue: str | None
    """URL of the queue that feeds it."""
    batch_size: int
    scheduled: bool
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's, as far as anybody asks."""

    function_name: str
    aws_request_id: str
    ends_at: float
    now: Callable[[], float]

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.ends_at - self.now()) * 1000))


def functions_of(made: ResolvedTemplate) -> list[Function]:
    """Those that work on messages: pages and the API have no part in the proof."""
    resources = template()["Resources"].items()
    return [
        _function(logical_id, resource["Properties"], made)
        for logical_id, resource in resources
        if resource["Type"] == "AWS::Serverless::Function" and not _answers_the_api(resource["Properties"])
    ]


def _answers_the_api(properties: Mapping[str, Any]) -> bool:
    return any(event["Type"] == "Api" for event in properties.get("Events", {}).values())


def _function(logical_id: str, properties: Mapping[str, Any], made: ResolvedTemplate) -> Function:
    module = properties["Handler"].rpartition(".")[0]
    events = list(properties.get("Events", {}).values())
    feeds = [event["Properties"] for event in events if event["Type"] == "SQS"]
    queue = feeds[0]["Queue"] if feeds else None
    return Function(
        name=module.removeprefix("handlers."),
        entry=importlib.import_module(module).handler,
        timeout=float(properties["Timeout"]),
        queue=made.queues[queue.value.split(".")[0]] if isinstance(queue, Tag) else None,
        batch_size=int(feeds[0].get("BatchSize", 10)) if feeds else 0,
        scheduled=any(event["Type"].startswith("Schedule") for event in events),
        environment=made.environment(logical_id),
    )
