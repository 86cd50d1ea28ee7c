"""The products that a customer's words ask for, where that is sure: by their ids, or by what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.catalogue import Hit, Product, ProductId
from domain.languages import fold
from domain.late_patterns import LatePattern
from domain.named_ids import possible_ids, renamed, spellings
from domain.ports import CatalogueSearch
from domain.product_search import rank, words_asked_for
from domain.tenants import TenantId

_MOST_PRODUCTS = 3
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


@dataclass(frozen=True, slots=True)
class Asked:
    products: list[Product]
    choice: bool = False
    """Whether one thing was asked for, which each of them may be."""


def asked_products(tenant_id: TenantId, words: str, catalogue: CatalogueSearch) -> Asked:
    """Nothing where it is not sure. `words` of the whole burst."""
    return _Asking(tenant_id, catalogue, _named(tenant_id, words, catalogue)).of(words)


def _named(tenant_id: TenantId, words: str, catalogue: CatalogueSearch) -> dict[str, Product]:
    """The products whose ids stand in the words, by what is written there."""
    written = possible_ids(words)
    if len(written) > _MOST_IDS or _OF_A_PURCHASE.search(fold(words)):
        return {}
    found = {one: _product(tenant_id, one, catalogue) for one in written}
    return {one: product for one, product in found.items() if product is not None}


def _product(tenant_id: TenantId, written: str, catalogue: CatalogueSearch) -> Product | None:
    each = (catalogue.product(tenant_id, ProductId(spelling)) for spelling in spellings(written))
    return next((product for product in each if product is not None), None)


@dataclass(frozen=True, slots=True)
class _Asking:
    tenant_id: TenantId
    catalogue: CatalogueSearch
    named: dict[str, Product]

    def of(self, words: str) -> Asked:
        """What the whole burst asks for, unless each of its parts asks for something of its own."""
        whole = self._good(words, _MOST_PRODUCTS)
        parts = [part for part in _NEXT_QUESTION.split(words) if words_asked_for(part)]
        if len(parts) < 2 or (whole and whole[0].score >= _ALL_OF_IT):  # noqa: PLR2004 (one part is the whole)
            return self._one_thing(whole)
        chosen: list[Hit] = []
        for part in parts:
            hits = self._good(part, max(1, _MOST_PRODUCTS // len(parts)))
            if not hits:  # not a list of things; and of a long story, not each sentence is searched for
                return self._one_thing(whole)
            chosen += hits
        return Asked(list({hit.product.product_id: hit.product for hit in chosen}.values()))

    def _one_thing(self, hits: list[Hit]) -> Asked:
        return Asked([hit.product for hit in hits], choice=not self.named)

    def _good(self, question: str, limit: int) -> list[Hit]:
        if by_id := [one for one in possible_ids(question) if one in self.named]:
            return self._by_id(question, by_id)
        hits = self.catalogue.search(self.tenant_id, question, limit)
        return [hit for hit in hits if hit.score >= max(_SURE_ENOUGH, _AS_GOOD * hits[0].score)]

    def _by_id(self, question: str, written: list[str]) -> list[Hit]:
        """None of them where one is not what the rest of the question is about."""
        without_ids = dict.fromkeys(written, " ")
        if words_asked_for(renamed(question, without_ids)):
            for one in written:
                product = self.named[one]
                hits = rank([product], renamed(question, without_ids | {one: product.title}), 1)
                if not hits or hits[0].score < _SURE_ENOUGH:
                    return []
        products = {self.named[one].product_id: self.named[one] for one in written}
        return [Hit(product, 1.0) for product in products.values()]
