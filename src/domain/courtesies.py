"""What closes a conversation and asks for nothing: thanks, an emoji. Each answer is charged, so none is sent to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from domain.conversations import RecordedBecause, ThreadMessage
from domain.languages import fold
from domain.replies import Reply

_THANKS = frozenset(
    "thanks thank you so much very great perfect ok okay gracias muchas mil perfecto vale genial obrigado obrigada "
    "muito perfeito otimo merci beaucoup parfait super danke vielen dank schon toll شكرا جزيلا تمام ممتاز".split()
)
_OF_THANKING = frozenset("thanks thank gracias obrigado obrigada merci danke dank شكرا".split())
_OF_EMOJI = frozenset({"So", "Sk", "Mn", "Cf", "Zs", "Cc", "Po"})
"""Unicode categories: symbols, skin tones, variation selectors, joiners, and what people type between them."""


def thanks(words: str) -> bool:
    said = set(fold(words).split())
    return said <= _THANKS and bool(_OF_THANKING & said)


def only_emoji(words: str) -> bool:
    categories = {unicodedata.category(letter) for letter in words}
    return "So" in categories and categories <= _OF_EMOJI and "?" not in words and "؟" not in words


def closes(burst: Sequence[ThreadMessage], history: Sequence[ThreadMessage | Reply]) -> RecordedBecause | None:
    """Why the burst needs no answer, where all of it is a courtesy behind an answer that was given."""
    if not burst or not _answered_before(burst[0], history):
        return None
    if not all(message.type == "text" and (thanks(message.words) or only_emoji(message.words)) for message in burst):
        return None
    thanked = any(thanks(message.words) for message in burst)
    return RecordedBecause.THANKS if thanked else RecordedBecause.NO_ANSWER_EXPECTED


def _answered_before(first: ThreadMessage, history: Sequence[ThreadMessage | Reply]) -> bool:
    at = next((at for at, entry in enumerate(history) if entry == first), 0)
    before = history[at - 1] if at else None
    return isinstance(before, Reply) and before.taken
