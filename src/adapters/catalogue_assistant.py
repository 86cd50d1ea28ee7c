"""The assistant that needs no model: language by detection, intent by rules, answers from search and templates."""

from __future__ import annotations

import re

from adapters.asked_products import asked_products
from domain import wording
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.catalogue import Product, ProductId
from domain.conversations import RecordedBecause
from domain.courtesies import thanks
from domain.languages import fold
from domain.media import MediaKind
from domain.ports import CatalogueSearch

# What the catalogue's titles, prices and stock do not answer: sending, hours and place, paying, returns and warranty,
# care and use. Folded; a star stands for any ending. To add a language, add its line.
_NOT_IN_THE_CATALOGUE = {
    "en": "ship* deliver* courier freight postage customs pickup track* hours opening open opens close* closing address located "
    "location pay* paypal card cards visa mastercard installment* instalment* cash invoice* discount* coupon* wholesale warrant* "
    "guarantee* return* exchange* refund* dishwasher* microwave* induction wash* clean* care safe gas* ingredient* allerg* vegan gluten sugar caffeine",
    "es": "envio* enviar* envian envias entrega* domicilio paqueteria horario* hora horas abren abre abierto* cierran cierra direccion "
    "ubicacion ubicad* pago* pagar* tarjeta* transferencia* efectivo meses factura* descuento* cupon* mayoreo garantia* devolucion* "
    "devolver* cambio* reembols* lavavajillas lavaplatos microondas induccion lavar* limpi* cuidado* estufa ingredientes alerg* vegan* azucar cafeina",
    "pt": "frete entrega* enviam horario* abrem aberto* fecham endereco pagamento* pix boleto cartao parcela* desconto* garantia* "
    "devol* troca* reembols* loucas microondas inducao lavar* limp*",
    "fr": "livr* expedi* horaire* ouvert* ouvrez fermez adresse paie* paye* virement especes carte cartes facture* reduction* remise* "
    "garantie* retour* echange* rembours* vaisselle ondes induction laver nettoy* entretien",
    "de": "versand* verschick* liefer* porto zustell* offnungszeit* geoffnet offnen schliess* adresse bezahl* zahl* kreditkarte "
    "uberweis* rechnung* rabatt* gutschein* garantie* gewahrleistung* ruckgabe* zuruckgeben umtausch* retour* spulmaschine* "
    "geschirrspuler mikrowelle* induktion* waschen reinig*",
    "ar": "شحن* توصيل* توصلون تشحنون ساعات دوام* تفتحون مفتوح تغلقون عنوان* دفع* بطاق* فيزا كاش تقسيط خصم* ضمان* استرجاع* ارجاع* "
    "استبدال* غسال* ميكروويف حث غسل* تنظيف*",
}
_ASKS_OF_SOMETHING_ELSE = re.compile(
    r"(?<!\w)(?:[وبل]?ال)?(?:"
    + "|".join(" ".join(_NOT_IN_THE_CATALOGUE.values()).replace("*", r"\w*").split())
    + r")(?!\w)"
)

_GREETINGS = frozenset(
    "hi hello hey good morning afternoon evening day there hola buenos buenas dias tardes noches que tal ola oi bom boa dia "
    "tarde noite how are you como estas estan tudo bem ca va wie geht s es ihnen bonjour bonsoir salut coucou hallo guten morgen tag abend moin servus مرحبا اهلا السلام عليكم صباح مساء "
    "الخير".split()
)


class CatalogueAssistant:
    takes: frozenset[MediaKind] = frozenset()

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
        if thanks(turn.words):
            return NoReply(RecordedBecause.THANKS)
        found = asked_products(turn.tenant.tenant_id, turn.words, self._catalogue)
        if not found.products or _asks_of_something_else(turn.words, found.products):
            return CallPerson()
        return _about(found.products, turn.language, choice=found.choice, more=found.more)

    def _referred(self, turn: Turn) -> list[Product]:
        """The very products that the customer asks about from the catalogue in the chat."""
        asked = dict.fromkeys(message.referred_product_id for message in turn.burst)
        found = [
            self._catalogue.product(turn.tenant.tenant_id, ProductId(product_id)) for product_id in asked if product_id
        ]
        return [product for product in found if product is not None]


def _asks_of_something_else(words: str, products: list[Product]) -> bool:
    """Of the dishwasher, say, unless the product is one."""
    titles = " ".join(fold(product.title) for product in products).split()
    return any(found.group() not in titles for found in _ASKS_OF_SOMETHING_ELSE.finditer(fold(words)))


def _about(products: list[Product], language: str, *, choice: bool = False, more: bool = False) -> Answer:
    lines = [wording.product_line(product, language) for product in products]
    text = "\n".join([*lines, "…"] if more else lines)
    return Answer(text, tuple(product.product_id for product in products), choice=choice)
