"""Use cases: an import is begun, its file handed over, and worked off by whoever is there, as often as it takes.

Storing replaces and the rows of a file come in one order, so a worker that dies is followed by one that goes on behind
what is known to be stored, and a job that comes twice does nothing twice that could be seen.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from domain.access import Principal, Role
from domain.administer_tenants import demand_hand_in
from domain.catalogue import Product, ProductId
from domain.errors import InvalidInputError, NotAllowedError, NotFoundError, TransientError
from domain.faulty_rows import FaultyRowsCsv
from domain.feed_rows import FeedFileError, FeedRow, read_rows
from domain.import_catalogue import FaultyRow, ImportOrder, ImportReport, import_catalogue
from domain.import_jobs import (
    MOST_BYTES,
    MOST_FAULTS_TOLD,
    MOST_ROWS,
    ImportFiles,
    ImportId,
    ImportJob,
    ImportJobs,
    ImportProgress,
    ImportQueue,
    ImportState,
    ToldFault,
    UploadForm,
    new_import_id,
    told_fault,
)
from domain.ports import Products
from domain.ports_administration import TenantProfiles
from domain.product_feed import FeedDefaults
from domain.tenants import TenantId

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ImportPorts:
    """Of who begins imports and looks at them."""

    jobs: ImportJobs
    files: ImportFiles
    queue: ImportQueue


@dataclass(frozen=True, slots=True)
class RunImportPorts:
    """Of the worker."""

    jobs: ImportJobs
    files: ImportFiles
    products: Products
    profiles: TenantProfiles


@dataclass(frozen=True, slots=True)
class NewImport:
    file_name: str
    file_bytes: int
    dry_run: bool = False
    delete_missing: bool = False


def begin_import(
    who: Principal, tenant_id: TenantId, asked: NewImport, *, now: datetime, ports: ImportPorts
) -> tuple[ImportJob, UploadForm]:
    """With how its file is to be handed over."""
    job = _begin(who, tenant_id, asked, now, ports)
    return job, ports.files.upload_form(tenant_id, job, now)


def start_import(
    who: Principal, tenant_id: TenantId, import_id: ImportId, *, now: datetime, ports: ImportPorts
) -> ImportJob:
    """Its file is there. The queue comes first: a worker may find the job before it says that it waits.

    Raises `NotFoundError`, and `NotAllowedError` while there is no file.
    """
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    job = _found(tenant_id, import_id, ports.jobs)
    if job.state is not ImportState.AWAITING_FILE:
        return job
    if not ports.files.is_there(tenant_id, import_id):
        raise NotAllowedError("the file has not been uploaded yet")
    ports.queue.put(tenant_id, import_id, 0)
    waiting = replace(job, state=ImportState.WAITING, updated_at=now)
    return waiting if ports.jobs.save(tenant_id, waiting) else _found(tenant_id, import_id, ports.jobs)


def import_file(  # noqa: PLR0913 (who imports what for whom)
    who: Principal, tenant_id: TenantId, asked: NewImport, content: bytes, *, now: datetime, ports: ImportPorts
) -> ImportJob:
    """Begun, handed over and started in one: of a file that came with the request."""
    job = _begin(who, tenant_id, replace(asked, file_bytes=len(content)), now, ports)
    ports.files.keep(tenant_id, job.import_id, content)
    return start_import(who, tenant_id, job.import_id, now=now, ports=ports)


def find_import(who: Principal, tenant_id: TenantId, import_id: ImportId, *, ports: ImportPorts) -> ImportJob:
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN, Role.TENANT_AGENT)
    return _found(tenant_id, import_id, ports.jobs)


def list_imports(
    who: Principal, tenant_id: TenantId, before: ImportId | None, limit: int, *, ports: ImportPorts
) -> tuple[Sequence[ImportJob], ImportId | None]:
    """Newest first, with the id behind which the list goes on."""
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN, Role.TENANT_AGENT)
    page = ports.jobs.page(tenant_id, before, limit + 1)
    return page[:limit], page[limit - 1].import_id if len(page) > limit else None


def faulty_rows_link(who: Principal, tenant_id: TenantId, import_id: ImportId, *, ports: ImportPorts) -> str:
    """Raises `NotFoundError`, and `NotAllowedError` where there is no file of faulty rows."""
    job = find_import(who, tenant_id, import_id, ports=ports)
    if job.state is not ImportState.DONE or not job.progress.faulty:
        raise NotAllowedError("there are no faulty rows, or they are not known yet")
    return ports.files.faults_link(tenant_id, import_id)


def run_import(
    tenant_id: TenantId,
    import_id: ImportId,
    *,
    may_go_on: Callable[[], bool],
    clock: Callable[[], datetime],
    ports: RunImportPorts,
) -> ImportJob | None:
    """As far as the time goes: what comes back RUNNING is to be gone on with. None where there is nothing to do."""
    job, tenant = ports.jobs.find(tenant_id, import_id), ports.profiles.find(tenant_id)
    if job is None or tenant is None or job.over:
        return None
    with ports.files.open(tenant_id, import_id) as (file, version), tempfile.TemporaryFile("w+b") as faults:
        if version != job.file_version:
            job = replace(job, file_version=version, progress=ImportProgress())
        run = _Run(tenant_id, job, FeedDefaults(tenant.currency, tenant.language), faults, may_go_on, clock, ports)
        return run.through(file)


def give_up(tenant_id: TenantId, import_id: ImportId, *, now: datetime, ports: RunImportPorts) -> None:
    """No worker got through with it."""
    job = ports.jobs.find(tenant_id, import_id)
    if job is not None and not job.over:
        ports.jobs.save(tenant_id, replace(job, state=ImportState.FAILED, updated_at=now))


class _OutOfTimeError(TransientError):
    """Raised and caught in here: the rest is for another run."""


class _Run:
    def __init__(  # noqa: PLR0913, PLR0917 (one import, all that it takes)
        self,
        tenant_id: TenantId,
        job: ImportJob,
        defaults: FeedDefaults,
        faults: BinaryIO,
        may_go_on: Callable[[], bool],
        clock: Callable[[], datetime],
        ports: RunImportPorts,
    ) -> None:
        self._tenant_id = tenant_id
        self._job = replace(job, state=ImportState.RUNNING)
        self._defaults = defaults
        self._may_go_on = may_go_on
        self._clock = clock
        self._ports = ports
        self._faults_file = faults
        self._faults_text = io.TextIOWrapper(faults, encoding="utf-8-sig", newline="", write_through=True)
        self._faults = FaultyRowsCsv(self._faults_text)
        self._told: list[ToldFault] = []

    def through(self, file: BinaryIO) -> ImportJob:
        order = ImportOrder(
            tenant_id=self._tenant_id,
            defaults=self._defaults,
            dry_run=self._job.dry_run,
            may_delete=lambda _missing, _known: self._job.delete_missing,
            on_fault=self._on_fault,
            on_progress=self._on_progress,
        )
        products = _BehindWhatIsStored(self._ports.products, self._job.progress.stored)
        try:
            report = import_catalogue(_at_most(read_rows(file), MOST_ROWS), order, products)
        except _OutOfTimeError:
            return self._job
        if report.faulty:
            self._faults_text.flush()
            self._faults_file.seek(0)
            self._ports.files.keep_faults(self._tenant_id, self._job.import_id, self._faults_file)
        self._save(report, ImportState.DONE)
        return self._job

    def _on_fault(self, faulty: FaultyRow) -> None:
        self._faults.add(faulty)
        if len(self._told) < MOST_FAULTS_TOLD:
            self._told.append(told_fault(faulty.row.line, faulty.reasons))

    def _on_progress(self, report: ImportReport) -> None:
        if report.stored > self._job.progress.stored:
            self._save(report, ImportState.RUNNING)
            if not self._may_go_on():
                raise _OutOfTimeError("the rest is for another run")

    def _save(self, report: ImportReport, state: ImportState) -> None:
        progress = ImportProgress(
            rows=report.rows,
            stored=report.stored,
            faulty=report.faulty,
            deleted=report.deleted,
            missing=report.missing,
            ignored_columns=tuple(sorted(report.ignored_columns)[:50]),
            stopped=report.stopped,
            not_deleted=report.not_deleted if self._job.delete_missing else "",
            faults=tuple(self._told),
        )
        self._job = replace(self._job, state=state, updated_at=self._clock(), progress=progress)
        self._ports.jobs.save(self._tenant_id, self._job)


class _BehindWhatIsStored:
    """`Products`, but for the first so many, which an earlier run has stored: batches are cut alike each time."""

    def __init__(self, products: Products, stored: int) -> None:
        self._products = products
        self._left = stored

    def put(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
        if self._left >= len(products):
            self._left -= len(products)
        else:
            self._left = 0
            self._products.put(tenant_id, products)

    def ids(self, tenant_id: TenantId) -> Iterable[ProductId]:
        return self._products.ids(tenant_id)

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        return self._products.get(tenant_id, product_ids)

    def all(self, tenant_id: TenantId) -> Iterable[Product]:
        return self._products.all(tenant_id)

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        self._products.delete(tenant_id, product_ids)


def _at_most(rows: Iterator[FeedRow], most: int) -> Iterator[FeedRow]:
    for number, row in enumerate(rows):
        if number == most:
            raise FeedFileError(f"more than {most:,} rows: the rest was not read, split the file")
        yield row


def _begin(who: Principal, tenant_id: TenantId, asked: NewImport, now: datetime, ports: ImportPorts) -> ImportJob:
    demand_hand_in(who, tenant_id, Role.TENANT_ADMIN)
    if not 1 <= asked.file_bytes <= MOST_BYTES:
        raise InvalidInputError("/fileBytes", f"a file has 1 to {MOST_BYTES:,} bytes")
    job = ImportJob(
        import_id=new_import_id(now),
        created_at=now,
        by=who.name,
        file_name=asked.file_name[:_LONGEST_NAME],
        file_bytes=asked.file_bytes,
        dry_run=asked.dry_run,
        delete_missing=asked.delete_missing,
    )
    ports.jobs.add(tenant_id, job)
    return job


def _found(tenant_id: TenantId, import_id: ImportId, jobs: ImportJobs) -> ImportJob:
    job = jobs.find(tenant_id, import_id)
    if job is None:
        raise NotFoundError("no such import")
    return job
