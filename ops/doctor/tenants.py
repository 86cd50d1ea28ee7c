"""Sellers and what they claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.tenants import Tenant, WhatsAppNumber
from ops.doctor.chart import Ill, Said


def has_number(tenant: Tenant, numbers: Sequence[WhatsAppNumber]) -> Said:
    if not numbers:
        yield Ill(
            "active, and without a WhatsApp number",
            f"`ai-marketplace tenant connect {tenant.tenant_id} …`, or `tenant suspend {tenant.tenant_id}`",
        )


def claimed_once(number_rows: Iterable[Mapping[str, Any]], tenant: str | None) -> Said:
    """`number_rows`: of all tenants. `tenant`: only what concerns this one is told."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in number_rows:
        owners[row["phoneNumberId"]].add(row["tenantId"])
    for phone_number_id, claiming in sorted(owners.items()):
        if len(claiming) > 1 and tenant in {None, *claiming}:
            yield Ill(
                f"{phone_number_id} is claimed by {', '.join(sorted(claiming))}: what comes for it is put aside",
                "disconnect it from all but its owner, on the pages or by the API; then `ai-marketplace quarantine`",
            )
