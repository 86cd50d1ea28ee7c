"""Files of imports in S3: what was uploaded, and the rows of it that were not stored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from adapters import s3_keys as keys
from adapters.aws_clients import client, translated
from domain.errors import NotFoundError
from domain.import_jobs import ImportId, ImportJob, UploadForm
from domain.tenants import TenantId

_UPLOAD = timedelta(minutes=30)
_LINK_SECONDS = 300
_FILE_TYPE = "application/octet-stream"
_GONE = {"404", "NoSuchKey", "NotFound"}


class S3ImportFiles:
    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def upload_form(self, tenant_id: TenantId, job: ImportJob, now: datetime) -> UploadForm:
        """The length is signed with it: S3 takes no other."""
        with translated("sign an upload"):
            url = client("s3").generate_presigned_url(
                "put_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": keys.import_file(tenant_id, job.import_id),
                    "ContentLength": job.file_bytes,
                    "ContentType": _FILE_TYPE,
                },
                ExpiresIn=int(_UPLOAD.total_seconds()),
            )
        headers = {"Content-Type": _FILE_TYPE, "Content-Length": str(job.file_bytes)}
        return UploadForm("PUT", url, headers, now + _UPLOAD)

    def keep(self, tenant_id: TenantId, import_id: ImportId, content: bytes) -> None:
        self._put(keys.import_file(tenant_id, import_id), content, _FILE_TYPE)

    def is_there(self, tenant_id: TenantId, import_id: ImportId) -> bool:
        with translated("look for a file"):
            try:
                client("s3").head_object(Bucket=self._bucket, Key=keys.import_file(tenant_id, import_id))
            except ClientError as error:
                if error.response["Error"]["Code"] in _GONE:
                    return False
                raise
        return True

    @contextmanager
    def open(self, tenant_id: TenantId, import_id: ImportId) -> Iterator[tuple[BinaryIO, str]]:
        with tempfile.TemporaryFile() as file:
            version = self._download(keys.import_file(tenant_id, import_id), file)
            file.seek(0)
            yield file, version

    def keep_faults(self, tenant_id: TenantId, import_id: ImportId, content: BinaryIO) -> None:
        self._put(keys.import_faults(tenant_id, import_id), content, "text/csv; charset=utf-8")

    def faults_link(self, tenant_id: TenantId, import_id: ImportId) -> str:
        with translated("sign a link"):
            return client("s3").generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": keys.import_faults(tenant_id, import_id),
                    "ResponseContentDisposition": f'attachment; filename="{import_id}-errors.csv"',
                    "ResponseCacheControl": "private, no-store",
                },
                ExpiresIn=_LINK_SECONDS,
            )

    def _put(self, key: str, content: Any, content_type: str) -> None:
        with translated("keep a file"):
            client("s3").put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def _download(self, key: str, file: BinaryIO) -> str:
        with translated("read a file"):
            try:
                found = client("s3").get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error.response["Error"]["Code"] in _GONE:
                    raise NotFoundError("the file is gone") from error
                raise
            file.writelines(found["Body"].iter_chunks(1 << 20))
        return found["ETag"]
