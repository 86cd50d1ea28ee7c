"""A conversation laid out for reading: days, who goes on speaking, and what an answer answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.replies import ReplyState
from domain.thread_views import ChangeView, EscalationView, Item, MessageView, NoteView, ReplyView
from pages.formats import Formats

_ONE_BREATH = timedelta(minutes=3)
"""What the same person says within this time stands close together, under one name."""
_SHOWN_ON_ANOTHER = frozenset({"reaction", "edit", "revoke"})
"""What these say stands on the message that they change."""
_KINDS = {
    MessageView: "message",
    ReplyView: "reply",
    NoteView: "note",
    ChangeView: "change",
    EscalationView: "escalation",
}
_MOST_QUOTED = 90


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    item: Item
    day: str
    """Set on the first of each day."""
    follows: bool
    """The same person goes on."""
    quoted: str
    """The beginning of what it answers."""
    anchor: str


def laid_out(items: Sequence[Item], formats: Formats) -> Iterator[Block]:
    words = {_id_of(item): _words_of(item) for item in items}
    before: Item | None = None
    for item in items:
        if isinstance(item, MessageView) and item.type in _SHOWN_ON_ANOTHER:
            continue
        new_day = before is None or not formats.same_day(before.at, item.at)
        yield Block(
            kind=_KINDS[type(item)],
            item=item,
            day=formats.day(item.at) if new_day else "",
            follows=before is not None and not new_day and _goes_on(before, item),
            quoted=_quoted(words.get(_answered(item), "")),
            anchor=_anchor(item.at),
        )
        before = item


def tick(reply: ReplyView) -> str:
    """How far it has come: sending, sent, delivered, read, failed or uncertain."""
    if reply.state is ReplyState.FAILED or reply.delivery == "failed":
        return "failed"
    if reply.state in {ReplyState.READY, ReplyState.SENDING}:
        return "sending"
    if reply.delivery in {"read", "played"}:
        return "read"
    if reply.delivery == "delivered":
        return "delivered"
    return "uncertain" if reply.state is ReplyState.UNCERTAIN else "sent"


def _goes_on(before: Item, item: Item) -> bool:
    return item.at - before.at <= _ONE_BREATH and _speaker(before) == _speaker(item) is not None


def _speaker(item: Item) -> tuple[str, str | None] | None:
    match item:
        case MessageView():
            return ("customer", None)
        case ReplyView():
            return (item.by, item.person)
        case _:
            return None


def _answered(item: Item) -> str:
    return item.in_reply_to if isinstance(item, MessageView | ReplyView) else ""


def _id_of(item: Item) -> str:
    return (item.message_id if isinstance(item, MessageView | ReplyView) else None) or ""


def _words_of(item: Item) -> str:
    match item:
        case MessageView(words=words):
            return words
        case ReplyView(text=text):
            return text
        case _:
            return ""


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _MOST_QUOTED else f"{plain[: _MOST_QUOTED - 1]}…"


def _anchor(at: datetime) -> str:
    return f"at-{at.timestamp():.0f}"
