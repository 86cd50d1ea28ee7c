"""Cognito: who may log in to the web interfaces."""

from __future__ import annotations

from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import Properties, Reader, picked

_POOL = (
    *(
        "MfaConfiguration",
        "DeletionProtection",
        "UsernameAttributes",
        "AutoVerifiedAttributes",
        "AdminCreateUserConfig",
    ),
    *("AccountRecoverySetting", "Policies", "LambdaConfig", "UsernameConfiguration"),
)
_CLIENT = (
    *("ClientName", "ExplicitAuthFlows", "AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs", "LogoutURLs"),
    *("AccessTokenValidity", "IdTokenValidity", "RefreshTokenValidity", "TokenValidityUnits"),
    *("PreventUserExistenceErrors", "EnableTokenRevocation", "SupportedIdentityProviders"),
)


def _pool(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("cognito-idp").describe_user_pool(UserPoolId=physical)["UserPool"]
    return {**picked(told, _POOL), "UserPoolName": told["Name"]}


def _client(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    question = aws("cognito-idp").describe_user_pool_client
    return picked(question(UserPoolId=declared["UserPoolId"], ClientId=physical)["UserPoolClient"], _CLIENT)


def _group(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    question = aws("cognito-idp").get_group
    name = declared.get("GroupName", physical)
    return picked(question(UserPoolId=declared["UserPoolId"], GroupName=name)["Group"], ("GroupName", "RoleArn"))


USER_POOL = Reader(parts=(_pool,), defaults={"MfaConfiguration": "OFF"})
USER_POOL_CLIENT = Reader(parts=(_client,))
USER_POOL_GROUP = Reader(parts=(_group,))
