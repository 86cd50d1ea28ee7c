"""Answers that a tenant keeps ready."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field, StringConstraints

from domain.access import Role
from domain.canned_replies import (
    CannedReply,
    CannedReplyPorts,
    add_canned,
    delete_canned,
    list_canned,
    replace_canned,
)
from domain.tenants import TenantId
from handlers.api.asking import ports, routes, tenant
from handlers.api.models import FromPath, Sent, Told

router = routes()

ReplyIdInPath = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$"), FromPath, Path()]


class SentCannedReply(Sent):
    shortcut: str
    """What is typed behind a slash: 1 to 30 small letters, digits, hyphens and underscores."""
    title: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(min_length=1, max_length=1024)]
    language: str = ""
    """As Meta writes it (`es`, `pt_BR`); empty: of any."""


class ToldCannedReply(Told):
    id: str
    shortcut: str
    title: str
    text: str
    language: str


class CannedReplyList(Told):
    items: list[ToldCannedReply]
    """All of them, 200 at most, by shortcut."""


@router.get("/canned-replies", summary="Answers kept ready", tags=["Canned replies"], operation_id="listCannedReplies")
def get_canned_replies() -> CannedReplyList:
    found = list_canned(tenant(router), ports=ports(router, CannedReplyPorts))
    return CannedReplyList(items=[_told(one) for one in found])


@router.post("/canned-replies", summary="Keep an answer ready", tags=["Canned replies"], operation_id="addCannedReply")
def post_canned_reply(body: SentCannedReply) -> ToldCannedReply:
    return _told(add_canned(_keeper(), _reply("", body), ports=ports(router, CannedReplyPorts)))


@router.put(
    "/canned-replies/<reply_id>", summary="Replace it", tags=["Canned replies"], operation_id="replaceCannedReply"
)
def put_canned_reply(reply_id: ReplyIdInPath, body: SentCannedReply) -> ToldCannedReply:
    return _told(replace_canned(_keeper(), _reply(reply_id, body), ports=ports(router, CannedReplyPorts)))


@router.delete(
    "/canned-replies/<reply_id>",
    summary="Delete it",
    tags=["Canned replies"],
    operation_id="deleteCannedReply",
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_canned_reply(reply_id: ReplyIdInPath) -> None:
    delete_canned(_keeper(), reply_id, ports=ports(router, CannedReplyPorts))


def _keeper() -> TenantId:
    return tenant(router, Role.TENANT_ADMIN, Role.TENANT_AGENT)


def _reply(reply_id: str, sent: SentCannedReply) -> CannedReply:
    return CannedReply(reply_id, sent.shortcut, sent.title, sent.text, sent.language)


def _told(reply: CannedReply) -> ToldCannedReply:
    return ToldCannedReply(
        id=reply.reply_id, shortcut=reply.shortcut, title=reply.title, text=reply.text, language=reply.language
    )
