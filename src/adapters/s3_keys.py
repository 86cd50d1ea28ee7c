"""Every key of the media bucket, and of that of imports. Nowhere else is one put together.

`<tenantId>/<customerId>/<media id>`: tenant ids match ``^[a-z0-9-]{3,40}$``, so the first `/` always ends the tenant's
part; and what is kept of one customer stands under one prefix.
"""

from __future__ import annotations

import hashlib
import re

from domain.customers import CustomerId
from domain.media import MediaId, MediaKey
from domain.tenants import TenantId

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


def media(tenant_id: TenantId, customer_id: CustomerId, media_id: MediaId) -> MediaKey:
    """An id that is not in Meta's form stands under its digest."""
    name = media_id if _PLAIN_ID.fullmatch(media_id) else hashlib.sha256(media_id.encode()).hexdigest()
    return MediaKey(f"{of_customer(tenant_id, customer_id)}{name}")


def of_customer(tenant_id: TenantId, customer_id: CustomerId) -> str:
    """What the keys of all that a customer sent begin with."""
    return f"{tenant_id}/{customer_id}/"


def is_of(tenant_id: TenantId, key: MediaKey) -> bool:
    return key.startswith(f"{tenant_id}/")


def import_file(tenant_id: TenantId, import_id: str) -> str:
    return f"{tenant_id}/{import_id}/file"


def import_faults(tenant_id: TenantId, import_id: str) -> str:
    return f"{tenant_id}/{import_id}/faulty-rows.csv"
