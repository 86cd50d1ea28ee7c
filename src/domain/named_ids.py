"""The words of a question that may be a product's id: the seller's own number of an article, as its feed has it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.plain_text import visible
from domain.product_search import is_measure, split_words

_WORD = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*")
_LEAST_DIGITS = 5
"""Of an id without a letter: a shorter number counts something."""
_LONGEST = 100
"""Of Meta's retailer ids."""


def possible_ids(question: str) -> list[str]:
    """As they are written, each once. What has no digit is a word, and "1kg" a measure."""
    return [word for word in dict.fromkeys(_WORD.findall(visible(question))) if _may_be_id(word)]


def spellings(written: str) -> list[str]:
    """Under which it may stand in the catalogue: the customer does not mind the case, and the catalogue's keys do."""
    return list(dict.fromkeys((written, written.upper(), written.lower())))


def renamed(question: str, names: Mapping[str, str]) -> str:
    """The question with other names in place of ids. `names`: by what is written there, case-folded."""
    return _WORD.sub(lambda word: names.get(word[0].casefold(), word[0]), visible(question))


def _may_be_id(word: str) -> bool:
    if word.isdigit():
        return _LEAST_DIGITS <= len(word) <= _LONGEST
    has_digit = any(letter.isdigit() for letter in word)
    return has_digit and len(word) <= _LONGEST and not all(map(is_measure, split_words(word)))
