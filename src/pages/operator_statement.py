"""A statement as the operator reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.statements import Section, Statement, StatementLine
from pages.operator_words import dollars
from pages.visit import Visit


@dataclass(frozen=True, slots=True)
class ShownLine:
    item: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    tenant_id: str
    name: str
    month: str
    words: str
    closed: bool
    sections: Sequence[tuple[Section, Sequence[ShownLine]]]
    total: str
    unpriced: str


def statement_page(statement: Statement, visit: Visit) -> StatementPage:
    of = {section: [_shown(line, visit) for line in statement.lines if line.section is section] for section in Section}
    return StatementPage(
        tenant_id=statement.tenant.tenant_id,
        name=statement.tenant.name,
        month=statement.month,
        words=visit.formats.month(statement.month),
        closed=statement.closed,
        sections=[(section, lines) for section, lines in of.items() if lines],
        total=dollars(statement.amount_micro_usd, visit.formats),
        unpriced=", ".join(statement.unpriced),
    )


def _shown(line: StatementLine, visit: Visit) -> ShownLine:
    formats, priced = visit.formats, line.section in {Section.META, Section.MODEL}
    return ShownLine(
        item=line.item.replace("_", " "),
        quantity=formats.number(line.quantity),
        price=dollars(line.price_micro_usd, formats) if priced and line.item != "micro_usd" else "",
        amount=dollars(line.amount_micro_usd, formats) if line.section is Section.META or line.amount_micro_usd else "",
    )
