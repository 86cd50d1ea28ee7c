"""`Inbox`, `ThreadPages` and `Notes`, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.conversations import ThreadMessage
from domain.customers import CustomerId
from domain.escalations import Escalation
from domain.inbox import Folder, InboxFilter, InboxLine, InboxMark, InboxPage, folder_of
from domain.messages import received_at_of
from domain.notes import Note
from domain.ownership import OwnerChange
from domain.tenants import TenantId
from domain.threads import Entry, Inbound, Outbound, ThreadMark, ThreadPage, Unchanged
from tests.fakes.conversations import shown
from tests.fakes.store import Kept, Store, Talk


class FakeInbox:
    def __init__(self, store: Store) -> None:
        self._store = store

    def page(
        self, tenant_id: TenantId, folder: Folder, only: InboxFilter, after: InboxMark | None, limit: int
    ) -> InboxPage:
        with self._store.lock:
            listed = sorted(self._in(tenant_id, folder), key=_place, reverse=True)
        behind = (after.last_inbound_at, after.customer_id) if after else None
        matching = [line for line in listed if (behind is None or _place(line) < behind) and only.takes(line)]
        mark = InboxMark(*_place(matching[limit - 1])) if len(matching) > limit else None
        return InboxPage(tuple(matching[:limit]), mark)

    def _in(self, tenant_id: TenantId, folder: Folder) -> list[InboxLine]:
        return [
            _line(self._store, talk)
            for talk, one in self._store.conversations.items()
            if talk[0] == tenant_id and folder_of(one.owner, resolved=one.resolved) is folder
        ]

    def lines(self, tenant_id: TenantId, customer_ids: Sequence[CustomerId]) -> list[InboxLine]:
        with self._store.lock:
            talks = [(tenant_id, one) for one in dict.fromkeys(customer_ids)]
            return [_line(self._store, talk) for talk in talks if talk in self._store.conversations]

    def mark_seen(self, tenant_id: TenantId, customer_id: CustomerId, inbound: int) -> None:
        with self._store.lock:
            kept = self._store.kept.get((tenant_id, customer_id), Kept())
            if kept.seen < inbound <= kept.inbound:
                kept.seen = inbound

    def count(self, tenant_id: TenantId, folder: Folder, most: int) -> int:
        with self._store.lock:
            return min(most, len(self._in(tenant_id, folder)))


class FakeThreadPages:
    def __init__(self, store: Store) -> None:
        self._store = store

    def page(
        self, tenant_id: TenantId, customer_id: CustomerId, before: ThreadMark | None, limit: int
    ) -> ThreadPage | None:
        store = self._store
        with store.lock:
            merged = store.merged.get((tenant_id, customer_id))
            if merged is not None:
                return self.page(tenant_id, merged.merge.survivor.customer.customer_id, before, limit)
            talk = tenant_id, customer_id
            if talk not in store.conversations:
                return None
            formers = tuple(one for owner, one in store.merged if owner == tenant_id and self._went(talk, one))
            talks = [talk, *((tenant_id, one) for one in formers)]
            rows = sorted(row for one in talks for row in self._rows(one) if before is None or row[0] < before.before)
            page, more = rows[-limit:], len(rows) > limit
            since, until = page[0][0][:19] if more else "", before.before[:19] if before else "~"
            line = _line(store, talk)
            history = [one for one in store.history[talk] if since <= _time(one) <= until]
            return ThreadPage(
                customer_id=customer_id,
                line=line if before is None else None,
                entries=tuple(entry for _, entry in page),
                changes=tuple(one for one in history if isinstance(one, OwnerChange)),
                escalations=tuple(one for one in history if isinstance(one, Escalation)),
                older=ThreadMark(page[0][0], formers) if more else None,
                stamp=_stamp(line, page) if before is None else "",
            )

    def since(
        self, tenant_id: TenantId, customer_id: CustomerId, stamp: str, limit: int
    ) -> ThreadPage | Unchanged | None:
        found = self.page(tenant_id, customer_id, None, limit)
        return Unchanged() if found is not None and found.stamp == stamp else found

    def _went(self, talk: Talk, former: CustomerId) -> bool:
        return self._store.merged[talk[0], former].merge.survivor.customer.customer_id == talk[1]

    def _rows(self, talk: Talk) -> Iterable[tuple[str, Entry]]:
        for key in self._store.entries[talk]:
            entry = shown(self._store, talk, key)
            yield key, Inbound(entry) if isinstance(entry, ThreadMessage) else Outbound(entry)
        for note in self._store.notes[talk].values():
            yield f"{note.position}#note", note


class FakeNotes:
    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, tenant_id: TenantId, customer_id: CustomerId, key: str, note: Note) -> Note | None:
        talk = tenant_id, customer_id
        with self._store.lock:
            if talk not in self._store.conversations:
                return None
            return self._store.notes[talk].setdefault(key, note)


def _line(store: Store, talk: Talk) -> InboxLine:
    conversation, kept = store.conversations[talk], store.kept.get(talk, Kept())
    return InboxLine(
        conversation=conversation,
        name=kept.name or next(iter(reversed(conversation.recipient.keys)), ""),
        last=kept.last,
        inbound=kept.inbound,
        seen=kept.seen,
        unanswered_since=kept.unanswered_since,
    )


def _stamp(line: InboxLine, rows: Sequence[tuple[str, Entry]]) -> str:
    return hashlib.sha256(repr((replace(line, seen=0), rows)).encode()).hexdigest()[:16]


def _place(line: InboxLine) -> tuple[datetime, CustomerId]:
    return line.conversation.last_inbound_at, line.customer_id


def _time(one: OwnerChange | Escalation) -> str:
    at = one.at if isinstance(one, OwnerChange) else received_at_of(one.position)
    return f"{at:%Y-%m-%dT%H:%M:%S}"
