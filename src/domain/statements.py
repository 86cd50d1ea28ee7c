"""A seller's monthly statement: every line is a counter of the month, so it equals what was metered."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.costs import PriceTable, charged, uncharged
from domain.inert_cells import inert
from domain.model_use import MODEL_MICRO_USD, MODEL_TOKENS_CACHED, MODEL_TOKENS_IN, MODEL_TOKENS_OUT, MODEL_TURNS
from domain.monthly_usage import MonthUsage
from domain.tenants import Tenant
from domain.usage import ANSWERS, CUSTOMERS, ESCALATIONS, FAILED, MESSAGES, REPLIES, SENDS


class Section(StrEnum):
    MESSAGES = "messages"
    """That customers sent."""
    REPLIES = "replies"
    META = "meta"
    """What Meta charges, by its pricing category."""
    FREE = "free"
    """What Meta does not charge, by its pricing category."""
    MODEL = "model"
    FAILED = "failed"
    """By Meta's code."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    section: Section
    item: str
    """A message type, a category, a code, or what is counted."""
    quantity: int
    price_micro_usd: int | None = None
    """Of one. None: it has no price, or none is known."""
    amount_micro_usd: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    tenant: Tenant
    month: str
    lines: Sequence[StatementLine]
    closed: bool
    """Whether the month is over. Meta's word on a message may come a few days late even then."""

    @property
    def amount_micro_usd(self) -> int:
        return sum(line.amount_micro_usd or 0 for line in self.lines)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Categories that Meta charges and for which no price is set: they are not in the amount."""
        return tuple(line.item for line in self.lines if line.section is Section.META and line.amount_micro_usd is None)


def statement_of(tenant: Tenant, usage: MonthUsage, prices: PriceTable, *, closed: bool) -> Statement:
    return Statement(tenant, usage.month, tuple(_lines(usage.counters, prices)), closed)


def _lines(counters: Mapping[str, int], prices: PriceTable) -> Iterator[StatementLine]:
    yield from _beginning_with(_OF_TYPE, Section.MESSAGES, counters)
    for section, name, prefix in _COUNTED:
        if name in counters:
            yield StatementLine(section, name.removeprefix(prefix), counters[name])
    for category, count in charged(counters).items():
        price = prices.meta.get(category)
        yield StatementLine(Section.META, category, count, price, None if price is None else price * count)
    for category, count in uncharged(counters).items():
        yield StatementLine(Section.FREE, category, count)
    if MODEL_MICRO_USD in counters:
        yield StatementLine(Section.MODEL, "micro_usd", counters[MODEL_MICRO_USD], 1, counters[MODEL_MICRO_USD])
    yield from _beginning_with(FAILED, Section.FAILED, counters)


def _beginning_with(prefix: str, section: Section, counters: Mapping[str, int]) -> Iterator[StatementLine]:
    for name in sorted(counters):
        if name.startswith(prefix):
            yield StatementLine(section, name.removeprefix(prefix), counters[name])


_OF_TYPE, _MODEL = f"{MESSAGES}_", "model_"
_COUNTED = (
    (Section.MESSAGES, CUSTOMERS, ""),
    (Section.REPLIES, REPLIES, ""),
    (Section.REPLIES, ANSWERS, ""),
    (Section.REPLIES, SENDS, ""),
    (Section.REPLIES, ESCALATIONS, ""),
    (Section.MODEL, MODEL_TURNS, _MODEL),
    (Section.MODEL, MODEL_TOKENS_IN, _MODEL),
    (Section.MODEL, MODEL_TOKENS_CACHED, _MODEL),
    (Section.MODEL, MODEL_TOKENS_OUT, _MODEL),
)

_HEADINGS = ("tenant_id", "name", "month", "section", "item", "quantity", "price_usd", "amount_usd")


def as_csv(statement: Statement) -> str:
    """RFC 4180, in UTF-8 with a byte order mark: else spreadsheets take names for another encoding."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_HEADINGS)
    tenant = statement.tenant
    for line in statement.lines:
        cells = (tenant.tenant_id, tenant.name, statement.month, line.section, line.item)
        amounts = (line.quantity, _dollars(line.price_micro_usd), _dollars(line.amount_micro_usd))
        writer.writerow([*map(inert, cells), *amounts])
    return f"\ufeff{file.getvalue()}"


def _dollars(micro_usd: int | None) -> str:
    """To the last millionth: what is summed must not have been rounded."""
    return "" if micro_usd is None else f"{micro_usd // 1_000_000}.{micro_usd % 1_000_000:06d}"
