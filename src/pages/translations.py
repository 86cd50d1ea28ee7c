"""English and Spanish. The English words are the keys; `locale/es/*.po` hold the Spanish ones, a file for each area."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "es")
DEFAULT = "en"
_LOCALE = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a word that is translated where it is shown."""
    return message


def choose(chosen: str | None, accept_language: str | None) -> str:
    """What the person chose; else what their browser asks for first among those we speak."""
    if chosen in LANGUAGES:
        return str(chosen)
    return next((code for code in _accepted(accept_language or "") if code in LANGUAGES), DEFAULT)


def _accepted(header: str) -> Sequence[str]:
    """Primary language codes of an `Accept-Language` header, most wanted first (RFC 9110, 12.5.4)."""
    weighted = [part.partition(";") for part in header.split(",")]
    wanted = [(_weight(parameters), tag.strip().lower().partition("-")[0]) for tag, _, parameters in weighted]
    return [code for weight, code in sorted(wanted, key=lambda pair: -pair[0]) if weight > 0]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


@cache
def translations(language: str) -> NullTranslations:
    if language == DEFAULT:
        return NullTranslations()
    file = io.BytesIO()
    write_mo(file, catalogue(language))
    file.seek(0)
    return GNUTranslations(file)


def catalogue(language: str) -> Catalog:
    """All areas as one. A key that stands in two of them would be translated by chance: a test refuses it."""
    whole = Catalog(locale=language)
    for path in sorted((_LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    whole[message.id] = message
    return whole
