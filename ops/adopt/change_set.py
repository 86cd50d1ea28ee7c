"""CloudFormation's import: a change set that takes resources into a stack, and touches nothing else."""

from __future__ import annotations

import copy
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ops.adopt.plan import Adoption
from ops.audit.clients import Clients
from ops.declared.stack import Stack, processed_template
from ops.errors import DeployError, OpsError

_LARGEST_BODY = 51_200
"""Bytes that a call takes of a template; a larger one must lie in S3."""
_SECONDS, _POLL = 600, 0.5
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_DONE = {"IMPORT_COMPLETE"}


@dataclass(frozen=True)
class ChangeSet:
    stack_name: str
    name: str
    imports: list[str]
    """Logical ids, as CloudFormation has understood it."""


def import_template(cloudformation: Any, stack: Stack, adoptions: Sequence[Adoption]) -> dict[str, Any]:
    """The stack's own, with these resources added as they are. An import may change nothing else."""
    if stack.resources:
        template = copy.deepcopy(processed_template(cloudformation, stack.name))
    else:
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}
    for one in adoptions:
        template["Resources"][one.resource.logical_id] = {
            "Type": one.resource.type,
            # Should the next deployment fail, it leaves them alone. That deployment sets what the template says.
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": dict(one.properties),
        }
    return template


def prepare(stack: Stack, adoptions: Sequence[Adoption], aws: Clients) -> ChangeSet:
    """Made and examined by CloudFormation, not yet carried out."""
    cloudformation = aws("cloudformation")
    template = import_template(cloudformation, stack, adoptions)
    name = f"adopt-{hashlib.sha256(json.dumps(template, sort_keys=True, default=str).encode()).hexdigest()[:12]}"
    where = {"StackName": stack.name, "ChangeSetName": name}
    discard(ChangeSet(stack.name, name, []), aws)  # of a run that was cut off
    try:
        cloudformation.create_change_set(
            **where,
            **_body(template, aws),
            ChangeSetType="IMPORT",
            Capabilities=_CAPABILITIES,
            Parameters=[{"ParameterKey": key, "UsePreviousValue": True} for key in template.get("Parameters", {})],
            ResourcesToImport=[
                {
                    "ResourceType": one.resource.type,
                    "LogicalResourceId": one.resource.logical_id,
                    "ResourceIdentifier": dict(one.identifier),
                }
                for one in adoptions
            ],
        )
    except ClientError as error:
        raise DeployError(
            f"CloudFormation refuses the import: {error.response['Error'].get('Message', error)}"
        ) from error
    told = _wait(lambda: cloudformation.describe_change_set(**where), "Status")
    if told["Status"] != "CREATE_COMPLETE":
        raise DeployError(f"CloudFormation cannot import: {told.get('StatusReason', told['Status'])}")
    return ChangeSet(stack.name, name, [one["ResourceChange"]["LogicalResourceId"] for one in told["Changes"]])


def execute(change_set: ChangeSet, aws: Clients) -> None:
    cloudformation = aws("cloudformation")
    cloudformation.execute_change_set(StackName=change_set.stack_name, ChangeSetName=change_set.name)
    told = _wait(
        lambda: cloudformation.describe_stacks(StackName=change_set.stack_name)["Stacks"][0], "StackStatus", "REVIEW_"
    )
    if told["StackStatus"] not in _DONE:
        raise DeployError(
            f"the import ended as {told['StackStatus']}: {told.get('StackStatusReason', '')}",
            "`ai-marketplace timeline` tells which resource failed; nothing was removed",
        )


def discard(change_set: ChangeSet, aws: Clients) -> None:
    try:
        aws("cloudformation").delete_change_set(StackName=change_set.stack_name, ChangeSetName=change_set.name)
    except ClientError as error:
        if "does not exist" not in str(error) and "NotFound" not in str(error):
            raise


def _body(template: dict[str, Any], aws: Clients) -> dict[str, str]:
    text = json.dumps(template, default=str)
    if len(text.encode()) <= _LARGEST_BODY:
        return {"TemplateBody": text}
    bucket = _artifacts(template)
    key = f"adopt/{hashlib.sha256(text.encode()).hexdigest()}.json"
    s3 = aws("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    return {"TemplateURL": f"{s3.meta.endpoint_url}/{bucket}/{key}"}


def _artifacts(template: dict[str, Any]) -> str:
    """Where `sam deploy` has put the functions' code."""
    for resource in template["Resources"].values():
        bucket = resource.get("Properties", {}).get("Code", {}).get("S3Bucket")
        if isinstance(bucket, str):
            return bucket
    raise OpsError(
        "the stack's template is larger than CloudFormation takes in a call, and names no bucket of artifacts"
    )


def _wait(look: Callable[[], Any], status: str, begins: str = "") -> Any:
    """Until it is no longer in progress, nor in the state in which it `begins`."""
    deadline = time.monotonic() + _SECONDS
    while (told := look())[status].endswith(("_IN_PROGRESS", "_PENDING")) or (
        begins and told[status].startswith(begins)
    ):
        if time.monotonic() > deadline:
            raise DeployError(f"still {told[status]} after {_SECONDS} s")
        time.sleep(_POLL)
    return told
