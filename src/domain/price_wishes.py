"""What a question wants of the price: a bound, the cheapest, the most expensive.

What may be something else is none: a number without a currency that counts or measures, "not under 20", "algo más
barato", which asks for something cheaper and not for the cheapest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from domain import price_phrases as phrases
from domain.catalogue import SearchFilter, minor_digits
from domain.languages import fold
from domain.number_words import value_of
from domain.plain_text import plain
from domain.product_search import words_asked_for
from domain.said_prices import SaidPrice, amount_at


class Extreme(StrEnum):
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


_SUPERLATIVES = {Extreme.CHEAPEST: phrases.CHEAPEST, Extreme.DEAREST: phrases.DEAREST}


_MOST = 10**12
"""Of whatever currency: beyond that, nobody asks for a price."""
_LOOKED_BACK = 50
"""Characters in which a negation is looked for."""


@dataclass(frozen=True, slots=True)
class _Bound:
    start: int
    end: int
    amount: SaidPrice
    is_least: bool = False
    itself: bool = True
    """Whether what costs just so much is meant, too."""

    def minor(self, currency: str) -> int | None:
        """In whole minor units; None where it is in another currency, or may be two amounts."""
        if self.amount.currencies is not None and currency not in self.amount.currencies:
            return None
        digits = minor_digits(currency)
        # "1.299" with three decimals is no price in cents.
        amounts = [amount for amount in self.amount.amounts if len(str(amount).partition(".")[2]) <= digits]
        return int(amounts[0].scaleb(digits)) if len(amounts) == 1 and amounts[0] <= _MOST else None


@dataclass(frozen=True, slots=True)
class PriceWish:
    rest: str
    """What else the question says."""
    extreme: Extreme | None
    of_anything: bool
    """Whether it is of whatever there is, where the rest names nothing. "Is it under $20?" is not."""
    bounds: tuple[_Bound, ...]

    def within(self, currency: str) -> SearchFilter | None:
        """None where it is not sure what that is in this currency."""
        least = most = None
        for bound in self.bounds:
            minor = bound.minor(currency)
            if minor is None:
                return None
            if bound.is_least:
                least = minor if bound.itself else minor + 1
            else:
                most = minor if bound.itself else minor - 1
        return SearchFilter(least_minor=least, most_minor=most)


def price_wish(question: str) -> PriceWish | None:
    """None where there is none, or more than can be told apart."""
    text = plain(question)
    bounds = tuple(_bounds(text))
    for bound in bounds:
        text = _without(text, bound.start, bound.end)
    extremes = [(extreme, match) for extreme, pattern in _SUPERLATIVES.items() for match in pattern.finditer(text)]
    if not (bounds or extremes) or len(extremes) > 1 or len({bound.is_least for bound in bounds}) < len(bounds):
        return None
    for _, match in extremes:
        if _is_turned_round(text, match.start()):
            return None
        text = _without(text, *match.span(match.lastgroup or 0))
    rest = phrases.IN_THE_SHOP.sub(" ", phrases.ALL_OF_THEM.sub(" ", text))
    return PriceWish(
        rest, extremes[0][0] if extremes else None, _is_of_anything(fold(question), bool(extremes)), bounds
    )


def _is_of_anything(folded: str, is_superlative: bool) -> bool:
    points_back = phrases.POINTS_BACK.search(folded) or (not is_superlative and phrases.THE_ONE_THING.search(folded))
    return phrases.ANYTHING.search(folded) is not None and not points_back


def _is_turned_round(text: str, start: int) -> bool:
    return phrases.TURNED_ROUND.search(text, max(0, start - _LOOKED_BACK), start) is not None


def _without(text: str, start: int, end: int) -> str:
    """The others stay where they are."""
    return text[:start] + " " * (end - start) + text[end:]


def _bounds(text: str) -> Iterator[_Bound]:
    if not any(map(str.isdigit, text)) and value_of(text) is None:
        return  # most questions name no number, and the phrases before one take milliseconds to compile
    end = 0
    for phrase in phrases.BEFORE_AN_AMOUNT.finditer(text):
        if phrase.start() < end or _is_turned_round(text, phrase.start()):
            continue
        for bound in _bound(text, phrase.lastgroup or "", phrase.start(), phrase.end()):
            yield bound
            end = bound.end
    if phrases.OR_LESS.search(text, end):
        yield from _or_less(text, end)


def _bound(text: str, kind: str, start: int, end: int) -> Iterator[_Bound]:
    amount = amount_at(text, end)
    if amount is None:
        return
    if kind in {"between", "from"}:
        yield from _two_ends(text, start, amount, may_be_bare=kind == "between")
    elif amount.currencies is not None or (kind != "at_least" and _is_bare(text, amount.end)):
        is_least = kind in {"above", "at_least"}
        yield _Bound(start, amount.end, amount, is_least, itself=kind.startswith("at_"))


def _two_ends(text: str, start: int, least: SaidPrice, *, may_be_bare: bool) -> Iterator[_Bound]:
    """The currency of one is that of both."""
    joined = phrases.TO.match(text, least.end)
    most = amount_at(text, joined.end()) if joined else None
    if most is None:
        return
    if least.currencies is None and most.currencies is None and not (may_be_bare and _is_bare(text, most.end)):
        return
    yield _Bound(start, most.end, _in(least, most.currencies), is_least=True)
    yield _Bound(start, most.end, _in(most, least.currencies))


def _in(amount: SaidPrice, currencies: frozenset[str] | None) -> SaidPrice:
    return amount if amount.currencies is not None else replace(amount, currencies=currencies)


def _or_less(text: str, start: int) -> Iterator[_Bound]:
    for begin in phrases.AMOUNT_BEGINS.finditer(text):
        amount = amount_at(text, begin.start()) if begin.start() >= start else None
        behind = phrases.OR_LESS.match(text, amount.end) if amount else None
        if amount and behind and amount.currencies is not None:
            yield _Bound(begin.start(), behind.end(), amount)


def _is_bare(text: str, end: int) -> bool:
    """Whether the number counts nothing: no word stands behind it, or one that names nothing."""
    word = phrases.NEXT_WORD.match(text, end)
    return word is None or not words_asked_for(word[1])
