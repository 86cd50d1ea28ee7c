"""Whether what was said to a question is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from domain.catalogue import Product, minor_digits
from domain.grounding import Evidence, ungrounded
from domain.languages import LANGUAGES, detect_language
from domain.plain_text import plain
from domain.said_stock import Stock, said_stock
from domain.wording import stock_words
from ops.evaluate.asking import Said
from ops.evaluate.questions import Outcome, Question


def faults(question: Question, said: Said, catalogue: Mapping[str, Product], shop: str) -> list[str]:
    """What is wrong with it, in words; empty where nothing is."""
    return list(_faults(question, said, catalogue, shop))


def _faults(question: Question, said: Said, catalogue: Mapping[str, Product], shop: str) -> Iterator[str]:
    if said.outcome not in question.outcome:
        yield f"{said.outcome}, not {' or '.join(question.outcome)}"
        return
    if question.reason and said.reason is not question.reason:
        yield f"a person is called for {said.reason}, not {question.reason}"
    if said.outcome is Outcome.ANSWER:
        yield from _faults_of_text(question, said, catalogue, shop)


def _faults_of_text(question: Question, said: Said, catalogue: Mapping[str, Product], shop: str) -> Iterator[str]:
    # The whole catalogue is the evidence: whatever guard there was before, this one is the judge's own.
    for finding in ungrounded(said.text, Evidence(list(catalogue.values()), own_names=(shop,))):
        yield f"{finding.kind} that is not in the catalogue: {finding.said}"
    for product_id in question.products:
        if product_id not in said.product_ids:
            yield f"{product_id} is not named"
        elif not _has_price(said.text, catalogue[product_id]):
            yield f"the price of {product_id} is not said"
    for phrase in question.never:
        if plain(phrase) in plain(said.text):
            yield f"it says {phrase}"
    gone = any(one.stock is Stock.OUT for line in plain(said.text).splitlines() for one in said_stock(line))
    if question.says_out_of_stock and not gone:
        yield "it does not say that there is none"
    if question.products and not _is_in(question.language, said.text, catalogue):
        yield f"not in the question's language ({question.language})"


def _has_price(text: str, product: Product) -> bool:
    digits = minor_digits(product.price.currency)
    amount = f"{product.price.minor / 10**digits:.{digits}f}"
    return amount in text or amount.replace(".", ",") in text


def _is_in(language: str, text: str, catalogue: Mapping[str, Product]) -> bool:
    """Titles are in the seller's language, whatever the customer's is."""
    for product in catalogue.values():
        text = text.replace(product.title, " ")
    stated_in = [one for one in LANGUAGES if any(_stands_in(words, text) for words in stock_words(one))]
    return language in stated_in if stated_in else detect_language(text, language) == language


def _stands_in(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None
