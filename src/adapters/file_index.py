"""Tenants' index files as a worker holds them: loaded when first asked for, and anew when another comes into use."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from adapters.s3_product_indexes import S3ProductIndexes
from domain.catalogue import ProductId, SearchFilter
from domain.embeddings import Vector
from domain.errors import TransientError
from domain.ports import EmbeddingModel
from domain.product_indexes import BuildNumber, ProductIndexVersion
from domain.product_search import words_asked_for
from domain.tenants import TenantId

if TYPE_CHECKING:
    from adapters.product_index import ProductIndex

MOST_BYTES = 200 << 20
"""Of a function's 512 MB beneath /tmp; while one is loaded, it lies there packed and unpacked."""


@dataclass(frozen=True, slots=True)
class _Held:
    build: BuildNumber
    folder: Path
    index: ProductIndex
    size: int


class FileIndex:
    def __init__(
        self, files: S3ProductIndexes, model: Callable[[], EmbeddingModel], most_bytes: int = MOST_BYTES
    ) -> None:
        """`model` is made when a vector is first wanted: who has small catalogues alone never pays for it."""
        self._files = files
        self._model = model
        self._most_bytes = most_bytes
        self._held: OrderedDict[TenantId, _Held] = OrderedDict()

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None:
        return self._files.in_use(tenant_id)

    def candidates(
        self, tenant_id: TenantId, version: ProductIndexVersion, question: str, limit: int, only: SearchFilter
    ) -> list[ProductId] | None:
        index = self._index(tenant_id, version.build)
        if index is None:
            return None
        return index.search(words_asked_for(question), self._vector(question, index), limit, only)

    def _vector(self, question: str, index: ProductIndex) -> Vector | None:
        """None where words have to do: vectors of two models say nothing of each other, or the model is away."""
        model = self._model()
        if index.model != model.name:
            return None
        try:
            return model.of_question(question)
        except TransientError:
            return None

    def _index(self, tenant_id: TenantId, build: BuildNumber) -> ProductIndex | None:
        held = self._held.get(tenant_id)
        if held is None or held.build != build:
            loaded = self._load(tenant_id, build)
            if loaded is None:
                return None
            self._forget(tenant_id)
            held = self._held[tenant_id] = loaded
            self._make_room()
        self._held.move_to_end(tenant_id)
        return held.index

    def _load(self, tenant_id: TenantId, build: BuildNumber) -> _Held | None:
        """None where it is gone, or of a kind that this worker's code does not know (a deployment is under way)."""
        from adapters.product_index import ProductIndex, UnknownFormatError

        with ExitStack() as undo:
            folder = Path(mkdtemp(prefix="index-"))
            undo.callback(shutil.rmtree, folder)
            packed = folder / "packed"
            if not self._files.load(tenant_id, build, packed):
                return None
            try:
                index = ProductIndex.unpack(packed, folder)
            except UnknownFormatError:
                return None
            size = packed.stat().st_size
            packed.unlink()
            undo.pop_all()
            return _Held(build, folder, index, size)

    def _make_room(self) -> None:
        """Those that were asked for longest ago go first; the newest stays, however large it is."""
        while len(self._held) > 1 and sum(held.size for held in self._held.values()) > self._most_bytes:
            self._forget(next(iter(self._held)))

    def _forget(self, tenant_id: TenantId) -> None:
        held = self._held.pop(tenant_id, None)
        if held is not None:
            shutil.rmtree(held.folder)
