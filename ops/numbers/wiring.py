"""The desk and its adapters, on one deployment."""

from __future__ import annotations

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from adapters.dynamodb_number_states import DynamoNumberStates
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_tenants import DynamoTenants
from adapters.secrets_manager import SecretsManagerAccessTokens
from adapters.sns_account_alerts import SnsAccountAlerts
from adapters.whatsapp_numbers import WhatsAppNumbers
from ops import operator
from ops.errors import OpsError
from ops.numbers.desk import Desk
from ops.target import Target


def number_states(found: Target) -> DynamoNumberStates:
    return DynamoNumberStates(found.tables["tenants"], found.tables["conversations"])


def desk(found: Target) -> Desk:
    return Desk(
        tenants=DynamoTenants(found.tables["tenants"], cache_seconds=0),
        number_states=number_states(found),
        account_alerts=SnsAccountAlerts(found.topics["account-alerts"]),
        log=DynamoOperatorLog(found.tables["conversations"]),
        operator=operator.name(),
        identity="" if found.local else operator.aws_identity(),
    )


def meta(found: Target) -> WhatsAppNumbers:
    """The Graph API that the deployment itself calls."""
    try:
        configuration = boto3.client("lambda").get_function_configuration(FunctionName=found.functions["reply-handler"])
    except (BotoCoreError, ClientError) as error:
        raise OpsError(f"the reply-handler's settings cannot be read: {type(error).__name__}") from error
    variables = configuration["Environment"]["Variables"]
    return WhatsAppNumbers(
        variables["GRAPH_API_BASE_URL"], variables["GRAPH_API_VERSION"], SecretsManagerAccessTokens()
    )
