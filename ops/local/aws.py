"""boto3 clients of the emulator, whatever the operator's own AWS configuration says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

# The emulator takes this key for the root user, with AUTH=true too.
ROOT_KEY = "test"


class LocalAws:
    def __init__(self, endpoint_url: str, region: str) -> None:
        self.endpoint_url = endpoint_url
        self.region = region
        self._session = boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=region)
        self._config = Config(
            retries={"total_max_attempts": 2},
            proxies={},  # a proxy of the operator's cannot reach our loopback address
        )

    def be_the_environments(self) -> None:
        """For the adapters: as in a function, they find their AWS in the environment of their process."""
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
            os.environ.pop(name, None)
        os.environ |= {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "AWS_DEFAULT_REGION": self.region,
            "NO_PROXY": "127.0.0.1",
        }

    def cognito(self) -> Any:
        """Untyped, as IAM below."""
        return self._session.client("cognito-idp", endpoint_url=self.endpoint_url, config=self._config)

    def cloudformation(self) -> CloudFormationClient:
        return self._session.client("cloudformation", endpoint_url=self.endpoint_url, config=self._config)

    def dynamodb(self) -> DynamoDBClient:
        return self._session.client("dynamodb", endpoint_url=self.endpoint_url, config=self._config)

    def functions(self) -> LambdaClient:
        return self._session.client("lambda", endpoint_url=self.endpoint_url, config=self._config)

    def iam(self) -> Any:
        """Untyped: one small use does not warrant the stubs of all of IAM."""
        return self._session.client("iam", endpoint_url=self.endpoint_url, config=self._config)

    def s3(self) -> S3Client:
        return self._session.client("s3", endpoint_url=self.endpoint_url, config=self._config)

    def secrets(self) -> SecretsManagerClient:
        return self._session.client("secretsmanager", endpoint_url=self.endpoint_url, config=self._config)

    def sqs(self) -> SQSClient:
        return self._session.client("sqs", endpoint_url=self.endpoint_url, config=self._config)
