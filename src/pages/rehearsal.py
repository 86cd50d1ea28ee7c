"""A rehearsal on the page: what was said so far, and what is known of the newest answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.conversations import RecordedBecause
from domain.findings import FindingKind
from domain.model_use import FallbackReason, ModelUse
from domain.outbound import Content, List, ProductList, ReplyButtons, SingleProduct
from domain.rehearsals import Exchange, Rehearsed
from pages.translations import N_


@dataclass(frozen=True, slots=True)
class Rehearsal:
    talk: Sequence[Exchange] = ()
    newest: Rehearsed | None = None
    """Of the last exchange."""
    sealed: str = ""
    """The talk, as it goes with the next question."""
    question: str = ""
    """What was asked and not answered."""
    error: str = ""


NOTHING_SAID = Rehearsal()

_FORMS: Mapping[type, str] = {
    SingleProduct: N_("as a product of your catalogue on WhatsApp"),
    ProductList: N_("as a list of products of your catalogue on WhatsApp"),
    ReplyButtons: N_("with buttons to choose from"),
    List: N_("with a list to choose from"),
}

BECAUSE: Mapping[RecordedBecause, str] = {
    RecordedBecause.THANKS: N_("Thanks need no answer, and each message is charged."),
    RecordedBecause.NO_ANSWER_EXPECTED: N_("There is nothing to answer, and each message is charged."),
    RecordedBecause.OPTED_OUT: N_("It ends offers, and the customer gets a receipt."),
    RecordedBecause.OPTED_IN: N_("It brings offers back, and the customer gets a receipt."),
}

FINDINGS: Mapping[FindingKind, str] = {
    FindingKind.PRICE: N_("price"),
    FindingKind.STOCK: N_("stock"),
    FindingKind.LINK: N_("link"),
    FindingKind.PRODUCT: N_("product"),
}

_NOT_ASKED: Mapping[FallbackReason, str] = {
    FallbackReason.OVER_BUDGET: N_("The month's budget for the language model is spent, so it was not asked."),
    FallbackReason.UNPRICED: N_("What the language model costs is not known, so it was not asked."),
}
_NOT_USED = N_("The language model gave no answer that can be used (%(reason)s), so another was said.")
_USED = N_("%(model)s was asked: %(tokens)s tokens, which count towards the month.")
_NO_MODEL = N_("No language model was asked.")


def form_of(shown: Content | None) -> str:
    """Empty: as a text."""
    return _FORMS.get(type(shown), "")


def told_of_model(use: ModelUse | None) -> str:
    """With places for what stands in `ModelUse`."""
    if use is None:
        return _NO_MODEL
    if use.fallback is None:
        return _USED
    return _NOT_ASKED.get(use.fallback, _NOT_USED)
