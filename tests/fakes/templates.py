"""`TemplateCatalogue` and `AccountTemplates`, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.templates import MessageTemplate, TemplateNews
from domain.tenants import TenantId, WhatsAppNumber
from tests.fakes.store import Store


class FakeTemplateCatalogue:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tenant_id: TenantId, waba_id: str, name: str, language: str) -> MessageTemplate | None:
        with self._store.lock:
            return self._store.templates.get((tenant_id, waba_id, name, language))

    def of_account(self, tenant_id: TenantId, waba_id: str) -> list[MessageTemplate]:
        with self._store.lock:
            rows = sorted(self._store.templates.items())
        return [template for key, template in rows if key[:2] == (tenant_id, waba_id)]

    def save(self, tenant_id: TenantId, known: MessageTemplate | None, template: MessageTemplate) -> bool:
        key = (tenant_id, template.waba_id, template.name, template.language)
        with self._store.lock:
            stored = self._store.templates.get(key)
            if (stored and stored.version) != (known and known.version):
                return False
            self._store.templates[key] = replace(template, version=known.version + 1 if known else 1)
            return True


@dataclass(slots=True)
class FakeAccountTemplates:
    listed: Sequence[TemplateNews] = ()
    meanwhile: Callable[[], object] = field(default=lambda: None)
    """What happens while Meta answers."""
    error: Exception | None = None

    def read(self, number: WhatsAppNumber, at: datetime) -> Sequence[TemplateNews]:
        listed = [replace(news, waba_id=number.waba_id, at=at) for news in self.listed]
        self.meanwhile()
        if self.error:
            raise self.error
        return listed
