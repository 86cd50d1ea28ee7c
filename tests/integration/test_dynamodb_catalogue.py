from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from adapters import dynamodb_catalogue
from adapters.aws_clients import client
from adapters.dynamodb_catalogue import (
    CACHE_SECONDS,
    DynamoCatalogueSearch,
    DynamoProducts,
    put_products,
    read_products,
)
from domain.catalogue import Money, Product, ProductId, Sale
from domain.errors import ServiceUnavailableError
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, after, product
from tests.contracts.reading import CatalogueContract, CatalogueOf
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def table(resources: TemplateResources) -> str:
    return resources.tables["ProductsTable"]


class TestCatalogue(CatalogueContract):
    @pytest.fixture
    def catalogue_of(self, table: str) -> CatalogueOf:
        def stored(catalogues: dict[TenantId, Iterable[Product]]) -> DynamoCatalogueSearch:
            for tenant_id, products in catalogues.items():
                put_products(table, tenant_id, products)
            return DynamoCatalogueSearch(table)

        return stored


def test_more_products_than_one_batch_takes_are_stored_and_read(table: str) -> None:
    products = [product(f"P-{n:03}", f"Product {n}") for n in range(60)]
    put_products(table, ACME, products)
    assert read_products(table, ACME) == products
    assert read_products(table, GLOBEX) == []


def test_a_change_is_seen_when_the_cache_has_aged(table: str) -> None:
    seconds = 0.0
    catalogue = DynamoCatalogueSearch(table, lambda: seconds)
    put_products(table, ACME, [product()])
    assert catalogue.product(ACME, ProductId("MUG-1")) == product()
    put_products(table, ACME, [product(stock=0)])
    assert catalogue.product(ACME, ProductId("MUG-1")) == product()
    seconds = CACHE_SECONDS
    assert catalogue.product(ACME, ProductId("MUG-1")) == product(stock=0)


def test_everything_of_a_product_is_kept(table: str) -> None:
    sale = Sale(Money(900, "USD"), after(minutes=1), after(minutes=2))
    full = product(
        description="Stoneware", image_link="https://x.example/i.png", attributes={"brand": "Maple"}, sale=sale
    )
    always = product("MUG-2", sale=Sale(Money(800, "USD")))
    put_products(table, ACME, [full, always])
    assert read_products(table, ACME) == [full, always]


def test_a_product_is_found_with_the_price_of_the_moment(table: str) -> None:
    put_products(table, ACME, [product(sale=Sale(Money(900, "USD"), after(minutes=1), after(minutes=2)))])
    moments = iter(after(minutes=minute) for minute in (0, 0, 1, 1, 2, 2))
    catalogue = DynamoCatalogueSearch(table, now=lambda: next(moments))
    for minor in (1250, 900, 1250):
        found = catalogue.product(ACME, ProductId("MUG-1"))
        assert found is not None
        assert found.price.minor == minor
        assert [hit.product.price.minor for hit in catalogue.search(ACME, found.title, 1)] == [minor]


def test_a_catalogue_is_listed_and_thinned_by_its_own_tenant_alone(table: str) -> None:
    products = DynamoProducts(table)
    for tenant_id in (ACME, GLOBEX):
        products.put(tenant_id, [product(f"P-{n:03}") for n in range(60)])
    products.delete(ACME, [ProductId(f"P-{n:03}") for n in range(50)])
    assert sorted(products.ids(ACME)) == [f"P-{n:03}" for n in range(50, 60)]
    assert len(list(products.ids(GLOBEX))) == 60


def test_what_the_table_leaves_undone_is_offered_again(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dynamodb = client("dynamodb")
    write, asked = dynamodb.batch_write_item, []

    def pressed_for_room(RequestItems: Any) -> Any:  # noqa: N803 (boto3's own name)
        asked.append(len(RequestItems[table]))
        taken, left = RequestItems[table][:10], RequestItems[table][10:]
        write(RequestItems={table: taken})
        return {"UnprocessedItems": {table: left} if left else {}}

    monkeypatch.setattr(dynamodb, "batch_write_item", pressed_for_room)
    DynamoProducts(table).put(ACME, [product(f"P-{n:03}") for n in range(25)])
    assert asked == [25, 15, 5]
    assert len(read_products(table, ACME)) == 25


def test_a_table_that_takes_nothing_is_an_error_in_the_end(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_catalogue, "_FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(
        client("dynamodb"),
        "batch_write_item",
        lambda RequestItems: {"UnprocessedItems": RequestItems},  # noqa: N803
    )
    with pytest.raises(ServiceUnavailableError):
        DynamoProducts(table).put(ACME, [product()])
