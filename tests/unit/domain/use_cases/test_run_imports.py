from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from domain import run_imports
from domain.errors import ForbiddenError, InvalidInputError, NotAllowedError, NotFoundError
from domain.faulty_rows import MOST_ROWS
from domain.import_jobs import MOST_BYTES, MOST_FAULTS_TOLD, ImportId, ImportJob, ImportState
from domain.run_imports import (
    ImportPorts,
    NewImport,
    RunImportPorts,
    begin_import,
    faulty_rows_link,
    find_import,
    give_up,
    import_file,
    run_import,
    start_import,
)
from tests.builders import ACME, NOON, product, tenant
from tests.fakes.administration import FakeTenantProfiles
from tests.fakes.api import AGNES, ANNA, GLEN, OSKAR
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.imports import FakeImportFiles, FakeImportJobs, FakeImportQueue
from tests.fakes.products import FakeProducts

HEADER = "id,title,price,shelf\n"


def rows(count: int, faulty: int = 0) -> bytes:
    sound = [f"P-{n},Product {n},{n}.50,B4\n" for n in range(count)]
    return (HEADER + "".join([f"F-{n},,1,\n" for n in range(faulty)] + sound)).encode()


@dataclass
class Imports:
    doom: Doom = field(default_factory=Doom)
    jobs: FakeImportJobs = field(default_factory=FakeImportJobs)
    files: FakeImportFiles = field(default_factory=FakeImportFiles)
    queue: FakeImportQueue = field(default_factory=FakeImportQueue)
    products: FakeProducts = field(default_factory=FakeProducts)
    profiles: FakeTenantProfiles = field(default_factory=lambda: FakeTenantProfiles({ACME: tenant()}))

    @property
    def ports(self) -> ImportPorts:
        return ImportPorts(self.jobs, self.files, self.queue)

    @property
    def worker(self) -> RunImportPorts:
        return self.doom.watch_all(RunImportPorts(self.jobs, self.files, self.products, self.profiles))

    def begin(self, content: bytes, **changes: Any) -> ImportId:
        asked = NewImport("products.csv", len(content), **changes)
        return import_file(ANNA, ACME, asked, content, now=NOON, ports=self.ports).import_id

    def run(self, import_id: ImportId, may_go_on: Callable[[], bool] = lambda: True) -> ImportJob | None:
        return run_import(ACME, import_id, may_go_on=may_go_on, clock=lambda: NOON, ports=self.worker)

    def job(self, import_id: ImportId) -> ImportJob:
        return find_import(ANNA, ACME, import_id, ports=self.ports)

    @property
    def stored(self) -> list[str]:
        return sorted(product_id for _, product_id in self.products.stored)


@pytest.fixture
def imports() -> Imports:
    return Imports()


def test_a_file_is_handed_over_started_and_imported(imports: Imports) -> None:
    content = rows(2)
    job, form = begin_import(ANNA, ACME, NewImport("p.csv", len(content)), now=NOON, ports=imports.ports)
    assert (job.state, form.headers["Content-Length"]) == (ImportState.AWAITING_FILE, str(len(content)))
    with pytest.raises(NotAllowedError, match="not been uploaded"):
        start_import(ANNA, ACME, job.import_id, now=NOON, ports=imports.ports)
    imports.files.keep(ACME, job.import_id, content)
    for _ in range(2):
        assert start_import(ANNA, ACME, job.import_id, now=NOON, ports=imports.ports).state is ImportState.WAITING
    assert imports.queue.waiting == [(ACME, job.import_id, 0)]
    imports.run(job.import_id)
    assert imports.stored == ["P-0", "P-1"]
    assert imports.job(job.import_id).state is ImportState.DONE
    assert start_import(ANNA, ACME, job.import_id, now=NOON, ports=imports.ports).state is ImportState.DONE


def test_three_faulty_rows_of_a_thousand_are_told_and_keep_none_of_the_others_back(imports: Imports) -> None:
    import_id = imports.begin(rows(997, faulty=3))
    imports.run(import_id)
    progress = imports.job(import_id).progress
    assert (progress.rows, progress.stored, progress.faulty) == (1000, 997, 3)
    assert [(fault.line, fault.reasons) for fault in progress.faults] == [(n, ("no title",)) for n in (2, 3, 4)]
    assert progress.ignored_columns == ("shelf",)
    assert faulty_rows_link(ANNA, ACME, import_id, ports=imports.ports).endswith("faulty-rows.csv")
    text = imports.files.faults[ACME, import_id].decode("utf-8-sig")
    assert [line[:3] for line in csv.reader(io.StringIO(text))][1] == ["2", "no title", "F-0"]


def test_without_faulty_rows_there_is_no_file_of_them(imports: Imports) -> None:
    import_id = imports.begin(rows(1))
    imports.run(import_id)
    with pytest.raises(NotAllowedError):
        faulty_rows_link(ANNA, ACME, import_id, ports=imports.ports)
    assert imports.files.faults == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_byte_order_mark_and_utf_16_are_read(imports: Imports, encoding: str) -> None:
    text = ("\ufeff" if encoding == "utf-16-le" else "") + rows(2).decode().replace("Product", "Bölle")
    import_id = imports.begin(text.encode(encoding))
    imports.run(import_id)
    assert [one.title for one in imports.products.all(ACME)] == ["Bölle 0", "Bölle 1"]


def test_a_sku_that_stands_twice_is_a_faulty_row(imports: Imports) -> None:
    import_id = imports.begin(b"sku,title,price\n1,Mug,3\n1,Cup,4\n")
    imports.run(import_id)
    assert [fault.reasons for fault in imports.job(import_id).progress.faults] == [
        ("id 1 stands on line 2 already; the first is taken",)
    ]


def test_what_is_told_of_faulty_rows_is_capped(imports: Imports) -> None:
    import_id = imports.begin(rows(1, faulty=MOST_ROWS + 5))
    imports.run(import_id)
    progress = imports.job(import_id).progress
    assert (progress.faulty, len(progress.faults)) == (MOST_ROWS + 5, MOST_FAULTS_TOLD)
    assert imports.files.faults[ACME, import_id].count(b"no title") == MOST_ROWS


def test_rows_beyond_the_most_are_not_read_and_nothing_is_deleted(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_imports, "MOST_ROWS", 3)
    imports.products.put(ACME, [product("OLD-1")])
    import_id = imports.begin(rows(5), delete_missing=True)
    imports.run(import_id)
    assert imports.stored == ["OLD-1", "P-0", "P-1", "P-2"]
    progress = imports.job(import_id).progress
    assert progress.stopped == "more than 3 rows: the rest was not read, split the file"
    assert progress.deleted == 0


def test_missing_products_go_where_it_was_asked_for(imports: Imports) -> None:
    imports.products.put(ACME, [product("OLD-1")])
    imports.run(imports.begin(rows(1)))
    assert imports.stored == ["OLD-1", "P-0"]
    imports.run(imports.begin(rows(1), delete_missing=True))
    assert imports.stored == ["P-0"]


def test_a_dry_run_stores_nothing(imports: Imports) -> None:
    import_id = imports.begin(rows(2, faulty=1), dry_run=True)
    imports.run(import_id)
    assert imports.stored == []
    assert imports.job(import_id).progress.faulty == 1


def test_what_the_time_does_not_suffice_for_another_run_does(imports: Imports) -> None:
    import_id, runs = imports.begin(rows(1700, faulty=2)), 0
    imports.products = counting = _Counting()
    while (job := imports.run(import_id, may_go_on=lambda: False)) is not None and not job.over:
        runs += 1
    assert runs == 4
    assert counting.puts == [500, 500, 500, 200]
    progress = imports.job(import_id).progress
    assert (progress.rows, progress.stored, progress.faulty, len(progress.faults)) == (1702, 1700, 2, 2)


class _Counting(FakeProducts):
    def __init__(self) -> None:
        super().__init__()
        self.puts: list[int] = []

    def put(self, tenant_id: Any, products: Any) -> None:
        self.puts.append(len(products))
        super().put(tenant_id, products)


def test_a_file_that_was_replaced_meanwhile_is_begun_anew(imports: Imports) -> None:
    import_id = imports.begin(rows(600))
    imports.run(import_id, may_go_on=lambda: False)
    imports.files.keep(ACME, import_id, rows(2))
    imports.run(import_id)
    assert imports.job(import_id).progress.stored == 2


def test_what_is_over_is_not_done_again(imports: Imports) -> None:
    import_id = imports.begin(rows(1))
    imports.run(import_id)
    imports.products.stored.clear()
    assert imports.run(import_id) is None
    assert imports.stored == []
    assert imports.run(ImportId("20261122T120000-ffffffff")) is None


def test_wherever_a_worker_dies_the_next_brings_it_to_its_end() -> None:
    healthy = Imports()
    healthy.run(healthy.begin(rows(1100, faulty=2), delete_missing=True))
    for n in range(len(healthy.doom.calls)):
        for when in When:
            doomed = Imports(Doom(n, when))
            doomed.products.put(ACME, [product("OLD-1")])
            import_id = doomed.begin(rows(1100, faulty=2), delete_missing=True)
            with pytest.raises(Crash):
                doomed.run(import_id)
            doomed.run(import_id)
            job = doomed.job(import_id)
            assert job.state is ImportState.DONE
            assert (job.progress.rows, job.progress.stored, job.progress.faulty) == (1102, 1100, 2)
            assert len(doomed.stored) == 1100
            assert doomed.files.faults[ACME, import_id].count(b"no title") == 2


def test_who_gives_up_says_so_unless_it_is_over(imports: Imports) -> None:
    first, second = imports.begin(rows(1)), imports.begin(rows(2))
    imports.run(second)
    for import_id, state in ((first, ImportState.FAILED), (second, ImportState.DONE)):
        give_up(ACME, import_id, now=NOON, ports=imports.worker)
        assert imports.job(import_id).state is state
    assert imports.run(first) is None


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_a_file_of_no_size_or_too_much_is_refused(imports: Imports, size: int) -> None:
    with pytest.raises(InvalidInputError):
        begin_import(ANNA, ACME, NewImport("p.csv", size), now=NOON, ports=imports.ports)


def test_who_may_import_and_who_may_look(imports: Imports) -> None:
    import_id = imports.begin(rows(1))
    for who in (ANNA, AGNES, OSKAR):
        assert find_import(who, ACME, import_id, ports=imports.ports).import_id == import_id
    with pytest.raises(NotFoundError):
        find_import(GLEN, ACME, import_id, ports=imports.ports)
    with pytest.raises(ForbiddenError):
        begin_import(AGNES, ACME, NewImport("p.csv", 9), now=NOON, ports=imports.ports)
