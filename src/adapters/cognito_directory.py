"""Users of a Cognito user pool, as those see it who let people in."""

from __future__ import annotations

from adapters import cognito_users
from adapters.aws_clients import client, translated
from domain.errors import ContentionError
from domain.ports_identity import InvitedUser
from domain.tenants import TenantId


class CognitoDirectory:
    def __init__(self, user_pool_id: str) -> None:
        self._pool = user_pool_id

    def invite(self, email: str, name: str, tenant_id: TenantId) -> InvitedUser:
        created = cognito_users.create(self._pool, email, {"name": name, cognito_users.TENANT: tenant_id})
        user = cognito_users.find(self._pool, email)
        if user is None:
            raise ContentionError("somebody has removed this user meanwhile: try again")
        return InvitedUser(user.subject, user.tenant_id, created, user.pending)

    def remind(self, email: str) -> None:
        with translated("invite a user again"):
            client("cognito-idp").admin_create_user(
                UserPoolId=self._pool, Username=email, MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"]
            )

    def tenant_of(self, subject: str) -> TenantId | None:
        user = cognito_users.find(self._pool, subject)
        return user.tenant_id if user else None

    def delete(self, subject: str) -> None:
        cognito_users.delete(self._pool, subject)
