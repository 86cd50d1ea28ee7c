"""The names of the system that this one replaces, and what to do with each.

It had two naming schemes, tables made twice, and resources made by hand outside its stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STACK = "AIMarketplaceAssistant-Simple"


@dataclass(frozen=True, slots=True)
class Legacy:
    type: str
    name: str
    what: str
    remedy: str


_COPY = "`ai-marketplace migrate` copies its rows; remove it after `migrate verify`"
_FUNCTION = "nothing calls it once Meta's webhook points at the new one; remove it after the cut-over"
_CONSOLE = "the pages of this system take its place; remove it after the cut-over"
_TABLE, _TOPIC, _LAMBDA = "AWS::DynamoDB::Table", "AWS::SNS::Topic", "AWS::Lambda::Function"

_KNOWN = (
    Legacy(_TABLE, "ai-marketplace-conversations", "the first conversations table", _COPY),
    Legacy(_TABLE, "ai-marketplace-products", "the first products table", _COPY),
    Legacy(_TABLE, "ai-marketplace-tenants", "the first tenants table", _COPY),
    Legacy(_TABLE, "ai-marketplace-customers", "made by hand, without the suffix", _COPY),
    Legacy(_TABLE, "ai-marketplace-tenant-usage", "made by hand, without the suffix", _COPY),
    Legacy(
        *(_TOPIC, "ai-marketplace-escalations", "made by hand, without the suffix"),
        "move its subscriptions to the stack's topic, then remove it",
    ),
    Legacy(
        *(_TOPIC, "ai-marketplace-handoff-notifications", "of the earlier system, without the suffix"),
        "move its subscriptions to the stack's topic, then remove it",
    ),
    Legacy(_LAMBDA, "ai-marketplace-platform-message-handler", "named by the scheme that was given up", _FUNCTION),
    Legacy(_LAMBDA, "ai-marketplace-platform-webhook-handler", "named by the scheme that was given up", _FUNCTION),
    Legacy(_LAMBDA, "ai-marketplace-admin-dashboard", "of the earlier system, without the suffix", _CONSOLE),
    Legacy(_LAMBDA, "ai-marketplace-admin-gui", "of the earlier system, without the suffix", _CONSOLE),
    Legacy(_LAMBDA, "ai-marketplace-tenant-admin-api", "of the earlier system, without the suffix", _CONSOLE),
)
LEGACY: Mapping[tuple[str, str], Legacy] = {(one.type, one.name): one for one in _KNOWN}

_LOG_GROUP = "AWS::Logs::LogGroup"
_LOGS = "/aws/lambda/"


def known(resource_type: str, name: str) -> Legacy | None:
    """A function's log group is as old as the function."""
    if resource_type == _LOG_GROUP and (_LAMBDA, name.removeprefix(_LOGS)) in LEGACY:
        return Legacy(_LOG_GROUP, name, "of a function of the earlier system", "remove it with its function")
    return LEGACY.get((resource_type, name))
