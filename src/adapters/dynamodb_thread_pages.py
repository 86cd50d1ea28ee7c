"""A conversation a page at a time, with what stands beside its messages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_inbox_lines import line_of
from adapters.dynamodb_notes import note_of
from adapters.dynamodb_rows import entry_of, escalation_of, owner_change_of
from adapters.dynamodb_values import from_item, to_item, unpack
from domain.conversations import ThreadMessage, conversation_id
from domain.customers import CustomerId
from domain.replies import Reply
from domain.tenants import TenantId
from domain.threads import Entry, Inbound, Outbound, ThreadMark, ThreadPage, Unchanged

Row = Mapping[str, Any]

_SHOWN_RAW = frozenset({"location", "contacts"})
_LAST = "~"  # sorts behind every time
_TO_THE_SECOND = len("YYYY-MM-DDTHH:MM:SS")
_STAMP_DIGITS = 16


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of one partition, newest first."""

    rows: Sequence[Row]
    ended_at: str | None
    """The last one that was read, where there are more."""


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What was read of one: its own rows first, then those of the conversations that were merged into it."""

    customer_id: CustomerId
    state: Row | None
    partitions: Sequence[_Rows]
    formers: tuple[CustomerId, ...]

    @property
    def stamp(self) -> str:
        """Every change of owner and every escalation is written together with the state row or with a message."""
        rows = [{**row, "seen": None} for one in self.partitions for row in one.rows]
        told = json.dumps(rows, sort_keys=True, default=_plain)
        return hashlib.sha256(told.encode()).hexdigest()[:_STAMP_DIGITS]


class DynamoThreadPages:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def page(
        self, tenant_id: TenantId, customer_id: CustomerId, before: ThreadMark | None, limit: int
    ) -> ThreadPage | None:
        read = self._read(tenant_id, customer_id, before, limit)
        return self._page(tenant_id, read, before, limit) if read else None

    def since(
        self, tenant_id: TenantId, customer_id: CustomerId, stamp: str, limit: int
    ) -> ThreadPage | Unchanged | None:
        read = self._read(tenant_id, customer_id, None, limit)
        if read is None:
            return None
        return Unchanged() if read.stamp == stamp else self._page(tenant_id, read, None, limit)

    def _read(
        self, tenant_id: TenantId, customer_id: CustomerId, before: ThreadMark | None, limit: int
    ) -> _Conversation | None:
        start = before.before if before else None
        own = self._messages(tenant_id, customer_id, start, limit + 1)
        state, formers = None, before.formers if before else ()
        if before is None:
            if not own.rows or own.rows[0]["sk"] != keys.STATE:
                return None
            state = own.rows[0]
            if "mergedInto" in state:
                return self._read(tenant_id, CustomerId(state["mergedInto"]), None, limit)
            formers = tuple(map(CustomerId, sorted(state.get("formerCustomerIds", ()))))
        others = [self._messages(tenant_id, former, start, limit + 1) for former in formers]
        return _Conversation(customer_id, state, [own, *others], formers)

    def _page(self, tenant_id: TenantId, read: _Conversation, before: ThreadMark | None, limit: int) -> ThreadPage:
        shown, more = _newest(read.partitions, limit)
        since = _second_of(shown[-1]["sk"]) if more and shown else ""
        until = _second_of(before.before) if before else _LAST
        changes, calls = (
            self._between(tenant_id, read.customer_id, kind, since, until) for kind in (keys.CHANGES, keys.CALLS)
        )
        return ThreadPage(
            customer_id=read.customer_id,
            line=line_of(read.state) if read.state else None,
            entries=tuple(map(_entry_of, reversed(shown))),
            changes=tuple(map(owner_change_of, changes)),
            escalations=tuple(map(escalation_of, calls)),
            older=ThreadMark(shown[-1]["sk"], read.formers) if more and shown else None,
            stamp=read.stamp if read.state else "",
        )

    def _messages(self, tenant_id: TenantId, customer_id: CustomerId, before: str | None, most: int) -> _Rows:
        """With the state row, where it is read from the end."""
        conversation = conversation_id(tenant_id, customer_id)
        start: Any = {"ExclusiveStartKey": to_item({"conversationId": conversation, "sk": before})} if before else {}
        with translated("read a conversation"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="conversationId = :id AND sk BETWEEN :messages AND :state",
                ExpressionAttributeValues=to_item(
                    {":id": conversation, ":messages": keys.MESSAGES, ":state": keys.STATE}
                ),
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=most if before else most + 1,
                **start,
            )
        rest = found.get("LastEvaluatedKey")
        return _Rows([from_item(item) for item in found["Items"]], from_item(rest)["sk"] if rest else None)

    def _between(
        self, tenant_id: TenantId, customer_id: CustomerId, kind: str, since: str, until: str
    ) -> list[dict[str, Any]]:
        """Rows whose keys begin with their time, oldest first: of the newest, as many as one query brings."""
        values = {":id": conversation_id(tenant_id, customer_id), ":since": kind + since, ":until": kind + until}
        with translated("read a conversation's history"):
            found = client("dynamodb").query(
                TableName=self._table,
                KeyConditionExpression="conversationId = :id AND sk BETWEEN :since AND :until",
                ExpressionAttributeValues=to_item(values),
                ScanIndexForward=False,
            )
        return [from_item(item) for item in reversed(found["Items"])]


def _newest(partitions: Sequence[_Rows], limit: int) -> tuple[list[Row], bool]:
    """Of several partitions the newest entries, newest first, and whether there are older ones.

    Where one was not read to its end, nothing is shown from before where that reading ended.
    """
    bound = max((one.ended_at for one in partitions if one.ended_at), default="")
    rows = [row for one in partitions for row in one.rows if row["sk"] != keys.STATE]
    known = sorted((row for row in rows if row["sk"] >= bound), key=lambda row: row["sk"], reverse=True)
    return known[:limit], bool(bound) or len(known) > limit


def _plain(value: Any) -> Any:
    """The same for the same: a set has no order, and neither it nor a number or bytes of a row are JSON."""
    return sorted(map(str, value)) if isinstance(value, set) else str(value)


def _second_of(sort_key: str) -> str:
    """Of a message's row: its time, as the keys of all rows begin with it."""
    return sort_key.removeprefix(keys.MESSAGES)[:_TO_THE_SECOND]


def _entry_of(row: Row) -> Entry:
    if "direction" not in row:
        return note_of(row)
    said = entry_of(row)
    match said:
        case ThreadMessage():
            raw = unpack(row["raw"]) if row["type"] in _SHOWN_RAW else {}
            return Inbound(said, row.get("contextId", ""), raw if isinstance(raw, Mapping) else {})
        case Reply():
            return Outbound(said, unpack(row["raw"]) if "raw" in row else {})
