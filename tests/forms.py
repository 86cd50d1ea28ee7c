"""One of each form that a business can send, at its limits."""

from __future__ import annotations

from domain.messages import MessageId
from domain.outbound import (
    Audio,
    Button,
    ButtonKind,
    Content,
    CtaUrl,
    Document,
    Image,
    List,
    Location,
    MediaFile,
    Parameter,
    ProductList,
    ProductSection,
    Reaction,
    ReplyButtons,
    Row,
    Section,
    SingleProduct,
    Sticker,
    Template,
    TemplateButton,
    Text,
    Video,
)

CATALOG = "194836987003835"
PRODUCT = "mug-1"
FILE = MediaFile(link="https://shop.example/file")


def _words(length: int, begins: str = "") -> str:
    return begins + "x" * (length - len(begins))


def _ten_rows() -> tuple[Section, ...]:
    return tuple(Section((Row(_words(200, f"{n}"), _words(24), _words(72)),), _words(24, f"{n}")) for n in range(10))


FORMS: tuple[Content, ...] = (
    Text(_words(4096)),
    Image(FILE, caption=_words(1024)),
    Video(FILE, caption=_words(1024)),
    Audio(FILE),
    Document(FILE, caption=_words(1024), filename="list.pdf"),
    Sticker(FILE),
    Location(-90, 180, "The shop", "1 High Street"),
    ReplyButtons(
        _words(1024),
        tuple(Button(_words(256, f"{n}"), _words(20, f"{n}")) for n in range(3)),
        header=_words(60),
        footer=_words(60),
    ),
    List(_words(4096), _words(20), _ten_rows(), header=_words(60), footer=_words(60)),
    CtaUrl(_words(1024), _words(20), "https://shop.example/?a=b", header=Document(FILE), footer=_words(60)),
    SingleProduct(CATALOG, PRODUCT, body=_words(1024), footer=_words(60)),
    ProductList(
        CATALOG,
        _words(60),
        _words(1024),
        tuple(ProductSection((PRODUCT,) * 3, _words(24, f"{n}")) for n in range(10)),
        footer=_words(60),
    ),
    Reaction(MessageId("wamid.in.1"), "👍"),
    Template(
        "order_ready",
        "en",
        body=(Parameter("Rui"),),
        buttons=(TemplateButton(ButtonKind.URL, 1, "17"),),
    ),
)
