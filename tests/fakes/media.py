"""`MediaJobs`, `MediaRecords`, `MediaSource` and `MediaLibrary`, in memory."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from domain.conversations import ThreadMessage
from domain.customers import CustomerId
from domain.errors import NotAllowedError
from domain.media import (
    AwaitedMedia,
    MediaFile,
    MediaId,
    MediaJob,
    MediaKey,
    MediaRefusal,
    MediaState,
    StoredMedia,
)
from domain.tenants import TenantId, WhatsAppNumber
from tests.fakes.store import Store

PICTURE = b"\x89PNG\r\n\x1a\n of a blue mug"


class FakeMediaJobs:
    def __init__(self) -> None:
        self.waiting: list[MediaJob] = []

    def put(self, job: MediaJob) -> None:
        self.waiting.append(job)

    def take(self) -> MediaJob | None:
        return self.waiting.pop(0) if self.waiting else None


class FakeMediaRecords:
    def __init__(self, store: Store) -> None:
        self._store = store

    def awaited(self, tenant_id: TenantId, job: MediaJob) -> AwaitedMedia | None:
        with self._store.lock:
            return self._store.awaited_media.get((tenant_id, job.customer_id, job.position))

    def stored(self, tenant_id: TenantId, job: MediaJob, stored: StoredMedia) -> bool:
        with self._store.lock:
            return MediaState.STORED is self._settle(
                tenant_id,
                job,
                state=MediaState.STORED,
                key=stored.key,
                mime_type=stored.mime_type,
                size=stored.size,
            )

    def refused(self, tenant_id: TenantId, job: MediaJob, reason: MediaRefusal) -> None:
        with self._store.lock:
            self._settle(tenant_id, job, state=MediaState.REFUSED, refusal=reason)

    def due_again(self, tenant_id: TenantId, job: MediaJob, due_at: datetime) -> None:
        with self._store.lock:
            if self.awaited(tenant_id, job) is not None:
                self._store.due[tenant_id, job.customer_id, f"m#{job.position}"] = due_at

    def _settle(self, tenant_id: TenantId, job: MediaJob, **changes: object) -> MediaState | None:
        """The state in which the row is left: whoever was first decides."""
        talk = tenant_id, job.customer_id
        entry = self._store.entries[talk].get(job.position)
        if not isinstance(entry, ThreadMessage) or entry.media is None:
            return None
        if self._store.awaited_media.pop((*talk, job.position), None) is None:
            return entry.media.state
        settled = replace(entry.media, **changes)  # type: ignore[arg-type]  # names of its own fields
        self._store.entries[talk][job.position] = replace(entry, media=settled)
        self._store.due.pop((*talk, f"m#{job.position}"), None)
        return settled.state


class FakeMediaSource:
    """Gives out `content`, or raises what it was told to, one call each."""

    def __init__(self, content: bytes = PICTURE, mime_type: str = "image/png") -> None:
        self.content = content
        self.mime_type = mime_type
        self.asked: list[tuple[WhatsAppNumber, AwaitedMedia]] = []
        self._errors: deque[Exception] = deque()

    def fail(self, *errors: Exception) -> None:
        self._errors.extend(errors)

    @contextmanager
    def fetch(self, number: WhatsAppNumber, media: AwaitedMedia) -> Iterator[MediaFile]:
        self.asked.append((number, media))
        if self._errors:
            raise self._errors.popleft()
        digest = hashlib.sha256(self.content).digest()
        yield MediaFile(self.mime_type, len(self.content), digest, BytesIO(self.content))


class FakeMediaLibrary:
    def __init__(self) -> None:
        self.files: dict[MediaKey, bytes] = {}

    def keep(self, tenant_id: TenantId, customer_id: CustomerId, media_id: MediaId, file: MediaFile) -> MediaKey:
        key = MediaKey(f"{tenant_id}/{customer_id}/{media_id}")
        self.files[key] = file.content.read()
        return key

    def remove(self, tenant_id: TenantId, key: MediaKey) -> None:
        if not key.startswith(f"{tenant_id}/"):
            raise NotAllowedError("the file is not this tenant's")
        self.files.pop(key, None)
