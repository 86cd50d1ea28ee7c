"""Whether a function runs the code that was deployed: not what somebody has typed into the console since."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.audit.clients import Clients
from ops.audit.findings import REMEDIES, Finding, Kind, Unread
from ops.audit.reading import Reading
from ops.declared.stack import processed_template

_FUNCTION = "AWS::Lambda::Function"
_BLOCK = 1 << 20


def changed_code(stack_name: str, readings: list[Reading], aws: Clients, unread: list[Unread]) -> Iterator[Finding]:
    """By the fingerprint of the artifact that the stack's own template names."""
    try:
        template = processed_template(aws("cloudformation"), stack_name)
    except (ClientError, BotoCoreError) as error:
        unread.append(Unread(stack_name, "the deployed template", type(error).__name__))
        return
    fingerprints: dict[tuple[str, str], str | None] = {}
    for reading in (one for one in readings if one.resource.type == _FUNCTION and one.there):
        logical_id = reading.resource.logical_id
        code = template["Resources"].get(logical_id, {}).get("Properties", {}).get("Code", {})
        running = reading.found.get("CodeSha256")
        if not running or not {"S3Bucket", "S3Key"} <= set(code) or not isinstance(code["S3Bucket"], str):
            unread.append(Unread(logical_id, "its code", "the deployed template does not say where it came from"))
            continue
        where = (code["S3Bucket"], code["S3Key"])
        if where not in fingerprints:
            fingerprints[where] = _fingerprint(aws, *where)
        deployed = fingerprints[where]
        if deployed is None:
            unread.append(Unread(logical_id, "its code", f"s3://{'/'.join(where)} cannot be read"))
        elif deployed != running:
            yield _finding(reading, deployed, running)


def _finding(reading: Reading, deployed: str, running: str) -> Finding:
    resource: Any = reading.resource
    return Finding(
        *(Kind.DRIFTED, resource.type, resource.logical_id, resource.name),
        where="Code",
        declared=deployed,
        found=running,
        remedy=REMEDIES[Kind.DRIFTED],
    )


def _fingerprint(aws: Clients, bucket: str, key: str) -> str | None:
    try:
        body: Any = aws("s3").get_object(Bucket=bucket, Key=key)["Body"]
    except (ClientError, BotoCoreError):
        return None
    digest = hashlib.sha256()
    for block in iter(lambda: body.read(_BLOCK), b""):
        digest.update(block)
    return base64.b64encode(digest.digest()).decode()
