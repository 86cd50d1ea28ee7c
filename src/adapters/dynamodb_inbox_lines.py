"""What the list of conversations shows, on the state row: written by whatever writes that row anyway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.dynamodb_rows import conversation_of
from adapters.dynamodb_values import storable, time_of, time_text
from domain.inbox import InboxLine, LastSaid, Speaker, beginning, shown_name
from domain.messages import InboundMessage, Reaction, System, as_it_says_now, words_of

_MOST_OF_A_TYPE = 20

_LAST = ("lastBy", "lastType", "lastWords", "lastAt")
ANSWERED = ("unansweredSince",)
"""Attributes of the state row while a message has been answered by nobody."""


def said_by_customer(message: InboundMessage, at: datetime) -> dict[str, Any]:
    """Of the customer's newest message. A reaction, or a notice of WhatsApp's, is not something that they say."""
    name = shown_name(message.sender.profile_name, message.sender.username)
    named = {"profileName": storable(name, len(name))} if name else {}
    if isinstance(message.content, Reaction | System):
        return named
    words = words_of(as_it_says_now(message.content))
    return {**named, **said(Speaker.CUSTOMER, message.counted_type, words, at)}


def said(by: Speaker, message_type: str, words: str, at: datetime) -> dict[str, Any]:
    begins = beginning(words)
    return {
        "lastBy": by,
        "lastType": storable(message_type, _MOST_OF_A_TYPE),
        "lastWords": storable(begins, len(begins)),
        "lastAt": time_text(at),
    }


def counts_as_inbound(message: InboundMessage) -> bool:
    """Whether somebody of the tenant is to see it."""
    return not isinstance(message.content, Reaction | System)


def line_of_both(survivor: Mapping[str, Any], former: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of the state row of two conversations that become one."""
    older, newer = sorted((survivor, former), key=lambda row: str(row.get("lastAt", "")))
    told = {name: newer.get(name, older.get(name)) for name in ("profileName", *_LAST)}
    counts = {name: int(survivor.get(name, 0)) + int(former.get(name, 0)) for name in ("inbound", "seen")}
    unanswered = [row["unansweredSince"] for row in (survivor, former) if "unansweredSince" in row]
    return {
        **{name: value for name, value in told.items() if value is not None},
        **{name: count for name, count in counts.items() if count},
        **({"unansweredSince": min(unanswered)} if unanswered else {}),
    }


def line_of(row: Mapping[str, Any]) -> InboxLine:
    last = None
    if "lastAt" in row:
        last = LastSaid(Speaker(row["lastBy"]), row["lastType"], row["lastWords"], time_of(row["lastAt"]))
    return InboxLine(
        conversation=conversation_of(row),
        name=row.get("profileName") or row.get("phone") or row.get("userId") or "",
        last=last,
        inbound=int(row.get("inbound", 0)),
        seen=int(row.get("seen", 0)),
        unanswered_since=time_of(row["unansweredSince"]) if "unansweredSince" in row else None,
    )
