from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from domain.catalogue import Product
from domain.errors import ServiceUnavailableError
from domain.feed_rows import FeedRow, read_rows
from domain.import_catalogue import FaultyRow, ImportOrder, ImportReport, import_catalogue
from domain.product_feed import FeedDefaults
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, product
from tests.fakes.products import FakeProducts

HEADER = "id,title,price,shelf\n"


@dataclass
class Import:
    products: FakeProducts = field(default_factory=FakeProducts)
    faults: list[FaultyRow] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    agrees: bool = True

    @property
    def order(self) -> ImportOrder:
        return ImportOrder(ACME, FeedDefaults("USD", "en"), may_delete=self._may_delete, on_fault=self.faults.append)

    def _may_delete(self, missing: int, known: int) -> bool:
        self.asked.append((missing, known))
        return self.agrees

    def run(self, *rows: str, dry_run: bool = False) -> ImportReport:
        file = io.BytesIO((HEADER + "".join(f"{row}\n" for row in rows)).encode())
        return import_catalogue(read_rows(file), replace(self.order, dry_run=dry_run), self.products)

    def titles(self, tenant_id: TenantId = ACME) -> dict[str, str]:
        return {str(key[1]): one.title for key, one in self.products.stored.items() if key[0] == tenant_id}


@pytest.fixture
def shop() -> Import:
    return Import()


def test_sound_rows_are_stored_and_faulty_ones_told(shop: Import) -> None:
    report = shop.run("1,Mug,3", "2,,4", "3,Bowl,5 USD")
    assert shop.titles() == {"1": "Mug", "3": "Bowl"}
    assert [(one.row.line, one.reasons) for one in shop.faults] == [(3, ("no title",))]
    assert (report.rows, report.stored, report.faulty, report.ignored_columns) == (3, 2, 1, {"shelf"} - {"shelf"})


def test_columns_that_are_not_read_are_named(shop: Import) -> None:
    assert shop.run("1,Mug,3,B4").ignored_columns == {"shelf"}


def test_run_again_it_stores_the_same(shop: Import) -> None:
    shop.run("1,Mug,3", "2,Bowl,4")
    before = dict(shop.products.stored)
    report = shop.run("1,Mug,3", "2,Bowl,4")
    assert shop.products.stored == before
    assert (report.stored, report.missing, report.deleted) == (2, 0, 0)


def test_of_two_rows_with_one_id_the_first_is_taken(shop: Import) -> None:
    shop.run("1,Mug,3", "1,Jug,4")
    assert shop.titles() == {"1": "Mug"}
    assert "line 2" in shop.faults[0].reasons[0]


def test_what_the_feed_lacks_goes_only_where_it_may(shop: Import) -> None:
    shop.run("1,Mug,3", "2,Bowl,4", "3,Jug,5")
    shop.agrees = False
    kept = shop.run("1,Mug,3")
    assert (kept.missing, kept.deleted, kept.not_deleted) == (2, 0, "not asked for")
    assert shop.asked == [(2, 3)]
    shop.agrees = True
    assert shop.run("1,Mug,3").deleted == 2
    assert shop.titles() == {"1": "Mug"}


def test_another_tenants_products_are_not_missing(shop: Import) -> None:
    shop.products.put(GLOBEX, [product("9")])
    assert shop.run("1,Mug,3").missing == 0
    assert "9" in shop.titles(GLOBEX)


def test_a_product_whose_row_is_faulty_is_not_missing(shop: Import) -> None:
    shop.run("1,Mug,3", "2,Bowl,4")
    assert shop.run("1,Mug,3", "2,Bowl,oops").deleted == 0
    assert shop.titles() == {"1": "Mug", "2": "Bowl"}


@pytest.mark.parametrize("row", [",Bowl,4", '2,"Bowl,4' + "\n" * 200_000], ids=["no id", "file not read to its end"])
def test_nothing_is_deleted_while_a_row_may_be_any_product(shop: Import, row: str) -> None:
    shop.run("1,Mug,3", "2,Bowl,4")
    report = shop.run("1,Mug,3", row)
    assert (report.deleted, report.missing) == (0, 1)
    assert "mend them first" in report.not_deleted
    assert not shop.asked


def test_a_dry_run_says_the_same_and_changes_nothing(shop: Import) -> None:
    shop.run("1,Mug,3", "2,Bowl,4")
    before = dict(shop.products.stored)
    dry = shop.run("1,Cup,3", "3,Jug,x", dry_run=True)
    assert shop.products.stored == before
    real = shop.run("1,Cup,3", "3,Jug,x")
    assert (dry.stored, dry.faulty, dry.deleted) == (real.stored, real.faulty, real.deleted) == (1, 1, 1)


def test_cut_off_it_is_run_again_and_ends_the_same(shop: Import) -> None:
    feed = [f"{n},Product {n},3" for n in range(1_200)]

    class CutOff(FakeProducts):
        def put(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
            if self.stored:
                raise ServiceUnavailableError("the line is down")
            super().put(tenant_id, products)

    shop.products = CutOff()
    with pytest.raises(ServiceUnavailableError):
        shop.run(*feed)
    assert 0 < len(shop.products.stored) < 1_200
    shop.products = FakeProducts(shop.products.stored)
    assert shop.run(*feed).stored == 1_200
    assert len(shop.products.stored) == 1_200


def test_rows_are_stored_as_they_come(shop: Import) -> None:
    """A feed of any length needs the memory of a short one: when the last row is read, most are stored."""
    stored_when_read: list[int] = []

    def feed() -> Iterator[FeedRow]:
        for n in range(5_000):
            stored_when_read.append(len(shop.products.stored))
            yield FeedRow(n + 2, {"id": str(n), "title": "Mug", "price": "1"})

    import_catalogue(feed(), shop.order, shop.products)
    assert max(n - stored for n, stored in enumerate(stored_when_read)) <= 500
