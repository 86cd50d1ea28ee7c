"""What people do to a deployment by hand, and what an audit must say of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ops.audit.clients import Clients

Expected = tuple[str, str, str]
"""Kind, resource, where."""
Break = Callable[["Breaker"], None]

NAME = "ai-marketplace-{}-platform"
BREAKS: dict[Expected, Break] = {}
"""In the order in which they are made."""


def breaks(kind: str, resource: str, where: str = "") -> Callable[[Break], Break]:
    def remember(one: Break) -> Break:
        BREAKS[kind, resource, where] = one
        return one

    return remember


class Breaker:
    def __init__(self, aws: Clients, stack_name: str) -> None:
        self.aws = aws
        resources = aws("cloudformation").describe_stack_resources(StackName=stack_name)["StackResources"]
        self.physical = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}

    def queue(self, logical_id: str, **attributes: str) -> None:
        self.aws("sqs").set_queue_attributes(QueueUrl=self.physical[logical_id], Attributes=attributes)

    def alarm(self, logical_id: str, **changes: Any) -> None:
        cloudwatch = self.aws("cloudwatch")
        [alarm] = cloudwatch.describe_alarms(AlarmNames=[self.physical[logical_id]])["MetricAlarms"]
        given = cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
        cloudwatch.put_metric_alarm(**{name: value for name, value in alarm.items() if name in given} | changes)

    def function(self, name: str, **changes: Any) -> None:
        self.aws("lambda").update_function_configuration(FunctionName=NAME.format(name), **changes)
