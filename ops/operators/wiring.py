"""The desk and its adapters, on one deployment."""

from __future__ import annotations

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from adapters.cognito_operators import CognitoOperators
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_users import DynamoUsers
from ops import operator
from ops.errors import OpsError
from ops.operators.desk import Desk
from ops.target import Target


def desk(found: Target) -> Desk:
    return Desk(
        rows=DynamoUsers(found.tables["tenants"], cache_seconds=0),
        group=CognitoOperators(_user_pool(found)),
        log=DynamoOperatorLog(found.tables["conversations"]),
        operator=operator.name(),
        identity="" if found.local else operator.aws_identity(),
    )


def _user_pool(found: Target) -> str:
    """Whose tokens the deployment itself takes."""
    try:
        configuration = boto3.client("lambda").get_function_configuration(FunctionName=found.functions["admin-gui"])
    except (BotoCoreError, ClientError) as error:
        raise OpsError(f"the pages' settings cannot be read: {type(error).__name__}") from error
    return configuration["Environment"]["Variables"]["USER_POOL_ID"]
