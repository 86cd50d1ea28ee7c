from __future__ import annotations

from typing import Any

import pytest

from adapters import dynamodb_batches
from adapters.aws_clients import client
from adapters.dynamodb_catalogue import DynamoProducts, put_products, read_products
from domain.catalogue import Money, ProductId, Sale
from domain.errors import ServiceUnavailableError
from tests.builders import ACME, GLOBEX, after, product
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def table(resources: TemplateResources) -> str:
    return resources.tables["ProductsTable"]


def test_more_products_than_one_batch_takes_are_stored_and_read(table: str) -> None:
    products = [product(f"P-{n:03}", f"Product {n}") for n in range(60)]
    put_products(table, ACME, products)
    assert read_products(table, ACME) == products
    assert read_products(table, GLOBEX) == []


def test_everything_of_a_product_is_kept(table: str) -> None:
    sale = Sale(Money(900, "USD"), after(minutes=1), after(minutes=2))
    full = product(
        description="Stoneware", image_link="https://x.example/i.png", attributes={"brand": "Maple"}, sale=sale
    )
    always = product("MUG-2", sale=Sale(Money(800, "USD")))
    put_products(table, ACME, [full, always])
    assert read_products(table, ACME) == [full, always]


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
    monkeypatch.setattr(dynamodb_batches, "_FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(
        client("dynamodb"),
        "batch_write_item",
        lambda RequestItems: {"UnprocessedItems": RequestItems},  # noqa: N803
    )
    with pytest.raises(ServiceUnavailableError):
        DynamoProducts(table).put(ACME, [product()])


def test_what_the_table_leaves_unread_is_asked_for_again(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dynamodb = client("dynamodb")
    read, asked = dynamodb.batch_get_item, []

    def pressed_for_room(RequestItems: Any) -> Any:  # noqa: N803 (boto3's own name)
        keys = RequestItems[table]["Keys"]
        asked.append(len(keys))
        given: Any = {**RequestItems[table], "Keys": keys[:10]}
        left = {**RequestItems[table], "Keys": keys[10:]}
        found = read(RequestItems={table: given})
        return {**found, "UnprocessedKeys": {table: left} if left["Keys"] else {}}

    monkeypatch.setattr(dynamodb, "batch_get_item", pressed_for_room)
    monkeypatch.setattr(dynamodb_batches, "_FIRST_PAUSE_SECONDS", 0)
    put_products(table, ACME, [product(f"P-{n:03}") for n in range(25)])
    assert len(DynamoProducts(table).get(ACME, [ProductId(f"P-{n:03}") for n in range(25)])) == 25
    assert asked == [25, 15, 5]


def test_a_table_that_gives_nothing_is_an_error_in_the_end(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_batches, "_FIRST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(
        client("dynamodb"),
        "batch_get_item",
        lambda RequestItems: {"Responses": {}, "UnprocessedKeys": RequestItems},  # noqa: N803
    )
    with pytest.raises(ServiceUnavailableError):
        DynamoProducts(table).get(ACME, [ProductId("MUG-1")])
