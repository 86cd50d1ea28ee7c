"""Which deployment a command works on: the local stack, or a stack on AWS."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.asking import asking_for
from ops.errors import OpsError

StackNameOption = Annotated[
    str | None,
    typer.Option(
        "--stack-name",
        help="On AWS: the CloudFormation stack, with the AWS CLI's credentials and region. Default: the local stack.",
    ),
]


@dataclass(frozen=True, slots=True)
class Target:
    """Logical name (`inbox-dlq`, `conversations`) to deployed name, queue URL or topic ARN."""

    stack_name: str
    local: bool
    tables: Mapping[str, str]
    queues: Mapping[str, str]
    topics: Mapping[str, str]
    functions: Mapping[str, str]
    buckets: Mapping[str, str]


def find(home: Path, stack_name: str | None) -> Target:
    """Makes the environment name the target's AWS, where the adapters look for it.

    `home`: of the local stack, where no `stack_name` is given.
    """
    return _local(home) if stack_name is None else _on_aws(stack_name)


def _local(home: Path) -> Target:
    from ops import stack_file
    from ops.local.aws import LocalAws

    stack = stack_file.load(home.resolve())
    LocalAws(stack.aws_endpoint_url, stack.region).be_the_environments()
    return Target(stack.stack_name, True, stack.tables, stack.queues, stack.topics, stack.functions, stack.buckets)


def _on_aws(stack_name: str) -> Target:
    import boto3

    take_the_region()
    with asking_for(stack_name):
        return of_stack(boto3.client("cloudformation"), stack_name)


def take_the_region() -> None:
    """The AWS CLI knows one variable for it, boto3 only the other one."""
    if "AWS_REGION" in os.environ:
        os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"]


def name_of_stack(home: Path, stack_name: str | None) -> str:
    """For what may work on a stack that is broken, or not there yet: it need not be a whole deployment."""
    if stack_name is None:
        return _local(home).stack_name
    take_the_region()
    return stack_name


def of_stack(cloudformation: Any, stack_name: str) -> Target:
    from ops.local.names import named

    stack = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    parameters = {one["ParameterKey"]: one.get("ParameterValue", "") for one in stack.get("Parameters", [])}
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name)
    found = named((one for page in pages for one in page["StackResourceSummaries"]), parameters)
    if "conversations" not in found.tables:
        raise OpsError(f"the stack {stack_name} is not a deployment of the AI Marketplace Assistant")
    return Target(stack_name, False, found.tables, found.queues, found.topics, found.functions, found.buckets)
