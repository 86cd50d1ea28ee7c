"""Use case: a product feed becomes a tenant's catalogue.

Row by row: what is in order is stored, what is not is told, and neither holds up the other. Storing replaces, so an
import that was cut off is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from domain.catalogue import Product, ProductId
from domain.feed_rows import FeedFileError, FeedRow
from domain.ports import Products
from domain.product_feed import FaultyRowError, FeedDefaults, column_of, parse_product, product_id_of
from domain.tenants import TenantId

_AT_ONCE = 500
"""Products in memory; of all rows only the ids are kept, to know a duplicate and what is missing."""


@dataclass(frozen=True, slots=True)
class FaultyRow:
    row: FeedRow
    reasons: tuple[str, ...]


def _nobody(_: object) -> None:
    """Whom the import tells nothing."""


def _never(_missing: int, _known: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """How it is to be done."""

    tenant_id: TenantId
    defaults: FeedDefaults
    dry_run: bool = False
    """Nothing is stored or deleted; the report says what would be."""
    may_delete: Callable[[int, int], bool] = _never
    """Asked once all rows are read: whether products that the feed lacks go, so many of so many."""
    on_fault: Callable[[FaultyRow], None] = _nobody
    on_progress: Callable[[ImportReport], None] = _nobody


@dataclass(slots=True)
class ImportReport:
    rows: int = 0
    stored: int = 0
    faulty: int = 0
    deleted: int = 0
    missing: int = 0
    """Products of the catalogue that the feed lacks."""
    ignored_columns: set[str] = field(default_factory=set)
    stopped: str = ""
    """Why the file was not read to its end, if so."""
    not_deleted: str = ""
    """Why nothing was deleted, where something is missing."""


def import_catalogue(rows: Iterable[FeedRow], order: ImportOrder, products: Products) -> ImportReport:
    """Raises only what `products` raises; run it again then."""
    run = _Import(order, products)
    for batch in _batches(run.sound(rows)):
        run.store(batch)
    run.delete_missing()
    return run.report


def _batches(products: Iterable[Product]) -> Iterator[list[Product]]:
    batch: list[Product] = []
    for product in products:
        batch.append(product)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


class _Import:
    def __init__(self, order: ImportOrder, products: Products) -> None:
        self.report = ImportReport()
        self._order = order
        self._products = products
        self._lines: dict[ProductId, int] = {}
        self._nameless = 0
        """Faulty rows that do not even tell their product."""

    def sound(self, rows: Iterable[FeedRow]) -> Iterator[Product]:
        """The products of the rows that are in order."""
        try:
            for row in rows:
                self.report.rows += 1
                self.report.ignored_columns.update(name for name in row.fields if column_of(name) is None)
                try:
                    yield self._product(row)
                except FaultyRowError as error:
                    self.report.faulty += 1
                    self._order.on_fault(FaultyRow(row, error.reasons))
        except FeedFileError as error:
            self.report.stopped = str(error)

    def _product(self, row: FeedRow) -> Product:
        product_id = product_id_of(row)
        if product_id is None:
            self._nameless += 1
        elif (before := self._lines.setdefault(product_id, row.line)) != row.line:
            raise FaultyRowError([f"id {product_id} stands on line {before} already; the first is taken"])
        return parse_product(row, self._order.defaults)

    def store(self, batch: list[Product]) -> None:
        if not self._order.dry_run:
            self._products.put(self._order.tenant_id, batch)
        self.report.stored += len(batch)
        self._order.on_progress(self.report)

    def delete_missing(self) -> None:
        """What a faulty row names is not missing: whoever mistypes a price does not mean to stop selling."""
        tenant_id, known = self._order.tenant_id, 0
        missing: list[ProductId] = []
        for product_id in self._products.ids(tenant_id):
            known += 1
            if product_id not in self._lines:
                missing.append(product_id)
        self.report.missing = len(missing)
        if not missing:
            return
        if self.report.stopped or self._nameless:
            self.report.not_deleted = "rows that could not be read may hold the missing products: mend them first"
        elif not self._order.may_delete(len(missing), known):
            self.report.not_deleted = "not asked for"
        else:
            if not self._order.dry_run:
                self._products.delete(tenant_id, missing)
            self.report.deleted = len(missing)
