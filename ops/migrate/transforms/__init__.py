"""One transform for each kind of legacy table: pure, and the same for a row whenever and however often it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ops.migrate.legacy import LegacyRow, UnfitRowError
from ops.migrate.rows import Transformed, Unfit
from ops.migrate.transforms.context import Context
from ops.migrate.transforms.conversations import conversation
from ops.migrate.transforms.customers import customer
from ops.migrate.transforms.products import product
from ops.migrate.transforms.tenants import tenant
from ops.migrate.transforms.usage import usage

_TRANSFORMS: Mapping[str, Callable[[LegacyRow, Context], Transformed]] = {
    "tenants": tenant,
    "products": product,
    "customers": customer,
    "tenant-usage": usage,
    "conversations": conversation,
}

IN_ORDER = tuple(_TRANSFORMS)
"""Tenants first: what the others become follows from them."""


def transform(kind: str, values: Mapping[str, Any], context: Context) -> Transformed:
    row = LegacyRow(values)
    try:
        transformed = _TRANSFORMS[kind](row, context)
    except UnfitRowError as error:
        return Transformed(unfit=(Unfit(str(error)),))
    left = [Unfit(f"left behind, it looks like a secret: {name}") for name in row.left_behind()]
    return Transformed(transformed.groups, (*transformed.unfit, *left), transformed.secrets)
