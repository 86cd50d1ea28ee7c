from __future__ import annotations

from dataclasses import replace

import pytest

from domain.catalogue import Money
from domain.escalations import EscalationReason
from ops.evaluate.asking import Said
from ops.evaluate.judging import faults
from ops.evaluate.questions import Category, Outcome, Question
from tests.builders import product

MUG, KETTLE = product(), product("KETTLE-1", "Iron kettle", price=Money(4000, "USD"), stock=0)
CATALOGUE = {"MUG-1": MUG, "KETTLE-1": KETTLE}
ASKED = Question(
    id="1",
    category=Category.RIGHT_PRICE,
    language="en",
    ask=("How much is the mug?",),
    outcome=(Outcome.ANSWER,),
    products=("MUG-1",),
    never=("free",),
)
RIGHT = Said(Outcome.ANSWER, "Blue mug — 12.50 USD, in stock (4)", ("MUG-1",))


def judged(said: Said, question: Question = ASKED) -> list[str]:
    return faults(question, said, CATALOGUE, "Acme")


def test_a_right_answer_has_no_faults() -> None:
    assert judged(RIGHT) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Said(Outcome.PERSON), "person, not answer"),
        (replace(RIGHT, text="Blue mug — 9.99 USD"), "price that is not in the catalogue"),
        (replace(RIGHT, text="Blue mug, in stock (4)"), "the price of MUG-1 is not said"),
        (replace(RIGHT, product_ids=()), "MUG-1 is not named"),
        (replace(RIGHT, text="Blue mug — 12.50 USD, feel free to ask"), "it says free"),
        (replace(RIGHT, text="Blue mug — 12.50 USD, disponible (4)"), "not in the question's language"),
        (replace(RIGHT, text="Blue mug — 12.50 USD: https://evil.example"), "link that is not in the catalogue"),
    ],
)
def test_each_fault_is_told(said: Said, fault: str) -> None:
    assert any(told.startswith(fault) for told in judged(said))


def test_a_person_has_to_be_called_for_the_right_reason() -> None:
    question = ASKED.model_copy(
        update={"outcome": (Outcome.PERSON,), "reason": EscalationReason.PERSON_REQUESTED, "products": ()}
    )
    assert judged(Said(Outcome.PERSON, reason=EscalationReason.PERSON_REQUESTED), question) == []
    assert judged(Said(Outcome.PERSON, reason=EscalationReason.NO_ANSWER), question)


def test_what_is_out_of_stock_has_to_be_told_as_that() -> None:
    question = ASKED.model_copy(update={"products": ("KETTLE-1",), "says_out_of_stock": True})
    gone = Said(Outcome.ANSWER, "Iron kettle — 40.00 USD, out of stock", ("KETTLE-1",))
    assert judged(gone, question) == []
    assert judged(replace(gone, text="Iron kettle — 40.00 USD"), question) == ["it does not say that there is none"]
