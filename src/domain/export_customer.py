"""Use case: everything that is stored of one customer, to be handed to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.customer_data import Asked, CustomerPlace, CustomerRecord, CustomerSearch
from domain.erase_customer import By, Step, shown
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from domain.tenants import TenantId

COMMAND = "customers export"


class Archive(Protocol):
    def add(self, place: str, record: CustomerRecord) -> None:
        """Keeps one record, and its file where it has one. A record at a time: there may be more than memory holds."""


@dataclass(frozen=True, slots=True)
class ExportPorts:
    search: CustomerSearch
    places: Sequence[CustomerPlace]
    log: OperatorLog


@dataclass(frozen=True, slots=True)
class Export:
    export_id: str
    tenant_id: TenantId
    by: By
    at: datetime
    places: Mapping[str, Mapping[str, int]]
    """By place and kind of record; a place where nothing was found says so by being empty."""

    @property
    def records(self) -> int:
        return sum(sum(kinds.values()) for kinds in self.places.values())


def export(  # noqa: PLR0913 (whom, by whom, when, whereto, and who looks on)
    tenant_id: TenantId,
    asked: Asked,
    *,
    export_id: str,
    by: By,
    now: datetime,
    archive: Archive,
    ports: ExportPorts,
    step: Step = lambda _: None,
) -> Export:
    step("look")
    subject = ports.search.find(tenant_id, asked)
    running = OperatorAction(
        export_id, now, by.operator, by.identity, COMMAND, f"{tenant_id} {shown(subject)}", ActionState.RUNNING
    )
    ports.log.put(running)
    found: dict[str, Counter[str]] = {}
    for place in ports.places:
        step(place.name)
        found[place.name] = Counter()
        for record in place.records(tenant_id, subject):
            archive.add(place.name, record)
            found[place.name][record.kind] += 1
    exported = Export(export_id, tenant_id, by, now, {name: dict(kinds) for name, kinds in found.items()})
    counts = {name: sum(kinds.values()) for name, kinds in found.items() if kinds}
    ports.log.put(replace(running, state=ActionState.DONE, counts=counts))
    return exported
