"""The composition root of what people and their programs use, as `bootstrap` is of the message's way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from domain.ports_identity import TokenVerifier, Users
from handlers import settings
from handlers.settings import AdminDashboardSettings, AdminGuiSettings, IdentitySettings, TenantAdminApiSettings

MEMBER_CACHE_SECONDS = 60
"""How long a worker goes on believing what it read of a member: a new role, or none, takes effect within it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, and where they have us."""

    tokens: TokenVerifier
    users: Users
    console_url: str


@dataclass(frozen=True, slots=True)
class TenantAdminApi:
    identity: Identity


@dataclass(frozen=True, slots=True)
class AdminDashboard:
    identity: Identity


@dataclass(frozen=True, slots=True)
class AdminGui:
    identity: Identity


@cache
def tenant_admin_api() -> TenantAdminApi:
    return TenantAdminApi(_identity(settings.read(TenantAdminApiSettings)))


@cache
def admin_dashboard() -> AdminDashboard:
    return AdminDashboard(_identity(settings.read(AdminDashboardSettings)))


@cache
def admin_gui() -> AdminGui:
    return AdminGui(_identity(settings.read(AdminGuiSettings)))


def _identity(env: IdentitySettings) -> Identity:
    from adapters.cognito_tokens import CognitoTokens
    from adapters.dynamodb_users import DynamoUsers

    return Identity(
        tokens=CognitoTokens(env.token_issuer, env.user_pool_client_id, env.token_keys_url),
        users=DynamoUsers(env.tenants_table, MEMBER_CACHE_SECONDS),
        console_url=env.console_url,
    )
