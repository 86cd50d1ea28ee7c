"""A catalogue that is the same on every machine, and questions of people who mistype."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from domain.catalogue import Money, Product, ProductId

_COLORS = "Red Blue Green Black White Yellow Orange Purple Grey Brown Pink Turquoise Ivory Copper Silver Golden".split()
_MATERIALS = (
    "Cotton Leather Steel Oak Bamboo Ceramic Glass Linen Marble Wool Silicone Walnut Copper Enamel Jute".split()
)
_KINDS = "Compact Classic Modern Rustic Folding Portable Large Small Handmade Vintage Nordic Everyday Premium".split()
_THINGS = (
    "Mug,Teapot,Cutting Board,Mixing Bowl,Table Lamp,Floor Lamp,Armchair,Bookshelf,Blanket,Cushion,Backpack,Wallet,"
    "Umbrella,Lunch Box,Water Bottle,Frying Pan,Saucepan,Kettle,Toaster,Coffee Grinder,Candle Holder,Picture Frame,"
    "Wall Clock,Doormat,Bath Towel,Shower Curtain,Laundry Basket,Plant Pot,Garden Chair,Bird Feeder,Toolbox,Notebook"
).split(",")
_BRANDS = "Altona Brisa Cordel Dunmore Ekholm Farrow Galvan Hebden Isla Juniper Kestrel Lumen Morven Nortada".split()
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST_MISTYPED = 4


def products(count: int, seed: int) -> list[Product]:
    """Each with a title of its own."""
    dice = random.Random(seed)  # noqa: S311 (a seed, to play it again)
    return [_product(number, title, dice) for number, title in enumerate(_titles(count, dice))]


def _titles(count: int, dice: random.Random) -> list[str]:
    titles: dict[str, None] = {}
    while len(titles) < count:
        parts = (_BRANDS, _KINDS, _COLORS, _MATERIALS, _THINGS)
        titles[" ".join(dice.choice(words) for words in parts)] = None
    return list(titles)


def _product(number: int, title: str, dice: random.Random) -> Product:
    return Product(
        product_id=ProductId(f"SKU-{number:06d}"),
        title=title,
        price=Money(dice.randrange(199, 49_999), "USD"),
        description=f"{title}, made to last. Ships in two days; care instructions are in the box.",
        category=title.rsplit(maxsplit=1)[-1],
        stock=dice.randrange(50),
    )


def write_feed(path: Path, catalogue: list[Product]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "description", "price", "inventory", "product_type"])
        writer.writerows(_row(product) for product in catalogue)


def _row(product: Product) -> Iterator[str]:
    yield from (product.product_id, product.title, product.description, str(product.price))
    yield from (str(product.stock), product.category)


def misspelt(title: str, dice: random.Random) -> str:
    """With a typing error in two of its words: a letter left out, doubled, mistaken, or changed about with the next."""
    words = title.split()
    long = [index for index, word in enumerate(words) if len(word) >= _SHORTEST_MISTYPED]
    for index in dice.sample(long, min(2, len(long))):
        words[index] = _mistyped(words[index].lower(), dice)
    return " ".join(words)


def _mistyped(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word) - 1)
    return dice.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + dice.choice(_LETTERS) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
