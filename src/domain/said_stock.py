"""What a text says of stock: how many are left, and whether a thing can be had at all.

All patterns are read against `plain_text.plain` text, those of counts against the same with its number words marked. To add a language, add its line to each table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.catalogue import Product
from domain.late_patterns import LatePattern
from domain.number_words import MARKED_NUMBER_WORDS, marked, value_of

_FEW = 5
"""Up to here, "only a few left" is true."""

_N = rf"(?P<n>\d{{1,6}}(?![\w.,]\d|[\d%])|{MARKED_NUMBER_WORDS})"
_NOT_PIECES = (
    r"(?! ?(?:%|cm|mm|kg|g|l|ml|oz|inch\w*|x \d|days?|hours?|minutes?|weeks?|months?|years?|dias?|horas?|minutos?|semanas?|mes\w*|anos?|"
    r"jours?|heures?|mois|ans|tagen?|stunden?|minuten|wochen?|monaten?|jahren?|colou?rs?|sizes?|options?|styles?|variants?|models?|colores|tallas|"
    r"tamanos|opciones|modelos|cores|tamanhos|opcoes|couleurs|tailles|modeles|farben|grossen|modelle|ايام|ساعات|الوان|مقاسات)(?!\w))"
)
_THINGS = r"(?:[^\W\d_]+ ){0,3}?"

_COUNTS = {
    "en": (
        rf"(?<![\w$€£.,]){_N}{_NOT_PIECES} (?:more )?{_THINGS}(?:left(?! side| hand)|in stock|remaining|on hand|available(?! (?:in|from|at|on|to)(?!\w)))",
        rf"(?:stock|inventory|remaining|quantity available)(?: level)?(?: is| of)? ?[:=(]? ?(?:only )?{_N}{_NOT_PIECES}(?!\w)",
        rf"(?:have|has|got|there (?:are|is))(?: only| just| about| still| exactly)? {_N}{_NOT_PIECES} (?:units?|pieces?|pcs|of (?:them|these|those|it))",
    ),
    "es": (
        rf"(?<!\w)(?:nos )?(?:quedan?|restan?)(?: \w+)?? {_N}{_NOT_PIECES}(?!\w)",
        rf"(?<![\w$.,]){_N}{_NOT_PIECES} {_THINGS}(?:disponibles?|en existencias?|en stock|restantes?|en inventario)",
        rf"(?:existencias?|inventario) ?[:=(]? ?{_N}{_NOT_PIECES}(?!\w)",
        rf"(?:tenemos|hay)(?: solo| solamente| todavia| aun)? {_N} (?:unidades|piezas|de (?:ellos|ellas|estos|estas))",
    ),
    "pt": (
        rf"(?<!\w)(?:restam?|sobram?|sobraram)(?: \w+)?? {_N}{_NOT_PIECES}(?!\w)",
        rf"(?<![\w$.,]){_N}{_NOT_PIECES} {_THINGS}(?:em estoque|disponive(?:l|is)|restantes?)",
        rf"estoque ?[:=(]? ?{_N}{_NOT_PIECES}(?!\w)",
        rf"(?:temos|ha)(?: so| apenas| ainda)? {_N} (?:unidades|pecas)",
    ),
    "fr": (
        rf"(?<!\w)reste(?:nt)?(?: plus que| que| \w+)?? {_N}{_NOT_PIECES}(?!\w)",
        rf"(?<![\w$.,]){_N}{_NOT_PIECES} {_THINGS}(?:en stock|disponibles?|restante?s?)",
        rf"(?:avons|a|plus que)(?: encore| seulement)? {_N} (?:unites|pieces|exemplaires)",
    ),
    "de": (
        rf"(?<!\w)noch(?: nur| genau| etwa)? {_N}{_NOT_PIECES}(?!\w)",
        rf"(?<![\w$.,]){_N}{_NOT_PIECES} {_THINGS}(?:auf lager|verfugbar|vorratig|ubrig)",
        rf"(?:lagerbestand|bestand|lager) ?[:=(]? ?{_N}{_NOT_PIECES}(?!\w)",
        rf"(?:haben|gibt es)(?: nur)? {_N} (?:stuck|exemplare)",
    ),
    "ar": (
        rf"(?<!\w)(?:بقي|باقي|الباقي|تبقي|تبقى|يتبقي|يتبقى|متبقي|يوجد|لدينا|عندنا)(?: فقط| منه| منها| لدينا| عندنا)? {_N}{_NOT_PIECES}(?!\w)",
        rf"(?<![\w.,]){_N}{_NOT_PIECES} (?:\w+ )??(?:متوفر\w*|متبقي\w*|باقي\w*|في المخزون)",
    ),
}
_LAST_ONE = (
    r"(?<!\w)(?:the )?last (?:one(?! (?:you|we|i)(?!\w))|piece|unit|item)(?!\w)|ultim[oa] (?:unidad|pieza|que (?:me |nos )?queda|unidade|peca)|"
    r"dernier exemplaire|derniere piece|letzte[sn]? (?:stuck|exemplar)|اخر (?:قطعة|حبة)"
)
_FEW_LEFT = (
    r"(?<!\w)(?:(?:a )?(?:few|couple)(?: of (?:them|these))? (?:left|remaining|in stock)|almost (?:gone|sold out|out of stock)|nearly (?:gone|sold out)|selling out|"
    r"limited (?:stock|availability|quantit\w+)|low (?:stock|on stock|in stock)|running (?:low|out)|quedan? (?:muy )?poc[oa]s?|poc[oa]s (?:unidades|piezas)|"
    r"casi agotad\w+|ultimas (?:unidades|piezas|pecas)|restam pouc[oa]s|pouc[oa]s unidades|quase esgotad\w+|plus que quelques|derniers exemplaires|"
    r"stocks? limites?|presque epuise\w*|nur noch (?:wenige|ein paar)|fast ausverkauft|begrenzte\w* (?:stuckzahl|menge|vorrat)|كمية محدودة|الكمية محدودة|"
    r"(?:بقي|باقي) (?:ال)?قليل)(?!\w)"
)
_AT_LEAST = LatePattern(
    r"(?:over|above|more than|at least|mas de|mais de|mais que|plus de|au moins|uber|mehr als|mindestens|اكثر من)(?: the)? ?$"
)

_BETWEEN = r"(?: [^\W\d_]+){0,3}?"
_OUT = {
    "en": rf"out of stock|sold out|not{_BETWEEN} (?:in stock|available)|no longer{_BETWEEN} (?:in stock|available)|unavailable|(?:is|are)n't{_BETWEEN} (?:in stock|available)|"
    r"none (?:left|in stock)|no stock|(?:don't|do not) have (?:it|any|them|that|this)(?: one)?(?: in stock)?|(?:0|zero) (?:left|in stock|available)|no more left",
    "es": rf"agotad[oa]s?|sin (?:existencias?|stock)|no{_BETWEEN} (?:disponibles?|existencias?|stock|en existencia)|no (?:nos )?quedan?(?: mas)?",
    "pt": rf"esgotad[oa]s?|sem estoque|fora de estoque|indisponive(?:l|is)|nao{_BETWEEN} (?:disponive(?:l|is)|estoque)",
    "fr": rf"epuise[es]*|(?:en )?rupture(?: de stock)?|indisponibles?|(?:plus|pas){_BETWEEN} (?:disponibles?|en stock)",
    "de": rf"ausverkauft|vergriffen|nicht{_BETWEEN} (?:auf lager|verfugbar|vorratig|lieferbar|erhaltlich)|kein\w*{_BETWEEN} (?:auf lager|vorratig|verfugbar)",
    "ar": r"(?:غير|ليس\w*|لم يعد|لا) (?:متوفر\w*|متاح\w*|يتوفر|تتوفر)|نفد\w*|نفذ\w*|انتهي? من المخزون",
}
_IN = {
    "en": "in stock|back in stock",
    "es": "en existencias?|en stock|hay existencias",
    "pt": "em estoque",
    "fr": "en stock",
    "de": "auf lager|vorratig|lieferbar",
    "ar": r"متوفر\w*|في المخزون",
}
_AVAILABLE = r"available(?! soon)|disponibles?|disponive(?:l|is)|verfugbar|erhaltlich|متاح\w*"
_IF = LatePattern(
    r"(?<!\w)(?:if|when|once|whether|until|as soon as|si|cuando|en cuanto|se|quando|assim que|quand|des que|lorsque|wenn|ob|falls|sobald|اذا|عندما|حين|لو)(?: \w+){0,8} ?$"
)
_OF_PEOPLE = LatePattern(
    r"(?<!\w)(?:colleagues?|team|person|people|agents?|someone|somebody|i am|i'm|we are|help|support|staff|persona|personas|equipo|colega|alguien|agente|asesor\w*|estoy|estamos|"
    r"equipe|pessoa|atendente|conseiller\w*|collegue|quelqu'un|personne|kolleg\w+|mitarbeiter\w*|jemand|team|ich bin|wir sind|زميل|موظف|شخص|فريق)(?!\w)"
)


_COUNT_PATTERNS = tuple(LatePattern(pattern) for patterns in _COUNTS.values() for pattern in patterns)
_STATED = rf"(?:{'|'.join(_IN.values())}|{_AVAILABLE}) ?[(:] ?{_N}(?!\w| ?[-–/.,]\d)"
_COUNT_BEHIND = LatePattern(_STATED)
_FEW_PATTERN, _LAST_PATTERN = LatePattern(_FEW_LEFT), LatePattern(_LAST_ONE)
_OUT_PATTERN = LatePattern(rf"(?<!\w)(?:{'|'.join(_OUT.values())})(?!\w)")
_IN_PATTERN = LatePattern(rf"(?<!\w)(?:{'|'.join(_IN.values())})(?!\w)")
_AVAILABLE_PATTERN = LatePattern(rf"(?<!\w)(?:{_AVAILABLE})(?!\w)")


class Stock(StrEnum):
    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    FEW = "few"
    IN = "in"
    OUT = "out"
    AVAILABLE = "available"
    """In a word that is said of people and colours, too."""


@dataclass(frozen=True, slots=True)
class SaidStock:
    start: int
    end: int
    said: str
    stock: Stock
    count: int = 0

    def holds_of(self, product: Product) -> bool:
        match self.stock:
            case Stock.EXACTLY:
                return product.stock == self.count
            case Stock.AT_LEAST:
                return product.stock is not None and product.stock >= self.count
            case Stock.FEW:
                return product.in_stock and product.stock is not None and product.stock <= _FEW
            case Stock.OUT:
                return not product.in_stock
            case _:
                return product.in_stock


def said_stock(sentence: str) -> list[SaidStock]:
    """In the order in which it is said. What is asked, or said of the day when there is some again, is not said."""
    counts = [said for said in _counted(sentence) if not _IF.search(sentence, 0, said.start)]
    if sentence.rstrip(" )").endswith(("?", "؟")):
        return sorted(counts, key=lambda said: said.start)
    states: list[SaidStock] = []
    for said in (*_matches(sentence, _FEW_PATTERN, Stock.FEW), *_states(sentence)):
        if not _overlaps(said, states) and not _IF.search(sentence, 0, said.start):
            states.append(said)
    return sorted((*counts, *states), key=lambda said: said.start)


def _counted(sentence: str) -> list[SaidStock]:
    found: list[SaidStock] = []
    for said in _counts(sentence):
        if not _overlaps(said, found):
            found.append(said)
    return found


def _counts(sentence: str) -> Iterator[SaidStock]:
    read = marked(sentence)
    for pattern in (_COUNT_BEHIND, *_COUNT_PATTERNS):
        for match in pattern.finditer(read):
            number = sentence[slice(*match.span("n"))]
            count = int(number) if number.isdigit() else value_of(number)
            if count is None or (count == 0):
                continue  # that there is none, the other patterns tell
            at_least = _AT_LEAST.search(sentence, 0, match.start("n"))
            stock = Stock.AT_LEAST if at_least else Stock.EXACTLY
            yield SaidStock(match.start("n"), match.end("n"), sentence[slice(*match.span())].strip(), stock, count)
    for match in _LAST_PATTERN.finditer(sentence):
        yield SaidStock(match.start(), match.end(), match.group(), Stock.EXACTLY, 1)


def _states(sentence: str) -> Iterator[SaidStock]:
    yield from _matches(sentence, _OUT_PATTERN, Stock.OUT)
    yield from _matches(sentence, _IN_PATTERN, Stock.IN)
    if not _OF_PEOPLE.search(sentence):
        yield from _matches(sentence, _AVAILABLE_PATTERN, Stock.AVAILABLE)


def _matches(sentence: str, pattern: LatePattern, stock: Stock) -> Iterator[SaidStock]:
    for match in pattern.finditer(sentence):
        yield SaidStock(match.start(), match.end(), match.group(), stock)


def _overlaps(said: SaidStock, others: list[SaidStock]) -> bool:
    return any(said.start < other.end and other.start < said.end for other in others)
