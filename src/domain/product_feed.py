"""A row of a product feed as a product: the columns of Meta's and Google's feeds, and the plain names that sellers use.

Sources: "Product Feed Fields" of Meta's catalog reference; "Product data specification" of Google Merchant Center. Pure
functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from domain.catalogue import Money, Product, ProductId, Sale, minor_digits
from domain.feed_rows import FeedRow

T = TypeVar("T")

_COLUMNS: Mapping[str, str] = {
    "id": "id product_id retailer_id product_retailer_id sku offer_id item_id article",
    "title": "title name product_name",
    "description": "description body",
    "price": "price regular_price",
    "currency": "currency price_currency",
    "sale_price": "sale_price",
    "sale_price_effective_date": "sale_price_effective_date sale_price_dates",
    "availability": "availability available in_stock",
    "stock": "stock inventory quantity quantity_to_sell_on_facebook quantity_to_sell_on_fb sell_on_google_quantity",
    "category": "category product_type categories",
    "google_category": "google_product_category fb_product_category",
    "link": "link url product_url product_link",
    "image_link": "image_link image image_url",
    "language": "language content_language locale",
    "active": "active status visibility published",
}
_ATTRIBUTES = (
    "brand color size material pattern gender age_group condition item_group_id gtin mpn "
    "custom_label_0 custom_label_1 custom_label_2 custom_label_3 custom_label_4"
)
_FIELDS = {name: of for of, names in _COLUMNS.items() for name in names.split()} | {
    "colour": "color",
    **{name: name for name in _ATTRIBUTES.split()},
}
ATTRIBUTE_NAMES = frozenset(_ATTRIBUTES.split())

# Meta's limits of an item; of an attribute, what fits a message.
_LONGEST = {"id": 100, "title": 200, "description": 9999, "category": 750, "link": 2000, "image_link": 2000}
_LONGEST_ATTRIBUTE = 200

_TO_BE_HAD = frozenset({"in stock", "available for order", "preorder", "backorder", "limited availability"})
_NOT_TO_BE_HAD = frozenset({"out of stock", "discontinued", "pending", "mark as sold", "sold out"})
_YES = frozenset({"true", "yes", "y", "1", "active", "published", "enabled"})
_NO = frozenset({"false", "no", "n", "0", "archived", "inactive", "hidden", "staging", "draft", "disabled"})

_PRICE = re.compile(r"(?:(?P<before>[A-Za-z]{3})\s*)?(?P<amount>\d[\d.,]*)(?:\s*(?P<after>[A-Za-z]{3}))?")
_AMOUNT = re.compile(r"(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<fraction>\d+))?")
_ONE_COMMA = re.compile(r"\d+,\d{1,3}")
_THOUSANDS = 3
"""Digits of a group: 12.500 is twelve and a half in one country, and twelve thousand five hundred in another."""
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
_LARGEST = 10**12
"""Whole units, of a price; pieces, of a stock. What is beyond it is a mistake of columns."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d{1,2}):(\d\d)(?::\d\d)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedDefaults:
    """What holds where a row says nothing of it: the tenant's own."""

    currency: str
    language: str


class FaultyRowError(ValueError):
    """With every reason, so that a seller mends a row once."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(self.reasons))


def column_of(name: str) -> str | None:
    """What a column of this name holds; None for one that is not read."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower().removeprefix("g:")).strip("_")
    return _FIELDS.get(plain)


def product_id_of(row: FeedRow) -> ProductId | None:
    """Of a row that may be faulty otherwise."""
    told = _named(row.fields).get("id", "")
    return ProductId(told) if 0 < len(told) <= _LONGEST["id"] else None


def parse_product(row: FeedRow, defaults: FeedDefaults) -> Product:
    """Raises `FaultyRowError`."""
    if row.fault:
        raise FaultyRowError([row.fault])
    told, reasons = _named(row.fields), _Reasons()
    for name in ("id", "title", "price"):
        if name not in told:
            reasons.add(f"no {name}")
    for name, value in told.items():
        most = _LONGEST_ATTRIBUTE if name in ATTRIBUTE_NAMES else _LONGEST.get(name)
        if most is not None and len(value) > most:
            reasons.add(f"{name} has {len(value):,} characters, at most {most:,} are allowed")

    def read(name: str, parse: Callable[[str], T], otherwise: T) -> T:
        return reasons.noting(name, lambda: parse(told[name])) if told.get(name) else otherwise  # type: ignore[return-value]

    currency = told.get("currency", defaults.currency).upper()
    price = read("price", lambda text: parse_price(text, currency), Money(0, currency))
    product = Product(
        product_id=ProductId(told.get("id", "")),
        title=told.get("title", ""),
        price=price,
        description=told.get("description", ""),
        category=told.get("category") or told.get("google_category", ""),
        link=read("link", _web_address, ""),
        language=read("language", _language, defaults.language),
        available=read("availability", _available, True),
        stock=read("stock", _stock, None),
        active=read("active", _active, True),
        image_link=read("image_link", _web_address, ""),
        attributes={name: told[name] for name in sorted(ATTRIBUTE_NAMES & told.keys())},
        sale=read("sale_price", lambda text: _sale(text, told.get("sale_price_effective_date", ""), price), None),
    )
    if reasons.told:
        raise FaultyRowError(reasons.told)
    return product


class _Reasons:
    def __init__(self) -> None:
        self.told: list[str] = []

    def add(self, reason: str) -> None:
        self.told.append(reason)

    def noting(self, name: str, read: Callable[[], T]) -> T | None:
        """None, and the reason, for a value that is not in order."""
        try:
            return read()
        except ValueError as error:
            self.add(f"{name}: {error}")
            return None


def _named(fields: Mapping[str, str]) -> dict[str, str]:
    """By our names; of several columns for one thing, the first that says anything."""
    told: dict[str, str] = {}
    for column, value in fields.items():
        name = column_of(column)
        if name is not None and value:
            told.setdefault(name, value)
    return told


def parse_price(text: str, currency: str = "") -> Money:
    """`34.90 USD`, `USD 34.90`, or the number alone where the currency is known. Raises `ValueError`."""
    found = _PRICE.fullmatch(text.strip())
    named = (found["after"] or found["before"] or currency).upper() if found else ""
    if found is None:
        raise ValueError(f"“{text}” is no price: write it as 34.90 {currency or 'USD'}")
    if not re.fullmatch("[A-Z]{3}", named):
        raise ValueError(f"“{text}” has no currency: write it as 34.90 USD")
    amount = _AMOUNT.fullmatch(found["amount"])
    if amount is None or _ONE_COMMA.fullmatch(
        found["amount"]
    ):  # 12,50 and 1,299 mean different things in two countries
        raise ValueError(f"“{text}” can be read in two ways: write it with a point and no comma, as 34.90 {named}")
    whole, fraction = amount["whole"].replace(",", ""), amount["fraction"] or ""
    digits = minor_digits(named)
    if len(fraction) == _THOUSANDS != digits:
        raise ValueError(f"“{text}” can be read in two ways: {named} has {digits} decimal places")
    if len(fraction.rstrip("0")) > digits:
        raise ValueError(f"“{text}”: {named} has {digits} decimal places")
    fraction = fraction[:digits]
    if int(whole) > _LARGEST:
        raise ValueError(f"“{text}” is too much for a price")
    return Money(int(whole + fraction.ljust(digits, "0")), named)


def _sale(text: str, dates: str, price: Money | None) -> Sale:
    reduced = parse_price(text, price.currency if price else "")
    if price is not None and reduced.currency != price.currency:
        raise ValueError(f"in {reduced.currency}, while the price is in {price.currency}")
    if not dates:
        return Sale(reduced)
    starts, _, ends = dates.partition("/")
    return Sale(reduced, *_span(starts.strip(), ends.strip()))


def _span(starts: str, ends: str) -> tuple[datetime, datetime]:
    """From Meta's or Google's notation; a date alone is the whole day. Without a zone: UTC, as Meta reads it."""
    begin, end = _time(starts), _time(ends)
    if "T" not in ends.upper():
        end += timedelta(days=1)
    if end <= begin:
        raise ValueError("sale_price_effective_date ends before it begins")
    return begin, end


def _time(text: str) -> datetime:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” in sale_price_effective_date: write 2026-11-20T08:00+00:00/2026-11-30T20:00+00:00")
    day, hour, minute, zone = found.groups()
    zone = (zone or "+0000").upper().replace("Z", "+0000").replace(":", "")
    return datetime.strptime(f"{day} {hour or 0}:{minute or 0} {zone}", "%Y-%m-%d %H:%M %z").astimezone(UTC)


def _available(text: str) -> bool:
    plain = re.sub(r"[\s_-]+", " ", text.rsplit("/", 1)[-1]).strip().lower()  # Google takes schema.org's addresses, too
    plain = {"instock": "in stock", "outofstock": "out of stock"}.get(plain, plain)
    if plain in _TO_BE_HAD | _YES:
        return True
    if plain in _NOT_TO_BE_HAD | _NO:
        return False
    raise ValueError(f"“{text}” is none of: in stock, out of stock, preorder, available for order, discontinued")


def _active(text: str) -> bool:
    plain = text.strip().lower()
    if plain not in _YES | _NO:
        raise ValueError(f"“{text}” is neither active nor archived")
    return plain in _YES


def _stock(text: str) -> int:
    whole = re.fullmatch(r"(\d+)(?:\.0+)?", text)
    if whole is None or int(whole[1]) > _LARGEST:
        raise ValueError(f"“{text}” is no number of pieces")
    return int(whole[1])


def _language(text: str) -> str:
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” is no language: write its two letters, as es")
    return found[1].lower()


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or re.search(r"\s", text):
        raise ValueError(f"“{text}” is no web address: it must begin with https://")
    return text
