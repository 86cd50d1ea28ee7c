"""Use case: a customer sent a file, which is to be fetched from Meta and kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import MediaRefusedError
from domain.media import MediaJob, StoredMedia
from domain.ports import MediaLibrary, MediaRecords, MediaSource, Tenants


class Fetched(StrEnum):
    """What a job came to."""

    STORED = "stored"
    REFUSED = "refused"
    DONE_BEFORE = "done_before"
    POSTPONED = "postponed"
    """Nobody may fetch it now; the sweeper asks again, until Meta no longer has it."""
    ERASED = "erased"
    """The message was erased while its file was fetched: the file is not kept either."""


@dataclass(frozen=True, slots=True)
class FetchMediaPorts:
    tenants: Tenants
    records: MediaRecords
    source: MediaSource
    library: MediaLibrary


def fetch_media(job: MediaJob, *, ports: FetchMediaPorts) -> Fetched:
    """Safe to run twice and at once: the file's place follows from its message, and the first to tell the row wins.

    Raises `MediaUnavailableError` where Meta may give it out later.
    """
    awaited = ports.records.awaited(job.tenant_id, job)
    if awaited is None:
        return Fetched.DONE_BEFORE
    number = ports.tenants.number(awaited.phone_number_id)
    if number is None or not number.active or number.tenant.tenant_id != job.tenant_id:
        return Fetched.POSTPONED
    try:
        with ports.source.fetch(number, awaited) as file:
            key = ports.library.keep(job.tenant_id, job.customer_id, awaited.media_id, file)
    except MediaRefusedError as error:
        ports.records.refused(job.tenant_id, job, error.reason)
        return Fetched.REFUSED
    if ports.records.stored(job.tenant_id, job, StoredMedia(key, file.mime_type, file.size)):
        return Fetched.STORED
    ports.library.remove(job.tenant_id, key)
    return Fetched.ERASED
