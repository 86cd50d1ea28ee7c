"""The composition root of what people and their programs use, as `bootstrap` is of the message's way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from domain.audit_trail import AuditTrail
from domain.log_in import AuthenticatorApps, PasswordResets, Sessions
from domain.ports_identity import Members, TokenVerifier, UserDirectory, Users, Views
from domain.view_as import TenantLookup
from handlers import settings
from handlers.bootstrap import TENANT_CACHE_SECONDS
from handlers.settings import AdminDashboardSettings, AdminGuiSettings, IdentitySettings, TenantAdminApiSettings

MEMBER_CACHE_SECONDS = 60
"""How long a worker goes on believing what it read of a member: a new role, or none, takes effect within it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, how they show it, and where they have us."""

    tokens: TokenVerifier
    users: Users
    sessions: Sessions
    authenticator_apps: AuthenticatorApps
    password_resets: PasswordResets
    audit_trail: AuditTrail
    console_url: str


@dataclass(frozen=True, slots=True)
class KeepMembers:
    """`MembersPorts`."""

    members: Members
    directory: UserDirectory
    users: Users


@dataclass(frozen=True, slots=True)
class TenantAdminApi:
    identity: Identity
    members: KeepMembers


@dataclass(frozen=True, slots=True)
class ViewAsServices(Identity):
    """And as whom an operator may see the pages."""

    views: Views
    tenants: TenantLookup


@dataclass(frozen=True, slots=True)
class AdminDashboard:
    identity: ViewAsServices


@dataclass(frozen=True, slots=True)
class AdminGui:
    identity: Identity
    members: KeepMembers


@cache
def tenant_admin_api() -> TenantAdminApi:
    env = settings.read(TenantAdminApiSettings)
    identity = _identity(env)
    return TenantAdminApi(identity, _members(env, identity))


@cache
def admin_dashboard() -> AdminDashboard:
    from adapters.dynamodb_members import DynamoViews
    from adapters.dynamodb_tenants import DynamoTenants

    env = settings.read(AdminDashboardSettings)
    return AdminDashboard(
        ViewAsServices(
            **_identity_ports(env),
            views=DynamoViews(env.tenants_table, env.conversations_table),
            tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        )
    )


@cache
def admin_gui() -> AdminGui:
    env = settings.read(AdminGuiSettings)
    identity = _identity(env)
    return AdminGui(identity, _members(env, identity))


def _members(env: IdentitySettings, identity: Identity) -> KeepMembers:
    from adapters.cognito_directory import CognitoDirectory
    from adapters.dynamodb_members import DynamoMembers

    return KeepMembers(
        DynamoMembers(env.tenants_table, env.conversations_table),
        CognitoDirectory(env.user_pool_id),
        identity.users,
    )


def _identity(env: IdentitySettings) -> Identity:
    return Identity(**_identity_ports(env))


def _identity_ports(env: IdentitySettings) -> dict[str, Any]:
    from adapters.cognito_sessions import CognitoSessions
    from adapters.cognito_tokens import CognitoTokens
    from adapters.dynamodb_audit_trail import DynamoAuditTrail
    from adapters.dynamodb_users import DynamoUsers

    sessions = CognitoSessions(env.user_pool_client_id, env.user_pool_id)
    return {
        "tokens": CognitoTokens(env.token_issuer, env.user_pool_client_id, env.token_keys_url),
        "users": DynamoUsers(env.tenants_table, MEMBER_CACHE_SECONDS),
        "sessions": sessions,
        "authenticator_apps": sessions,
        "password_resets": sessions,
        "audit_trail": DynamoAuditTrail(env.conversations_table),
        "console_url": env.console_url,
    }
