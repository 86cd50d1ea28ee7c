"""The inbox, and one conversation of it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from domain.access import Role
from domain.customers import CustomerId
from domain.desk import DeskPorts
from domain.errors import NotFoundError
from domain.inbox import Folder, InboxFilter, InboxMark, list_inbox, mark_read
from domain.thread_views import read_thread
from domain.threads import ThreadMark
from handlers.api.asking import opened, ports, principal, routes, sealed, tenant
from handlers.api.conversation_models import (
    ConversationCounts,
    ConversationList,
    CustomerIdInPath,
    SentRead,
    ToldThread,
    told_conversation,
)
from handlers.api.models import Cursor, Limit
from handlers.api.thread_answers import told_thread

router = routes()

_COUNTED = 100
Words = Annotated[str, Query(max_length=100, description="In name, number or last words; accents and case aside.")]
SoughtWords = Annotated[str, Query(max_length=100, description="What is sought in it; accents and case aside.")]
OfPerson = Annotated[str | None, Query(max_length=100, description="`me`, or a member's id: what this person has.")]


@router.get(
    "/conversations", summary="Conversations of one state", tags=["Conversations"], operation_id="listConversations"
)
def get_conversations(  # noqa: PLR0913, PLR0917 (the filters of a list)
    state: Annotated[Folder, Query()] = Folder.WAITING,
    person: OfPerson = None,
    unread: Annotated[bool, Query(description="Only those that nobody has read.")] = False,
    words: Words = "",
    cursor: Cursor = None,
    limit: Limit = 25,
) -> ConversationList:
    """Those first whose customers wrote last. With a filter, each page looks through some hundreds of conversations:
    it may be short, or empty, while others follow."""
    position = opened(router, cursor)
    after = InboxMark(datetime.fromisoformat(position["at"]), CustomerId(position["id"])) if position else None
    whose = principal(router).subject if person == "me" else person
    only = InboxFilter(whose, unread, words)
    page = list_inbox(tenant(router), state, only=only, after=after, limit=limit, ports=ports(router, DeskPorts))
    rest = {"at": page.next.last_inbound_at.isoformat(), "id": page.next.customer_id} if page.next else None
    return ConversationList(items=[told_conversation(line) for line in page.lines], next_cursor=sealed(router, rest))


@router.get(
    "/conversations/counts",
    summary="How many wait for a person, and are with one",
    tags=["Conversations"],
    operation_id="countConversations",
)
def get_counts() -> ConversationCounts:
    tenant_id, inbox = tenant(router), ports(router, DeskPorts).inbox
    return ConversationCounts(
        waiting_for_person=inbox.count(tenant_id, Folder.WAITING, _COUNTED),
        person=inbox.count(tenant_id, Folder.PERSON, _COUNTED),
    )


@router.get(
    "/conversations/<customer_id>",
    summary="A conversation, a page at a time from its end",
    tags=["Conversations"],
    operation_id="getConversation",
)
def get_conversation(
    customer_id: CustomerIdInPath, words: SoughtWords = "", cursor: Cursor = None, limit: Limit = 50
) -> ToldThread:
    """With `words`, each page looks through 400 entries: it may be short, or empty, while older ones follow."""
    position = opened(router, cursor)
    before = None
    if position:
        before = ThreadMark(position["before"], tuple(map(CustomerId, position["formers"].split())))
    desk = ports(router, DeskPorts)
    view = read_thread(tenant(router), CustomerId(customer_id), before=before, limit=limit, words=words, ports=desk)
    if view is None:
        raise NotFoundError("there is no conversation with such a customer")
    rest = {"before": view.older.before, "formers": " ".join(view.older.formers)} if view.older else None
    return told_thread(view, sealed(router, rest))


@router.put(
    "/conversations/<customer_id>/read",
    summary="Note that somebody has read it",
    tags=["Conversations"],
    operation_id="markConversationRead",
    status_code=HTTPStatus.NO_CONTENT,
)
def put_read(customer_id: CustomerIdInPath, body: SentRead) -> None:
    tenant_id = tenant(router, Role.TENANT_ADMIN, Role.TENANT_AGENT)
    mark_read(tenant_id, CustomerId(customer_id), body.inbound, ports=ports(router, DeskPorts))
