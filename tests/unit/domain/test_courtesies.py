from __future__ import annotations

import pytest

from domain.courtesies import only_emoji, thanks


@pytest.mark.parametrize("words", ["👍", "😀😀", "👍🏽", "❤️", "👩‍👧", "🙏 !", "👌."])
def test_an_emoji_asks_for_nothing(words: str) -> None:
    assert only_emoji(words)


@pytest.mark.parametrize("words", ["", " ", "!", "?", "👍?", "👍 ok", "2 👍", "$", "مرحبا"])
def test_whatever_says_more_is_more(words: str) -> None:
    assert not only_emoji(words)


@pytest.mark.parametrize(
    "words", ["thanks", "Thank you so much!", "ok gracias", "muito obrigada", "merci", "danke", "شكرا"]
)
def test_thanks_in_every_language(words: str) -> None:
    assert thanks(words)


@pytest.mark.parametrize("words", ["", "ok", "perfecto", "thanks, and the red one?", "no thanks to you"])
def test_what_is_no_thanks(words: str) -> None:
    assert not thanks(words)
