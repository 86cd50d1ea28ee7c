"""What a draft says that the catalogue does not: prices, stock, links, and products that are not there.

Conservative: what cannot be proved is a finding. A draft is read sentence by sentence; what a sentence says is about
the products that it names, or else about those named last. Nobody's word is taken for a product but the catalogue's:
the evidence is what the tenant's own rows say in this moment, of the products that were looked up for this answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from domain.catalogue import Product
from domain.findings import Finding, FindingKind
from domain.languages import fold
from domain.late_patterns import LatePattern
from domain.plain_text import plain
from domain.product_search import words_asked_for
from domain.said_links import is_one_of, said_links
from domain.said_prices import NAME, SaidPrice, said_prices
from domain.said_stock import SaidStock, Stock, said_stock


@dataclass(frozen=True, slots=True)
class Evidence:
    products: Sequence[Product]
    """Of this tenant, as its catalogue has them now."""
    links: Sequence[str] = ()
    """The tenant's own."""
    facts: Sequence[str] = ()
    """Other things that were looked up for this answer, such as what the seller's own system tells of an order."""
    own_names: Sequence[str] = ()
    """The seller's. They may look like a link, and are no product."""


def ungrounded(text: str, evidence: Evidence) -> tuple[Finding, ...]:
    """Each thing that the text says and the evidence does not; empty where all of it is proved."""
    found = [*_links(text, evidence), *_Reading.of(evidence).findings(text)]
    return tuple(dict.fromkeys(found))


def _links(text: str, evidence: Evidence) -> Iterator[Finding]:
    known = [
        *(link for product in evidence.products for link in (product.link,)),
        *evidence.links,
        *(link for fact in evidence.facts for link in said_links(fact)),
    ]
    for name in evidence.own_names:
        text = text.replace(name, " ")
    for link in said_links(text):
        if not is_one_of(link, known):
            yield Finding(FindingKind.LINK, link)


# --- which product a sentence is about ---

_FIRST_MARK = 0xE100
_MARK = re.compile(rf"{NAME}([\ue100-\uf8fe])")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_NAME = 3
_SENTENCE = re.compile(r"(?<=[.!?؟…])\s+|\n+")

# Words that stand beside what is sold without being it, folded; beyond those that every question is made of.
_GENERIC = frozenset(
    """
    best great good nice lovely beautiful wonderful perfect popular favourite favorite current currently regular normal usual full special
    single each per unit units total new both following here right moment great shop store website catalogue catalog selection range
    variety option options choice choices question questions message order orders team colleague colleagues person customer customers
    received noted passed forwarded sent been asked told informed checked looked found updated confirmed happy glad sorry sure course
    several different wide lot lots plenty few less under over below above between cheapest cheaper lowest highest most expensive sale offer
    offers left remaining piece pieces pcs pack thing kind type sort size sizes color colors colour colours unfortunately actually well too either
    mejor gran buen bueno buena lindo linda hermoso hermosa perfecto perfecta actual actualmente normal especial cada unidad
    unidades total nuevo nueva ambos siguiente siguientes tienda sitio catalogo seleccion variedad opcion opciones pregunta mensaje pedido
    pedidos equipo persona recibido anotado claro gusto lamento siento varios varias muchos muchas otros otras otro otra mas menos
    economico barato caro oferta pieza piezas tipo talla tallas color colores momento exactamente tambien cuenta contamos
    melhor otimo bonito perfeito atual especial cada unidade unidades total novo nova ambos loja site catalogo opcao opcoes pedido mensagem
    equipe pessoa recebido claro varios varias muitos muitas outros outras mais menos barato caro peca pecas tipo tamanho cor momento
    meilleur bon bonne beau belle parfait actuel actuellement special chaque unite unites total nouveau nouvelle deux suivant suivants
    boutique magasin site catalogue choix option options question message commande equipe personne recu note plusieurs beaucoup autres autre votre vos notre nos transmis
    plus moins cher piece pieces taille couleur modele moment bien sur
    beste besten gut gute guten schon schone perfekt aktuell derzeit besonder jede jeder jedes einzeln stuck gesamt neu neue beide folgende
    laden geschaft katalog auswahl frage fragen nachricht bestellung team person kollege kollegin erhalten notiert weitergeleitet geschlossen geoffnet naturlich gerne leider
    viele mehrere andere anderen mehr weniger gunstig gunstiger teuer angebot angebote grosse farbe moment unser unsere unseren ihnen ihre euch
    افضل جميل حالي حاليا خاص كل قطعة قطع مجموع جديد متجر موقع خيار خيارات سوال رسالة طلب فريق شخص اكثر اقل عرض حجم لون الان للاسف نعم ايضا
    """.split()
)

_OFFERS = LatePattern(
    r"(?<!\w)(?:(?:we|i)(?: do| also| currently| still| only| just)* (?:have|carry|sell|offer|stock|recommend|suggest)|we've got|you (?:could|can) (?:get|buy|order)|"
    r"(?<!no )(?:tenemos|vendemos|ofrecemos|manejamos|te (?:recomiendo|ofrezco|sugiero)|contamos con)|(?<!nao )(?:temos|oferecemos|recomendo)|"
    r"nous (?:avons|vendons|proposons)|je vous (?:propose|recommande)|wir (?:haben|verkaufen|fuhren|bieten)|haben wir|bieten wir|fuhren wir|ich empfehle|"
    r"(?<!لا )(?<!ليس )(?:لدينا|عندنا|نبيع|نقدم|نوفر))(?!\w)(?P<things>[^.,;:!?؟\n(]*)"
)
_NOT_OFFERED = LatePattern(
    r"(?<!\w)(?:not|don't|no|any|never|nothing|ningun\w*|nada|nenhum\w*|pas|aucun\w*|kein\w*|nicht|nichts)(?!\w)"
)
_DESCRIBED = LatePattern(
    r" (?:for|with|at|in|on|that|which|from|as|like|to|by|if|para|con|sin|en|que|por|como|desde|com|sem|em|pour|avec|sans|chez|qui|fur|mit|ohne|zu|zum|im|am|als|ab|"
    r"في|من|مع|التي|الذي|بسعر)(?!\w).*"
)
_ITEMS = re.compile(r",| (?:and|or|y|o|e|ou|et|und|oder|و|او) | & |/")
_CLAUSE = re.compile(r"[,;:!?؟()]")
_FOR_A_THING = re.compile(r"^ ?(?:for|per|por|para|pour|fur|le|la|el|ل)(?!\w)")


@dataclass(frozen=True, slots=True)
class _Mention:
    at: int
    products: frozenset[int]
    whole: bool
    """The whole title, as against a word of it."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One draft, read with the evidence at hand. Products are known by their place in it."""

    products: Sequence[Product]
    titles: Sequence[tuple[str, frozenset[int]]]
    """In plain text, the longest first, each with the products that are called so."""
    names: dict[str, frozenset[int]]
    """Each word that tells some products from the others."""
    described: frozenset[str]
    """Every word of titles, categories and descriptions."""
    known_prices: Sequence[SaidPrice] = ()
    own_names: Sequence[str] = field(default=())

    @classmethod
    def of(cls, evidence: Evidence) -> _Reading:
        products = evidence.products
        by_title: dict[str, set[int]] = {}
        by_word: dict[str, set[int]] = {}
        described: set[str] = set()
        for place, product in enumerate(products):
            by_title.setdefault(plain(product.title), set()).add(place)
            for word in _name_words(product.title):
                by_word.setdefault(word, set()).add(place)
            described |= _name_words(f"{product.title} {product.category} {product.description}")
        titles = sorted(by_title.items(), key=lambda entry: len(entry[0]), reverse=True)
        return cls(
            products=products,
            titles=[(title, frozenset(places)) for title, places in titles if title],
            names={word: frozenset(places) for word, places in by_word.items()},
            described=frozenset(described),
            known_prices=[price for fact in evidence.facts for price in said_prices(plain(fact))],
            own_names=[plain(name) for name in evidence.own_names],
        )

    def findings(self, text: str) -> Iterator[Finding]:
        about: frozenset[int] = frozenset(range(len(self.products)))
        marked = self._marked(plain(text))
        for sentence in _SENTENCE.split(marked):
            mentions = self._mentions(sentence)
            yield from self._prices(sentence, mentions, about)
            yield from self._stock(sentence, mentions, about)
            yield from self._offers(sentence, mentions)
            about = _together(mentions) or about

    def _marked(self, text: str) -> str:
        """With a mark in place of each whole title, so that no number of it is read as a price."""
        for name in self.own_names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text) if name else text
        for place, (title, _) in enumerate(self.titles):
            text = re.sub(rf"(?<!\w){re.escape(title)}(?!\w)", f"{NAME}{chr(_FIRST_MARK + place)}", text)
        return text

    def _mentions(self, sentence: str) -> list[_Mention]:
        whole = [
            _Mention(mark.start(), self.titles[ord(mark[1]) - _FIRST_MARK][1], whole=True)
            for mark in _MARK.finditer(sentence)
        ]
        words = [
            _Mention(match.start(), self.names[word], whole=False)
            for match in _WORD.finditer(sentence)
            if (word := _name_word(match.group())) in self.names
        ]
        return sorted((*whole, *words), key=lambda mention: mention.at)

    # --- prices ---

    def _prices(self, sentence: str, mentions: list[_Mention], about: frozenset[int]) -> Iterator[Finding]:
        prices = said_prices(sentence)
        for price, products in zip(prices, _each_about(prices, mentions, about), strict=True):
            if not self._proved(price, products):
                yield Finding(FindingKind.PRICE, price.said)
        yield from self._strangers(sentence, prices, mentions)

    def _proved(self, price: SaidPrice, products: frozenset[int]) -> bool:
        if any(price.may_mean(self.products[place].price) for place in products):
            return True
        return any(
            price.amounts & known.amounts
            and (not price.currencies or not known.currencies or price.currencies & known.currencies)
            for known in self.known_prices
        )

    # --- stock ---

    def _stock(self, sentence: str, mentions: list[_Mention], about: frozenset[int]) -> Iterator[Finding]:
        said = said_stock(sentence)
        for stock, products in zip(said, _each_about(said, mentions, about), strict=True):
            if not self._holds(stock, products):
                yield Finding(FindingKind.STOCK, stock.said)

    def _holds(self, said: SaidStock, products: frozenset[int]) -> bool:
        if not products:
            # "We do not have that": true of what was looked for and not found.
            return said.stock is Stock.OUT
        each = [said.holds_of(self.products[place]) for place in products]
        return any(each) if said.stock in {Stock.EXACTLY, Stock.AT_LEAST, Stock.FEW} else all(each)

    # --- products ---

    def _strangers(self, sentence: str, prices: Sequence[SaidPrice], mentions: Sequence[_Mention]) -> Iterator[Finding]:
        """What is given a price and is no product at hand: a true price proves nothing of it."""
        start = 0
        for price, following in pairwise([*prices, None]):
            if price is None or not price.amounts:
                continue
            end = following.start if following else len(sentence)
            clause = _CLAUSE.split(sentence[start : price.start].rstrip(" ,;:("))[-1]
            behind = sentence[price.end : end]
            stranger = self._stranger(clause)
            if not stranger and _FOR_A_THING.match(behind):
                stranger = self._stranger(_CLAUSE.split(behind)[0])
            named_here = any(start <= mention.at < end for mention in mentions)
            if stranger and not named_here and not self.known_prices:
                yield Finding(FindingKind.PRODUCT, stranger)
            start = price.end

    def _offers(self, sentence: str, mentions: Sequence[_Mention]) -> Iterator[Finding]:
        if sentence.rstrip().endswith(("?", "؟")):
            return
        for match in _OFFERS.finditer(sentence):
            things = _DESCRIBED.sub("", match["things"])
            if _NOT_OFFERED.search(sentence, max(0, match.start() - 12), match.end()):
                continue
            start = match.start("things")
            for thing in _ITEMS.split(things):
                at = sentence.find(thing, start) if thing else -1
                named = any(at <= mention.at <= at + len(thing) for mention in mentions)
                stranger = self._stranger(thing)
                if stranger and not named:
                    yield Finding(FindingKind.PRODUCT, stranger)

    def _stranger(self, phrase: str) -> str:
        """The words of it that can name a product and name none at hand, nor anything that is told of one."""
        words = [word for word in words_asked_for(_MARK.sub(" ", phrase)) if not word.isdigit()]
        unknown = [word for word in words if word not in _GENERIC and len(word) >= _SHORTEST_NAME]
        if any(_name_word(word) in self.described for word in unknown):
            return ""
        return " ".join(unknown)


def _name_words(text: str) -> set[str]:
    return {
        word
        for match in _WORD.finditer(plain(text))
        if len(word := _name_word(match.group())) >= _SHORTEST_NAME and not word.isdigit() and words_asked_for(word)
    }


def _name_word(word: str) -> str:
    """Without the ending of a plural, and without the Arabic article: enough to tell one product from another."""
    word = re.sub(r"^(?:[وبلف]?ال|لل)(?=\w{2})", "", fold(word))
    return re.sub(r"(?<=\w{3})(?:es|s|n|en)$", "", word)


def _each_about(
    claims: Sequence[SaidPrice] | Sequence[SaidStock], mentions: Sequence[_Mention], about: frozenset[int]
) -> list[frozenset[int]]:
    """Which products each of the claims of a sentence is about.

    The names stand before what is said of them ("the press is 39.90, the lamp 94.50") or, where none stands before the
    first claim, behind it ("39.90 for the press, 94.50 for the lamp").
    """
    if not claims:
        return []
    if not mentions:
        return [about] * len(claims)
    bounds: list[tuple[int, int]]
    if mentions[0].at < claims[0].start:
        bounds = list(pairwise([0, *(claim.start for claim in claims)]))
    else:
        bounds = list(pairwise([*(claim.end for claim in claims), 1_000_000]))
    each, last = [], about
    for start, end in bounds:
        last = _together([mention for mention in mentions if start <= mention.at < end]) or last
        each.append(last)
    return each


def _together(mentions: Iterable[_Mention]) -> frozenset[int]:
    """The products that are named, one after the other; words of one title narrow each other down."""
    named: list[_Mention] = []
    for mention in mentions:
        fitting = next((at for at, other in enumerate(named) if other.products & mention.products), None)
        if fitting is None or (mention.whole and named[fitting].whole):
            named.append(mention)
        elif not named[fitting].whole:
            both = mention.products if mention.whole else named[fitting].products & mention.products
            named[fitting] = _Mention(mention.at, both, mention.whole)
    return frozenset(place for mention in named for place in mention.products)
