from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from pages.translations import LANGUAGES, catalogue, choose, translations
from tests.unit.pages.messages import extracted

_SPANISH = Path(__file__).parents[3] / "src" / "pages" / "locale" / "es"
_PLACEHOLDER = re.compile(r"%\(\w+\)s")


def _forms(said: object) -> tuple[str, ...]:
    """Singular and plural, or the one form that there is."""
    return (said,) if isinstance(said, str) else tuple(said) if isinstance(said, list | tuple) else ()


def test_everything_that_is_said_is_said_in_spanish_and_nothing_is_left_over() -> None:
    said = set(extracted())
    spanish = {message.id: _forms(message.string) for message in catalogue("es") if message.id}
    assert said - set(spanish) == set()
    assert set(spanish) - said == set()
    assert [key for key, forms in spanish.items() if not all(forms)] == []


def test_a_translation_fills_in_what_the_english_fills_in() -> None:
    for message in catalogue("es"):
        wanted = {tuple(sorted(_PLACEHOLDER.findall(words))) for words in _forms(message.id)}
        assert {tuple(sorted(_PLACEHOLDER.findall(words))) for words in _forms(message.string)} <= wanted, message.id


def test_no_key_stands_in_two_areas() -> None:
    keys: Counter[str] = Counter()
    for path in _SPANISH.glob("*.po"):
        with path.open("rb") as file:
            keys.update(str(message.id) for message in read_po(file) if message.id)
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, None, "en"),
        ("es", "en", "es"),
        ("xx", "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, "de, en;q=0.5, es;q=0.7", "es"),
        (None, "de;q=1, fr", "en"),
        (None, "es;q=0, en;q=0.1", "en"),
        (None, "es;q=nonsense, ;;, en", "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_what_the_browser_asks_for(
    chosen: str | None, accepted: str | None, language: str
) -> None:
    assert choose(chosen, accepted) == language
    assert language in LANGUAGES


def test_spanish_is_spanish() -> None:
    assert translations("es").gettext("Take over") == "Tomar"
    assert translations("en").gettext("Take over") == "Take over"
