"""The whole look: what is declared, what is there, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ops.audit.clients import Clients
from ops.audit.code import changed_code
from ops.audit.compare import NotCompared, compare
from ops.audit.findings import REMEDIES, Finding, Kind, Unread
from ops.audit.live import live_versions
from ops.audit.progress import counted
from ops.audit.readers import READERS
from ops.audit.readers.functions import qualified
from ops.audit.reading import Reading, read_all
from ops.audit.rules import Rules
from ops.audit.unmanaged import Unmanaged
from ops.declared.attributes import last_part
from ops.declared.model import DeclaredResource, Model, model
from ops.declared.stack import Stack, read_stack
from ops.local import gaps

_ROLE = "AWS::IAM::Role"
_STEADY = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}


@dataclass
class Survey:
    stack: Stack
    readings: list[Reading]
    findings: list[Finding] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def survey(template: Path, stack_name: str, aws: Clients) -> Survey:
    """Reads, and changes nothing."""
    stack = read_stack(aws("cloudformation"), stack_name)
    return look(model(template, stack, _ask(aws)), aws)


def look(declared: Model, aws: Clients) -> Survey:
    stack, resources = declared.stack, declared_resources(declared)
    with counted(f"Look at what {stack.name} is made of", len(resources)) as done:
        readings = read_all(resources, aws, done)
    found = Survey(stack, readings, unread=[unread for reading in readings for unread in reading.unread])
    for reading in readings:
        found.findings += _judge(reading, found.unread)
    found.findings += changed_code(stack.name, readings, aws, found.unread)
    found.findings += live_versions(readings, aws, found.unread)
    found.findings += _undeclared(stack, resources)
    found.findings += _unsteady(stack)
    unmanaged = Unmanaged(aws, stack, resources)
    found.findings += unmanaged.findings()
    found.unread += unmanaged.unread
    rules = Rules(readings, stack.place, stack.parameters.get("Stage", ""))
    found.findings = _with_consequences(found.findings, rules.findings())
    found.notes += rules.notes()
    return found


def declared_resources(declared: Model) -> list[DeclaredResource]:
    """On the local AWS, also what its deployment adds, for what ministack does otherwise than AWS."""
    resources = list(declared.resources())
    if not declared.stack.local:
        return resources
    return [_with_gap(one) if one.type == _ROLE else one for one in resources]


def _with_gap(role: DeclaredResource) -> DeclaredResource:
    policies = role.properties.get("Policies", [])
    gaps_closed = gaps.added_policies([one["PolicyDocument"] for one in policies])
    added = [{"PolicyName": name, "PolicyDocument": document} for name, document in gaps_closed.items()]
    return replace(role, properties={**role.properties, "Policies": [*policies, *added]}) if added else role


def _judge(reading: Reading, unread: list[Unread]) -> Iterator[Finding]:
    resource = reading.resource
    if reading.there is False:
        was = "was deleted behind the stack's back" if resource.in_stack else "the stack does not hold it: deploy"
        yield _finding(reading, Kind.MISSING, found=was)
    elif reading.there and not resource.in_stack:
        yield _finding(reading, Kind.UNMANAGED, found="there, outside of the stack")
    elif reading.there:
        for difference in compare(resource.properties, reading.found, READERS[resource.type]):
            if isinstance(difference, NotCompared):
                unread.append(Unread(resource.logical_id, difference.where, difference.why))
                continue
            wanted, found = difference.shown
            yield _finding(reading, Kind.DRIFTED, difference.where, wanted, found)


def _finding(reading: Reading, kind: Kind, name: str = "", declared: str = "", found: str = "") -> Finding:
    resource = reading.resource
    return Finding(kind, resource.type, resource.logical_id, resource.name, name, declared, found, REMEDIES[kind])


def _undeclared(stack: Stack, resources: list[DeclaredResource]) -> Iterator[Finding]:
    known = {one.logical_id for one in resources}
    for one in stack.resources.values():
        if one.logical_id not in known:
            yield Finding(
                *(Kind.EXTRA, one.type, one.logical_id, last_part(one.physical_id)),
                found="in the stack, and not in the template",
                remedy="the next `sam deploy` removes it; is this checkout older than the deployment?",
            )


def _unsteady(stack: Stack) -> Iterator[Finding]:
    if stack.status not in _STEADY:
        yield Finding(
            *(Kind.DRIFTED, "AWS::CloudFormation::Stack", stack.name, stack.name),
            where="StackStatus",
            declared="a deployment that came to its end",
            found=stack.status,
            remedy="`ai-marketplace timeline` tells how it came to this",
        )


def _with_consequences(findings: list[Finding], unsafe: list[Finding]) -> list[Finding]:
    """What a drift leads to is told with the drift: one cause is one finding."""
    told = list(findings)
    for one in unsafe:
        cause = next((at for at, drift in enumerate(told) if _causes(drift, one)), None)
        if cause is None:
            told.append(one)
        else:
            drift = told[cause]
            told[cause] = replace(drift, remedy=f"{drift.remedy}. Unsafe: {one.where} must be {one.declared}")
    return told


def _causes(drift: Finding, consequence: Finding) -> bool:
    if drift.kind is not Kind.DRIFTED:
        return False
    own = drift.resource == consequence.resource and drift.where == consequence.where
    return own or (
        drift.where in {"Timeout", "MessageRetentionPeriod"} and drift.name in consequence.declared.split()[-1]
    )


def _ask(aws: Clients) -> Any:
    """Attributes that no name tells."""
    from botocore.exceptions import ClientError

    def ask(resource_type: str, physical_id: str, attribute: str) -> Any:
        try:
            match resource_type, attribute:
                case "AWS::DynamoDB::Table", "StreamArn":
                    return aws("dynamodb").describe_table(TableName=physical_id)["Table"].get("LatestStreamArn")
                case "AWS::Lambda::Url", "FunctionUrl":
                    return aws("lambda").get_function_url_config(**qualified(physical_id))["FunctionUrl"]
        except ClientError:
            return None
        return None

    return ask
