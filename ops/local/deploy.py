"""The template onto the emulator's CloudFormation."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from ops.errors import DeployError
from ops.local import gaps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef, StackTypeDef

    from ops.local.artifact import Artifact, Built
    from ops.local.aws import LocalAws
    from ops.local.project import Project

ARTIFACTS_BUCKET = "fast-deploy-artifacts"  # outside of the naming rule: no resource of the template
_TEMPLATE_KEY = "template.yaml"
_FINGERPRINT_TAG = "ai-marketplace:fingerprint"
_POLL = 0.05
_SECONDS = 600
FINISHED = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
_BEGINNINGS = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}
# On AWS too a stack whose creation failed can only be deleted.
_DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}


@dataclass(frozen=True)
class Deployment:
    """A stack as it stands."""

    name: str
    status: str
    outputs: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def complete(self) -> bool:
        return self.status in FINISHED


def describe(aws: LocalAws, name: str) -> Deployment | None:
    stack = _find(aws.cloudformation(), name)
    if stack is None:
        return None
    return Deployment(
        name=name,
        status=stack["StackStatus"],
        outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
        parameters={
            parameter["ParameterKey"]: parameter.get("ParameterValue", "") for parameter in stack.get("Parameters", [])
        },
        fingerprint=next((tag["Value"] for tag in stack.get("Tags", []) if tag["Key"] == _FINGERPRINT_TAG), ""),
    )


def deploy(
    aws: LocalAws, project: Project, built: Built, parameters: Mapping[str, str], at: Callable[[str], None]
) -> bool:
    """False if the stack stands there already as asked for. The fingerprint is a tag of the stack: gone when it is."""
    name = project.stack_name()
    template = project.template_with_code(
        _address(built.code), {name: _address(layer) for name, layer in built.layers.items()}
    )
    wanted = _fingerprint(template, parameters)
    present = describe(aws, name)
    if present is not None and present.complete and present.fingerprint == wanted:
        return False
    template_url = _upload(aws, built, template)
    client = aws.cloudformation()
    if present is not None and present.status in _DEAD:
        client.delete_stack(StackName=name)
        _wait(client, name, at)
        present = None
    _submit(client, name, template_url, parameters, wanted, update=present is not None)
    _wait(client, name, at)
    gaps.close(aws, name)
    return True


def _address(part: Artifact) -> str:
    return f"s3://{ARTIFACTS_BUCKET}/{part.key}"


def _submit(  # noqa: PLR0913 - the arguments of one API call
    client: CloudFormationClient,
    name: str,
    template_url: str,
    parameters: Mapping[str, str],
    fingerprint: str,
    *,
    update: bool,
) -> None:
    submit = client.update_stack if update else client.create_stack
    try:
        submit(
            StackName=name,
            TemplateURL=template_url,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Tags=[{"Key": _FINGERPRINT_TAG, "Value": fingerprint}],
        )
    except ClientError as error:
        raise DeployError(
            f"CloudFormation refused the template: {error.response['Error'].get('Message', error)}",
            "`sam validate --lint` says more about the template",
        ) from error


def _wait(client: CloudFormationClient, name: str, at: Callable[[str], None]) -> None:
    deadline = time.monotonic() + _SECONDS
    while (stack := _find(client, name)) is not None and stack["StackStatus"].endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise DeployError(f"stack {name} is still {stack['StackStatus']} after {_SECONDS} s")
        resources = client.describe_stack_resources(StackName=name)["StackResources"]
        finished = sum(resource["ResourceStatus"].endswith("_COMPLETE") for resource in resources)
        at(f"{finished} resources done")
        time.sleep(_POLL)
    if stack is not None and stack["StackStatus"] not in FINISHED:
        raise DeployError(
            f"stack {name} ended as {stack['StackStatus']}: {_reason(client, name) or stack.get('StackStatusReason')}",
            "mend the resource in template.yaml, then run the command again",
        )


def _reason(client: CloudFormationClient, name: str) -> str:
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    failed = first_failure(events, name)
    if failed is None:
        return ""
    return f"{failed['LogicalResourceId']} ({failed.get('ResourceType')}): {failed.get('ResourceStatusReason', '')}"


def first_failure(events: Sequence[StackEventTypeDef], stack_name: str) -> StackEventTypeDef | None:
    """Of the latest operation: those that follow are mostly cancellations. Events come newest first."""
    first = None
    for event in events:
        status = event.get("ResourceStatus", "")
        if event.get("LogicalResourceId") != stack_name:
            first = event if status.endswith("_FAILED") else first
        elif status in _BEGINNINGS:
            break
    return first


def _upload(aws: LocalAws, built: Built, template: str) -> str:
    """Where the template stands: a call itself takes no more than 51,200 bytes of one."""
    s3 = aws.s3()
    s3.create_bucket(Bucket=ARTIFACTS_BUCKET)
    for part in built.parts:
        s3.upload_file(str(part.path), ARTIFACTS_BUCKET, part.key)
    s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=_TEMPLATE_KEY, Body=template.encode())
    return f"{aws.endpoint_url}/{ARTIFACTS_BUCKET}/{_TEMPLATE_KEY}"


def _fingerprint(template: str, parameters: Mapping[str, str]) -> str:
    return hashlib.sha256(f"{template}{json.dumps(parameters, sort_keys=True)}".encode()).hexdigest()[:32]


def _find(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    try:
        stacks = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return next((stack for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"), None)
