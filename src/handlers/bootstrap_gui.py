"""The composition root of the seller's pages: what the API is built of, behind other routes, and the rehearsal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handlers import bootstrap_api, bootstrap_assistant, settings
from handlers.bootstrap import TENANT_CACHE_SECONDS
from handlers.settings import AdminGuiSettings

if TYPE_CHECKING:
    from domain.rehearsals import RehearsalPorts
    from handlers.gui.front import Front


@cache
def front() -> Front:
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.secrets_manager_keys import SealingKeys
    from domain.rehearsals import RehearsalPorts
    from handlers.api.cursors import Cursors
    from handlers.gui.front import Front
    from handlers.gui.resolver import resolver

    env = settings.read(AdminGuiSettings)
    keys = SealingKeys(env.cursor_secret_name)
    return Front(
        resolver=resolver(),
        services={**bootstrap_api.services(), RehearsalPorts: rehearsal},
        cursors=Cursors(keys.current, keys.others),
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        media_origin=env.media_origin,
    )


@cache
def rehearsal() -> RehearsalPorts:
    """Nothing that sends is among it, nor anything that keeps a conversation."""
    from adapters.dynamodb_request_counts import DynamoRequestCounts
    from adapters.dynamodb_tenant_number_rows import DynamoTenantNumberRows
    from domain.rehearsals import RehearsalPorts
    from handlers.observability import CountedFindings

    env, asking = settings.read(AdminGuiSettings), bootstrap_assistant.asking()
    return RehearsalPorts(
        profiles=bootstrap_api.administer().profiles,
        numbers=DynamoTenantNumberRows(env.tenants_table, env.conversations_table),
        assistant=asking.assistant,
        catalogue=asking.catalogue,
        grounding=CountedFindings(),
        usage=asking.usage,
        counts=DynamoRequestCounts(env.idempotency_table),
    )
