"""moto answers where `adapters.aws_json` would open a connection, as it does for botocore."""

from __future__ import annotations

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from adapters.aws_json import AwsAccess, AwsAnswer, AwsRequest, Connections
from tests.integration.template_resources import REGION

ACCESS = AwsAccess(REGION, "AKIDEXAMPLE", "made-up", session_token="made-up")


def exchange(_: Connections, request: AwsRequest) -> AwsAnswer:
    headers = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    url = f"{request.url}/"
    answer = botocore_stubber(
        "before-send", AWSPreparedRequest("POST", url, headers, request.body, stream_output=False)
    )
    assert answer is not None, f"moto knows nothing of {request.url}"
    return AwsAnswer(answer.status_code, answer.content)
