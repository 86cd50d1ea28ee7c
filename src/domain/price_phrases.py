"""How people say what a thing may cost, that it is to be the cheapest, and that it may be anything.

All patterns are read against `plain_text.plain` text. To add a language, add its line to each table.
"""

from __future__ import annotations

from domain.late_patterns import LatePattern

_BELOW = {
    "en": "under|below|beneath|less than|cheaper than",
    "es": "(?:por )?(?:debajo|abajo) de|menos (?:de|que)|mas (?:barat|economic)[oa]s? (?:de|que)|(?:menor|inferior)(?:es)? (?:a|de|que)",
    "pt": "abaixo de|mais barat[oa]s? (?:do )?que|(?:menor|inferior)(?:es)? (?:do )?que",
    "fr": "moins (?:de|que)|moins chere?s? que|en[ -]dessous de|sous|inferieure?s? a",
    "de": "unter|weniger als|(?:billiger|gunstiger) als",
    "ar": "[بل]?(?:اقل|ارخص) من|تحت|دون",
}
_AT_MOST = {
    "en": "(?:no|not) (?:more|higher) than|not over|up to|at most|max(?:imum)?(?: of)?|(?:doesn'?t|does not|don'?t|do not) (?:cost|exceed)(?: more than| over)?",
    "es": "no mas de|hasta|a lo mas|(?:como )?maximo(?: de)?|que no (?:pase|exceda|supere|cueste|valga|salga)n?(?: en)?(?: mas)?(?: de)?",
    "pt": "nao mais (?:de|que)|ate|no maximo|maximo de|que nao (?:passe|custe)m?(?: mais)?(?: de)?",
    "fr": "pas plus de|jusqu'a|au (?:plus|maximum)|maximum|qui ne (?:coute|depasse)(?:nt)? pas(?: plus de)?",
    "de": "nicht (?:mehr als|uber)|bis(?: zu)?|hochstens|maximal",
    "ar": "لا [يت]زيد عن|حت[يى]|بحد اقص[يى]",
}
_ABOVE = {
    "en": "over|above|(?:more|higher|more expensive) than",
    "es": "mas de|mas car[oa]s? (?:de|que)|(?:por )?(?:encima|arriba) de|(?:mayor|superior)(?:es)? (?:a|de|que)",
    "pt": "acima de|mais (?:de|que)|(?:maior|superior)(?:es)? (?:do )?que",
    "fr": "plus de|au[ -]dessus de|superieure?s? a",
    "de": "uber|mehr als",
    "ar": "(?:اكثر|اغل[يى]) من|فوق",
}
_AT_LEAST = {
    "en": "(?:no|not) less than|at least|min(?:imum)?(?: of)?|starting (?:at|from)",
    "es": "no menos de|al menos|por lo menos|minimo(?: de)?|a partir de|desde",
    "pt": "nao menos (?:de|que)|pelo menos|no minimo",
    "fr": "pas moins de|au moins|minimum",
    "de": "nicht weniger als|mindestens|ab",
    "ar": "لا [يت]قل عن",
}
_BETWEEN = "between|entre|zwischen|بين"
_FROM = "from|de|von|من"
TO = LatePattern(r" ?(?:-|–|—|and|to|y|e|a|al|et|und|hasta|ate|bis|و|الي|الى)(?![^\W\d_]) ?")
OR_LESS = LatePattern(
    r" ?(?:or|o|ou|oder|او) (?:less|under|below|cheaper|menos|moins|weniger|اقل)(?!\w)| (?:max(?:imum)?|(?:como )?maximo)(?!\w)"
)
AMOUNT_BEGINS = LatePattern(r"(?<![^\W_])(?<!\d[.,])(?<![$€£])(?=[$€£]|\d)")

_KINDS = {
    "at_most": "|".join(_AT_MOST.values()),
    "at_least": "|".join(_AT_LEAST.values()),
    "below": "|".join(_BELOW.values()),
    "above": "|".join(_ABOVE.values()),
    "between": _BETWEEN,
    "from": _FROM,
}
BEFORE_AN_AMOUNT = LatePattern(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{kind}>{phrases})' for kind, phrases in _KINDS.items())})(?!\w)(?: (?:the|los|las|os|as|unos|les))?"
)
"""`lastgroup` is the kind."""
TURNED_ROUND = LatePattern(
    r"(?<!\w)(?:not|no|nothing|none|never|nada|nunca|ningun\w*|nao|pas|rien|nicht|nichts|kein\w*|لا|ليس|\w+n't|dont|doesnt)(?: [^\W_]+){0,3} $"
)
"""What stands before them and may make them mean the contrary."""
NEXT_WORD = LatePattern(r"[ -]*([^\W_]+)")

_INDEFINITE = r"(?:un|una|unos|unas|uno|algo|algun\w*|otr[oa]s?|ningun\w*|es|son|esta|estan|sea|sean|uma?|umas|uns|outr[oa]s?|sao|seja)"
_NOT_COMPARED = r"(?!\w)(?! que (?!tien|teng|tene|vend|hay|manej|ofre|voce|tem|temos)| do que| da que| من)"
_CHEAPEST = {
    "en": r"cheapest|least expensive|most (?:affordable|economical)|lowest[ -]priced",
    "es": r"(?:mas (?:barat|economic)[oa]s?|menos car[oa]s?)",
    "pt": r"(?:mais (?:barat|economic)[oa]s?|mais em conta)",
    "fr": r"moins chere?s?|plus (?:economique|abordable)s?",
    "de": r"(?:billigst|gunstigst|preiswertest)e[nrsm]?",
    "ar": r"(?:ال)?ارخص",
}
_DEAREST = {
    "en": r"most expensive|priciest|costliest|highest[ -]priced",
    "es": r"mas (?:car|costos)[oa]s?",
    "pt": r"mais car[oa]s?",
    "fr": r"plus chere?s?",
    "de": r"(?:teuerst|kostspieligst)e[nrsm]?",
    "ar": r"(?:ال)?اغل[يى]",
}
# Where one form says "cheaper" and "cheapest", its article tells which: before the noun, or right before the word.
_ARTICLE = {
    "es": rf"(?:el|la|los|las|lo|su|sus)(?: (?!{_INDEFINITE}(?!\w))[^\W\d_]+){{0,4}}? ",
    "pt": rf"(?:o|a|os|as|seu|sua|seus|suas)(?: (?!{_INDEFINITE}(?!\w))[^\W\d_]+){{0,4}}? ",
    "fr": r"(?:le|la|les) ",
}
# "Your lowest price" is bargained for.
_BARGAINS = r"(?! (?:possible|price|prices|rate|cost|deal|offer)(?!\w))"


def _superlative(words: dict[str, str]) -> LatePattern:
    forms = (f"{_ARTICLE.get(language, '')}(?P<{language}>{said})" for language, said in words.items())
    return LatePattern(rf"(?<!\w)(?:{'|'.join(forms)}){_NOT_COMPARED}{_BARGAINS}")


ANYTHING = LatePattern(
    r"(?<!\w)(?:any ?thing|something|(?<!is )everything|things?|items?|products?|articles?|stuff|"
    r"what(?: else)? (?:do (?:you|u) (?:have|sell|carry|offer)|have you got|(?:can|could) (?:i|you)|is there|s there)|what (?:is|s) (?:under|below|over|above|less|more|between)|"
    r"algo|todo lo|(?<! a )lo (?:mas|menos)|cosas?|productos?|articulos?|(?<!el )(?<!la )(?<!los )(?<!las )que (?:mas )?(?:cosas )?(?:tienen|tienes|tiene|hay|venden|vendes|manejan|ofrecen|puedo)|"
    r"alguma coisa|produtos?|o que (?:voces )?(?:tem|vendem)|quelque chose|produits?|qu (?:avez vous|est ce que vous avez)|que (?:vendez|proposez) vous|"
    r"etwas|produkte?|artikel|was (?:habt ihr|haben sie|gibt es)|شيء?|اشياء|منتج\w*|ماذا)(?!\w)"
)
POINTS_BACK = LatePattern(
    r"(?<!\w)(?:it|this|these|those|them|they|one|ones|eso|ese|esa|esos|esas|este|estos|estas|esto|isso|esse|essa|isto|ca|cela)(?!\w)"
)
THE_ONE_THING = LatePattern(
    r"(?<!\w)(?:the (?:thing|item|product|article)|el (?:producto|articulo)|la cosa|o produto|le produit|l article|das produkt|der artikel)(?!\w)"
)
"""Which was spoken of before, where it is not the cheapest."""
ALL_OF_THEM = LatePattern(
    r"(?<!\w)(?:everything|stuff|todo|cualquier|cosas?|qualquer|coisa|quelque chose|qu|etwas|اشياء)(?!\w)"
)

IN_THE_SHOP = LatePattern(
    r"(?<!\w)(?:in|at|of|from|en|de|na|no|da|do|dans|chez|im) (?:(?:your|the|tu|su|la|el|sua|seu|votre|eurem|ihrem) )?(?:whole |entire )?"
    r"(?:store|shop|catalog(?:ue)?|website|site|tienda|catalogo|loja|boutique|magasin|laden|sortiment)(?!\w)"
    r"|(?<!\w)(?:of all|de tod[oa]s|de tous|de toutes|von allen)(?!\w)"
)

CHEAPEST, DEAREST = _superlative(_CHEAPEST), _superlative(_DEAREST)
"""`lastgroup` is the language: what stands in it, and not its article, is said of the price."""
