"""The small search over a tenant's whole catalogue: which products a question names."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, repeat

from domain.catalogue import Hit, Product
from domain.languages import detect_language, fold

# Words that ask, and say nothing of what is asked for. Folded (see `languages.fold`).
_ASKING = frozenset(
    """
    a an the this that these those it its is are was do does did have has had you u your i we my me us of for in on at to by and or
    with any some one ones what which where when who how much many price prices priced pricing cost costs stock available
    availability there still can could would like want need buy order get please pls plz show tell about more info information
    hi hello hey good morning afternoon evening thanks thank ok yes no sell selling carry looking if so be will know let dear sir
    madam wondering interested currently now today also just saw seen d m ll re ve
    back whats hows wheres thats im ive dont doesnt ur gimme lemme
    whether each am were been being having got give find search searching see check wanted trying think really only left product products item
    items model article articles costing something anything thing guys team hope nice great love
    el la los las un una unos unas es son estan esta este estos estas esto hay tiene tienen tienes teneis que cual cuales como cuanto cuanta
    cuantos cuesta cuestan costo sale salen vale valen precio precios de del en con para por y o mi me lo les se puedo quiero
    quisiera necesito comprar favor hola buenos buenas dias tardes noches gracias disponible disponibles stock algun alguna si
    queda quedan todavia busco interesa gustaria saber decir dime podria venden vendes vende manejan ofrecen tambien tendran su sus existencia existencias
    tenga tengas tengan haya vendan manejen cueste cuesten valga valgan salga salgan cada porfa porfis estoy soy buscando ver aun ahora hoy producto productos articulo articulos algo quiere quieren llevar llevo encontrar
    o os as um uma e voce voces tem qual quais quanto quantos custa custam preco da do das dos em no na com por favor ola oi bom boa dia
    tarde eu quero gostaria preciso ainda vendem procuro estou procurando produto produtos agora hoje algum alguma ver custe custem
    le les des du ce cette ces est sont avez vous combien coute coutent prix quel quelle qui pour avec et ou je voudrais veux
    bonjour bonsoir salut merci encore s il plait y a t vendez cherche suis recherche produit produits article maintenant voir
    der die das den dem ein eine einen ist sind haben habt sie ihr wie viel viele welche welcher welches kostet kosten preis von fur im mit und oder
    ich mochte will brauche hallo guten morgen tag danke noch bitte gibt es auf lager verkauft verkaufen suche was bin nach produkt produkte artikel jetzt gerade
    هل كم سعر السعر بكم ثمن عندكم عندك لديكم لديك هذا هذه في من على مرحبا السلام عليكم اريد ابغي ابغى متوفر يوجد
    """.split()
)

# Those that are mistyped most, since nearly every question has one. "Prise" is no thing where no product is called so.
_MISTYPED_ASKING = tuple(
    "price prices precio precios cuesta cuestan preco precos custa combien coute kostet preis".split()
)

# A measure tells sizes of one thing apart; it never tells which thing is meant.
_UNIT_NAMES = {
    "kg": "kg kilo kilos kilogram kilograms kilogramo kilogramos كيلو",
    "g": "g gr gram grams gramo gramos gramme grammes gramm غرام جرام",
    "lb": "lb lbs pound pounds libra libras",
    "oz": "oz ounce ounces onza onzas",
    "ml": "ml millilitre millilitres milliliter mililitros",
    "l": "l lt litro litros liter liters litre litres لتر",
    "inch": "inch inches pulgada pulgadas polegada polegadas pouce pouces zoll بوصة",
    "ft": "ft foot feet pie pies",
    "cm": "cm centimetre centimetres centimeter centimeters centimetros سم",
    "mm": "mm millimetre millimeter milimetros",
    "m": "m metre metres meter meters metro metros متر",
    "quart": "quart quarts qt",
    "piece": "pc pcs piece pieces pieza piezas peca pecas stuck قطعة",
}
_UNITS = {name: unit for unit, names in _UNIT_NAMES.items() for name in names.split()}

# What follows these words in English describes the thing named before them: "lids | for the mixing bowls".
_DESCRIPTION_FOLLOWS = frozenset("for with in on from to of fur mit aus von".split())
_HEAD_COMES_LAST = frozenset({"en", "de"})

_CLOSE_SPELLING = 0.8
_SHORT_WORD = 4
_FAR_ENOUGH = 6
"""From this length on, a word may be misspelt in its first letter and still be told from another word."""
_TITLE, _ELSEWHERE = 1.0, 0.6
_MEASURE_WEIGHT = 0.1
_GUESS = 0.5
"""No product scores more that the question may not mean: named in a description alone, or of another size."""

_INFLECTED = 0.9
_BELOW_EACH_OTHER = re.compile("[>/|]")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d_])(?=\d)")
_ARABIC_ARTICLE = re.compile(r"^[وبل]?ال(?=\w{2})")


def words_asked_for(question: str) -> tuple[str, ...]:
    """The words of a question that can name a product, folded, each once, in order."""
    return tuple(dict.fromkeys(word for word in split_words(question) if word not in _ASKING))


def split_words(text: str) -> list[str]:
    """Folded words, as products are indexed by them; "1kg" is two of them, and the Arabic article is no part of its noun."""
    words = _GLUED.sub(" ", fold(text)).split()
    return [word if word in _ASKING else _ARABIC_ARTICLE.sub("", word) for word in words]


@lru_cache(maxsize=4096)  # a worker ranks the same products again and again
def _split(text: str) -> tuple[str, ...]:
    return tuple(split_words(text))


def is_measure(word: str) -> bool:
    return word.isdigit() or word in _UNITS


def _measures(words: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Each number with its unit."""
    return frozenset((number, _UNITS[unit]) for number, unit in pairwise(words) if number.isdigit() and unit in _UNITS)


def _likeness(word: str, candidates: Collection[str]) -> float:
    """How well the best of `candidates` matches: 1 the word itself, less for an inflection or a typing error, else 0."""
    if word in candidates:
        return 1.0
    return max(map(_alike, repeat(word), candidates), default=0.0)


@lru_cache(maxsize=1 << 16)  # the products of a question share most of their words
def _alike(word: str, candidate: str) -> float:  # noqa: PLR0911 (one line for each way to be alike)
    if candidate == word:
        return 1.0
    if word in _plurals(candidate) or candidate in _plurals(word):
        return 0.9
    apart, shorter = abs(len(candidate) - len(word)), min(len(word), len(candidate))
    if shorter > _SHORT_WORD and apart <= _SHORT_WORD and (candidate.startswith(word) or word.startswith(candidate)):
        return 0.9  # "enamel" for "enamelled"
    if shorter < _SHORT_WORD or apart > 2:  # noqa: PLR2004 (two letters more or less are an ending or a typing error, three another word)
        return 0.0
    if candidate.startswith(word) or word.startswith(candidate):
        return 0.9
    if candidate[0] != word[0] and (
        min(len(word), len(candidate)) < _FAR_ENOUGH
        or candidate[-1] != word[-1]
        or word in candidate
        or candidate in word
    ):
        return 0.0
    matcher = SequenceMatcher(None, word, candidate)
    if matcher.quick_ratio() < _CLOSE_SPELLING:  # never less than the ratio itself, and far cheaper
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _CLOSE_SPELLING else 0.0


def _plurals(word: str) -> tuple[str, ...]:
    """As most of our languages form them; of one or two letters, none is a thing."""
    if len(word) <= 2:  # noqa: PLR2004 (see the docstring)
        return ()
    plain = (f"{word}s", f"{word}es")
    if word.endswith("fe"):
        return (*plain, f"{word[:-2]}ves")
    return (*plain, f"{word[:-1]}ies") if word.endswith("y") else plain


def _one_typing_error(word: str, other: str) -> bool:
    """One letter more, less or another, or two changed about."""
    shorter = min(len(word), len(other))
    if abs(len(word) - len(other)) > 1 or shorter < 2:  # noqa: PLR2004 (of one letter, nothing is left)
        return False
    at = next((i for i in range(shorter) if word[i] != other[i]), shorter)
    ours, theirs = word[at:], other[at:]
    swapped = ours[1:2] + ours[:1] + ours[2:]
    return theirs in (swapped, ours[1:]) or ours[1:] == theirs[1:] or ours == theirs[1:]


def _asks_mistyped(word: str) -> bool:
    return any(word[0] == asking[0] and _one_typing_error(word, asking) for asking in _MISTYPED_ASKING)


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A product, ready to be compared."""

    product: Product
    title: tuple[str, ...]
    names: tuple[str, ...]
    """The title without its measures: "12 cups" makes no cup of a muffin tin."""
    anywhere: frozenset[str]
    """The words of title, description and category."""
    rest: tuple[str, ...]

    @classmethod
    def of(cls, product: Product) -> _Indexed:
        title, rest = _split(product.title), _split(f"{product.description} {product.category}")
        names = tuple(
            word
            for before, word in pairwise(["", *title])
            if not is_measure(word) and (word in _ASKING or not before.isdigit())
        )
        return cls(product, title, names, frozenset((*rest, *title)), rest)

    def in_title(self, asked: _Question) -> list[float]:
        """How well each word asked for stands in the title."""
        scores = [_likeness(word, self.names if word in asked.names else self.title) for word in asked.words]
        joined = {first + second for first, second in pairwise(self.names)}
        for i, (word, following) in enumerate(pairwise((*asked.words, ""))):
            if word in joined:
                scores[i] = 1.0
            elif following and word + following in self.names:  # "stove top" for "stovetop"
                scores[i] = scores[i + 1] = 1.0
        met = sum(1 for score, word in zip(scores, asked.words, strict=True) if score and word in asked.names)
        if not met:
            return scores
        # What stands beside a name of this product is more likely a misspelling than something else.
        unmet = [name for name in self.title if not _likeness(name, asked.words)]
        for i, word in enumerate(asked.words):
            if (
                not scores[i]
                and word in asked.names
                and any(
                    _one_typing_error(word, name) and (met > 1 or word[0] == name[0] or len(name) >= _SHORT_WORD)
                    for name in unmet
                )
            ):
                scores[i] = _CLOSE_SPELLING
        return scores

    def scores(self, asked: _Question) -> _Scores:
        in_title = self.in_title(asked)
        elsewhere = [_likeness(word, self.anywhere) for word in asked.words]
        best = [max(_TITLE * here, _ELSEWHERE * there) for here, there in zip(in_title, elsewhere, strict=True)]
        return _Scores(in_title, best)


@dataclass(frozen=True, slots=True)
class _Scores:
    """One for each word asked for."""

    in_title: list[float]
    best: list[float]


@dataclass(frozen=True, slots=True)
class _Question:
    words: tuple[str, ...]
    names: frozenset[str]
    """Those of the words that are no measures."""
    heads: frozenset[str]
    """The name that is the thing itself, which the others describe: the first or, in some languages, the last."""
    measures: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, text: str, catalogue: Sequence[_Indexed]) -> _Question:
        split = split_words(text)
        named = {name for indexed in catalogue for name in indexed.names}
        words = tuple(word for word in words_asked_for(text) if word in named or not _asks_mistyped(word))
        units = {word for indexed in catalogue for word in indexed.title} - named | _UNITS.keys()
        after_number = {
            word
            for number, word in pairwise(split)
            if number.isdigit() and any(word == unit or _one_typing_error(word, unit) for unit in units)
        }
        names = [
            word
            for word in words
            if not is_measure(word) and len(word) > 1 and (word in named or word not in after_number)
        ]
        language = detect_language(text, catalogue[0].product.language)
        first, last = names[:1], _first_phrase(split, names)[-1:]
        heads = last if language in _HEAD_COMES_LAST else first if language else first + last
        return cls(words, frozenset(names), frozenset(heads), _measures(split))

    def is_met_by(self, indexed: _Indexed, scores: _Scores) -> bool:
        """Whether nothing speaks against this product: else its score is a guess."""
        in_title = dict(zip(self.words, scores.in_title, strict=True))
        best = dict(zip(self.words, scores.best, strict=True))
        sizes = _measures(indexed.title)
        return (
            any(in_title[head] for head in self.heads)
            and all(best[name] for name in self.names)
            and (not sizes or self.measures <= sizes | _measures(indexed.rest))
        )


def _first_phrase(words: Iterable[str], names: Sequence[str]) -> list[str]:
    """The names up to the first word that only describes them, as English and German build them."""
    phrase: list[str] = []
    for word in words:
        if word in _DESCRIPTION_FOLLOWS and phrase:
            break
        if word in names:
            phrase.append(word)
    return phrase


def rank(products: Sequence[Product], question: str, limit: int) -> list[Hit]:
    """The products that a question names best first; rare words weigh more. Tolerates typing errors and inflections.

    A product that the question may not mean scores `_GUESS` at most: a wrong price is worse than none.
    """
    if not products:
        return []
    catalogue = [_Indexed.of(product) for product in products]
    asked = _Question.of(question, catalogue)
    if not asked.words:
        return []
    matches = [(indexed, indexed.scores(asked)) for indexed in catalogue]
    found_in = [sum(1 for _, scores in matches if scores.best[i]) for i in range(len(asked.words))]
    weights = [
        (1.0 if word in asked.names else _MEASURE_WEIGHT) * math.log(1 + len(products) / (count or 0.5))
        for word, count in zip(asked.words, found_in, strict=True)
    ]
    ranked = []
    for indexed, scores in matches:
        if any(scores.best):
            share = sum(w * score for w, score in zip(weights, scores.best, strict=True)) / sum(weights)
            score = share if asked.is_met_by(indexed, scores) else _GUESS * share
            ranked.append((score, indexed.names[:1] == asked.words[:1], -len(indexed.title), indexed.product))
    ranked.sort(key=lambda entry: entry[:3], reverse=True)
    return [Hit(product, score) for score, _, _, product in ranked[:limit]]


def tells_of(product: Product, question: str) -> bool:
    """Whether each name in the question stands somewhere in what the catalogue tells of the product."""
    anywhere = _Indexed.of(product).anywhere
    return all(_likeness(word, anywhere) for word in words_asked_for(question) if not is_measure(word))


def is_of_category(product: Product, question: str) -> bool:
    """Whether the question names nothing but the category in which the product stands, or one above it."""
    asked = words_asked_for(question)
    path = [words_asked_for(category) for category in _BELOW_EACH_OTHER.split(product.category)]
    return (
        bool(asked)
        and any(named and all(_likeness(word, asked) >= _INFLECTED for word in named) for named in path)
        and all(_likeness(word, [one for named in path for one in named]) >= _INFLECTED for word in asked)
    )
