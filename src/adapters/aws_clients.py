"""AWS clients: one of each service per process, made when first used.

Time-outs are short against the functions' own, so that a hanging call ends as an error that the queue repeats, not as
a worker that is cut off in the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_secretsmanager.client import SecretsManagerClient
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient


@overload
def client(service: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service: Literal["sns"]) -> SNSClient: ...
@overload
def client(service: Literal["s3"]) -> S3Client: ...
@overload
def client(service: Literal["secretsmanager"]) -> SecretsManagerClient: ...
@overload
def client(service: Literal["bedrock-runtime", "cognito-idp", "s3vectors"]) -> Any: ...
def client(service: str) -> Any:
    return _client(service)


# A signed link names the bucket's own region: another host could only redirect, and a signature does not follow.
_SIGNED_LINKS: dict[str, Any] = {"signature_version": "s3v4", "s3": {"addressing_style": "virtual"}}


@cache
def _client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=2,
        read_timeout=4,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=16,
        **_SIGNED_LINKS if service == "s3" else {},
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # the overloads above are its types


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Whatever boto3 raises becomes one of the product's errors; what a caller tells apart, it catches inside."""
    try:
        yield
    except ClientError as error:
        raise ServiceUnavailableError(f"{what}: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise ServiceUnavailableError(f"{what}: {type(error).__name__}") from error
