"""Imports, in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO

from domain.errors import NotFoundError
from domain.import_jobs import ImportId, ImportJob, UploadForm
from domain.tenants import TenantId

Key = tuple[TenantId, ImportId]


@dataclass(slots=True)
class FakeImportJobs:
    jobs: dict[Key, ImportJob] = field(default_factory=dict)

    def add(self, tenant_id: TenantId, job: ImportJob) -> None:
        self.jobs[tenant_id, job.import_id] = job

    def find(self, tenant_id: TenantId, import_id: ImportId) -> ImportJob | None:
        return self.jobs.get((tenant_id, import_id))

    def page(self, tenant_id: TenantId, before: ImportId | None, limit: int) -> list[ImportJob]:
        own = sorted((one for owner, one in self.jobs if owner == tenant_id), reverse=True)
        return [self.jobs[tenant_id, one] for one in own if before is None or one < before][:limit]

    def save(self, tenant_id: TenantId, job: ImportJob) -> bool:
        before = self.find(tenant_id, job.import_id)
        if before is None or before.over:
            return False
        self.jobs[tenant_id, job.import_id] = job
        return True


@dataclass(slots=True)
class FakeImportFiles:
    files: dict[Key, bytes] = field(default_factory=dict)
    faults: dict[Key, bytes] = field(default_factory=dict)

    def upload_form(self, tenant_id: TenantId, job: ImportJob, now: datetime) -> UploadForm:
        url = f"https://imports.example/{tenant_id}/{job.import_id}"
        return UploadForm("PUT", url, {"Content-Length": str(job.file_bytes)}, now + timedelta(minutes=30))

    def keep(self, tenant_id: TenantId, import_id: ImportId, content: bytes) -> None:
        self.files[tenant_id, import_id] = content

    def is_there(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        return (tenant_id, import_id) in self.files

    @contextmanager
    def open(self, tenant_id: TenantId, import_id: ImportId) -> Iterator[tuple[BinaryIO, str]]:
        content = self.files.get((tenant_id, import_id))
        if content is None:
            raise NotFoundError("the file is gone")
        yield io.BytesIO(content), hashlib.sha256(content).hexdigest()

    def keep_faults(self, tenant_id: TenantId, import_id: ImportId, content: BinaryIO) -> None:
        self.faults[tenant_id, import_id] = content.read()

    def faults_link(self, tenant_id: TenantId, import_id: ImportId) -> str:
        return f"https://imports.example/{tenant_id}/{import_id}/faulty-rows.csv"


@dataclass(slots=True)
class FakeImportQueue:
    waiting: list[tuple[TenantId, ImportId, int]] = field(default_factory=list)

    def put(self, tenant_id: TenantId, import_id: ImportId, stored: int) -> None:
        if (tenant_id, import_id, stored) not in self.waiting:
            self.waiting.append((tenant_id, import_id, stored))
