"""What every page knows of the request that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.access import Principal, Role
from pages.formats import Formats
from pages.navigation import Destination, destinations
from pages.urls import Urls


@dataclass(frozen=True, slots=True)
class Notice:
    """One line above the page: what has just happened, or why it did not."""

    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    now: datetime
    urls: Urls = field(default_factory=Urls)
    language: str = "en"
    timezone: str = "UTC"
    theme: str = ""
    """`light` or `dark`; empty: as the device has it."""
    principal: Principal | None = None
    """None: nobody has logged in."""
    here: str = ""
    """Key of the destination to which the page belongs."""
    tenant_name: str = ""
    currency: str = "USD"
    """In which the tenant sells."""
    notice: Notice | None = None

    @property
    def formats(self) -> Formats:
        return Formats(self.language, self.timezone)

    @property
    def person(self) -> str:
        return self.principal.name if self.principal else ""

    @property
    def subject(self) -> str:
        return self.principal.subject if self.principal else ""

    @property
    def acts(self) -> bool:
        """One of the tenant's people; an operator who views as it looks, and does no more."""
        return self.principal is not None and self.principal.role is not Role.OPERATOR

    @property
    def administers(self) -> bool:
        return self.principal is not None and self.principal.role is Role.TENANT_ADMIN

    @property
    def oversees(self) -> bool:
        """Sees what an admin sees."""
        return self.administers or self.views_as

    @property
    def views_as(self) -> bool:
        """An operator looks at a tenant's pages."""
        return bool(self.principal and self.principal.role is Role.OPERATOR and self.principal.tenant_id)

    @property
    def navigation(self) -> Sequence[Destination]:
        """None before the log-in."""
        return destinations(self.principal.role, views_as_tenant=self.views_as) if self.principal else ()
