"""The prices that a text names, in whatever notation, and nothing that only looks like one.

All patterns are read against `plain_text.plain` text: lower case, no accents, our own digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.catalogue import Money, minor_digits
from domain.languages import fold
from domain.late_patterns import LatePattern
from domain.number_words import NUMBER_WORDS, value_of

NAME = "\ue000"
"""Stands in the text where a product's whole title did: the numbers of a title are no prices."""

NUMBER = r"(?:\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,3})?)(?!\d)"

_DOLLARS = "USD CAD AUD NZD HKD SGD TWD"
_PESOS = "MXN ARS CLP COP PHP UYU DOP CUP"
_SIGNS = {
    "us$": "USD",
    "u$s": "USD",
    "mx$": "MXN",
    "mxn$": "MXN",
    "r$": "BRL",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD NIO",
    "ca$": "CAD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "s/.": "PEN",
    "s/": "PEN",
    "bs.": "BOB VES",
    "$": f"{_DOLLARS} {_PESOS} BRL NIO",
    "€": "EUR",
    "£": "GBP EGP LBP",
    "¥": "JPY CNY",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "₽": "RUB",
    "₪": "ILS",
    "₫": "VND",
    "₱": "PHP",
    "₦": "NGN",
    "₴": "UAH",
    "₲": "PYG",
    "₡": "CRC",
    "฿": "THB",
}
# ISO 4217, but for those that are words of our languages in lower case ("all", "top", "try", "pen" …): `_ISO_WORDS`.
_ISO = (
    "usd eur gbp mxn brl ars clp cop uyu pyg bob ves gtq hnl nio crc dop cad aud nzd chf jpy cny inr krw hkd sgd twd thb vnd "
    "idr myr php zar ngn kes ghs xof xaf egp aed sar qar kwd bhd omr jod iqd lbp dzd tnd lyd ils pln czk huf ron sek nok dkk isk "
    "uah bgn rsd pkr bdt lkr"
)
_ISO_WORDS = "pen try mad rub top all cup"
_CURRENCY_WORDS = {
    "dollar dollars dolar dolares dolars dollari دولار دولارا دولارات bucks buck": _DOLLARS,
    "euro euros eur يورو": "EUR",
    "peso pesos pesitos بيزو": _PESOS,
    "reais": "BRL",
    "pound pounds libras quid جنيه جنيها جنيهات": "GBP EGP LBP",
    "yen yenes ienes": "JPY",
    "yuan yuanes": "CNY",
    "rupee rupees rupias roupies rupien": "INR PKR LKR IDR",
    "franc francs franken francos": "CHF XOF XAF",
    "soles": "PEN",
    "bolivianos": "BOB",
    "bolivares": "VES",
    "quetzales": "GTQ",
    "lempiras": "HNL",
    "cordobas": "NIO",
    "colones": "CRC",
    "guaranies": "PYG",
    "kronor kroner kronen": "SEK NOK DKK ISK",
    "zloty zlotys": "PLN",
    "lira liras lire ليرة": "TRY LBP",
    "rubles rublos roubles rubel": "RUB",
    "dirham dirhams درهم درهما دراهم": "AED MAD",
    "riyal riyals rial riales ريال ريالا ريالات": "SAR QAR OMR",
    "dinar dinars dinares دينار دينارا دنانير": "KWD BHD JOD IQD TND LYD DZD RSD",
}
_CENTS = "cents?|centavos?|centimos?|centimes?|pence|سنت|سنتا|قرش|قروش"
_SAID_AS: dict[str, frozenset[str]] = {
    **{sign: frozenset(codes.split()) for sign, codes in _SIGNS.items()},
    **{code: frozenset({code.upper()}) for code in f"{_ISO} {_ISO_WORDS}".split()},
    **{fold(word): frozenset(codes.split()) for words, codes in _CURRENCY_WORDS.items() for word in words.split()},
}
_WEIGHT_TOO = frozenset("pound pounds libras".split())

_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_CURRENCY_WORD = "|".join(
    sorted((word for word in _SAID_AS if word not in _SIGNS and word not in _ISO_WORDS.split()), key=len, reverse=True)
)
_BEFORE = rf"(?:(?<![a-z])(?:{_SIGN})|(?<!\w)(?:{_CURRENCY_WORD}|(?:{_ISO_WORDS.replace(' ', '|')})(?= ?\d+[.,]\d\d(?!\d)))(?![^\W\d]))"
_AFTER = rf"(?:{_SIGN}|(?:{_CURRENCY_WORD})(?!\w)|(?:{_ISO_WORDS.replace(' ', '|')})(?!\w)(?= ?(?:$|[^\w ])))"
_TIMES_WORD = r"(?:k|mil|thousand|tausend|mille|الف|الاف|millones|milhoes|millions?|million(?:en)?)"
_THOUSANDS = rf"(?: ?(?P<times>{_TIMES_WORD}))?(?!\w)"
_CENTS_BEHIND = rf"(?: ?(?:and|y|e|et|und|con|com|و)? ?(?P<cents>\d\d)(?:(?= (?:{_CENTS}))|(?! ?[\w%.,/:])))?"
_DASH = r"(?:[.,][-–—])?"
_TO = r" ?(?:-|–|—|to|a|ate|hasta|bis|au|الي|الى|and|y|und|et|e) ?"

_IN_MONEY = LatePattern(
    rf"(?P<before>{_BEFORE}) ?[:]? ?(?P<n1>{NUMBER}){_THOUSANDS}{_DASH}(?:{_TO}(?P<to>{NUMBER})(?![\w%]))?"
    rf"|(?<![\w.,])(?P<from>(?:{NUMBER}){_DASH}{_TO})?(?P<n2>{NUMBER}){_THOUSANDS.replace('times', 'times2')}{_DASH} ?(?P<after>{_AFTER}){_CENTS_BEHIND}"
)
_IN_CENTS = LatePattern(rf"(?<![\w.,])(?P<n>{NUMBER}|{NUMBER_WORDS}) ?(?:{_CENTS}|¢)(?!\w)")
_IN_WORDS = LatePattern(
    rf"(?P<words>{NUMBER_WORDS})(?: (?:de|d'))? (?P<after>(?:{_CURRENCY_WORD})(?!\w))"
    rf"(?: (?:and|y|e|et|und|con|com|و) ?(?P<cents>{NUMBER_WORDS}|\d\d) (?:{_CENTS})(?!\w))?"
)

_HERE = LatePattern(
    rf" ?(?P<before>{_BEFORE})? ?(?P<n>{NUMBER}|{NUMBER_WORDS})(?: ?(?P<times>{_TIMES_WORD})(?!\w))?{_DASH}"
    rf"(?: ?(?:de )?(?P<after>{_AFTER})|(?!\w))"
)

_LITTLE = (
    "is are was now currently only just about around exactly at of for you the a of this that it its es son ahora solo solamente "
    "actualmente de a en por el la los las unos esta e sao agora apenas custa por de o a est sont seulement maintenant actuellement a "
    "de le la ist sind nur jetzt aktuell derzeit bei gerade rund هو هي الان حاليا فقط حوالي ب يبلغ"
)
_ASKS_MONEY = (
    r"(?:prices?|priced|costs?|costing|precios?|cuestan?|valen?|precos?|custam?|prix|tarif|coute(?:nt)?|preise?|kostet|kosten|betragt|total|"
    r"(?:sells?|goes|go|yours|se venden?|sale|salen|vendo|vendemos) (?:for|at|en|a|por)|(?:for|por|fur|pour) (?:only|just|solo|solamente|apenas|nur|seulement)|"
    r"السعر|سعره|سعرها|سعر|ثمن|ثمنه|بسعر|يكلف|تكلف|بمبلغ)"
)
_AFTER_A_WORD = LatePattern(
    rf"(?<!\w){_ASKS_MONEY}(?:[ :=]+(?:{'|'.join(dict.fromkeys(_LITTLE.split()))})(?!\w)){{0,3}}(?: {NAME}.)?[ :=—–-]*"
    rf"(?P<n>{NUMBER}){_DASH}"
)
_AFTER_A_NAME = LatePattern(rf"{NAME}. ?(?:—|–|-|:|=|\(|@|→) ?(?P<n>{NUMBER}){_DASH}")
_BARE = LatePattern(r"(?<![\w.,:/#+-])(?P<n>\d{1,3}(?:[.,' ]\d{3})+[.,]\d\d|\d+[.,]\d\d)(?![\d%:/]|[.,]\d|-\d)")

# What a number counts or measures that is no money.
_MEASURED = LatePattern(
    r" ?(?:%|\"|″|”|'|°|x ?\d|×|by \d|[/:]\d|-\d|(?:cms?|mm|m|m2|km|kms|kgs?|g|gr|gramm?s?|gramos?|mg|l|lt|ltrs?|litres?|liters?|litros?|"
    r"ml|cl|oz|ounces?|onzas?|lbs?|inch(?:es)?|in|ft|feet|foot|pies|pulgadas?|polegadas?|pouces?|zoll|yards?|quarts?|qt|gallons?|cups?|tazas?|"
    r"w|watts?|kw|v|volts?|mah|gb|tb|mb|hz|px|pcs?|pieces?|piezas?|pecas?|stuck|units?|unidades?|unites?|pares?|pairs?|packs?|sets?|servings?|"
    r"am|pm|uhr|h|hrs?|hours?|horas?|heures?|stunden?|minutes?|minutos?|minuten|mins?|days?|dias?|jours?|tagen?|weeks?|semanas?|semaines?|wochen?|"
    r"months?|mes(?:es)?|mois|monaten?|years?|anos?|ans|jahren?|business|working|habiles|uteis|werktagen?|stars?|estrellas?|people|personas?|times|veces|"
    r"sizes?|colou?rs?|left|in stock|available|st|nd|rd|th|ª|º|"
    r"سم|مم|متر|كيلو|كغ|غرام|جرام|لتر|مل|قطع|قطعة|ساعات|ساعة|ايام|يوم|دقيقة|دقائق|سنة|سنوات|بوصة|اشهر)(?![\w$]))"
)
_OF_TIME = LatePattern(
    r"(?<!\w)(?:open(?:s|ing)?|clos(?:e|es|ing)|hours|o'clock|mon(?:day)?s?|sat(?:urday)?s?|sun(?:day)?s?|abr\w+|abiert\w+|cierra\w*|horarios?|lunes|sabados?|domingos?|"
    r"aberto|fecha\w*|segunda|ouvert\w*|ferme\w*|horaires?|lundi|samedi|offnen|geoffnet\w*|offnungszeiten|uhr|montag|samstag|"
    r"ساعات|مفتوح|نفتح|نغلق|الدوام|السبت|الاحد|at|a las|as|um|gegen) ?",
)
_HOUR = re.compile(r"(?:[01]?\d|2[0-3])[.,][0-5]\d")
_DISCOUNT = LatePattern(
    r"(?P<n>\d+(?:[.,]\d+)?) ?(?:%|percent|por ciento|por cento|pour cent|prozent|بالمئة|في المئة) ?(?:off|(?:de |en |di )?(?:discount|descuento|desconto|"
    r"reduction|remise|rebaja|rabatt|nachlass|ermassigung)|cheaper|less|reduced|gunstiger|mas barat[oa]|moins cher|خصم|تخفيض)"
    r"|(?:discount|descuento|desconto|reduction|remise|rabatt|nachlass|sale|save|ahorra\w*|spar\w*|خصم|تخفيض)(?: (?:of|de|del|do|von|around|up to|hasta|ate|bis zu|قدره|بنسبة)){0,2} ?-?"
    r"(?P<n2>\d+(?:[.,]\d+)?) ?(?:%|percent|por ciento|prozent)|(?<![\w-])-\d+ ?%"
    r"|(?<!\w)(?:half price|half off|mitad de precio|metade do preco|moitie prix|zum halben preis|نصف السعر|(?:2|3|two|three|dos|tres) ?(?:x|for|por|fur|pour) ?(?:1|2|one|two|uno)(?![\w.,]))"
)
_FREE = LatePattern(
    r"(?<!\w)(?:free of charge|for free|free (?:shipping|delivery|gift|returns?|sample|of cost)|at no (?:extra )?(?:cost|charge)|complimentary|no charge|"
    r"gratis|gratuit[aeos]*|sin (?:costo|coste|cargo)|sem custo|de graca|de regalo|regalad[oa]|offert[es]*|sans frais|kostenlos\w*|kostenfrei\w*|umsonst|مجان\w*|بدون رسوم|بالمجان)(?!\w)"
)
_BOUND_BELOW = LatePattern(
    r"(?:under|below|less than|cheaper than|up to|at most|within|menos de|menor a|hasta|abaixo de|ate|menos que|moins de|jusqu'a|unter|bis zu|weniger als|"
    r"hochstens|اقل من|تحت|حتي|حتى)(?: (?:the|los|las|os|as))? $"
)
_BOUND_ABOVE = LatePattern(
    r"(?:over|above|more than|at least|mas de|mayor a|acima de|mais de|mais que|plus de|au moins|uber|mehr als|mindestens|اكثر من|فوق)(?: (?:the|los|las|os|as))? $"
)


class Comparison(StrEnum):
    IS = "is"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class SaidPrice:
    start: int
    end: int
    said: str
    amounts: frozenset[Decimal]
    """What the digits can mean ("1.299" is two things); empty where no price of a catalogue can prove it."""
    currencies: frozenset[str] | None = None
    """None: it names none."""
    comparison: Comparison = Comparison.IS

    def may_mean(self, price: Money) -> bool:
        if self.currencies is not None and price.currency not in self.currencies:
            return False
        amount = Decimal(price.minor).scaleb(-minor_digits(price.currency))
        match self.comparison:
            case Comparison.AT_MOST:
                return any(amount <= said for said in self.amounts)
            case Comparison.AT_LEAST:
                return any(amount >= said for said in self.amounts)
            case _:
                return amount in self.amounts


def said_prices(text: str) -> list[SaidPrice]:
    """In the order in which they stand; of two readings of one place, the one that names more."""
    found: list[SaidPrice] = []
    for price in _readings(text):
        if all(price.end <= other.start or price.start >= other.end for other in found):
            found.append(price)
    return sorted(found, key=lambda price: price.start)


def amount_at(text: str, start: int) -> SaidPrice | None:
    """What begins there, with or without a currency; None where that is no amount, or one of something else."""
    match = _HERE.match(text, start)
    if match is None:
        return None
    currency = match["before"] or match["after"]
    if not currency and (not match["n"][0].isdigit() or _MEASURED.match(text, match.end())):
        return None
    currencies = _SAID_AS[currency] if currency else None
    return SaidPrice(start, match.end(), match[0].strip(), _amounts(match["n"], match["times"]), currencies)


def _readings(text: str) -> Iterator[SaidPrice]:
    yield from _discounts(text)
    yield from _numbers_with_currency(text)
    yield from _words_with_currency(text)
    for match in _IN_CENTS.finditer(text):
        amounts = frozenset(amount / 100 for amount in _amounts(match["n"]))
        yield _price(text, match.start(), match.end(), amounts)
    for pattern in (_AFTER_A_NAME, _AFTER_A_WORD, _BARE):
        for match in pattern.finditer(text):
            if not _measured(text, match):
                yield _price(text, match.start("n"), match.end("n"), _amounts(match["n"]))


def _discounts(text: str) -> Iterator[SaidPrice]:
    for pattern in (_DISCOUNT, _FREE):
        for match in pattern.finditer(text):
            yield _price(text, match.start(), match.end(), frozenset())


def _words_with_currency(text: str) -> Iterator[SaidPrice]:
    for match in _IN_WORDS.finditer(text):
        whole = value_of(match["words"])
        if whole is None or (match["after"] in _WEIGHT_TOO):
            continue
        cents = _whole(match["cents"])
        yield _price(
            text, match.start(), match.end(), frozenset({Decimal(whole) + Decimal(cents) / 100}), match["after"]
        )


def _numbers_with_currency(text: str) -> Iterator[SaidPrice]:
    for match in _IN_MONEY.finditer(text):
        currency = match["before"] or match["after"]
        if match["before"]:
            yield _price(text, match.start(), match.end("n1"), _amounts(match["n1"], match["times"]), currency)
            if match["to"]:
                yield _price(text, match.start("to"), match.end("to"), _amounts(match["to"]), currency)
            continue
        if currency in _WEIGHT_TOO and not re.search(rf"{_ASKS_MONEY}[^.!?]*$", text[: match.start()]):
            continue
        if match["from"]:
            first = re.match(NUMBER, match["from"])
            if first is not None:
                yield _price(
                    text, match.start("from"), match.start("from") + first.end(), _amounts(first.group()), currency
                )
        cents = Decimal(match["cents"] or 0) / 100
        amounts = frozenset(amount + cents for amount in _amounts(match["n2"], match["times2"]))
        yield _price(text, match.start("n2"), match.end(), amounts, currency)


def _price(text: str, start: int, end: int, amounts: frozenset[Decimal], currency: str | None = None) -> SaidPrice:
    before = text[:start]
    comparison = (
        Comparison.AT_MOST
        if _BOUND_BELOW.search(before)
        else Comparison.AT_LEAST
        if _BOUND_ABOVE.search(before)
        else Comparison.IS
    )
    currencies = _SAID_AS[currency] if currency else None
    return SaidPrice(start, end, text[start:end].strip(), amounts, currencies, comparison)


def _measured(text: str, match: re.Match[str]) -> bool:
    """Whether the number is a size, a time, a date: the unit behind it, or the sentence, tells."""
    if _MEASURED.match(text, match.end()):
        return True
    return bool(_HOUR.fullmatch(match["n"]) and _OF_TIME.search(text[: match.start()]))


_TIMES = {"k": 1000, "mil": 1000, "thousand": 1000, "tausend": 1000, "mille": 1000, "الف": 1000, "الاف": 1000}


def _amounts(number: str, times: str | None = None) -> frozenset[Decimal]:
    factor = _TIMES.get(times, 1_000_000) if times else 1
    return frozenset(value * factor for value in _values(number))


def _values(number: str) -> Iterator[Decimal]:
    if not number[0].isdigit():
        yield Decimal(value_of(number) or 0)
        return
    marks = [mark for mark in number if not mark.isdigit()]
    if not marks:
        yield Decimal(number)
        return
    *groups, last = re.split(r"[.,' ]", number)
    whole = "".join(groups)
    decimal_point = marks[-1] in ".," and (marks.count(marks[-1]) == 1)
    if len(last) == 3:  # noqa: PLR2004 (thousands are set apart in threes)
        yield Decimal(whole + last)
    if decimal_point:
        yield Decimal(f"{whole}.{last}")


def _whole(said: str | None) -> int:
    if not said:
        return 0
    return int(said) if said.isdigit() else value_of(said) or 0
