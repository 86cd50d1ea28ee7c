"""Use cases: what Meta tells of templates enters the catalogue, by a webhook or because we asked for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from domain.errors import ContentionError
from domain.ports import AccountTemplates, TemplateCatalogue
from domain.templates import DELETED, MessageTemplate, TemplateNews, merged, time_of_reading
from domain.tenants import TenantId, WhatsAppNumber

_TRIES = 5


class LearnPorts(Protocol):
    @property
    def templates(self) -> TemplateCatalogue: ...


def learn(news: TemplateNews, tenant_id: TenantId, *, ports: LearnPorts) -> bool:
    """Whether it was news: what is older than what is known changes nothing."""
    for _ in range(_TRIES):
        known = ports.templates.find(tenant_id, news.waba_id, news.name, news.language)
        template = merged(known, news)
        if template == known:
            return False
        if ports.templates.save(tenant_id, known, template):
            return True
    raise ContentionError("other news of the same template kept arriving")


@dataclass(frozen=True, slots=True)
class SyncPorts:
    account: AccountTemplates
    templates: TemplateCatalogue


@dataclass(slots=True)
class Synced:
    """What a reading of one account came to: templates by name and language."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def sync_templates(
    number: WhatsAppNumber, *, clock: Callable[[], datetime], ports: SyncPorts, dry_run: bool = False
) -> Synced:
    """Makes the catalogue say what Meta says of the number's account; safe to run again, and beside webhooks.

    Nothing is written until Meta has told all of it: a list that broke off removes nothing. Raises
    `ServiceUnavailableError` and `AccountRefusedError`.
    """
    tenant_id = number.tenant.tenant_id
    at = time_of_reading(clock())
    listed = ports.account.read(number, at)
    known = {_key(one): one for one in ports.templates.of_account(tenant_id, number.waba_id)}
    synced = Synced()
    for news in listed:
        before = known.pop(_key(news), None)
        _sort_in(before, merged(before, news), synced)
        if not dry_run:
            learn(news, tenant_id, ports=ports)
    for gone in known.values():
        news = TemplateNews(gone.waba_id, gone.name, gone.language, at, status=DELETED)
        if gone.status == DELETED or merged(gone, news).status != DELETED:
            continue  # gone before; or a webhook has told of it since Meta was asked
        synced.removed.append(_label(gone))
        if not dry_run:
            learn(news, tenant_id, ports=ports)
    return synced


def _key(one: MessageTemplate | TemplateNews) -> tuple[str, str]:
    return one.name, one.language


def _label(one: MessageTemplate) -> str:
    return f"{one.name} ({one.language})"


def _sort_in(before: MessageTemplate | None, after: MessageTemplate, synced: Synced) -> None:
    if before is None or (before.status == DELETED and after.status != DELETED):
        synced.new.append(_label(after))
    elif replace(before, told_at=after.told_at) == after:
        synced.unchanged.append(_label(after))
    else:
        synced.changed.append(_label(after))
