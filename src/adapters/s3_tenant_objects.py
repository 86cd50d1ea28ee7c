"""All objects of one tenant in a bucket, every version of each: their keys begin with the tenant's id and a slash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.aws_clients import client, translated
from domain.errors import ServiceUnavailableError
from domain.tenants import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef


@dataclass(frozen=True, slots=True)
class TenantObjectsPlace:
    name: str
    bucket: str
    closes: bool = False

    def count(self, tenant_id: TenantId) -> int:
        return sum(map(len, self._pages(tenant_id)))

    def erase(self, tenant_id: TenantId) -> int:
        deleted = 0
        for page in self._pages(tenant_id):
            if not page:
                continue
            with translated(f"delete {self.name}"):
                answer = client("s3").delete_objects(Bucket=self.bucket, Delete={"Objects": page, "Quiet": True})
            if answer.get("Errors"):
                raise ServiceUnavailableError(f"delete {self.name}: {answer['Errors'][0].get('Code', '')}")
            deleted += len(page)
        return deleted

    def _pages(self, tenant_id: TenantId) -> Iterator[list[ObjectIdentifierTypeDef]]:
        """A thousand at most: as many as one call deletes."""
        with translated(f"list {self.name}"):
            pages = (
                client("s3").get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=f"{tenant_id}/")
            )
            for page in pages:
                versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                yield [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
