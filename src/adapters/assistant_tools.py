"""The tools that a language model may call. Whose catalogue they look into is put in here, never by the model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from itertools import accumulate
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.assistants import Turn
from domain.catalogue import Hit, Product, ProductId, SearchFilter, minor_digits
from domain.escalations import EscalationReason
from domain.language_models import estimate_tokens
from domain.ports import CatalogueSearch, OrderStatus
from domain.prompts import MOST_FOUND_TOKENS

MOST_PRODUCTS = 5
"""That one search returns."""
_CANDIDATES = 40
"""Of which those of the model's category are chosen."""
_MOST_CHARACTERS = {"title": 120, "category": 60, "description": 160}
_LONGEST_LINK = 300
_MOST_TOLD = MOST_FOUND_TOKENS - 50
"""Tokens of the products of one search: the marks around them, and the model's own words for it, take the rest."""
UNKNOWN = "unknown"
"""What is recorded of a tool that does not exist: its name is the model's own words."""


class Tool(StrEnum):
    SEARCH_CATALOGUE = "search_catalogue"
    GET_PRODUCT = "get_product"
    ORDER_STATUS = "order_status"
    HAND_OVER = "hand_over_to_person"


_REASONS = {
    "asked_for_person": EscalationReason.PERSON_REQUESTED,
    "complaint": EscalationReason.COMPLAINT,
    "order_or_payment": EscalationReason.NO_ANSWER,
    "shop_rule": EscalationReason.NO_ANSWER,
    "not_known": EscalationReason.NO_ANSWER,
}

_TEXT = {"type": "string"}
_DESCRIBED: Mapping[Tool, tuple[str, dict[str, Any], list[str]]] = {
    Tool.SEARCH_CATALOGUE: (
        "Finds products of this shop, best first, with price and stock of now.",
        {
            "query": {**_TEXT, "description": "what the customer looks for, in their words"},
            "category": _TEXT,
            "max_price": {"type": "number", "description": "in the shop's currency"},
            "in_stock": {"type": "boolean", "description": "true: only what can be bought now"},
        },
        ["query"],
    ),
    Tool.GET_PRODUCT: ("One product of this shop, by its id.", {"id": _TEXT}, ["id"]),
    Tool.ORDER_STATUS: ("Where an order stands, by the number on it.", {"order_id": _TEXT}, ["order_id"]),
    Tool.HAND_OVER: (
        "A person of the shop takes over; say nothing more.",
        {"reason": {**_TEXT, "enum": list(_REASONS)}},
        ["reason"],
    ),
}


def specifications(turn: Turn, *, orders: bool) -> list[dict[str, Any]]:
    """As `toolConfig.tools` wants them: those that this tenant's assistant has."""
    offered = [tool for tool in Tool if tool is not Tool.ORDER_STATUS or (orders and _looks_up_orders(turn))]
    return [_specification(tool) for tool in offered]


def _looks_up_orders(turn: Turn) -> bool:
    return bool(turn.tenant.assistant.order_status_url)


def _specification(tool: Tool) -> dict[str, Any]:
    description, properties, required = _DESCRIBED[tool]
    schema = {"type": "object", "properties": properties, "required": required}
    return {"toolSpec": {"name": tool.value, "description": description, "inputSchema": {"json": schema}}}


class _Arguments(BaseModel):
    """What the model adds of its own, a tenant say, is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Search(_Arguments):
    query: Annotated[str, Field(min_length=1, max_length=500)]
    category: Annotated[str, Field(max_length=100)] = ""
    max_price: Annotated[float, Field(ge=0, le=1e12)] | None = None
    in_stock: bool = False


class _GetProduct(_Arguments):
    id: Annotated[str, Field(min_length=1, max_length=100)]


class _OrderStatus(_Arguments):
    order_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


@dataclass(frozen=True, slots=True)
class ToolResult:
    content: dict[str, Any]
    failed: bool = False


@dataclass(slots=True)
class Tools:
    """Of one turn."""

    turn: Turn
    catalogue: CatalogueSearch
    orders: OrderStatus | None
    called: list[str] = field(default_factory=list)
    found: dict[ProductId, Product] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    handed_over: EscalationReason | None = None

    def call(self, name: str, arguments: Any) -> ToolResult:
        """Whatever the model asks for: what cannot be done is told to it as a failure."""
        tool = Tool(name) if name in set(Tool) else None
        self.called.append(tool or UNKNOWN)
        try:
            match tool:
                case Tool.SEARCH_CATALOGUE:
                    return self._search(_Search.model_validate(arguments))
                case Tool.GET_PRODUCT:
                    return self._product(_GetProduct.model_validate(arguments))
                case Tool.ORDER_STATUS if self.orders and _looks_up_orders(self.turn):
                    return self._order(self.orders, _OrderStatus.model_validate(arguments))
                case Tool.HAND_OVER:
                    return self._hand_over(arguments)
                case _:
                    return _failure("there is no such tool")
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) if problem["loc"] else "arguments" for problem in error.errors()}
            return _failure(f"wrong arguments: {', '.join(sorted(wrong))}")

    def look_up(self, product_ids: Sequence[str]) -> list[dict[str, Any]]:
        """What the customer points to."""
        products = (self._of_tenant(product_id) for product_id in product_ids)
        return [_described(product) for product in products if product is not None]

    def _search(self, wanted: _Search) -> ToolResult:
        hits = self._hits(wanted)
        products = [hit.product for hit in hits if _of_category(hit.product, wanted.category)][:MOST_PRODUCTS]
        told = _as_many_as_fit(products)
        self.found |= {product.product_id: product for product in products[: len(told)]}
        return ToolResult({"products": told})

    def _hits(self, wanted: _Search) -> list[Hit]:
        search = partial(self.catalogue.search, self.turn.tenant.tenant_id, wanted.query, _CANDIDATES)
        only = SearchFilter(in_stock=wanted.in_stock)
        hits = search(only)
        if wanted.max_price is None or not hits:
            return hits
        # The model names an amount; the currency that it is in is the catalogue's.
        digits = minor_digits(hits[0].product.price.currency)
        return search(replace(only, most_minor=round(wanted.max_price * 10**digits)))

    def _product(self, wanted: _GetProduct) -> ToolResult:
        product = self._of_tenant(wanted.id)
        return ToolResult({"product": _described(product)}) if product else _failure("the shop has no such product")

    def _of_tenant(self, product_id: str) -> Product | None:
        product = self.catalogue.product(self.turn.tenant.tenant_id, ProductId(product_id))
        if product is not None:
            self.found[product.product_id] = product
        return product

    def _order(self, orders: OrderStatus, wanted: _OrderStatus) -> ToolResult:
        status = orders.status(self.turn.tenant, wanted.order_id)
        self.facts += status.values()
        return ToolResult({"order": dict(status)}) if status else _failure("nothing is known of this order")

    def _hand_over(self, arguments: Any) -> ToolResult:
        """Never refused: who wants a person for a reason that is misspelt wants a person."""
        reason = arguments.get("reason") if isinstance(arguments, Mapping) else None
        self.handed_over = _REASONS.get(reason if isinstance(reason, str) else "", EscalationReason.NO_ANSWER)
        return ToolResult({"done": True})


def _as_many_as_fit(products: Sequence[Product]) -> list[dict[str, Any]]:
    """The best always; of the others as many as the model has room for."""
    told = [_described(product) for product in products]
    sizes = accumulate(estimate_tokens(json.dumps(one, ensure_ascii=False)) for one in told)
    return [one for nth, (one, size) in enumerate(zip(told, sizes, strict=True)) if nth == 0 or size <= _MOST_TOLD]


def _of_category(product: Product, category: str) -> bool:
    """Part of its path is enough: the model knows "mugs", and not that they stand under "Kitchen > Mugs"."""
    return category.casefold() in product.category.casefold()


def _described(product: Product) -> dict[str, Any]:
    """As the model is to repeat it. A link that is cut would be a wrong one: it is whole or not there."""
    facts = {
        "id": product.product_id,
        "title": product.title,
        "price": str(product.price),
        "in_stock": product.in_stock,
        "stock": product.stock,
        "category": product.category,
        "description": product.description,
        "link": product.link if len(product.link) <= _LONGEST_LINK else "",
    }
    shortened = {name: text[: _MOST_CHARACTERS[name]] for name, text in facts.items() if name in _MOST_CHARACTERS}  # type: ignore[index]
    return {name: fact for name, fact in (facts | shortened).items() if fact not in {None, ""}}


def _failure(why: str) -> ToolResult:
    return ToolResult({"error": why}, failed=True)
