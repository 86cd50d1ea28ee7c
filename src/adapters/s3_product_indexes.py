"""Tenants' index files in their bucket: one for each build, and the row that says which of them is in use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_index_pointers import DynamoIndexPointers
from domain.product_indexes import BuildNumber, IndexedProduct, ProductIndexVersion
from domain.tenants import TenantId

_KEPT_BEFORE = 1


class S3ProductIndexes:
    def __init__(self, bucket: str, tenants_table: str) -> None:
        self._bucket = bucket
        self._pointers = DynamoIndexPointers(tenants_table)

    def begin(self, tenant_id: TenantId) -> BuildNumber:
        return self._pointers.begin(tenant_id)

    def write(
        self, tenant_id: TenantId, build: BuildNumber, model: str, products: Iterable[IndexedProduct]
    ) -> ProductIndexVersion:
        from adapters.product_index import write_index

        with TemporaryDirectory() as folder:
            packed = Path(folder) / "packed"
            count = write_index(products, model, packed)
            with packed.open("rb") as file, translated("keep an index"):
                client("s3").put_object(Bucket=self._bucket, Key=keys.product_index_object(tenant_id, build), Body=file)
        return ProductIndexVersion(build, model, count)

    def put_in_use(self, tenant_id: TenantId, version: ProductIndexVersion) -> bool:
        return self._pointers.put_in_use(tenant_id, version)

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None:
        return self._pointers.in_use(tenant_id)

    def discard_older(self, tenant_id: TenantId) -> None:
        """Of a build that died half-way, too: its file is older than one in use some day."""
        version = self._pointers.in_use(tenant_id)
        if version is None:
            return
        current = keys.product_index_object(tenant_id, version.build)
        with translated("list indexes"):
            pages = (
                client("s3")
                .get_paginator("list_objects_v2")
                .paginate(Bucket=self._bucket, Prefix=keys.product_index_objects(tenant_id))
            )
            older = sorted(
                listed["Key"] for page in pages for listed in page.get("Contents", []) if listed["Key"] < current
            )
        for key in older[:-_KEPT_BEFORE]:
            with translated("discard an index"):
                client("s3").delete_object(Bucket=self._bucket, Key=key)

    def load(self, tenant_id: TenantId, build: BuildNumber, target: Path) -> bool:
        """Into this file; False where there is none of this build any longer."""
        s3 = client("s3")
        with translated("load an index"):
            try:
                found = s3.get_object(Bucket=self._bucket, Key=keys.product_index_object(tenant_id, build))
            except s3.exceptions.NoSuchKey:
                return False
            with target.open("wb") as file:
                for part in found["Body"].iter_chunks(1 << 20):
                    file.write(part)
        return True
