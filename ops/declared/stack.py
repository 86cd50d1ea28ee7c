"""A stack as CloudFormation tells it: its parameters, and what it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.asking import asking_for
from ops.declared.attributes import Place
from ops.declared.transform import stable_id

_GONE = {"DELETE_COMPLETE", "DELETE_SKIPPED"}


@dataclass(frozen=True, slots=True)
class StackResource:
    logical_id: str
    """Without the hash that SAM puts behind some."""
    type: str
    physical_id: str
    status: str


@dataclass(frozen=True)
class Stack:
    name: str
    place: Place
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    resources: Mapping[str, StackResource]
    arn: str = ""

    @property
    def pseudo_parameters(self) -> dict[str, str]:
        return {**self.place.pseudo_parameters, "AWS::StackName": self.name, "AWS::StackId": self.arn}

    @property
    def local(self) -> bool:
        """On ministack, by whatever way it was deployed."""
        return self.parameters.get("Stage") == "local"

    @property
    def prefix(self) -> str:
        return self.parameters.get("Prefix", "ai-marketplace")

    @property
    def suffix(self) -> str:
        return self.parameters.get("Suffix", "-platform")


def read_stack(cloudformation: Any, name: str) -> Stack:
    with asking_for(name):
        found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        resources = stack_resources(cloudformation, name)
    return Stack(
        name=name,
        place=place_of(found["StackId"]),
        status=found["StackStatus"],
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", [])},
        outputs={one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])},
        resources={resource.logical_id: resource for resource in resources},
        arn=found["StackId"],
    )


def stack_resources(cloudformation: Any, name: str) -> list[StackResource]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return [
        StackResource(
            stable_id(one["LogicalResourceId"], one["ResourceType"]),
            one["ResourceType"],
            one["PhysicalResourceId"],
            one["ResourceStatus"],
        )
        for page in pages
        for one in page["StackResourceSummaries"]
        if one.get("PhysicalResourceId") and one["ResourceStatus"] not in _GONE
    ]


def processed_template(cloudformation: Any, name: str) -> dict[str, Any]:
    """What was deployed, after the transform."""
    body = cloudformation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
    return dict(json.loads(body) if isinstance(body, str) else body)


def place_of(stack_arn: str) -> Place:
    _, partition, _, region, account, _ = stack_arn.split(":", 5)
    return Place(partition, region, account, "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com")
