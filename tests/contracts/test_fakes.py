"""The fakes keep the contracts: else what is proved on them is worth nothing. The adapters: tests/integration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.conversations import ReplyJob
from domain.import_jobs import ImportId
from domain.members import Member
from domain.product_indexes import BuildNumber
from domain.tenants import TenantId
from tests.contracts import administering, cataloguing, importing, membership, modelling, reading, rotating
from tests.contracts.suite import *  # noqa: F403 (all of them)
from tests.fakes.administration import FakeTenantNumbers, FakeTenantProfiles, FakeTenantSecrets, FakeTenantWebhooks
from tests.fakes.api import FakeProductRows, FakeRequestCounts
from tests.fakes.assistant import FakeCatalogueSearch
from tests.fakes.imports import FakeImportFiles, FakeImportJobs, FakeImportQueue
from tests.fakes.model_usage import FakeModelUsage
from tests.fakes.people import FakeAuditTrail, FakeMembers, FakeUsers, FakeViews, PeopleStore
from tests.fakes.pipeline import FakeEmbeddings, FakeIndexJobs, FakeProductIndexes
from tests.fakes.platform_secret import FakePlatformSecret, FakeWorker
from tests.fakes.products import FakeProducts
from tests.fakes.queues import FakeReplyJobs
from tests.fakes.tenants import FakeTenants
from tests.people import OLIVE


class TestTenants(reading.TenantsContract):
    @pytest.fixture
    def tenants(self) -> FakeTenants:
        return FakeTenants()


class TestModelUsage(modelling.ModelUsageContract):
    @pytest.fixture
    def model_usage(self) -> FakeModelUsage:
        return FakeModelUsage()


class TestCatalogue(reading.CatalogueContract):
    @pytest.fixture
    def catalogue_of(self) -> type[FakeCatalogueSearch]:
        return FakeCatalogueSearch


class TestSmallCatalogue(reading.SmallCatalogueContract):
    @pytest.fixture
    def catalogue_of(self) -> type[FakeCatalogueSearch]:
        return FakeCatalogueSearch


class TestReplyJobs(reading.ReplyJobsContract):
    @pytest.fixture
    def reply_jobs(self) -> FakeReplyJobs:
        return FakeReplyJobs()

    @pytest.fixture
    def waiting(self, reply_jobs: FakeReplyJobs) -> Callable[[], list[ReplyJob]]:
        return lambda: reply_jobs.waiting


class TestProducts(cataloguing.ProductsContract):
    @pytest.fixture
    def products(self) -> FakeProducts:
        return FakeProducts()


class TestEmbeddings(cataloguing.EmbeddingsContract):
    @pytest.fixture
    def embeddings(self) -> FakeEmbeddings:
        return FakeEmbeddings()


class TestProductIndexes(cataloguing.ProductIndexesContract):
    @pytest.fixture
    def indexes(self) -> FakeProductIndexes:
        return FakeProductIndexes()

    @pytest.fixture
    def kept(self, indexes: FakeProductIndexes) -> Callable[[TenantId], list[BuildNumber]]:
        return lambda tenant_id: sorted(build for owner, build in indexes.written if owner == tenant_id)


class TestIndexJobs(cataloguing.IndexJobsContract):
    @pytest.fixture
    def index_jobs(self) -> FakeIndexJobs:
        return FakeIndexJobs()

    @pytest.fixture
    def waiting(self, index_jobs: FakeIndexJobs) -> Callable[[], list[TenantId]]:
        return index_jobs.take


def actions_of(profiles: FakeTenantProfiles) -> administering.Trail:
    return lambda tenant_id: [entry.action for entry in profiles.trail if entry.tenant_id == tenant_id]


class TestTenantProfiles(administering.TenantProfilesContract):
    @pytest.fixture
    def profiles(self) -> FakeTenantProfiles:
        return FakeTenantProfiles()

    @pytest.fixture
    def trail(self, profiles: FakeTenantProfiles) -> administering.Trail:
        return actions_of(profiles)


class TestTenantNumbers(administering.TenantNumbersContract):
    @pytest.fixture
    def profiles(self) -> FakeTenantProfiles:
        return FakeTenantProfiles()

    @pytest.fixture
    def numbers(self, profiles: FakeTenantProfiles) -> FakeTenantNumbers:
        return FakeTenantNumbers(profiles)

    @pytest.fixture
    def trail(self, profiles: FakeTenantProfiles) -> administering.Trail:
        return actions_of(profiles)


class TestTenantSecrets(administering.TenantSecretsContract):
    @pytest.fixture
    def secrets(self) -> FakeTenantSecrets:
        return FakeTenantSecrets()

    @pytest.fixture
    def kept(self, secrets: FakeTenantSecrets) -> Callable[[str], str | None]:
        return secrets.kept.get


class TestTenantWebhooks(administering.TenantWebhooksContract):
    @pytest.fixture
    def profiles(self) -> FakeTenantProfiles:
        return FakeTenantProfiles()

    @pytest.fixture
    def webhooks(self, profiles: FakeTenantProfiles) -> FakeTenantWebhooks:
        return FakeTenantWebhooks(profiles)

    @pytest.fixture
    def trail(self, profiles: FakeTenantProfiles) -> administering.Trail:
        return actions_of(profiles)


class TestProductRows(administering.ProductRowsContract):
    @pytest.fixture
    def rows(self) -> FakeProductRows:
        return FakeProductRows()


class TestRequestCounts(administering.RequestCountsContract):
    @pytest.fixture
    def counts(self) -> FakeRequestCounts:
        return FakeRequestCounts()


@pytest.fixture
def place() -> membership.Place:
    store = PeopleStore()
    return membership.Place(FakeMembers(store), FakeUsers(store), FakeViews(store), FakeAuditTrail(store))


@pytest.fixture
def olive(place: membership.Place) -> Member:
    assert isinstance(place.users, FakeUsers)
    place.users.put_operator(OLIVE)
    return OLIVE


class TestMembers(membership.MembersContract): ...


class TestViews(membership.ViewsContract): ...


class TestAuditTrail(membership.AuditTrailContract): ...


class TestImportJobs(importing.ImportJobsContract):
    @pytest.fixture
    def jobs(self) -> FakeImportJobs:
        return FakeImportJobs()


class TestImportFiles(importing.ImportFilesContract):
    @pytest.fixture
    def files(self) -> FakeImportFiles:
        return FakeImportFiles()

    @pytest.fixture
    def faults(self, files: FakeImportFiles) -> Callable[[TenantId, ImportId], bytes]:
        return lambda *key: files.faults[key]


class TestImportQueue(importing.ImportQueueContract):
    @pytest.fixture
    def queue(self) -> FakeImportQueue:
        return FakeImportQueue()

    @pytest.fixture
    def waiting(self, queue: FakeImportQueue) -> Callable[[], list[tuple[TenantId, ImportId]]]:
        return lambda: [(tenant_id, import_id) for tenant_id, import_id, _ in queue.waiting]


class TestPlatformSecretStore(rotating.PlatformSecretStoreContract):
    @pytest.fixture
    def worker(self) -> FakeWorker:
        return FakeWorker()


class TestPlatformSecretVersions(rotating.PlatformSecretVersionsContract):
    @pytest.fixture
    def versions(self) -> FakePlatformSecret:
        return FakePlatformSecret(rotating.BEFORE)
