"""The products that a customer's words ask for, where that is sure: by id, by what they are called, by price."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.catalogue import EVERYTHING, Hit, Product, ProductId, SearchFilter
from domain.languages import fold
from domain.late_patterns import LatePattern
from domain.named_ids import possible_ids, renamed, spellings
from domain.ports import CatalogueSearch
from domain.price_wishes import Extreme, PriceWish, price_wish
from domain.product_search import is_of_category, rank, tells_of, words_asked_for
from domain.tenants import TenantId

_MOST_PRODUCTS = 3
_MOST_LISTED = 5
"""Of what a price is asked for: one who looks about may choose among more."""
_MOST_IDS = 5
"""In one burst: each is looked up, and who writes more of them has pasted something."""
_SURE_ENOUGH = 0.55
"""Share of the question that the best product must meet: below it, the answer would be a guess."""
_AS_GOOD = 0.85
"""Share of the best product's score from which others are named beside it."""

_ALL_OF_IT = 0.85
"""From here on, the best product is what the whole question names: "oat and cranberry biscuits" are one thing."""
_NEXT_QUESTION = re.compile(r"[\n,;?؟&+]|(?<!\d)/|/(?!\d)| (?:and|y|e|et|und) | و ?", re.IGNORECASE)

# Words that ask for a product, too, and beside a number tell of one that was bought, or of an order. Folded; the others
# that do name no product, so that nothing is sure beside them.
_OF_A_PURCHASE = LatePattern(
    r"(?<!\w)(?:my|mi|where|when|(?<!to )(?<!i )(?<!we )order|(?<!can )(?<!could )(?<!may )i (?:got|have|had|ve))(?!\w)"
)
_CALLED_AN_ID = LatePattern(r"(?i)(?<!\w)(?:sku|ref|number|code|id|c[oó]digo|clave|n[uú]mero|nummer)(?!\w)")


@dataclass(frozen=True, slots=True)
class Asked:
    products: list[Product]
    choice: bool = False
    """Whether one thing was asked for, which each of them may be."""
    more: bool = False
    """Whether these are not all."""


def asked_products(tenant_id: TenantId, words: str, catalogue: CatalogueSearch) -> Asked:
    """No products where it is not sure. `words` of the whole burst."""
    if _OF_A_PURCHASE.search(fold(words)):
        return _Asking(tenant_id, catalogue, {}).of(words)
    asking = _Asking(tenant_id, catalogue, _named(tenant_id, words, catalogue))
    wish = price_wish(words)
    return asking.of_price(wish) if wish else asking.of(words)


def _named(tenant_id: TenantId, words: str, catalogue: CatalogueSearch) -> dict[str, Product]:
    """The products whose ids stand in the words, by what is written there, case-folded."""
    written = possible_ids(words)
    if len(written) > _MOST_IDS:
        return {}
    found = {one: _product(tenant_id, one, catalogue) for one in written}
    return {one.casefold(): product for one, product in found.items() if product is not None}


def _product(tenant_id: TenantId, written: str, catalogue: CatalogueSearch) -> Product | None:
    each = (catalogue.product(tenant_id, ProductId(spelling)) for spelling in spellings(written))
    return next((product for product in each if product is not None), None)


@dataclass(frozen=True, slots=True)
class _Asking:
    tenant_id: TenantId
    catalogue: CatalogueSearch
    named: dict[str, Product]

    def of(self, words: str, only: SearchFilter = EVERYTHING, most: int = _MOST_PRODUCTS) -> Asked:
        """What the whole burst asks for, unless each of its parts asks for something of its own."""
        whole = self._good(words, most, only)
        parts = [part for part in _NEXT_QUESTION.split(words) if words_asked_for(part)]
        if len(parts) < 2 or (whole and whole[0].score >= _ALL_OF_IT):  # noqa: PLR2004 (one part is the whole)
            return self._one_thing(whole)
        chosen: list[Hit] = []
        for part in parts:
            hits = self._good(part, max(1, most // len(parts)), only)
            if not hits:  # not a list of things; and of a long story, not each sentence is searched for
                return self._one_thing(whole)
            chosen += hits
        return Asked(list({hit.product.product_id: hit.product for hit in chosen}.values()))

    def of_price(self, wish: PriceWish) -> Asked:
        whole = self.catalogue.whole(self.tenant_id)
        return self._in_a_large_one(wish) if whole is None else self._in_the_whole(wish, whole)

    def _in_the_whole(self, wish: PriceWish, whole: list[Product]) -> Asked:
        only = _within(wish, whole)
        if only is None:
            return _NOTHING
        meant = self._meant(wish, whole)
        found = [one for one in meant if only.admits(one)]
        if wish.extreme is None:
            return _listed(found, choice=True)
        others = [one for one in whole if one not in meant and only.admits(one) and tells_of(one, wish.rest)]
        return Asked(_by_price(found, others, wish.extreme)[:_MOST_PRODUCTS])

    def _meant(self, wish: PriceWish, whole: list[Product]) -> list[Product]:
        if not words_asked_for(wish.rest):
            return whole if wish.of_anything else []
        if wish.extreme:
            named = [hit.product for hit in self._good(wish.rest, len(whole), EVERYTHING)]
        else:
            named = self.of(wish.rest, most=len(whole)).products
        return [one for one in whole if one in named or is_of_category(one, wish.rest)]

    def _in_a_large_one(self, wish: PriceWish) -> Asked:
        """Of some products, nobody knows which is the cheapest, nor which of all to tell of."""
        if wish.extreme or not words_asked_for(wish.rest):
            return _NOTHING
        only = _within(wish, self.of(wish.rest).products)
        if only is None:
            return _NOTHING
        found = self.of(wish.rest, only, _MOST_LISTED + 1)
        return _listed(found.products, choice=found.choice) if _within(wish, found.products) else _NOTHING

    def _one_thing(self, hits: list[Hit]) -> Asked:
        return Asked([hit.product for hit in hits], choice=not self.named)

    def _good(self, question: str, limit: int, only: SearchFilter) -> list[Hit]:
        if by_id := [one for one in map(str.casefold, possible_ids(question)) if one in self.named]:
            return [hit for hit in self._by_id(question, by_id) if only.admits(hit.product)]
        hits = self.catalogue.search(self.tenant_id, question, limit, only)
        return [hit for hit in hits if hit.score >= max(_SURE_ENOUGH, _AS_GOOD * hits[0].score)]

    def _by_id(self, question: str, written: list[str]) -> list[Hit]:
        """None of them where one is not what the rest of the question is about."""
        question = _CALLED_AN_ID.sub(" ", question)
        without_ids = dict.fromkeys(written, " ")
        if words_asked_for(renamed(question, without_ids)):
            for one in written:
                product = self.named[one]
                hits = rank([product], renamed(question, without_ids | {one: product.title}), 1)
                if not hits or hits[0].score < _SURE_ENOUGH:
                    return []
        products = {self.named[one].product_id: self.named[one] for one in written}
        return [Hit(product, 1.0) for product in products.values()]


_NOTHING = Asked([])


def _within(wish: PriceWish, products: list[Product]) -> SearchFilter | None:
    """None where they have no price in common with it, or none with each other."""
    currencies = {product.price.currency for product in products}
    return wish.within(currencies.pop()) if len(currencies) == 1 else None


def _listed(products: list[Product], *, choice: bool) -> Asked:
    listed = sorted(products, key=lambda product: (not product.in_stock, product.price.minor))
    return Asked(listed[:_MOST_LISTED], choice, more=len(listed) > _MOST_LISTED)


def _by_price(found: list[Product], others: list[Product], extreme: Extreme) -> list[Product]:
    """None of them where one of the others, which may be meant as well, would stand first."""
    sign = 1 if extreme is Extreme.CHEAPEST else -1
    ordered = sorted(found, key=lambda product: sign * product.price.minor)
    if ordered and any(sign * one.price.minor < sign * ordered[0].price.minor for one in others):
        return []
    return ordered
