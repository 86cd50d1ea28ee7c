"""From the plan to its execution."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from ops.adopt import change_set
from ops.adopt.plan import Plan, plan
from ops.audit.clients import Clients
from ops.audit.progress import counted
from ops.declared.attributes import Place
from ops.declared.model import model
from ops.declared.stack import Stack, read_stack


def draw_up(template: Path, name: str, parameters: Mapping[str, str], aws: Clients) -> tuple[Stack, Plan]:
    stack = _stack(name, parameters, aws)
    declared = model(template, stack)
    total = sum(not one.in_stack and one.physical_id is not None for one in declared.resources())
    with counted("Look for what was made by hand", total) as done:
        return stack, plan(declared, aws, done)


def carry_out(stack: Stack, drawn: Plan, aws: Clients) -> None:
    """All of it, or nothing: CloudFormation examines the whole before it takes any."""
    prepared = change_set.prepare(stack, drawn.adoptions, aws)
    change_set.execute(prepared, aws)


def _stack(name: str, parameters: Mapping[str, str], aws: Clients) -> Stack:
    """As it stands; or as it would be, where there is none."""
    cloudformation = aws("cloudformation")
    try:
        stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        stacks = []
    if stacks and stacks[0]["StackStatus"] != "REVIEW_IN_PROGRESS":
        return read_stack(cloudformation, name)
    arn = aws("sts").get_caller_identity()["Arn"]
    _, partition, _, _, account, _ = arn.split(":", 5)
    return Stack(name, Place(partition, cloudformation.meta.region_name, account), "", parameters, {}, {})
