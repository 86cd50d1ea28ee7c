"""`ImportJobs`, `ImportFiles`, `ImportQueue`: a seller's file on its way."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.errors import NotFoundError
from domain.import_jobs import (
    ImportFiles,
    ImportId,
    ImportJob,
    ImportJobs,
    ImportProgress,
    ImportQueue,
    ImportState,
    ToldFault,
)
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, NOON, after

FIRST, SECOND, THIRD = (ImportId(f"20261122T12000{n}-0a1b2c3d") for n in range(3))


def job(import_id: ImportId = FIRST, state: ImportState = ImportState.AWAITING_FILE) -> ImportJob:
    return ImportJob(import_id, NOON, "Anna", "products.csv", 9, dry_run=False, delete_missing=True, state=state)


class ImportJobsContract:
    def test_one_is_kept_whole(self, jobs: ImportJobs) -> None:
        jobs.add(ACME, job())
        assert jobs.find(ACME, FIRST) == job()
        faults = (ToldFault(3, ("no title", "no price")),)
        progress = ImportProgress(9, 5, 4, 3, 2, ("shelf",), "damaged", "not asked for", faults)
        changed = replace(
            job(), state=ImportState.RUNNING, updated_at=after(hours=1), file_version="v", progress=progress
        )
        assert jobs.save(ACME, changed)
        assert jobs.find(ACME, FIRST) == changed

    @pytest.mark.parametrize("state", [ImportState.DONE, ImportState.FAILED])
    def test_what_is_over_stays_so(self, jobs: ImportJobs, state: ImportState) -> None:
        jobs.add(ACME, job())
        assert jobs.save(ACME, job(state=state))
        assert not jobs.save(ACME, job(state=ImportState.RUNNING))
        assert not jobs.save(ACME, job(SECOND))
        assert jobs.find(ACME, FIRST) == job(state=state)
        assert jobs.find(ACME, SECOND) is None

    def test_they_are_listed_newest_first(self, jobs: ImportJobs) -> None:
        for import_id in (SECOND, FIRST, THIRD):
            jobs.add(ACME, job(import_id))
        jobs.add(GLOBEX, job())
        assert [one.import_id for one in jobs.page(ACME, None, 2)] == [THIRD, SECOND]
        assert [one.import_id for one in jobs.page(ACME, SECOND, 2)] == [FIRST]

    def test_nobody_sees_another_tenants(self, jobs: ImportJobs) -> None:
        jobs.add(GLOBEX, job())
        assert jobs.find(ACME, FIRST) is None
        assert not jobs.save(ACME, job(state=ImportState.RUNNING))
        assert jobs.page(ACME, None, 2) == []


class ImportFilesContract:
    def test_a_file_comes_back_as_it_was(self, files: ImportFiles) -> None:
        assert not files.is_there(ACME, FIRST)
        with pytest.raises(NotFoundError), files.open(ACME, FIRST):
            pass
        files.keep(ACME, FIRST, b"id,title\n")
        assert files.is_there(ACME, FIRST)
        assert not files.is_there(GLOBEX, FIRST)
        with files.open(ACME, FIRST) as (file, version):
            assert file.read() == b"id,title\n"
        files.keep(ACME, FIRST, b"another")
        with files.open(ACME, FIRST) as (_, another):
            assert another != version

    def test_an_upload_is_of_its_size_and_place_alone(self, files: ImportFiles) -> None:
        form = files.upload_form(ACME, job(), NOON)
        assert (form.method, form.headers["Content-Length"]) == ("PUT", "9")
        assert form.expires_at > NOON
        assert f"/{ACME}/{FIRST}" in form.url

    def test_faulty_rows_are_kept_and_given_out(
        self, files: ImportFiles, faults: Callable[[TenantId, ImportId], bytes]
    ) -> None:
        files.keep_faults(ACME, FIRST, io.BytesIO(b"line,reasons\n"))
        assert faults(ACME, FIRST) == b"line,reasons\n"
        assert f"/{ACME}/{FIRST}/" in files.faults_link(ACME, FIRST)


class ImportQueueContract:
    """`waiting` takes what is on the queue."""

    def test_an_import_waits_once_at_each_point(
        self, queue: ImportQueue, waiting: Callable[[], list[tuple[TenantId, ImportId]]]
    ) -> None:
        for stored in (0, 0, 500):
            queue.put(ACME, FIRST, stored)
        queue.put(GLOBEX, SECOND, 0)
        assert sorted(waiting()) == [(ACME, FIRST), (ACME, FIRST), (GLOBEX, SECOND)]
