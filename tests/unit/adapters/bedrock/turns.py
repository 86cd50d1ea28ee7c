"""Turns of two shops, one of which must never see the other's goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.assistant_settings import AssistantSettings
from domain.assistants import Turn
from domain.catalogue import EVERYTHING, Hit, Money, Product, ProductId, SearchFilter
from domain.conversations import ThreadMessage
from domain.messages import MessageId, Position
from domain.replies import Reply
from domain.tenants import TenantId
from tests import builders
from tests.builders import ACME, GLOBEX
from tests.fakes.assistant import FakeCatalogueSearch

MODEL = "eu.amazon.nova-lite-v1:0"

MUG = Product(
    ProductId("MUG-1"),
    "Blue Stoneware Mug",
    Money(1250, "USD"),
    description="A mug of stoneware, dishwasher safe.",
    category="Kitchen > Mugs",
    link="https://shop.acme.example/p/mug-1",
    stock=4,
)
CHEAP_MUG = Product(ProductId("MUG-2"), "Blue Enamel Mug", Money(600, "USD"), category="Kitchen > Mugs", stock=0)
THEIRS = Product(ProductId("MUG-9"), "Blue Secret Mug", Money(99, "EUR"), link="https://globex.example/9")
CATALOGUES = {ACME: [MUG, CHEAP_MUG], GLOBEX: [THEIRS]}


def catalogue() -> FakeCatalogueSearch:
    return FakeCatalogueSearch({tenant_id: list(products) for tenant_id, products in CATALOGUES.items()})


@dataclass
class AskedCatalogue:
    """Remembers for whom it was asked."""

    tenants: list[TenantId] = field(default_factory=list)
    inner: FakeCatalogueSearch = field(default_factory=catalogue)

    def search(self, tenant_id: TenantId, question: str, limit: int, only: SearchFilter = EVERYTHING) -> list[Hit]:
        self.tenants.append(tenant_id)
        return self.inner.search(tenant_id, question, limit, only)

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        self.tenants.append(tenant_id)
        return self.inner.product(tenant_id, product_id)

    def whole(self, tenant_id: TenantId) -> list[Product] | None:
        self.tenants.append(tenant_id)
        return self.inner.whole(tenant_id)


@dataclass
class Clock:
    """Stands, unless a test moves it."""

    now: datetime = builders.NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def said(words: str, index: int = 0, *, referred: str | None = None, **changes: Any) -> ThreadMessage:
    kind = changes.pop("type", "text")
    return ThreadMessage(
        MessageId(f"wamid.{index}"),
        Position(f"{index:04}"),
        kind,
        words,
        builders.after(seconds=index),
        builders.ANSWER,
        referred,
        **changes,
    )


def turn(
    *burst: ThreadMessage | str,
    history: Sequence[ThreadMessage | Reply] = (),
    language: str = "en",
    settings: AssistantSettings | None = None,
    **changes: Any,
) -> Turn:
    messages = tuple(said(one, 9000 + index) if isinstance(one, str) else one for index, one in enumerate(burst))
    tenant = builders.tenant(ACME, name="Acme Mugs", assistant=settings or AssistantSettings())
    return Turn(tenant, language, messages, (*history, *messages), **changes)
