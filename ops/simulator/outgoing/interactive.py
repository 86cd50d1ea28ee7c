"""Interactive messages: reply buttons, lists, links, products. Limits: "Interactive messages" in Meta's reference."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ops.simulator.outgoing.content import CaptionedMedia
from ops.simulator.outgoing.shape import Shape

_MOST_ROWS = 10
_MOST_PRODUCTS = 30

ShortBody = Annotated[str, Field(min_length=1, max_length=1024)]
LongBody = Annotated[str, Field(min_length=1, max_length=4096)]
ButtonTitle = Annotated[str, Field(min_length=1, max_length=20)]
SectionTitle = Annotated[str, Field(min_length=1, max_length=24)]


class Body(Shape):
    text: ShortBody


class ListBody(Shape):
    text: LongBody


class Footer(Shape):
    text: Annotated[str, Field(min_length=1, max_length=60)]


class TextHeader(Shape):
    type: Literal["text"]
    text: Annotated[str, Field(min_length=1, max_length=60)]


class MediaHeader(Shape):
    type: Literal["image", "video", "document"]
    image: CaptionedMedia | None = None
    video: CaptionedMedia | None = None
    document: CaptionedMedia | None = None


Header = Annotated[TextHeader | MediaHeader, Field(union_mode="left_to_right")]


class Reply(Shape):
    id: Annotated[str, Field(min_length=1, max_length=256)]
    title: ButtonTitle


class ReplyButton(Shape):
    type: Literal["reply"]
    reply: Reply


class ButtonAction(Shape):
    buttons: Annotated[list[ReplyButton], Field(min_length=1, max_length=3)]

    @model_validator(mode="after")
    def _must_differ(self) -> "ButtonAction":
        _require_unique("Button ids", [button.reply.id for button in self.buttons])
        _require_unique("Button titles", [button.reply.title for button in self.buttons])
        return self


class Button(Shape):
    type: Literal["button"]
    header: Header | None = None
    body: Body
    footer: Footer | None = None
    action: ButtonAction


class Row(Shape):
    id: Annotated[str, Field(min_length=1, max_length=200)]
    title: SectionTitle
    description: Annotated[str, Field(max_length=72)] | None = None


class RowSection(Shape):
    title: SectionTitle | None = None
    rows: Annotated[list[Row], Field(min_length=1)]


class ListAction(Shape):
    button: ButtonTitle
    sections: Annotated[list[RowSection], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _must_fit(self) -> "ListAction":
        rows = [row for section in self.sections for row in section.rows]
        if len(rows) > _MOST_ROWS:
            raise ValueError(f"Total row count exceed max allowed count: {_MOST_ROWS}")
        _require_titles([section.title for section in self.sections])
        _require_unique("Row ids", [row.id for row in rows])
        return self


class List(Shape):
    type: Literal["list"]
    header: TextHeader | None = None
    body: ListBody
    footer: Footer | None = None
    action: ListAction


class CtaUrlParameters(Shape):
    display_text: ButtonTitle
    url: Annotated[str, Field(pattern=r"^https?://")]


class CtaUrlAction(Shape):
    name: Literal["cta_url"]
    parameters: CtaUrlParameters


class CtaUrl(Shape):
    type: Literal["cta_url"]
    header: Header | None = None
    body: Body
    footer: Footer | None = None
    action: CtaUrlAction


class ProductAction(Shape):
    catalog_id: str
    product_retailer_id: str


class Product(Shape):
    type: Literal["product"]
    body: Body | None = None
    footer: Footer | None = None
    action: ProductAction


class ProductItem(Shape):
    product_retailer_id: str


class ProductSection(Shape):
    title: SectionTitle | None = None
    product_items: Annotated[list[ProductItem], Field(min_length=1)]


class ProductListAction(Shape):
    catalog_id: str
    sections: Annotated[list[ProductSection], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _must_fit(self) -> "ProductListAction":
        if sum(len(section.product_items) for section in self.sections) > _MOST_PRODUCTS:
            raise ValueError(f"Total product count exceed max allowed count: {_MOST_PRODUCTS}")
        _require_titles([section.title for section in self.sections])
        return self


class ProductList(Shape):
    type: Literal["product_list"]
    header: TextHeader
    body: Body
    footer: Footer | None = None
    action: ProductListAction


Interactive = Annotated[Button | List | CtaUrl | Product | ProductList, Field(discriminator="type")]


def products_of(interactive: Product | ProductList) -> tuple[str, list[str]]:
    """The catalogue and the products that a message shows."""
    if isinstance(interactive, Product):
        return interactive.action.catalog_id, [interactive.action.product_retailer_id]
    items = [item for section in interactive.action.sections for item in section.product_items]
    return interactive.action.catalog_id, [item.product_retailer_id for item in items]


def _require_titles(titles: Sequence[str | None]) -> None:
    if len(titles) > 1 and not all(titles):
        raise ValueError("Section title is required when there is more than one section")


def _require_unique(what: str, values: Sequence[str]) -> None:
    if len(set(values)) < len(values):
        raise ValueError(f"{what} must be unique")
