"""What the commands answer, for programs as for people. Nothing in it tells who the customer is."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from adapters.customer_places import KEPT, SEARCHED
from domain.erase_customer import Receipt
from domain.export_customer import Export
from ops.customers.archive import manifest


class PlaceReport(BaseModel):
    place: str
    holds: str
    found: int
    deleted: int
    left: int


class KeptReport(BaseModel):
    place: str
    holds: str
    because: str


class ReceiptReport(BaseModel):
    receipt_id: str
    """Of its row in the operators' log, too; empty after a dry run."""
    dry_run: bool
    resumed: bool
    """Gone on with, after one that was stopped."""
    tenant: str
    subject: list[str]
    """Hashes of the identities, as the tombstones carry them: `customers erase --dry-run` of a number shows its own."""
    asked_by: str
    identity: str
    begun_at: datetime
    erased_at: datetime | None
    """What was sent until then does not come back."""
    finished_at: datetime
    complete: bool
    places: list[PlaceReport]
    kept: list[KeptReport]
    replies_on_their_way: int
    """They were being sent in that moment, and may arrive all the same."""


class ExportReport(BaseModel):
    export_id: str
    tenant: str
    at: datetime
    file: str
    found: dict[str, dict[str, int]]
    nothing_found_in: list[str]


def receipt_report(receipt: Receipt, finished_at: datetime) -> ReceiptReport:
    holds = {place.name: place.holds for place in SEARCHED}
    return ReceiptReport(
        receipt_id=receipt.receipt_id,
        dry_run=receipt.erased_at is None,
        resumed=receipt.resumed,
        tenant=receipt.tenant_id,
        subject=list(receipt.subject),
        asked_by=receipt.by.operator,
        identity=receipt.by.identity,
        begun_at=receipt.begun_at,
        erased_at=receipt.erased_at,
        finished_at=finished_at,
        complete=receipt.complete,
        places=[
            PlaceReport(
                place=count.place, holds=holds[count.place], found=count.found, deleted=count.deleted, left=count.left
            )
            for count in receipt.places
        ],
        kept=[KeptReport(place=place.name, holds=place.holds, because=place.kept_because) for place in KEPT],
        replies_on_their_way=receipt.on_their_way,
    )


def export_report(exported: Export, file: str) -> ExportReport:
    told = manifest(exported)
    return ExportReport.model_validate(
        {
            "export_id": exported.export_id,
            "tenant": exported.tenant_id,
            "at": exported.at,
            "file": file,
            "found": told["found"],
            "nothing_found_in": told["nothing_found_in"],
        }
    )
