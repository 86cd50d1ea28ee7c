"""What the commands answer, for programs as for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, RootModel

from domain.templates import DELETED, MessageTemplate


class AccountReport(BaseModel):
    tenant: str
    waba_id: str
    new: list[str] = []
    changed: list[str] = []
    unchanged: int = 0
    removed: list[str] = []
    error: str = ""
    """Why the account could not be read; then nothing of it was changed, or not all."""


class SyncReport(BaseModel):
    dry_run: bool
    interrupted: bool = False
    accounts: list[AccountReport] = []

    @property
    def ok(self) -> bool:
        return not any(account.error for account in self.accounts)


class TemplateReport(BaseModel):
    tenant: str
    waba_id: str
    name: str
    language: str
    category: str
    status: str
    rejected_reason: str
    quality: str
    updated_at: datetime | None


class ListReport(RootModel[list[TemplateReport]]):
    pass


def listed(tenant: str, templates: Iterable[MessageTemplate]) -> list[TemplateReport]:
    return [
        TemplateReport(
            tenant=tenant,
            waba_id=template.waba_id,
            name=template.name,
            language=template.language,
            category=template.category,
            status=template.status,
            rejected_reason=template.rejected_reason,
            quality=template.quality,
            updated_at=template.updated_at,
        )
        for template in templates
        if template.status != DELETED
    ]
