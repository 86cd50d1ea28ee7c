"""One job of the imports queue."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.sqs_imports import parse_import
from domain.import_jobs import ImportId, ImportState
from domain.run_imports import ImportPorts, NewImport, RunImportPorts, import_file
from handlers import bootstrap_imports, catalogue_importer
from handlers.catalogue_importer import LAST_ATTEMPT
from ops.prove.template import template
from tests.builders import ACME, NOON, tenant
from tests.fakes.administration import FakeTenantProfiles
from tests.fakes.api import ANNA
from tests.fakes.imports import FakeImportFiles, FakeImportJobs, FakeImportQueue
from tests.fakes.products import FakeProducts
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.records import event, failures, record

CONTENT = b"id,title,price\n" + b"".join(b"P-%d,Mug,1\n" % n for n in range(600))


@dataclass
class Importer:
    jobs: FakeImportJobs = field(default_factory=FakeImportJobs)
    files: FakeImportFiles = field(default_factory=FakeImportFiles)
    queue: FakeImportQueue = field(default_factory=FakeImportQueue)
    products: FakeProducts = field(default_factory=FakeProducts)

    def begin(self) -> ImportId:
        ports = ImportPorts(self.jobs, self.files, FakeImportQueue())
        return import_file(ANNA, ACME, NewImport("p.csv", 0), CONTENT, now=NOON, ports=ports).import_id

    def run(self, monkeypatch: pytest.MonkeyPatch, import_id: str, milliseconds: int = 300_000, **given: Any) -> Any:
        ports = RunImportPorts(self.jobs, self.files, self.products, FakeTenantProfiles({ACME: tenant()}))
        services = bootstrap_imports.CatalogueImporter(parse_import, ports, self.queue)
        monkeypatch.setattr(bootstrap_imports, "catalogue_importer", lambda: services)
        context = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: milliseconds)
        body = json.dumps({"tenant_id": ACME, "import_id": import_id})
        return catalogue_importer.handler(event(record(body, **given)), context)

    def state(self, import_id: ImportId) -> ImportState:
        return self.jobs.jobs[ACME, import_id].state


def test_a_file_is_imported_and_told_in_numbers(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    importer = Importer()
    import_id = importer.begin()
    assert failures(importer.run(monkeypatch, import_id)) == []
    assert (len(importer.products.stored), importer.state(import_id)) == (600, ImportState.DONE)
    assert [(line["message"], line["stored"]) for line in log.lines] == [("imported", 600)]
    assert "Mug" not in log.text


def test_what_the_time_does_not_suffice_for_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    importer = Importer()
    import_id = importer.begin()
    assert failures(importer.run(monkeypatch, import_id, milliseconds=1000)) == []
    assert importer.queue.waiting == [(ACME, import_id, 500)]
    assert importer.state(import_id) is ImportState.RUNNING


def test_a_record_that_fails_comes_back_and_at_last_the_import_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    importer = Importer()
    import_id = importer.begin()
    importer.files.files.clear()
    for attempt, state in ((1, ImportState.WAITING), (LAST_ATTEMPT, ImportState.FAILED)):
        assert failures(importer.run(monkeypatch, import_id, received=attempt)) != []
        assert importer.state(import_id) is state


def test_the_last_attempt_is_the_queues() -> None:
    queue = template()["Resources"]["ImportsQueue"]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == LAST_ATTEMPT


@pytest.mark.parametrize("import_id", ["", "../other", "20261122T120000-0a1b2c3d/../x"])
def test_a_record_that_names_no_import_fails(monkeypatch: pytest.MonkeyPatch, import_id: str) -> None:
    assert failures(Importer().run(monkeypatch, import_id)) != []
