"""Users of a Cognito user pool: made, looked up, deleted. Each call may be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from domain.tenants import TenantId

TENANT = "custom:tenantId"
_PENDING = "FORCE_CHANGE_PASSWORD"


@dataclass(frozen=True, slots=True)
class PoolUser:
    attributes: Mapping[str, str]
    pending: bool
    """They have not chosen a password yet."""

    @property
    def subject(self) -> str:
        return self.attributes["sub"]

    @property
    def tenant_id(self) -> TenantId | None:
        tenant_id = self.attributes.get(TENANT)
        return TenantId(tenant_id) if tenant_id else None


def create(pool: str, email: str, attributes: Mapping[str, str]) -> bool:
    """Cognito sends the invitation. False where there is a user with this address."""
    verified = {"email": email, "email_verified": "true", **attributes}
    with translated("invite a user"):
        try:
            client("cognito-idp").admin_create_user(
                UserPoolId=pool,
                Username=email,
                UserAttributes=[{"Name": name, "Value": value} for name, value in verified.items()],
                DesiredDeliveryMediums=["EMAIL"],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "UsernameExistsException":
                return False
            raise
    return True


def find(pool: str, username: str) -> PoolUser | None:
    """`username`: the address, or the `sub`."""
    with translated("look a user up"):
        try:
            found = client("cognito-idp").admin_get_user(UserPoolId=pool, Username=username)
        except ClientError as error:
            if _is_unknown(error):
                return None
            raise
    return PoolUser(attributes_of(found["UserAttributes"]), pending=found["UserStatus"] == _PENDING)


def delete(pool: str, subject: str) -> None:
    with translated("delete a user"):
        try:
            client("cognito-idp").admin_delete_user(UserPoolId=pool, Username=subject)
        except ClientError as error:
            if not _is_unknown(error):
                raise


def attributes_of(listed: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {attribute["Name"]: attribute["Value"] for attribute in listed}


def _is_unknown(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "UserNotFoundException"
