"""One conversation as a page: its blocks, what has been heard since, and what one had begun to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.inbox import InboxLine
from domain.thread_views import Item, MessageView, ThreadView
from pages.fragments import rendered
from pages.inbox_lines import ShownLine, shown
from pages.rendering import render
from pages.talk import Block, laid_out
from pages.translations import translations
from pages.visit import Visit

_LINKS_DRAWN_FOR = 240
"""Seconds."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    customer_id: str
    tab: str
    """To which one goes back."""
    shown: ShownLine
    blocks: Sequence[Block]
    older: str
    """Cursor of what was said before; empty at the beginning."""
    newest: bool
    heard_at: str
    """When the customer wrote what is shown as their last message."""
    heard: str
    """For those who listen: what has come since they were last told."""
    key: str
    """By which what is written next is sent once."""
    stamp: str
    """By which it is asked whether there is anything new."""
    links: str
    """When the links of its files were signed; empty where it has none."""
    draft: str = ""


def thread_page(  # noqa: PLR0913 (what is shown, of whom, and what one was at)
    view: ThreadView,
    line: InboxLine,
    visit: Visit,
    *,
    tab: str,
    older: str,
    key: str,
    heard_before: str = "",
    draft: str = "",
) -> ThreadPage:
    """`line`: of the conversation, which an older page does not bring."""
    last = _last_message(view.items)
    one = shown(line, now=visit.now, formats=visit.formats, me=visit.subject)
    return ThreadPage(
        customer_id=view.customer_id,
        tab=tab,
        shown=one,
        blocks=list(laid_out(view.items, visit.formats)),
        older=older,
        newest=view.line is not None,
        heard_at=_stamp(last.at) if last else "",
        heard=_heard(one, last, visit) if last and heard_before and _stamp(last.at) > heard_before else "",
        key=key,
        stamp=view.stamp,
        links=link_period(visit.now) if any(map(_has_link, view.items)) else "",
        draft=draft,
    )


def link_period(now: datetime) -> str:
    """A page of another period is drawn anew: its links, which open files for five minutes, soon open none."""
    return f"{now.timestamp() // _LINKS_DRAWN_FOR:.0f}"


def news(view: ThreadPage, visit: Visit) -> str:
    """The log, and what stands around it: all of it is new where the log is."""
    return render("inbox/_news.html", visit, view=view, log=_log(view, visit), **_around(view, visit, swapped=True))


def whole(view: ThreadPage, visit: Visit) -> str:
    around = _around(view, visit, swapped=False)
    return render("inbox/thread.html", visit, view=view, log=_log(view, visit), **around)


def _around(view: ThreadPage, visit: Visit, *, swapped: bool) -> dict[str, str]:
    """`swapped`: each takes its own place in a page that is shown."""
    return {name: rendered(f"inbox/_{name}.html", visit, view=view, swapped=swapped) for name in ("head", "aside")}


def _log(view: ThreadPage, visit: Visit) -> str:
    return rendered("inbox/_log.html", visit, view=view, body=rendered("inbox/_messages.html", visit, view=view))


def _has_link(item: Item) -> bool:
    return isinstance(item, MessageView) and item.media is not None and item.media.link is not None


def _last_message(items: Sequence[Item]) -> MessageView | None:
    return next((item for item in reversed(items) if isinstance(item, MessageView)), None)


def _heard(one: ShownLine, last: MessageView, visit: Visit) -> str:
    said = translations(visit.language).gettext
    return said("New message from %(name)s: %(words)s") % {"name": one.name, "words": last.words or last.type}


def _stamp(at: datetime) -> str:
    return f"{at.timestamp():.0f}"
