"""What a person does with a conversation: take it over, give it back, resolve it, note something beside it."""

from __future__ import annotations

from domain.access import Principal, Role
from domain.customers import CustomerId
from domain.desk import DeskPorts, Seen, change_hands, write_note
from domain.ownership import Change
from handlers.api.asking import now, ports, principal, request_key, routes
from handlers.api.conflicts import told_conflicts
from handlers.api.conversation_models import (
    CustomerIdInPath,
    SentDecision,
    SentNote,
    ToldConversation,
    ToldNote,
    told_conversation,
)

router = routes()


@router.post(
    "/conversations/<customer_id>/take-over",
    summary="Take it over: the assistant is silent",
    tags=["Conversations"],
    operation_id="takeOver",
)
def post_take_over(customer_id: CustomerIdInPath, body: SentDecision) -> ToldConversation:
    return _changed(customer_id, Change.TAKEN_OVER, body)


@router.post(
    "/conversations/<customer_id>/hand-back",
    summary="Give it back to the assistant",
    tags=["Conversations"],
    operation_id="handBack",
)
def post_hand_back(customer_id: CustomerIdInPath, body: SentDecision) -> ToldConversation:
    return _changed(customer_id, Change.HANDED_BACK, body)


@router.post(
    "/conversations/<customer_id>/resolve",
    summary="Close it until the customer writes again",
    tags=["Conversations"],
    operation_id="resolve",
)
def post_resolve(customer_id: CustomerIdInPath, body: SentDecision) -> ToldConversation:
    return _changed(customer_id, Change.RESOLVED, body)


@router.post(
    "/conversations/<customer_id>/reopen",
    summary="Open it again: it is the assistant's",
    tags=["Conversations"],
    operation_id="reopen",
)
def post_reopen(customer_id: CustomerIdInPath, body: SentDecision) -> ToldConversation:
    return _changed(customer_id, Change.REOPENED, body)


@router.post(
    "/conversations/<customer_id>/notes",
    summary="Note something that only the seller's people read",
    tags=["Conversations"],
    operation_id="writeNote",
)
def post_note(customer_id: CustomerIdInPath, body: SentNote) -> ToldNote:
    key, desk = request_key(router), ports(router, DeskPorts)
    note = write_note(person_at_the_desk(), CustomerId(customer_id), body.words, key=key, now=now(router), ports=desk)
    return ToldNote.model_validate(note)


def person_at_the_desk() -> Principal:
    """An operator who views as a tenant looks on."""
    who = principal(router)
    who.demand(Role.TENANT_ADMIN, Role.TENANT_AGENT)
    return who


def _changed(customer_id: str, change: Change, body: SentDecision) -> ToldConversation:
    seen, desk = Seen(body.version, body.inbound), ports(router, DeskPorts)
    with told_conflicts():
        line = change_hands(
            person_at_the_desk(),
            CustomerId(customer_id),
            change,
            seen=seen,
            reason=body.reason,
            now=now(router),
            ports=desk,
        )
    return told_conversation(line)
