"""What a customer sent as files, in the media bucket: every version of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters import s3_keys as keys
from adapters.aws_clients import client, translated
from domain.customer_data import Attachment, CustomerRecord, Subject
from domain.errors import ServiceUnavailableError
from domain.tenants import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class MediaPlace:
    bucket: str
    name: str = "media"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        """Files, and the marks of deleted ones: until those are gone as well, older versions lie behind them."""
        for page in self._pages(tenant_id, subject):
            for version in page:
                is_file = "Size" in version
                content = {
                    "key": version["Key"],
                    "versionId": version["VersionId"],
                    "storedAt": version["LastModified"].isoformat(),
                    **({"bytes": version["Size"]} if is_file else {"deleted": True}),
                }
                yield CustomerRecord("files", content, self._attachment(tenant_id, version) if is_file else None)

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        deleted = 0
        for page in self._pages(tenant_id, subject):
            objects: list[ObjectIdentifierTypeDef] = [
                {"Key": version["Key"], "VersionId": version["VersionId"]} for version in page
            ]
            if not objects:
                continue
            with translated("delete media"):
                answer = client("s3").delete_objects(Bucket=self.bucket, Delete={"Objects": objects, "Quiet": True})
            if answer.get("Errors"):
                raise ServiceUnavailableError(f"delete media: {answer['Errors'][0].get('Code', '')}")
            deleted += len(objects)
        return deleted

    def _pages(self, tenant_id: TenantId, subject: Subject) -> Iterator[list[Any]]:
        for customer_id in subject.customer_ids:
            with translated("list media"):
                pages = (
                    client("s3")
                    .get_paginator("list_object_versions")
                    .paginate(Bucket=self.bucket, Prefix=keys.of_customer(tenant_id, customer_id))
                )
                for page in pages:
                    yield [*page.get("Versions", []), *page.get("DeleteMarkers", [])]

    def _attachment(self, tenant_id: TenantId, version: Any) -> Attachment:
        name = version["Key"].removeprefix(f"{tenant_id}/")
        named = name if version.get("IsLatest", True) else f"{name}.{version['VersionId']}"
        return Attachment(named, self._chunks(version))

    def _chunks(self, version: Any) -> Iterator[bytes]:
        with translated("read media"):
            body = client("s3").get_object(Bucket=self.bucket, Key=version["Key"], VersionId=version["VersionId"])[
                "Body"
            ]
            yield from body.iter_chunks(_CHUNK_BYTES)
