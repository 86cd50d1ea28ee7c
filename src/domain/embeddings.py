"""Products as vectors: what of a product is embedded, and when its vector is out of date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from domain.catalogue import Product, ProductId

_MOST_CHARACTERS = 2000
"""Of the text: what the shortest-sighted of the models takes (Cohere's 2,048)."""


@dataclass(frozen=True, slots=True)
class Vector:
    """Of length 1, or zeros; in 8 bits a dimension, which cost a search nothing that it could notice."""

    components: bytes
    """Signed; each times `scale` is a component."""
    scale: float

    @property
    def dimension(self) -> int:
        return len(self.components)


@dataclass(frozen=True, slots=True)
class Embedding:
    product_id: ProductId
    vector: Vector
    model: str
    content_hash: str

    def is_of(self, product: Product, model: str) -> bool:
        """Whether it still says what this product is, as this model sees it."""
        return self.content_hash == content_hash(product, model)


def embedded_text(product: Product) -> str:
    """What tells a product from others: never its price or stock, so that these change no vector."""
    parts = (product.title, product.category, *product.attributes.values(), product.description)
    return "\n".join(part for part in parts if part)[:_MOST_CHARACTERS]


def content_hash(product: Product, model: str) -> str:
    text = f"{model}\0{embedded_text(product)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
