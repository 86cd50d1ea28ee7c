"""The links that a text holds: whatever a phone would make one of, or a reader could."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from domain.plain_text import visible

_GENERIC = (
    "com|net|org|info|biz|shop|store|online|site|app|dev|io|co|xyz|top|club|link|click|live|page|pages|web|website|cloud|tech|space|"
    "example|test|gov|edu|mobi|pro|name|vip|icu|win|bid|loan|sale|deals|buzz|world|today|news|tv|cc|ly|gl|gd|ws|fm|ai|gg"
)
# Some of them are words, after which a careless writer forgets the blank: only in lower case.
_COUNTRY = (
    "me|us|uk|ca|mx|ar|cl|pe|ec|uy|py|ve|bo|cr|gt|do|br|pt|es|fr|de|at|ch|it|nl|be|ie|eu|pl|se|no|fi|dk|ru|ua|tr|gr|ro|cz|hu|il|ae|sa|eg|"
    "ma|dz|tn|jo|qa|kw|bh|om|lb|iq|in|pk|cn|jp|kr|hk|tw|sg|my|id|th|vn|ph|au|nz|za|ng|ke|to|is|cat"
)
_TLD = rf"(?:(?i:{_GENERIC})|(?:{_COUNTRY}))(?![\w-])"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_REST = r"(?:[:/?#][^\s<>\"”»`|]*)?"

_LINK = re.compile(
    r"(?<![a-z])(?:[a-z][a-z0-9+.-]{1,15}:\s?//[^\s<>\"”»`|]+)"
    r"|(?<!\w)(?:mailto|tel|sms|data|javascript|whatsapp|intent|market|tg|geo|file|skype|callto|viber|facetime):[^\s<>\"]+"
    rf"|(?<![\w@])www\.[^\s<>\"”»`|]+"
    rf"|(?<![\w.])(?:[\w.+-]{{1,64}}@)?(?:{_LABEL}\.)+{_TLD}{_REST}"
    rf"|(?<![\w.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.]){_REST}",
    re.IGNORECASE,
)
# IGNORECASE above is for schemes; a country's letters at the end of a name are looked at again.
_SENTENCE_JOINED = re.compile(rf"\w+\.(?:{_COUNTRY.title()})\W?", re.UNICODE)

_DOT = r"dot|punto|ponto|point|punkt|نقطة"
_BRACKETED = re.compile(rf"\s*[\[({{<]\s*(?:{_DOT}|\.)\s*[\])}}>]\s*", re.IGNORECASE)
_SPOKEN = re.compile(rf"(?<=[^\W_])\s+(?:{_DOT})\s+(?=(?:{_GENERIC}|{_COUNTRY})(?!\w))", re.IGNORECASE)
_SPACED = re.compile(
    r"(?<=[^\W\d_])(?: \. ?(?=(?i:com|net|org|info|shop|store|online)(?![\w-]))|\. (?=(?:com|net|org)(?![\w-])))"
)
_SLASH = re.compile(r"\s+(?:slash|barra|schragstrich)\s+", re.IGNORECASE)
_HIDDEN_SCHEME = re.compile(r"h(?:xx|\*\*|tt)ps?(?=\s?:\s?//)|h(?:xx|\*\*)p(?=s?\s?:\s?//)", re.IGNORECASE)
_TRAILING = ".,;:!?…)]}*_~'\"”»’"


def said_links(text: str) -> list[str]:
    """As they are written, but for what hides them."""
    return list(dict.fromkeys(_found(_uncovered(visible(text)))))


def _uncovered(text: str) -> str:
    text = _HIDDEN_SCHEME.sub(lambda scheme: "https" if "s" in scheme.group().casefold() else "http", text)
    text = _BRACKETED.sub(".", text)
    dotted = _SPACED.sub(".", _SPOKEN.sub(".", text))
    return _SLASH.sub("/", dotted) if dotted != text else dotted


def _found(text: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        link = _without_trailing(match.group())
        if link and not _SENTENCE_JOINED.fullmatch(link):
            yield link


def _without_trailing(link: str) -> str:
    """A bracket that the link itself has opened belongs to it."""
    while link and link[-1] in _TRAILING and not (link[-1] == ")" and link.count("(") >= link.count(")")):
        link = link[:-1]
    return link


def is_one_of(link: str, known: Iterable[str]) -> bool:
    """Whether it leads where one of the known ones leads; a name alone is its https address."""
    return _address(link) in {_address(one) for one in known if one}


def _address(link: str) -> tuple[str, str]:
    link = visible(link)
    scheme, parted, rest = link.partition("://")
    if not parted:
        scheme, rest = "https", link
    host, slash, path = rest.partition("/")
    return scheme.casefold(), (host.casefold() + slash + path).rstrip("/")
