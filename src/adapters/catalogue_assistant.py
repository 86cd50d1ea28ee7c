"""The assistant that needs no model: language by detection, intent by rules, answers from search and templates."""

from __future__ import annotations

from domain import wording
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.catalogue import Product, ProductId, words_asked_for
from domain.conversations import RecordedBecause
from domain.languages import fold
from domain.ports import CatalogueSearch

_MOST_PRODUCTS = 3
_SURE_ENOUGH = 0.55
"""Share of the question that the best product must meet: below it, the answer would be a guess."""
_AS_GOOD = 0.85
"""Share of the best product's score from which others are named beside it."""

_GREETINGS = frozenset(
    "hi hello hey good morning afternoon evening day there hola buenos buenas dias tardes noches que tal ola oi bom boa dia "
    "tarde noite bonjour bonsoir salut coucou hallo guten morgen tag abend moin servus مرحبا اهلا السلام عليكم صباح مساء "
    "الخير".split()
)
_THANKS = frozenset(
    "thanks thank you so much very great perfect ok okay gracias muchas mil perfecto vale genial obrigado obrigada muito "
    "perfeito otimo merci beaucoup parfait super danke vielen dank schon toll شكرا جزيلا تمام ممتاز".split()
)
_OF_THANKING = frozenset("thanks thank gracias obrigado obrigada merci danke dank شكرا".split())


class CatalogueAssistant:
    def __init__(self, catalogue: CatalogueSearch) -> None:
        self._catalogue = catalogue

    def answer(self, turn: Turn) -> Draft:
        referred = self._referred(turn)
        if referred:
            return _about(referred, turn.language)
        words = fold(turn.words).split()
        if not words:
            return CallPerson()
        if set(words) <= _GREETINGS:
            return Answer(wording.say(wording.GREETING, turn.language).format(name=turn.tenant.name))
        if set(words) <= _THANKS and _OF_THANKING & set(words):
            return NoReply(RecordedBecause.THANKS)
        found = self._search(turn)
        return _about(found, turn.language) if found else CallPerson()

    def _referred(self, turn: Turn) -> list[Product]:
        """The very products that the customer asks about from the catalogue in the chat."""
        asked = dict.fromkeys(message.referred_product_id for message in turn.burst)
        found = [
            self._catalogue.product(turn.tenant.tenant_id, ProductId(product_id)) for product_id in asked if product_id
        ]
        return [product for product in found if product is not None]

    def _search(self, turn: Turn) -> list[Product]:
        """What the whole burst asks for; failing that, what its messages ask for one by one."""
        asked = [turn.words, *(message.words for message in turn.burst if words_asked_for(message.words))]
        for question in asked if len(asked) > 2 else asked[:1]:  # noqa: PLR2004 (a burst of one is its own whole)
            hits = self._catalogue.search(turn.tenant.tenant_id, question, _MOST_PRODUCTS)
            good = [hit for hit in hits if hit.score >= max(_SURE_ENOUGH, _AS_GOOD * hits[0].score)]
            if good:
                return [hit.product for hit in good]
        return []


def _about(products: list[Product], language: str) -> Answer:
    lines = [wording.product_line(product, language) for product in products]
    return Answer("\n".join(lines), tuple(product.product_id for product in products))
