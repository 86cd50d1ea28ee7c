"""Who can log in to the local stack: an operator, and two people of each seller."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from domain.access import Role
from domain.audit_trail import AuditEntry
from domain.identify import OPERATORS
from domain.members import Member
from domain.tenants import TenantId
from ops.stack_file import StackUser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.local.aws import LocalAws
    from ops.local.demo_data import DemoTenant
    from ops.local.deploy import Deployment

PASSWORD = "Local-password-1"  # noqa: S105 - the same on every machine; it opens nothing but a stack on the loopback address


def people(tenants: Sequence[DemoTenant]) -> list[StackUser]:
    operator = StackUser(
        email="operator@marketplace.example", password=PASSWORD, name="Olive Operator", role=Role.OPERATOR
    )
    return [operator, *(user for tenant in tenants for user in _members(tenant))]


def _members(tenant: DemoTenant) -> list[StackUser]:
    roles = {"admin": Role.TENANT_ADMIN, "agent": Role.TENANT_AGENT}
    return [
        StackUser(
            email=f"{word}@{tenant.id}.example",
            password=PASSWORD,
            name=f"{tenant.name}'s {word}",
            role=role,
            tenant_id=tenant.id,
        )
        for word, role in roles.items()
    ]


def put(aws: LocalAws, deployment: Deployment, users: Sequence[StackUser]) -> None:
    """Users into the pool, with a password of their own already, and their rows into the tenants table."""
    from adapters.dynamodb_members import DynamoMembers
    from adapters.dynamodb_users import DynamoUsers

    tenants, conversations = (deployment.outputs[f"{name}TableName"] for name in ("Tenants", "Conversations"))
    members, operators = DynamoMembers(tenants, conversations), DynamoUsers(tenants, cache_seconds=0)
    for user in users:
        subject, now = _put_user(aws.cognito(), deployment.outputs["UserPoolId"], user), datetime.now(UTC)
        if user.tenant_id is None:
            operators.put_operator(Member(subject, user.email, user.name, user.role, None, since=now))
            continue
        tenant_id = TenantId(user.tenant_id)
        member = Member(subject, user.email, user.name, user.role, tenant_id, since=now)
        entry = AuditEntry(now, tenant_id, "", "the local stack", Role.OPERATOR, "member.invited", subject)
        members.add(tenant_id, member, entry)


def _put_user(cognito: Any, pool: str, user: StackUser) -> str:
    attributes = {"email": user.email, "email_verified": "true", "name": user.name}
    if user.tenant_id:
        attributes["custom:tenantId"] = user.tenant_id
    # One from an earlier seeding stays; its password and row are put anew.
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=user.email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        )
    cognito.admin_set_user_password(UserPoolId=pool, Username=user.email, Password=user.password, Permanent=True)
    if user.role is Role.OPERATOR:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=user.email, GroupName=OPERATORS)
    stored = cognito.admin_get_user(UserPoolId=pool, Username=user.email)
    return next(str(attribute["Value"]) for attribute in stored["UserAttributes"] if attribute["Name"] == "sub")
