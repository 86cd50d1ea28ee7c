"""A catalogue's change, from the operator's file to the phone of a customer who asks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_embeddings import DynamoEmbeddings
from adapters.dynamodb_index_pointers import DynamoIndexPointers
from domain.catalogue import ProductId
from domain.tenants import TenantId
from ops.catalogue import importing
from ops.outcomes.log_search import LogSearch, Private
from tests.stack.deployed import Deployed, wait_until
from tests.stack.phone import chat_with
from tests.stack.rehearsing import trying_out

MAPLE = TenantId("maple-home")
MANY = 150
"""With the demo's own, more than a catalogue that is read whole."""


@pytest.fixture(scope="module")
def imported(stack: Deployed, tmp_path_factory: pytest.TempPathFactory) -> DynamoProducts:
    """A lamp, and many more: what is asked for below is found through the index."""
    folder = tmp_path_factory.mktemp("feed")
    import_feed(stack, folder, "LAMP-1,Brass Gooseneck Lamp,89.00 USD,7", *_others())
    pointers = DynamoIndexPointers(stack.file.tables["tenants"])

    def indexed() -> bool:
        version = pointers.in_use(MAPLE)
        return version is not None and version.products > MANY

    wait_until(indexed, 60, "the index of the imported catalogue")
    return DynamoProducts(stack.file.tables["products"])


def _others() -> list[str]:
    return [f"SHELF-{n},Oak Shelf Number {n},{n}.00 USD,1" for n in range(1, MANY)]


def import_feed(stack: Deployed, folder: Path, *rows: str) -> None:
    feed = folder / "feed.csv"
    feed.write_text("id,title,price,inventory\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    order = importing.Order(
        file=feed,
        tenant=MAPLE,
        errors=folder / "errors.csv",
        delete_missing=False,
        dry_run=False,
        confirmed=False,
    )
    assert importing.run(order, stack.file.tables).complete


def answer(stack: Deployed, question: str) -> str:
    chat = chat_with(stack)
    chat.say(question)
    return chat.next_answer()


@pytest.mark.usefixtures("imported")
def test_a_product_that_was_imported_is_answered_from(stack: Deployed) -> None:
    assert "89.00" in answer(stack, "How much is the brass goosenek lamp?")


@pytest.mark.usefixtures("imported")
def test_a_seller_who_tries_it_out_asks_the_index_too(stack: Deployed, tmp_path: Path) -> None:
    """admin-gui reads its file with rights of its own. Without them it reads the whole catalogue, and counts that."""
    began = time.time()
    with trying_out(stack) as chat:
        assert "89.00" in chat.ask("How much is the brass goosenek lamp?")
        assert "42.00" in chat.ask("How much is the Oak Shelf Number 42?")

    told = LogSearch((stack.file.functions["admin-gui"],), tmp_path)
    wait_until(lambda: bool(told.search([Private("a page", '"answered"')], began).leaks), 10, "what the function logs")
    assert told.search([Private("a metric", "SearchesWithoutIndex")], began).leaks == []


@pytest.mark.usefixtures("imported")
def test_a_price_that_was_changed_is_told_before_any_index_knows_it(stack: Deployed, tmp_path: Path) -> None:
    import_feed(stack, tmp_path, "LAMP-1,Brass Gooseneck Lamp,79.00 USD,7")
    assert "79.00" in answer(stack, "How much is the brass gooseneck lamp?")


def test_a_product_that_was_deleted_is_named_no_more_and_its_embedding_goes(
    stack: Deployed, imported: DynamoProducts
) -> None:
    imported.delete(MAPLE, [ProductId("SHELF-77")])
    assert "Number 77" not in answer(stack, "How much is the oak shelf number 77?")
    embeddings = DynamoEmbeddings(stack.file.tables["embeddings"])
    wait_until(lambda: not embeddings.get(MAPLE, [ProductId("SHELF-77")]), 30, "the embedding to go")
