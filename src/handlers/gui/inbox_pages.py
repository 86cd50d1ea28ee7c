"""The list of conversations: the page, its pane, and the lines that are asked for again."""

from __future__ import annotations

from datetime import datetime

from domain.customers import CustomerId
from domain.desk import DeskPorts
from domain.inbox import Folder, InboxMark, InboxPage, list_inbox
from domain.inbox_everywhere import list_everything_open
from handlers.api.asking import ports, principal, routes, tenant
from handlers.gui.answers import Answer, html, if_new, page
from handlers.gui.asking import opened, request, sealed, visit
from pages.fragments import Fragment, fragment, rendered
from pages.inbox_view import InboxView, Sought, Tab, inbox_view, sought_in

router = routes()

_MOST_COUNTED = 99


@router.get("/inbox")
def get_inbox() -> Answer:
    return page(router, "inbox/inbox.html", pane=_pane(_sought()))


@router.get("/inbox/pane")
def get_pane() -> Answer:
    return html(router, _pane(_sought()))


@router.get("/inbox/lines")
def get_lines() -> Answer:
    return if_new(router, _lines(_listed(_sought())))


def _sought() -> Sought:
    return sought_in(request(router).query)


def _pane(sought: Sought) -> str:
    view = _listed(sought, counted=True)
    return rendered("inbox/_pane.html", visit(router), view=view, list=_lines(view).html)


def _lines(view: InboxView) -> Fragment:
    return fragment("inbox/_list.html", "inbox/_lines.html", visit(router), view=view)


def _listed(sought: Sought, *, counted: bool = False) -> InboxView:
    """`counted`: with how many wait, where that does not make it more than three calls."""
    found = _page(sought)
    rest = {"at": found.next.last_inbound_at.isoformat(), "id": found.next.customer_id} if found.next else None
    waiting = _waiting() if counted and sought.tab is not Tab.ALL else ""
    return inbox_view(found, sought, visit(router), more=sealed(router, sought.tab, rest), waiting=waiting)


def _page(sought: Sought) -> InboxPage:
    position = opened(router, sought.tab, sought.after)
    after = InboxMark(datetime.fromisoformat(position["at"]), CustomerId(position["id"])) if position else None
    only, desk = sought.filter(principal(router).subject), ports(router, DeskPorts)
    if sought.tab.folder is None:
        return list_everything_open(tenant(router), only=only, after=after, ports=desk)
    return list_inbox(tenant(router), sought.tab.folder, only=only, after=after, ports=desk)


def _waiting() -> str:
    """Nothing where nobody waits: a nought would ask for attention."""
    count = ports(router, DeskPorts).inbox.count(tenant(router), Folder.WAITING, _MOST_COUNTED)
    return str(count or "") if count < _MOST_COUNTED else f"{_MOST_COUNTED}+"
