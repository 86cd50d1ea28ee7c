"""Notes beside a conversation. Their rows have no direction: whoever reads what was said passes them by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_transactions import check, put, transact
from adapters.dynamodb_values import storable, time_of, time_text
from domain.customers import CustomerId
from domain.messages import Position
from domain.notes import MOST_WORDS, Note
from domain.tenants import TenantId

_NEW = "attribute_not_exists(conversationId)"


class DynamoNotes:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def write(self, tenant_id: TenantId, customer_id: CustomerId, key: str, note: Note) -> Note | None:
        item = {
            **keys.note(tenant_id, customer_id, note.position),
            "tenantId": tenant_id,
            "customerId": customer_id,
            "position": note.position,
            "by": note.by,
            "byName": note.by_name,
            "words": storable(note.words, MOST_WORDS),
            "at": time_text(note.at),
        }
        claim = {
            **keys.note_key(tenant_id, customer_id, key),
            "tenantId": tenant_id,
            "customerId": customer_id,
            "position": note.position,
        }
        refusals = transact(
            [
                put(self._table, claim, _NEW),
                put(self._table, item, _NEW),
                # A customer who has been erased, or merged into another, since they were found gets no new rows.
                check(self._table, keys.state(tenant_id, customer_id), "attribute_exists(#owner)"),
            ]
        )
        if not refusals:
            return note
        used = refusals[0].stored if refusals[0].index == 0 else None
        if used is None:
            return None
        row = read_row(self._table, keys.note(tenant_id, customer_id, Position(used["position"])))
        return note_of(row) if row else None


def note_of(row: Mapping[str, Any]) -> Note:
    return Note(Position(row["position"]), row["by"], row["byName"], row["words"], time_of(row["at"]))
