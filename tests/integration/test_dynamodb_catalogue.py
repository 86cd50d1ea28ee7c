from __future__ import annotations

from collections.abc import Iterable

import pytest

from adapters.dynamodb_catalogue import CACHE_SECONDS, DynamoCatalogueSearch, put_products, read_products
from domain.catalogue import Product, ProductId
from domain.tenants import TenantId
from tests.builders import ACME, GLOBEX, product
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
