"""Whether a licence lets us deploy what stands under it. Expressions are SPDX's."""

from __future__ import annotations

import re
from collections.abc import Iterator

PERMITTED = frozenset(
    {
        *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC"),
        *("MIT", "MIT-0", "PSF-2.0", "Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "Zlib"),
    }
)
"""They ask for no more than that their words are kept."""

PERMITTED_FOR = {("certifi", "MPL-2.0")}
"""Copyleft by the file: certifi is a list of certificates, and nobody changes it here."""

STATED = {"jinja2": "BSD-3-Clause", "segno": "BSD-3-Clause", "openssl": "Apache-2.0"}
"""As their LICENSE files say: their metadata name no licence, or a family of them."""

_WORD = re.compile(r"\(|\)|[A-Za-z0-9.+-]+(?:\s+WITH\s+[A-Za-z0-9.-]+)?")


class NoExpressionError(ValueError):
    """Not SPDX's language."""


def permitted(name: str, expression: str) -> bool:
    """Of alternatives one suffices; of licences that hold together, each counts."""
    try:
        words = iter([*_words(expression), ""])
        verdict, end = _either(words, name)
    except NoExpressionError:
        return False
    return verdict and end == ""


def _words(expression: str) -> list[str]:
    if _WORD.sub("", expression).strip():
        raise NoExpressionError(expression)
    return [" ".join(word.split()) for word in _WORD.findall(expression)]


def _either(words: Iterator[str], name: str) -> tuple[bool, str]:
    """The verdict, and the word behind what it is about."""
    verdict, word = _together(words, name)
    while word == "OR":
        other, word = _together(words, name)
        verdict = verdict or other
    return verdict, word


def _together(words: Iterator[str], name: str) -> tuple[bool, str]:
    verdict = _one(words, name)
    while (word := next(words, "")) == "AND":
        verdict = _one(words, name) and verdict
    return verdict, word


def _one(words: Iterator[str], name: str) -> bool:
    word = next(words, "")
    if word == "(":
        verdict, end = _either(words, name)
        if end != ")":
            raise NoExpressionError(word)
        return verdict
    if word in {"", ")", "AND", "OR"}:
        raise NoExpressionError(word)
    return word in PERMITTED or (name, word) in PERMITTED_FOR
