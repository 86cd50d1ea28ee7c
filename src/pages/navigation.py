"""Where one can go, by role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.access import Role
from pages.translations import N_


@dataclass(frozen=True, slots=True)
class Destination:
    key: str
    label: str
    symbol: str
    path: str
    also: tuple[str, ...] = ()
    """First parts of other paths that belong here."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.also)


INBOX = Destination("inbox", N_("Inbox"), "inbox", "/inbox", ("conversations",))
CUSTOMERS = Destination("customers", N_("Customers"), "users", "/customers")
CATALOGUE = Destination("catalogue", N_("Catalogue"), "package", "/catalogue")
USAGE = Destination("usage", N_("Usage"), "activity", "/usage")
SETTINGS = Destination("settings", N_("Settings"), "settings", "/settings", ("members", "rehearsal"))

_ADMIN = (INBOX, CUSTOMERS, CATALOGUE, USAGE, SETTINGS)
_AGENT = (INBOX, CUSTOMERS, CATALOGUE)

_OPERATOR = (
    Destination("tenants", N_("Tenants"), "store", "/operator/"),
    Destination("queues", N_("Queues"), "server", "/operator/queues"),
    Destination("alerts", N_("Alerts"), "triangle-alert", "/operator/alerts"),
    Destination("usage", N_("Usage"), "activity", "/operator/usage"),
    Destination("audit", N_("Audit trail"), "shield-check", "/operator/audit"),
)

_BY_ROLE: Mapping[Role, Sequence[Destination]] = {
    Role.OPERATOR: _OPERATOR,
    Role.TENANT_ADMIN: _ADMIN,
    Role.TENANT_AGENT: _AGENT,
}


def destinations(role: Role, *, views_as_tenant: bool = False) -> Sequence[Destination]:
    """An operator who views as a tenant sees what its admin sees."""
    return _ADMIN if views_as_tenant else _BY_ROLE[role]
