"""The contracts of imports, on the real adapters."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_import_jobs import DynamoImportJobs
from adapters.s3_import_files import S3ImportFiles
from adapters.sqs_imports import SqsImports, parse_import
from domain.errors import MalformedRecordError
from domain.import_jobs import ImportId
from domain.tenants import TenantId
from tests.builders import ACME, NOON
from tests.contracts import importing
from tests.integration.template_resources import TemplateResources


class TestImportJobs(importing.ImportJobsContract):
    @pytest.fixture
    def jobs(self, resources: TemplateResources) -> DynamoImportJobs:
        return DynamoImportJobs(resources.tables["TenantsTable"])


class TestImportFiles(importing.ImportFilesContract):
    @pytest.fixture
    def files(self, resources: TemplateResources) -> S3ImportFiles:
        return S3ImportFiles(resources.buckets["ImportsBucket"])

    @pytest.fixture
    def faults(self, resources: TemplateResources) -> Callable[[TenantId, ImportId], bytes]:
        def read(tenant_id: TenantId, import_id: ImportId) -> bytes:
            key = f"{tenant_id}/{import_id}/faulty-rows.csv"
            return client("s3").get_object(Bucket=resources.buckets["ImportsBucket"], Key=key)["Body"].read()

        return read

    def test_the_length_of_an_upload_is_signed(self, files: S3ImportFiles) -> None:
        query = parse_qs(urlsplit(files.upload_form(ACME, importing.job(), NOON).url).query)
        assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
        assert query["X-Amz-Expires"] == ["1800"]


class TestImportQueue(importing.ImportQueueContract):
    @pytest.fixture
    def url(self, resources: TemplateResources) -> str:
        return resources.queues["ImportsQueue"]

    @pytest.fixture
    def queue(self, url: str) -> SqsImports:
        return SqsImports(url)

    @pytest.fixture
    def waiting(self, url: str) -> Callable[[], list[tuple[TenantId, ImportId]]]:
        def received() -> list[tuple[TenantId, ImportId]]:
            taken = []
            while messages := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                for message in messages:
                    taken.append(parse_import(message["Body"]))
                    client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return taken

        return received


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"tenant_id": 1, "import_id": 2}', '{"tenant_id": "acme", "import_id": "x"}']
)
def test_a_record_that_names_no_import_is_malformed(body: str) -> None:
    with pytest.raises(MalformedRecordError):
        parse_import(body)
