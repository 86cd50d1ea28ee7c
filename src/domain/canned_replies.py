"""Answers that a tenant's people write often, kept ready."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.errors import AlreadyExistsError, InvalidInputError, NotAllowedError, NotFoundError
from domain.tenants import TenantId

MOST = 200
"""Of one tenant: all of them, as long as they may be, are what one query brings."""
_MOST_TITLE = 80
_MOST_TEXT = 1024
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
_LANGUAGE = re.compile(r"([a-z]{2,3}(_[A-Z]{2})?)?")


@dataclass(frozen=True, slots=True)
class CannedReply:
    """Raises `InvalidInputError` for what breaks a limit."""

    reply_id: str
    shortcut: str
    """What is typed behind a slash to find it."""
    title: str
    text: str
    language: str = ""
    """As Meta writes it (`es`, `pt_BR`); empty: of any."""

    def __post_init__(self) -> None:
        if not _SHORTCUT.fullmatch(self.shortcut):
            raise InvalidInputError("/shortcut", "1 to 30 small letters, digits, hyphens and underscores")
        if not 1 <= len(self.title) <= _MOST_TITLE:
            raise InvalidInputError("/title", f"1 to {_MOST_TITLE} characters")
        if not 1 <= len(self.text) <= _MOST_TEXT:
            raise InvalidInputError("/text", f"1 to {_MOST_TEXT} characters")
        if not _LANGUAGE.fullmatch(self.language):
            raise InvalidInputError("/language", "as Meta writes it: es, pt_BR")


class CannedReplies(Protocol):
    def all(self, tenant_id: TenantId) -> Sequence[CannedReply]:
        """In one call, in no order."""

    def put(self, tenant_id: TenantId, reply: CannedReply) -> None:
        """Stores or replaces it."""

    def delete(self, tenant_id: TenantId, reply_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class CannedReplyPorts:
    canned: CannedReplies


def list_canned(tenant_id: TenantId, *, ports: CannedReplyPorts) -> list[CannedReply]:
    return sorted(ports.canned.all(tenant_id), key=lambda one: (one.shortcut, one.language, one.reply_id))


def add_canned(tenant_id: TenantId, reply: CannedReply, *, ports: CannedReplyPorts) -> CannedReply:
    """Under an id of its own. Of two that are added in one moment, both are kept, whatever they are called.

    Raises `NotAllowedError` where there are too many, `AlreadyExistsError` where another has its shortcut.
    """
    known = ports.canned.all(tenant_id)
    if len(known) >= MOST:
        raise NotAllowedError(f"there are {MOST} canned replies: delete one that nobody uses")
    return _put(tenant_id, replace(reply, reply_id=uuid.uuid4().hex), known, ports)


def replace_canned(tenant_id: TenantId, reply: CannedReply, *, ports: CannedReplyPorts) -> CannedReply:
    """Raises `NotFoundError`, `AlreadyExistsError`."""
    known = ports.canned.all(tenant_id)
    if reply.reply_id not in {one.reply_id for one in known}:
        raise NotFoundError("there is no such canned reply")
    return _put(tenant_id, reply, known, ports)


def delete_canned(tenant_id: TenantId, reply_id: str, *, ports: CannedReplyPorts) -> None:
    """What is gone can go again."""
    ports.canned.delete(tenant_id, reply_id)


def _put(tenant_id: TenantId, reply: CannedReply, known: Sequence[CannedReply], ports: CannedReplyPorts) -> CannedReply:
    others = (one for one in known if one.reply_id != reply.reply_id)
    if (reply.shortcut, reply.language) in {(one.shortcut, one.language) for one in others}:
        raise AlreadyExistsError(f"/{reply.shortcut} is another one's in this language")
    ports.canned.put(tenant_id, reply)
    return reply
