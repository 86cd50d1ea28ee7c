"""`ai-marketplace catalogue import`, on the template's tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.dynamodb_catalogue import read_products
from adapters.dynamodb_tenants import DynamoTenants
from ops.catalogue.importing import ImportResult, Order, run
from ops.errors import OpsError
from tests.builders import ACME, number
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def tables(resources: TemplateResources) -> Mapping[str, str]:
    DynamoTenants(resources.tables["TenantsTable"], 0).put(number())
    return {"tenants": resources.tables["TenantsTable"], "products": resources.tables["ProductsTable"]}


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "feed.csv"


def imported(
    feed: Path, tables: Mapping[str, str], *rows: str, tenant: str = ACME, delete: bool = False, yes: bool = False
) -> ImportResult:
    feed.write_text("id,title,price\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    order = Order(feed, tenant, feed.with_suffix(".errors.csv"), delete_missing=delete, dry_run=False, confirmed=yes)
    return run(order, tables)


def titles(tables: Mapping[str, str]) -> list[str]:
    return [product.title for product in read_products(tables["products"], ACME)]


def test_a_file_becomes_a_catalogue_and_its_faulty_rows_a_file(feed: Path, tables: Mapping[str, str]) -> None:
    result = imported(feed, tables, *(f"{n:03},Product {n},{n}.50" for n in range(997)), ",a,1", "x,b,", "y,=c(),1 2 3")
    assert (result.rows, result.stored, result.faulty, result.complete) == (1000, 997, 3, False)
    assert len(titles(tables)) == 997
    with Path(result.faulty_rows_file).open(encoding="utf-8-sig", newline="") as file:
        header, *faulty = list(csv.reader(file))
    assert header == ["line", "reasons", "id", "title", "price", "more"]
    assert [row[0] for row in faulty] == ["999", "1000", "1001"]
    assert faulty[0][1] == "no id"
    assert faulty[2][3] == "'=c()"  # no formula for the spreadsheet that opens it


def test_the_mended_file_of_faulty_rows_is_a_feed_itself(feed: Path, tables: Mapping[str, str]) -> None:
    result = imported(feed, tables, "1,Mug,3", "2,Bowl,oops")
    mended = Path(result.faulty_rows_file)
    mended.write_text(mended.read_text(encoding="utf-8-sig").replace("oops", "4"), encoding="utf-8")
    order = Order(mended, ACME, feed.with_suffix(".2"), delete_missing=False, dry_run=False, confirmed=False)
    assert run(order, tables).complete
    assert titles(tables) == ["Mug", "Bowl"]


def test_without_faulty_rows_the_file_of_an_earlier_import_goes(feed: Path, tables: Mapping[str, str]) -> None:
    faults = Path(imported(feed, tables, "1,,3").faulty_rows_file)
    assert faults.exists()
    assert imported(feed, tables, "1,Mug,3").complete
    assert not faults.exists()


def test_nothing_is_deleted_without_a_yes(feed: Path, tables: Mapping[str, str]) -> None:
    imported(feed, tables, "1,Mug,3", "2,Bowl,4")
    with pytest.raises(OpsError, match="1 of 2 products would be deleted"):
        imported(feed, tables, "1,Mug,3", delete=True)
    assert titles(tables) == ["Mug", "Bowl"]
    assert imported(feed, tables, "1,Mug,3", delete=True, yes=True).deleted == 1
    assert titles(tables) == ["Mug"]


def test_an_unknown_seller_is_refused(feed: Path, tables: Mapping[str, str]) -> None:
    with pytest.raises(OpsError, match="nobody"):
        imported(feed, tables, "1,Mug,3", tenant="nobody")
