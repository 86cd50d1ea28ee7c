"""The operators' half of a Cognito user pool: its group. No function has the permissions for it."""

from __future__ import annotations

from adapters import cognito_users
from adapters.aws_clients import client, translated
from domain.errors import AlreadyExistsError, ContentionError
from domain.identify import OPERATORS


class CognitoOperators:
    def __init__(self, user_pool_id: str) -> None:
        self._pool = user_pool_id

    def invite(self, email: str, name: str) -> str:
        """The operator's `sub`, of a user that is made where there is none.

        Raises `AlreadyExistsError` for an address that is a tenant's.
        """
        cognito_users.create(self._pool, email, {"name": name})
        user = cognito_users.find(self._pool, email)
        if user is None:
            raise ContentionError("somebody has removed this user meanwhile: try again")
        if user.tenant_id is not None:
            raise AlreadyExistsError("this address belongs to a tenant's member: nobody is both")
        with translated("make an operator"):
            client("cognito-idp").admin_add_user_to_group(
                UserPoolId=self._pool, Username=user.subject, GroupName=OPERATORS
            )
        return user.subject

    def subjects(self) -> dict[str, str]:
        """By e-mail address."""
        listing = client("cognito-idp").get_paginator("list_users_in_group")
        with translated("list operators"):
            users = [
                cognito_users.attributes_of(user["Attributes"])
                for page in listing.paginate(UserPoolId=self._pool, GroupName=OPERATORS)
                for user in page["Users"]
            ]
        return {user["email"]: user["sub"] for user in users}

    def delete(self, subject: str) -> None:
        cognito_users.delete(self._pool, subject)
