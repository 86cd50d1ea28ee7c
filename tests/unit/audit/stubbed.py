"""Readers of one service on botocore's stub of it, which knows what that service takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.stub import Stubber

from ops.audit.compare import Difference, compare
from ops.audit.readers import READERS
from ops.audit.reading import Reading, read
from ops.declared.model import DeclaredResource

Asked = tuple[str, Mapping[str, Any], Mapping[str, Any] | str]
"""An operation, what it is asked with, and its answer or the code of its error."""


def reading_of(resource: DeclaredResource, service: str, asked: Sequence[Asked]) -> Reading:
    client: Any = boto3.client(  # type: ignore[call-overload]  # whichever service
        service, region_name="eu-west-1", aws_access_key_id="-", aws_secret_access_key="-"
    )
    with Stubber(client) as stubber:
        for operation, expected, answer in asked:
            if isinstance(answer, str):
                stubber.add_client_error(operation, answer, expected_params=dict(expected))
            else:
                stubber.add_response(operation, dict(answer), dict(expected))
        reading = read(resource, lambda _: client)  # type: ignore[arg-type]  # one client is all that is asked for
        stubber.assert_no_pending_responses()
        return reading


def differences(reading: Reading) -> list[str]:
    told = compare(reading.resource.properties, reading.found, READERS[reading.resource.type])
    return [one.where if isinstance(one, Difference) else f"? {one.where}" for one in told]
