"""A tenant's products, and the small search over them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import NewType

from domain.languages import fold

ProductId = NewType("ProductId", str)
"""Meta's `product_retailer_id`: the seller's own number of the article."""

# ISO 4217: currencies whose minor unit is not a hundredth.
_MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    """Whole minor units (cents), so that no price is ever rounded."""
    currency: str
    """ISO 4217."""

    def __str__(self) -> str:
        return f"{Decimal(self.minor).scaleb(-minor_digits(self.currency)):f} {self.currency}"


def minor_digits(currency: str) -> int:
    return _MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Product:
    product_id: ProductId
    title: str
    price: Money
    description: str = ""
    category: str = ""
    link: str = ""
    language: str = ""
    available: bool = True
    stock: int | None = None
    """Pieces at hand; None where the seller does not count them."""
    active: bool = True

    @property
    def in_stock(self) -> bool:
        return self.available and self.stock != 0


@dataclass(frozen=True, slots=True)
class Hit:
    product: Product
    score: float
    """Share of what was asked for that this product meets, by weight: 0 to 1."""


# Words that ask, and say nothing of what is asked for. Folded (see `languages.fold`).
_ASKING = frozenset(
    """
    a an the this that these those it is are was do does did have has had you your i we my me us of for in on at to and or
    with any some one what which where when who how much many price cost costs stock available availability there still can
    could would like want need buy order get please show tell about more info information hi hello hey good morning
    afternoon evening thanks thank ok yes no sell looking if so be will know let
    el la los las un una unos unas es son esta este estos estas esto hay tiene tienen tienes teneis que cual cuales cuanto
    cuantos cuesta cuestan sale salen vale valen precio precios de del en con para por y o mi me lo les se puedo quiero quisiera
    necesito comprar favor hola buenos buenas dias tardes noches gracias disponible disponibles stock algun alguna si queda
    quedan todavia
    o os as um uma voce voces tem quanto quantos custa custam preco da do das dos em no na com por favor ola oi bom boa dia
    tarde eu quero gostaria preciso ainda
    le les des du ce cette ces est sont avez vous combien coute coutent prix quel quelle pour avec et ou je voudrais veux
    bonjour bonsoir salut merci encore s il plait y a t
    der die das den dem ein eine einen ist sind haben habt sie ihr wie viel viele kostet kosten preis von fur im mit und oder
    ich mochte will brauche hallo guten morgen tag danke noch bitte gibt es auf lager
    هل كم سعر عندكم لديكم هذا هذه في من على مرحبا السلام عليكم
    """.split()
)

_CLOSE_SPELLING = 0.8
_SHORT_WORD = 4
_TITLE, _ELSEWHERE = 1.0, 0.6


def words_asked_for(question: str) -> tuple[str, ...]:
    """The words of a question that can name a product, folded, each once, in order."""
    return tuple(dict.fromkeys(word for word in fold(question).split() if word not in _ASKING))


def _likeness(word: str, candidates: Iterable[str]) -> float:
    """How well the best of `candidates` matches: 1 the word itself, less for an inflection or a typing error, else 0."""
    best = 0.0
    for candidate in candidates:
        if candidate == word:
            return 1.0
        if word in _plurals(candidate) or candidate in _plurals(word):
            best = max(best, 0.9)
        if len(word) < _SHORT_WORD or len(candidate) < _SHORT_WORD:
            continue
        if candidate.startswith(word) or word.startswith(candidate):
            best = max(best, 0.9)
        elif abs(len(candidate) - len(word)) <= 2 and (candidate[0] == word[0] or candidate[-1] == word[-1]):  # noqa: PLR2004 (two letters more or less are a typing error, three another word)
            ratio = SequenceMatcher(None, word, candidate).ratio()
            best = max(best, ratio if ratio >= _CLOSE_SPELLING else 0.0)
    return best


def _plurals(word: str) -> tuple[str, ...]:
    """As most of our languages form them; of one or two letters, none is a thing."""
    return (f"{word}s", f"{word}es") if len(word) > 2 else ()  # noqa: PLR2004 (see the docstring)


def rank(products: Sequence[Product], question: str, limit: int) -> list[Hit]:
    """The products that a question names best first; rare words weigh more. Tolerates typing errors and inflections."""
    asked = words_asked_for(question)
    if not asked:
        return []
    indexed = [
        (product, set(fold(product.title).split()), set(fold(f"{product.description} {product.category}").split()))
        for product in products
    ]
    matches = [
        (
            product,
            [max(_TITLE * _likeness(word, title), _ELSEWHERE * _likeness(word, rest)) for word in asked],
            len(title),
        )
        for product, title, rest in indexed
    ]
    found_in = [sum(1 for _, scores, _ in matches if scores[i]) for i in range(len(asked))]
    weights = [math.log(1 + len(products) / (count or 0.5)) for count in found_in]
    ranked = sorted(
        (
            (sum(weight * score for weight, score in zip(weights, scores, strict=True)) / sum(weights), -size, product)
            for product, scores, size in matches
            if any(scores)
        ),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    return [Hit(product, score) for score, _, product in ranked[:limit]]
