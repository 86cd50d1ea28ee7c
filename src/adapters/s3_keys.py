"""Every key of the media bucket. Nowhere else is one put together.

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
    return MediaKey(f"{tenant_id}/{customer_id}/{name}")


def is_of(tenant_id: TenantId, key: MediaKey) -> bool:
    return key.startswith(f"{tenant_id}/")
