"""What a person does in a conversation: take it over, give it back, resolve it, write, note."""

from __future__ import annotations

from collections.abc import Mapping

from domain.customers import CustomerId
from domain.desk import DeskPorts, Seen, change_hands, write_note
from domain.desk_sends import DeskSendPorts, send_as
from domain.errors import ContentionError, ContentRefusedError, InvalidInputError, PermanentError
from domain.outbound import Text
from domain.own_files import content_of
from domain.ownership import Change
from domain.replies import Reply, ReplyState
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer
from handlers.gui.asking import actor, form, parts, visit
from handlers.gui.thread_answers import back_to, refuse
from handlers.multipart import Upload
from pages.refusals import why

router = routes()

_CHANGES: Mapping[str, tuple[Change, str]] = {
    "take_over": (Change.TAKEN_OVER, "taken_over"),
    "hand_back": (Change.HANDED_BACK, "handed_back"),
    "resolve": (Change.RESOLVED, "resolved"),
}


@router.post("/conversations/<customer_id>/owner")
def post_owner(customer_id: str) -> Answer:
    sent, who = form(router), actor(router)
    change, done = _CHANGES.get(sent.get("change", ""), (None, ""))
    if change is None:
        raise InvalidInputError("/change", f"one of {', '.join(_CHANGES)}")
    seen = Seen(_number(sent.get("version")), _number(sent.get("inbound")))
    try:
        change_hands(
            who, CustomerId(customer_id), change, seen=seen, now=visit(router).now, ports=ports(router, DeskPorts)
        )
    except (PermanentError, ContentionError) as error:
        return refuse(router, customer_id, why(error, visit(router)))
    return back_to(router, customer_id, done)


@router.post("/conversations/<customer_id>/messages")
def post_message(customer_id: str) -> Answer:
    words = form(router).get("words", "").strip()
    try:
        done = _noted(customer_id, words) if form(router).get("mode") == "note" else _sent(customer_id, words)
    except (PermanentError, ContentionError) as error:
        return refuse(router, customer_id, why(error, visit(router)), draft=words)
    return back_to(router, customer_id, done)


def _noted(customer_id: str, words: str) -> str:
    if _file() is not None:
        raise ContentRefusedError("file", "a note has words alone")
    key, desk = form(router).get("key", ""), ports(router, DeskPorts)
    write_note(actor(router), CustomerId(customer_id), words, key=key, now=visit(router).now, ports=desk)
    return "noted"


def _sent(customer_id: str, words: str) -> str:
    key, desk, file = form(router).get("key", ""), ports(router, DeskSendPorts), _file()
    content = content_of(file.content, file.content_type, file.filename, words) if file else Text(words)
    reply = send_as(actor(router), CustomerId(customer_id), content, key=key, now=visit(router).now, ports=desk)
    return done_with(reply)


def _file() -> Upload | None:
    """None where none was chosen: browsers send a part without a name then."""
    file = parts(router).get("file")
    return file if file and file.filename else None


def done_with(reply: Reply) -> str:
    """What is said of it above the page: nothing where it is seen in the conversation, as what Meta says is."""
    return "not_sent" if reply.state is ReplyState.FAILED else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
