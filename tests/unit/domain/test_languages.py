"""Which language a short message is in, and how text is folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.languages import LANGUAGES, detect_language, fold

SPOKEN = {
    "en": [
        "how much is the mug?",
        "do you have it in red",
        "is it in stock?",
        "was it sent?",
        "chef's knife price",
        "no",
    ],
    "es": ["¿cuánto cuesta la taza?", "¿a qué hora abren?", "quiero dos por favor", "buenos días", "no"],
    "pt": ["quanto custa a caneca?", "vocês têm isso?", "bom dia, eu quero uma", "obrigado"],
    "fr": ["combien coûte la tasse ?", "avez-vous ceci en stock s'il vous plaît", "je voudrais un café", "merci"],
    "de": ["was kostet die Tasse?", "ich möchte zwei bitte", "haben Sie das in Grün?", "danke"],
    "ar": ["كم سعر الكوب؟", "مرحبا", "price كم", "ﻣﺮﺣﺒﺎ"],
}


@pytest.mark.parametrize(("language", "words"), [(code, words) for code, all_ in SPOKEN.items() for words in all_])
def test_a_short_message_tells_its_language(language: str, words: str) -> None:
    assert detect_language(words, language) == language


@pytest.mark.parametrize(
    ("language", "words"), [(code, all_[0]) for code, all_ in SPOKEN.items()] + [("de", "ich möchte zwei bitte")]
)
def test_whatever_was_spoken_before(language: str, words: str) -> None:
    for default in LANGUAGES:
        assert detect_language(words, default) == language


@pytest.mark.parametrize(
    "words", ["", "?", "🙂", "12345", "MH-1001", "French Press 34 oz", "¿hacen envíos a Guadalajara?"]
)
@pytest.mark.parametrize("default", LANGUAGES)
def test_what_does_not_tell_keeps_the_language_spoken_so_far(words: str, default: str) -> None:
    assert detect_language(words, default) == default


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("il y a quelqu'un ?", "fr"),
        ("ist da jemand?", "de"),
        ("Gibt es hier auch Menschen?", "de"),
        ("me chama um atendente", "pt"),
        ("¿hay alguien ahí?", "es"),
        ("tem alguém aí?", "pt"),
        ("is anybody there?", "en"),
        ("un café por favor", "es"),
        ("um café por favor", "pt"),
        ("me puedes ayudar", "es"),
        ("es ist kaputt", "de"),
    ],
)
def test_words_that_languages_share_do_not_decide(words: str, language: str) -> None:
    for default in LANGUAGES:
        assert detect_language(words, default) == language


@given(st.text(st.characters()), st.sampled_from(LANGUAGES))
def test_any_text_is_in_one_of_them(words: str, default: str) -> None:
    assert detect_language(words, default) in LANGUAGES


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Crème  BRÛLÉE!", "creme brulee"),
        ("große Straße", "grosse strasse"),
        ("¿Cuánto?", "cuanto"),
        ("chef's", "chef s"),
        ("snake_case__here", "snake case here"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("İstanbul", "istanbul"),
        ("أحمد إلى آخر", "احمد الى اخر"),
        ("سيئ", "سيي"),
        ("مُمتاز", "ممتاز"),
        ("  \t\n ", ""),
        ("🙂", ""),
        ("34.90", "34 90"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
