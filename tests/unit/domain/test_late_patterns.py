from __future__ import annotations

import re
from unittest import mock

import pytest

from domain.late_patterns import LatePattern
from domain.number_words import MARKED_NUMBER_WORDS, NUMBER_WORDS, marked


def test_it_is_compiled_once_and_when_first_asked() -> None:
    with mock.patch.object(re, "compile", wraps=re.compile) as compiled:
        pattern = LatePattern(r"\d+")
        assert compiled.call_count == 0
        assert pattern.search("a 12") is not None
        assert pattern.sub("n", "1 and 2") == "n and n"
        assert compiled.call_count == 1


def test_it_finds_what_a_compiled_one_finds() -> None:
    late, usual, text = LatePattern(r"\d+"), re.compile(r"\d+"), "7 of 12 and 30"
    assert [found.span() for found in late.finditer(text)] == [found.span() for found in usual.finditer(text)]
    assert late.match(text, 5) is not None
    assert late.search(text, 1, 4) is None


@pytest.mark.parametrize(
    "text",
    [
        "only twelve left",
        "quedan treinta y cinco piezas",
        "noch funfundzwanzig stuck",
        "quatre-vingt-dix exemplaires",
        "بقي خمسة وعشرين قطعة",
        "the tone of one-off onions, twenty two",
        "no numbers here",
    ],
)
def test_number_words_are_found_where_they_are_marked(text: str) -> None:
    words = [found.span() for found in re.finditer(NUMBER_WORDS, text)]
    assert [found.span() for found in re.finditer(MARKED_NUMBER_WORDS, marked(text))] == words
    assert len(marked(text)) == len(text)
