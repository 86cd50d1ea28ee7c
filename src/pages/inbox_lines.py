"""One line of the inbox in the reader's words: what was said last, how old it is, how long one may still write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.inbox import Folder, InboxLine, Speaker
from pages.formats import Formats
from pages.translations import N_, translations
from pages.words import MEDIA

_SOON = timedelta(hours=4)
_AT_ONCE = timedelta(hours=1)

_TYPES = {
    "location": N_("Place"),
    "contacts": N_("Contact"),
    "order": N_("Order"),
    "reaction": N_("Reaction"),
    "template": N_("Template"),
    "interactive": N_("Reply to a question"),
    **{kind.value: label for kind, label in MEDIA.items()},
}


@dataclass(frozen=True, slots=True)
class Window:
    """Meta's 24 hours, in which one may write freely."""

    open: bool
    label: str
    tone: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: InboxLine
    name: str
    said_by: str
    preview: str
    at: datetime
    age: str
    window: Window
    mine: bool

    @property
    def customer_id(self) -> str:
        return self.line.customer_id

    @property
    def folder(self) -> Folder:
        return self.line.folder


def shown(line: InboxLine, *, now: datetime, formats: Formats, me: str = "") -> ShownLine:
    """`me`: subject of whoever reads."""
    said = translations(formats.language).gettext
    at = line.last.at if line.last else line.conversation.last_inbound_at
    return ShownLine(
        line=line,
        name=customer_name(line),
        said_by=_said_by(line, me, said),
        preview=_preview(line, said),
        at=at,
        age=formats.length(max(now - at, timedelta())),
        window=window(line, now=now, formats=formats),
        mine=bool(me) and line.conversation.person == me,
    )


def customer_name(line: InboxLine) -> str:
    phone = line.conversation.recipient.phone
    return line.name if line.name and line.name != phone else f"+{phone}" if phone else line.conversation.recipient.key


def window(line: InboxLine, *, now: datetime, formats: Formats) -> Window:
    left = line.window_closes_at - now
    if left <= timedelta():
        said = translations(formats.language).gettext
        return Window(open=False, label=said("Window closed"), tone="", closes_at=line.window_closes_at)
    tone = "bad" if left <= _AT_ONCE else "warn" if left <= _SOON else ""
    return Window(open=True, label=formats.length(left), tone=tone, closes_at=line.window_closes_at)


def _said_by(line: InboxLine, me: str, said: Callable[[str], str]) -> str:
    if line.last is None or line.last.by is Speaker.CUSTOMER:
        return ""
    if line.last.by is Speaker.ASSISTANT:
        return said("Assistant")
    return said("You") if me and line.conversation.person == me else line.conversation.person_name or said("Person")


def _preview(line: InboxLine, said: Callable[[str], str]) -> str:
    if line.last is None:
        return ""
    label = _TYPES.get(line.last.type)
    if line.last.words or label is None:
        return line.last.words
    return said(label)
