"""What a customer may ask for: all that is stored of them, or that it goes."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from domain.access import Principal, Role
from domain.customers import CustomerId
from domain.desk_rights import RightsPorts, erase_customer, export_customer
from handlers.api.asking import ports, principal, routes
from handlers.api.conversation_models import CustomerIdInPath
from handlers.api.models import Told
from handlers.api.problems import RefusedRequestError

router = routes()


class ToldRecord(Told):
    place: str
    kind: str
    content: dict[str, Any]
    file: str | None
    """Name of the file that belongs to it; the file itself opens by the link in the conversation."""


class ToldExport(Told):
    export_id: str
    at: datetime
    places: dict[str, dict[str, int]]
    """By place and kind; a place where nothing was found says so by being empty."""
    records: list[ToldRecord]


class ToldPlaceCount(Told):
    place: str
    found: int
    deleted: int
    left: int


class ToldErasure(Told):
    receipt_id: str
    erased_at: datetime
    subject: list[str]
    """Hashes of the identities."""
    places: list[ToldPlaceCount]


@router.get(
    "/customers/<customer_id>/export",
    summary="All that you store of them",
    tags=["Customers"],
    operation_id="exportCustomer",
)
def get_export(customer_id: CustomerIdInPath) -> ToldExport:
    exported, collected = export_customer(_admin(), CustomerId(customer_id), ports=ports(router, RightsPorts))
    return ToldExport(
        export_id=exported.export_id,
        at=exported.at,
        places={place: dict(kinds) for place, kinds in exported.places.items()},
        records=[
            ToldRecord(
                place=place,
                kind=record.kind,
                content=dict(record.content),
                file=record.attachment.name if record.attachment else None,
            )
            for place, record in collected.records
        ],
    )


@router.post(
    "/customers/<customer_id>/erase",
    summary="Erase all that you store of them, for good",
    tags=["Customers"],
    operation_id="eraseCustomer",
)
def post_erase(customer_id: CustomerIdInPath) -> ToldErasure:
    """409 with the code `unfinished` where it has begun, and is not done: ask again, and it goes on. The receipt names
    nobody."""
    receipt = erase_customer(_admin(), CustomerId(customer_id), ports=ports(router, RightsPorts))
    if receipt is None or receipt.erased_at is None:
        raise RefusedRequestError(HTTPStatus.CONFLICT, "unfinished", "it has begun: ask again, and it goes on")
    return ToldErasure(
        receipt_id=receipt.receipt_id,
        erased_at=receipt.erased_at,
        subject=list(receipt.subject),
        places=[ToldPlaceCount.model_validate(count) for count in receipt.places],
    )


def _admin() -> Principal:
    who = principal(router)
    who.demand(Role.TENANT_ADMIN)
    return who
