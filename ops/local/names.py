"""From what CloudFormation made to the names by which people know it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ops.local.aws import LocalAws

_FIFO = ".fifo"
_ACCOUNT = re.compile(r"-\d{12}$")
"""At the end of a bucket's name, which is one among those of all accounts."""


@dataclass(frozen=True)
class Resources:
    """Logical name (`inbox`) to deployed name, queue URL or topic ARN."""

    tables: dict[str, str] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    buckets: dict[str, str] = field(default_factory=dict)


def resources(aws: LocalAws, stack_name: str, parameters: Mapping[str, str]) -> Resources:
    found = named(aws.cloudformation().describe_stack_resources(StackName=stack_name)["StackResources"], parameters)
    return replace(found, queues=_on_endpoint(found.queues, aws.endpoint_url))


def named(stack_resources: Iterable[Mapping[str, Any]], parameters: Mapping[str, str]) -> Resources:
    """`stack_resources` and `parameters`: as CloudFormation tells those of one stack."""
    prefix, suffix = parameters.get("Prefix", ""), parameters.get("Suffix", "")
    found = Resources()
    kinds = {
        "AWS::DynamoDB::Table": found.tables,
        "AWS::SQS::Queue": found.queues,
        "AWS::SNS::Topic": found.topics,
        "AWS::Lambda::Function": found.functions,
        "AWS::S3::Bucket": found.buckets,
    }
    for resource in stack_resources:
        physical = resource.get("PhysicalResourceId")
        if resource["ResourceType"] in kinds and physical:
            kinds[resource["ResourceType"]][logical_name(physical, prefix, suffix)] = physical
    return found


def logical_name(physical: str, prefix: str, suffix: str) -> str:
    """`ai-marketplace-inbox-platform.fifo`, also at the end of a URL or an ARN, is `inbox`."""
    name = _ACCOUNT.sub("", physical.rsplit("/", 1)[-1].rsplit(":", 1)[-1].removesuffix(_FIFO))
    return name.removeprefix(f"{prefix}-").removesuffix(suffix)


def _on_endpoint(queues: dict[str, str], endpoint_url: str) -> dict[str, str]:
    """The emulator names itself localhost, which may be ::1, where it does not listen."""
    return {name: f"{endpoint_url}/{'/'.join(url.rsplit('/', 2)[-2:])}" for name, url in queues.items()}
