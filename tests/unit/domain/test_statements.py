from __future__ import annotations

import csv
import io

import pytest

from domain.costs import PriceTable, costs_of
from domain.inert_cells import inert
from domain.monthly_usage import MonthUsage
from domain.statements import Section, StatementLine, as_csv, statement_of
from tests.builders import MONTH, tenant

COUNTERS = {
    "messages": 12,
    "messages_text": 10,
    "messages_image": 2,
    "customers": 3,
    "replies": 9,
    "answers": 8,
    "escalations": 1,
    "billable_service": 9,
    "billable_marketing": 4,
    "free_service": 5,
    "free_utility": 0,
    "model_turns": 8,
    "model_tokens_in": 900,
    "model_tokens_out": 120,
    "model_micro_usd": 77,
    "failed_131026": 2,
}
PRICES = PriceTable(meta={"service": 4_000})


def test_every_counter_is_a_line_and_no_line_is_anything_else() -> None:
    lines = statement_of(tenant(), MonthUsage(MONTH, COUNTERS), PRICES, closed=True).lines
    of = {section: {line.item: line.quantity for line in lines if line.section is section} for section in Section}
    assert of == {
        Section.MESSAGES: {"text": 10, "image": 2, "customers": 3},
        Section.REPLIES: {"replies": 9, "answers": 8, "escalations": 1},
        Section.META: {"service": 9, "marketing": 4},
        Section.FREE: {"service": 5},
        Section.MODEL: {"turns": 8, "tokens_in": 900, "tokens_out": 120, "micro_usd": 77},
        Section.FAILED: {"131026": 2},
    }


def test_what_has_a_price_has_an_amount_and_what_has_none_is_said_to_have_none() -> None:
    statement = statement_of(tenant(), MonthUsage(MONTH, COUNTERS), PRICES, closed=True)
    assert StatementLine(Section.META, "service", 9, 4_000, 36_000) in statement.lines
    assert StatementLine(Section.META, "marketing", 4) in statement.lines
    assert statement.unpriced == ("marketing",)
    assert statement.amount_micro_usd == 36_077


def test_a_month_from_before_the_free_were_counted_has_none() -> None:
    old = {name: count for name, count in COUNTERS.items() if not name.startswith("free_")}
    statement = statement_of(tenant(), MonthUsage(MONTH, old), PRICES, closed=True)
    assert {line.section for line in statement.lines} == set(Section) - {Section.FREE}
    assert (
        statement.amount_micro_usd
        == statement_of(tenant(), MonthUsage(MONTH, COUNTERS), PRICES, closed=True).amount_micro_usd
    )


def test_costs_are_metas_the_models_and_an_estimate_for_aws() -> None:
    costs = costs_of(COUNTERS, PriceTable({"service": 4_000, "marketing": 50_000}, aws_message=10, aws_send=20))
    assert costs.meta == {"service": 36_000, "marketing": 200_000}
    assert (costs.model, costs.aws, costs.unpriced) == (77, 12 * 10 + 9 * 20, ())
    assert costs.known == 236_377
    assert costs_of(COUNTERS, PRICES).unpriced == ("marketing",)


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_file_is_a_formula(beginning: str) -> None:
    evil = f'{beginning}HYPERLINK("https://evil.example")'
    assert inert(evil) == f"'{evil}"
    statement = statement_of(tenant(name=evil), MonthUsage(MONTH, {f"messages_{evil}": 1}), PRICES, closed=True)
    [_, row] = csv.reader(io.StringIO(as_csv(statement).removeprefix("\ufeff"), newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_the_file_says_what_the_statement_says() -> None:
    statement = statement_of(tenant(), MonthUsage(MONTH, COUNTERS), PRICES, closed=True)
    rows = list(csv.DictReader(io.StringIO(as_csv(statement).removeprefix("\ufeff"), newline="")))
    assert [(row["item"], int(row["quantity"])) for row in rows] == [
        (line.item, line.quantity) for line in statement.lines
    ]
    assert {(row["tenant_id"], row["name"], row["month"]) for row in rows} == {("acme", "Acme", MONTH)}
    assert next(row["amount_usd"] for row in rows if row["item"] == "service") == "0.036000"
