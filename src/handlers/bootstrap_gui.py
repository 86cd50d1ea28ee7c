"""The composition root of the seller's pages: what the API is built of, behind other routes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handlers import bootstrap_api, settings
from handlers.bootstrap import TENANT_CACHE_SECONDS
from handlers.settings import AdminGuiSettings

if TYPE_CHECKING:
    from handlers.gui.front import Front


@cache
def front() -> Front:
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.secrets_manager_keys import SealingKeys
    from handlers.api.cursors import Cursors
    from handlers.gui.front import Front
    from handlers.gui.resolver import resolver

    env = settings.read(AdminGuiSettings)
    keys = SealingKeys(env.cursor_secret_name)
    return Front(
        resolver=resolver(),
        services=bootstrap_api.services(),
        cursors=Cursors(keys.current, keys.others),
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        media_origin=env.media_origin,
    )
