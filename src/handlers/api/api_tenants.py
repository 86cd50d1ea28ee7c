"""A seller's own profile, settings and WhatsApp numbers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import StringConstraints

from domain.administer_tenants import AdministerPorts, change_settings, find_tenant
from domain.connect_numbers import (
    Connection,
    ConnectPorts,
    connect_number,
    disconnect_number,
    list_numbers,
    resume_number,
)
from domain.tenants import PhoneNumberId, Tenant
from handlers.api.asking import etag, now, ports, principal, routes, seen_version, tenant
from handlers.api.models import FromPath, IfMatch, empty, json_response
from handlers.api.tenant_models import NewNumber, NumberList, Settings, ToldNumber, ToldTenant, told_number, told_tenant

router = routes()

_TAGS = ["Tenant"]
NumberInPath = Annotated[
    str, StringConstraints(pattern="^[0-9]{5,25}$"), FromPath, Path(description="Meta's phone number id.")
]


@router.get("/tenant", summary="Profile and settings", tags=_TAGS, operation_id="getTenant")
def get_tenant() -> Response[ToldTenant]:
    return told(find_tenant(principal(router), tenant(router), ports=ports(router, AdministerPorts)))


@router.patch("/tenant", summary="Change settings", tags=_TAGS, operation_id="changeTenant")
def patch_tenant(settings: Annotated[Settings, Body()], if_match: IfMatch = None) -> Response[ToldTenant]:
    """Workers go on with the former settings for a minute at most."""
    changed = change_settings(
        principal(router),
        tenant(router),
        settings.applied_to,
        seen_version(if_match),
        now=now(router),
        ports=ports(router, AdministerPorts),
    )
    return told(changed)


@router.get("/numbers", summary="WhatsApp numbers", tags=_TAGS, operation_id="listNumbers")
def get_numbers() -> NumberList:
    found = list_numbers(principal(router), tenant(router), ports=ports(router, ConnectPorts))
    return NumberList(items=[told_number(number) for number in found])


@router.put(
    "/numbers/<phone_number_id>",
    summary="Connect a number, or give it another access token",
    tags=_TAGS,
    operation_id="putNumber",
)
def put_number(phone_number_id: NumberInPath, number: Annotated[NewNumber, Body()]) -> ToldNumber:
    asked = Connection(PhoneNumberId(phone_number_id), number.waba_id, number.access_token, number.catalog_id)
    return told_number(
        connect_number(principal(router), tenant(router), asked, now=now(router), ports=ports(router, ConnectPorts))
    )


@router.post(
    "/numbers/<phone_number_id>/resume",
    summary="Let a paused number send again",
    tags=_TAGS,
    operation_id="resumeNumber",
)
def post_resume(phone_number_id: NumberInPath) -> ToldNumber:
    """If Meta still refuses, the next message pauses it anew. Of a number that is not paused nothing is changed."""
    who, asked, bundle = principal(router), PhoneNumberId(phone_number_id), ports(router, ConnectPorts)
    return told_number(resume_number(who, tenant(router), asked, now=now(router), ports=bundle))


@router.delete(
    "/numbers/<phone_number_id>",
    summary="Disconnect a number",
    tags=_TAGS,
    operation_id="deleteNumber",
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_number(phone_number_id: NumberInPath) -> Response[None]:
    disconnect_number(
        principal(router),
        tenant(router),
        PhoneNumberId(phone_number_id),
        now=now(router),
        ports=ports(router, ConnectPorts),
    )
    return empty()


def told(found: Tenant) -> Response[ToldTenant]:
    answer = told_tenant(found)
    return json_response(answer, headers={"etag": etag(answer.version)})
