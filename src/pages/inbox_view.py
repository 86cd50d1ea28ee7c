"""What the list of conversations shows: a tab, what is searched for, and the lines found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.inbox import Folder, InboxFilter, InboxPage
from pages.inbox_lines import ShownLine, shown
from pages.translations import N_
from pages.visit import Visit


class Tab(StrEnum):
    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    ASSISTANT = "assistant"
    RESOLVED = "resolved"

    @property
    def folder(self) -> Folder | None:
        """None: of every folder that is open."""
        return _FOLDERS[self]


_FOLDERS: Mapping[Tab, Folder | None] = {
    Tab.WAITING: Folder.WAITING,
    Tab.MINE: Folder.PERSON,
    Tab.ALL: None,
    Tab.ASSISTANT: Folder.ASSISTANT,
    Tab.RESOLVED: Folder.RESOLVED,
}

TAB_WORDS: Mapping[Tab, str] = {
    Tab.WAITING: N_("Waiting"),
    Tab.MINE: N_("Mine"),
    Tab.ALL: N_("All"),
    Tab.ASSISTANT: N_("Assistant"),
    Tab.RESOLVED: N_("Resolved"),
}

EMPTY_WORDS: Mapping[Tab, str] = {
    Tab.WAITING: N_("No conversation waits for a person."),
    Tab.MINE: N_("You have no conversation. Take one over, and it stands here."),
    Tab.ALL: N_("No conversation is open."),
    Tab.ASSISTANT: N_("The assistant has no open conversation."),
    Tab.RESOLVED: N_("No conversation is resolved yet."),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What one looks at in the list, as the address says it."""

    tab: Tab = Tab.WAITING
    words: str = ""
    unread: bool = False
    after: str = ""
    """Cursor of the page."""
    open: str = ""
    """The customer whose conversation is shown beside the list."""

    def filter(self, me: str) -> InboxFilter:
        return InboxFilter(person=me if self.tab is Tab.MINE else None, unread=self.unread, words=self.words)


@dataclass(frozen=True, slots=True)
class InboxView:
    sought: Sought
    lines: Sequence[ShownLine]
    more: str
    """Cursor of the next page; empty where there is none."""
    waiting: str
    """How many wait for a person, counted so far; empty where it was not counted."""


def inbox_view(page: InboxPage, sought: Sought, visit: Visit, *, more: str, waiting: str = "") -> InboxView:
    me = visit.subject
    lines = [shown(line, now=visit.now, formats=visit.formats, me=me) for line in page.lines]
    return InboxView(sought, lines, more, waiting)


def sought_in(query: Mapping[str, str]) -> Sought:
    """Whatever an address says that is none of ours is the usual."""
    tab = query.get("tab", "")
    return Sought(
        tab=Tab(tab) if tab in set(Tab) else Tab.WAITING,
        words=query.get("q", "").strip()[:_LONGEST_WORDS],
        unread=query.get("unread") == "1",
        after=query.get("after", ""),
        open=query.get("open", ""),
    )


_LONGEST_WORDS = 100
