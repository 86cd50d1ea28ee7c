"""The composition root of the catalogue's importer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from domain.import_jobs import ImportId, ImportQueue
from domain.run_imports import RunImportPorts
from domain.tenants import TenantId
from handlers import settings
from handlers.settings import CatalogueImporterSettings


@dataclass(frozen=True, slots=True)
class CatalogueImporter:
    parse_job: Callable[[str], tuple[TenantId, ImportId]]
    ports: RunImportPorts
    queue: ImportQueue


@cache
def catalogue_importer() -> CatalogueImporter:
    from adapters.dynamodb_catalogue import DynamoProducts
    from adapters.dynamodb_import_jobs import DynamoImportJobs
    from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
    from adapters.s3_import_files import S3ImportFiles
    from adapters.sqs_imports import SqsImports, parse_import

    env = settings.read(CatalogueImporterSettings)
    ports = RunImportPorts(
        jobs=DynamoImportJobs(env.tenants_table),
        files=S3ImportFiles(env.imports_bucket),
        products=DynamoProducts(env.products_table),
        profiles=DynamoTenantProfiles(env.tenants_table, ""),
    )
    return CatalogueImporter(parse_import, ports, SqsImports(env.imports_queue_url))
