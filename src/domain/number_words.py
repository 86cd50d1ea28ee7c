"""Numbers in words, as shops say them: "twelve", "doce", "fünfundzwanzig", "quatre-vingt-dix", "خمسة وعشرين"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.languages import fold
from domain.late_patterns import LatePattern

_WORDS = {
    0: "zero cero null صفر",
    1: "one un uno una um uma une ein eine einen eins واحد واحدة",
    2: "two dos dois duas deux zwei zwo اثنان اثنين اثنتين",
    3: "three tres trois drei ثلاثة ثلاث",
    4: "four cuatro quatro quatre vier اربعة اربع",
    5: "five cinco cinq funf خمسة خمس",
    6: "six seis sechs ستة ست",
    7: "seven siete sete sept sieben سبعة سبع",
    8: "eight ocho oito huit acht ثمانية ثمان",
    9: "nine nueve nove neuf neun تسعة تسع",
    10: "ten diez dez dix zehn عشرة عشر",
    11: "eleven once onze elf",
    12: "twelve doce doze douze zwolf",
    13: "thirteen trece treze treize dreizehn",
    14: "fourteen catorce quatorze vierzehn",
    15: "fifteen quince quinze funfzehn",
    16: "sixteen dieciseis dezesseis seize sechzehn",
    17: "seventeen diecisiete dezessete siebzehn",
    18: "eighteen dieciocho dezoito achtzehn",
    19: "nineteen diecinueve dezenove neunzehn",
    20: "twenty veinte vinte vingt vingts zwanzig عشرون عشرين",
    21: "veintiuno veintiun veintiuna",
    22: "veintidos",
    23: "veintitres",
    24: "veinticuatro",
    25: "veinticinco",
    26: "veintiseis",
    27: "veintisiete",
    28: "veintiocho",
    29: "veintinueve",
    30: "thirty treinta trinta trente dreissig ثلاثون ثلاثين",
    40: "forty cuarenta quarenta quarante vierzig اربعون اربعين",
    50: "fifty cincuenta cinquenta cinquante funfzig خمسون خمسين",
    60: "sixty sesenta sessenta soixante sechzig ستون ستين",
    70: "seventy setenta septante siebzig سبعون سبعين",
    80: "eighty ochenta oitenta huitante achtzig ثمانون ثمانين",
    90: "ninety noventa nonante neunzig تسعون تسعين",
    100: "hundred cien ciento cem cento cent cents hundert مئة مائة مية",
    200: "doscientos doscientas duzentos duzentas مئتان مئتين ميتين",
    300: "trescientos trescientas trezentos trezentas ثلاثمئة ثلاثمائة",
    400: "cuatrocientos cuatrocientas quatrocentos quatrocentas",
    500: "quinientos quinientas quinhentos quinhentas خمسمئة خمسمائة",
    600: "seiscientos seiscientas seiscentos seiscentas",
    700: "setecientos setecientas setecentos setecentas",
    800: "ochocientos ochocientas oitocentos oitocentas",
    900: "novecientos novecientas novecentos novecentas",
    1000: "thousand mil mille tausend الف الاف",
}
_VALUES = {fold(word): value for value, words in _WORDS.items() for word in words.split()}
_AND = frozenset("and y e et und و".split())
_GERMAN = re.compile("|".join(sorted(("und", *filter(str.isascii, _VALUES)), key=len, reverse=True)))
_FOUR_TWENTIES = 4

_ARABIC = "|".join(sorted((word for word in _VALUES if not word.isascii()), key=len, reverse=True))
_LATIN = "|".join(sorted(filter(str.isascii, _VALUES), key=len, reverse=True))

NUMBER_WORD = (
    # Arabic joins its "and" to the number, German one number to the next.
    rf"(?:(?:{_LATIN})(?!\w)|و?(?:{_ARABIC})(?!\w)|"
    r"(?:ein|zwei|drei|vier|funf|sechs|sieben|acht|neun|hundert|tausend)"
    r"(?:und|zehn|hundert|tausend|ein|zwei|drei|vier|funf|sechs|sieben|acht|neun|zig|ssig|zwanzig|elf|zwolf){1,8}(?!\w))"
)
"""Pattern of one of them in `plain_text.plain` text."""

NUMBER_WORDS = rf"(?:(?<!\w){NUMBER_WORD}(?:[ -](?:(?:and|y|e|et|und|و)[ -])?{NUMBER_WORD}){{0,8}})"
"""Pattern of a whole number of one or more of them."""

_MARK = "ⁿ"
"""A letter that stands in no `plain_text.plain` text, which takes it for an "n"."""
_WORD_PATTERN = LatePattern(rf"(?<!\w){NUMBER_WORD}")
MARKED_NUMBER_WORDS = rf"(?:(?<!\w){_MARK}+(?!\w)(?:[ -](?:(?:and|y|e|et|und|و)[ -])?{_MARK}+(?!\w)){{0,8}})"
"""As `NUMBER_WORDS`, in `marked` text. To compile all the words costs milliseconds: once, not in dozens of patterns."""


def marked(text: str) -> str:
    """The same text, of the same length, with each letter of a number's words replaced by one mark."""
    return _WORD_PATTERN.sub(lambda word: _MARK * len(word[0]), text)


def value_of(words: str) -> int | None:
    """The number that the words say; None where they say none."""
    total = current = 0
    found = False
    for value in _values(fold(words).split()):
        found = True
        if value == 1000:  # noqa: PLR2004 (a thousand ends what counts the thousands)
            total, current = total + max(current, 1) * value, 0
        elif value == 100:  # noqa: PLR2004 (a hundred multiplies what stands before it)
            current = max(current, 1) * value
        elif value == 20 and current % 100 == _FOUR_TWENTIES:  # noqa: PLR2004 ("quatre-vingts")
            current += _FOUR_TWENTIES * value - _FOUR_TWENTIES
        else:
            current += value
    return total + current if found else None


def _values(words: Sequence[str]) -> Iterator[int]:
    for word in words:
        if word in _AND:
            continue
        joined = word.removeprefix("و")
        if word in _VALUES or joined in _VALUES:
            yield _VALUES[word] if word in _VALUES else _VALUES[joined]
        else:
            yield from (_VALUES[part] for part in _GERMAN.findall(word) if part != "und")
