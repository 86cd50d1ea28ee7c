"""Users of a Cognito user pool, as those see it who let people in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from domain.ports_identity import InvitedUser
from domain.tenants import TenantId

_TENANT = "custom:tenantId"
_PENDING = "FORCE_CHANGE_PASSWORD"


class CognitoDirectory:
    def __init__(self, user_pool_id: str) -> None:
        self._pool = user_pool_id

    def invite(self, email: str, name: str, tenant_id: TenantId) -> InvitedUser:
        attributes = {"email": email, "email_verified": "true", "name": name, _TENANT: tenant_id}
        created = self._create(email, attributes)
        with translated("look a user up"):
            found = client("cognito-idp").admin_get_user(UserPoolId=self._pool, Username=email)
        stored = _attributes(found["UserAttributes"])
        tenant = stored.get(_TENANT)
        return InvitedUser(
            subject=stored["sub"],
            tenant_id=TenantId(tenant) if tenant else None,
            created=created,
            pending=found["UserStatus"] == _PENDING,
        )

    def remind(self, subject: str) -> None:
        with translated("invite a user again"):
            client("cognito-idp").admin_create_user(
                UserPoolId=self._pool, Username=subject, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
            )

    def tenant_of(self, subject: str) -> TenantId | None:
        with translated("look a user up"):
            try:
                found = client("cognito-idp").admin_get_user(UserPoolId=self._pool, Username=subject)
            except ClientError as error:
                if _is_unknown(error):
                    return None
                raise
        tenant = _attributes(found["UserAttributes"]).get(_TENANT)
        return TenantId(tenant) if tenant else None

    def delete(self, subject: str) -> None:
        with translated("delete a user"):
            try:
                client("cognito-idp").admin_delete_user(UserPoolId=self._pool, Username=subject)
            except ClientError as error:
                if not _is_unknown(error):
                    raise

    def _create(self, email: str, attributes: Mapping[str, str]) -> bool:
        with translated("invite a user"):
            try:
                client("cognito-idp").admin_create_user(
                    UserPoolId=self._pool,
                    Username=email,
                    UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
                    DesiredDeliveryMediums=["EMAIL"],
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "UsernameExistsException":
                    return False
                raise
        return True


def _attributes(listed: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {attribute["Name"]: attribute["Value"] for attribute in listed}


def _is_unknown(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "UserNotFoundException"
