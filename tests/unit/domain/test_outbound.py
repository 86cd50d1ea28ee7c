"""Each limit of Meta's: what is exactly at it passes, one more is refused with field, limit and size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import outbound as o
from domain.errors import ContentRefusedError, OutboundRefusedError, PermanentError
from domain.messages import MessageId
from tests.forms import CATALOG, FILE, FORMS

MIB = 1024 * 1024


def words(length: int) -> str:
    return "x" * length


def buttons(count: int = 1, title: str = "", id_: str = "") -> tuple[o.Button, ...]:
    return tuple(o.Button(id_ or f"b{n}", title or f"Button {n}") for n in range(count))


def rows(count: int = 1, begins: str = "") -> tuple[o.Row, ...]:
    return tuple(o.Row(f"{begins}{n}", f"Row {n}") for n in range(count))


def a_list(**changes: Any) -> o.List:
    return o.List(**{"body": "Which?", "button": "Choose", "sections": (o.Section(rows()),), **changes})


def reply_buttons(**changes: Any) -> o.ReplyButtons:
    return o.ReplyButtons(**{"body": "Which?", "buttons": buttons(), **changes})


def cta_url(**changes: Any) -> o.CtaUrl:
    return o.CtaUrl(**{"body": "Look", "label": "Open", "url": "https://shop.example", **changes})


def product(**changes: Any) -> o.SingleProduct:
    return o.SingleProduct(**{"catalog_id": CATALOG, "product_retailer_id": "mug-1", **changes})


def products(**changes: Any) -> o.ProductList:
    sections = (o.ProductSection(("mug-1",)),)
    return o.ProductList(**{"catalog_id": CATALOG, "header": "Mugs", "body": "All", "sections": sections, **changes})


def of_bytes(size: int) -> o.MediaFile:
    return o.MediaFile(id="1", size=size)


def button(kind: o.ButtonKind) -> Callable[[int], object]:
    return lambda length: o.TemplateButton(kind, 0, words(length))


Make = Callable[[int], object]

TEXTS: list[tuple[str, int, Make]] = [
    ("text.body", 4096, lambda n: o.Text(words(n))),
    ("image.caption", 1024, lambda n: o.Image(FILE, caption=words(n))),
    ("video.caption", 1024, lambda n: o.Video(FILE, caption=words(n))),
    ("document.caption", 1024, lambda n: o.Document(FILE, caption=words(n))),
    ("document.filename", 240, lambda n: o.Document(FILE, filename=words(n))),
    ("interactive.body.text", 1024, lambda n: reply_buttons(body=words(n))),
    ("interactive.header.text", 60, lambda n: reply_buttons(header=words(n))),
    ("interactive.footer.text", 60, lambda n: reply_buttons(footer=words(n))),
    ("interactive.action.buttons.reply.title", 20, lambda n: buttons(title=words(n))),
    ("interactive.action.buttons.reply.id", 256, lambda n: buttons(id_=words(n))),
    ("interactive.body.text", 4096, lambda n: a_list(body=words(n))),
    ("interactive.header.text", 60, lambda n: a_list(header=words(n))),
    ("interactive.footer.text", 60, lambda n: a_list(footer=words(n))),
    ("interactive.action.button", 20, lambda n: a_list(button=words(n))),
    ("interactive.action.sections.title", 24, lambda n: o.Section(rows(), words(n))),
    ("interactive.action.sections.rows.id", 200, lambda n: o.Row(words(n), "Row")),
    ("interactive.action.sections.rows.title", 24, lambda n: o.Row("1", words(n))),
    ("interactive.action.sections.rows.description", 72, lambda n: o.Row("1", "Row", words(n))),
    ("interactive.body.text", 1024, lambda n: cta_url(body=words(n))),
    ("interactive.footer.text", 60, lambda n: cta_url(footer=words(n))),
    ("interactive.action.parameters.display_text", 20, lambda n: cta_url(label=words(n))),
    ("interactive.action.parameters.url", 2000, lambda n: cta_url(url="https://a.example/".ljust(n, "x"))),
    ("interactive.body", 1024, lambda n: product(body=words(n))),
    ("interactive.footer", 60, lambda n: product(footer=words(n))),
    ("interactive.header.text", 60, lambda n: products(header=words(n))),
    ("interactive.body.text", 1024, lambda n: products(body=words(n))),
    ("interactive.footer.text", 60, lambda n: products(footer=words(n))),
    ("interactive.action.sections.title", 24, lambda n: o.ProductSection(("1",), words(n))),
    ("template.components.parameters.text", 1024, lambda n: o.Parameter(words(n))),
    ("template.components.quick_reply", 256, button(o.ButtonKind.QUICK_REPLY)),
    ("template.components.url", 2000, button(o.ButtonKind.URL)),
    ("template.components.copy_code", 20, button(o.ButtonKind.COPY_CODE)),
]
COUNTS: list[tuple[str, int, Make]] = [
    ("interactive.action.buttons", 3, lambda n: reply_buttons(buttons=buttons(n))),
    ("interactive.action.sections.rows", 10, lambda n: o.Section(rows(n))),
    (
        "interactive.action.sections.rows",
        10,
        lambda n: a_list(sections=(o.Section(rows(5, "a"), "A"), o.Section(rows(n - 5, "b"), "B"))),
    ),
    ("interactive.action.sections", 10, lambda n: a_list(sections=sections(n))),
    ("interactive.action.sections.product_items", 30, lambda n: o.ProductSection(("mug-1",) * n)),
    (
        "interactive.action.sections.product_items",
        30,
        lambda n: products(sections=(o.ProductSection(("a",) * 20, "A"), o.ProductSection(("b",) * (n - 20), "B"))),
    ),
    (
        "interactive.action.sections",
        10,
        lambda n: products(sections=tuple(o.ProductSection((f"{one}",), "Title") for one in range(n))),
    ),
]
SIZES: list[tuple[str, int, Make]] = [
    ("image", 5 * MIB, lambda n: o.Image(of_bytes(n))),
    ("video", 16 * MIB, lambda n: o.Video(of_bytes(n))),
    ("audio", 16 * MIB, lambda n: o.Audio(of_bytes(n))),
    ("document", 100 * MIB, lambda n: o.Document(of_bytes(n))),
    ("sticker", 500 * 1024, lambda n: o.Sticker(of_bytes(n))),
]


def sections(count: int) -> tuple[o.Section, ...]:
    return tuple(o.Section(rows(1, f"{n}-"), f"Section {n}") for n in range(count))


@pytest.mark.parametrize(("field", "most", "make"), [*TEXTS, *COUNTS, *SIZES])
def test_at_the_limit_it_passes_and_beyond_it_does_not(field: str, most: int, make: Make) -> None:
    make(most)
    with pytest.raises(ContentRefusedError) as raised:
        make(most + 1)
    error = raised.value
    assert (error.field, error.limit, error.size) == (field, most, most + 1)
    assert field in str(error)
    assert str(most) in str(error)


EMPTY: list[tuple[str, Callable[[str], object]]] = [
    ("text.body", o.Text),
    ("interactive.body.text", lambda text: reply_buttons(body=text)),
    ("interactive.body.text", lambda text: a_list(body=text)),
    ("interactive.body.text", lambda text: cta_url(body=text)),
    ("interactive.body.text", lambda text: products(body=text)),
    ("interactive.header.text", lambda text: products(header=text)),
    ("interactive.action.button", lambda text: a_list(button=text)),
    ("interactive.action.buttons.reply.id", lambda text: o.Button(text, "Yes")),
    ("interactive.action.buttons.reply.title", lambda text: o.Button("yes", text)),
    ("interactive.action.sections.rows.id", lambda text: o.Row(text, "Row")),
    ("interactive.action.sections.rows.title", lambda text: o.Row("1", text)),
    ("interactive.action.parameters.display_text", lambda text: cta_url(label=text)),
    ("interactive.action.parameters.url", lambda text: cta_url(url=text)),
    ("interactive.action.catalog_id", lambda text: product(catalog_id=text)),
    ("interactive.action.product_retailer_id", lambda text: product(product_retailer_id=text)),
    ("reaction.message_id", lambda text: o.Reaction(MessageId(text))),
    ("template.components.parameters.text", o.Parameter),
    ("template.components.url", lambda text: o.TemplateButton(o.ButtonKind.URL, 0, text)),
]
NONE: list[tuple[str, Callable[[], object]]] = [
    ("interactive.action.buttons", lambda: reply_buttons(buttons=())),
    ("interactive.action.sections", lambda: a_list(sections=())),
    ("interactive.action.sections.rows", lambda: o.Section(())),
    ("interactive.action.sections", lambda: products(sections=())),
    ("interactive.action.sections.product_items", lambda: o.ProductSection(())),
    ("media", lambda: o.MediaFile(id="1", size=0)),
]


@pytest.mark.parametrize("nothing", ["", "   ", "\n"])
@pytest.mark.parametrize(("field", "make"), EMPTY)
def test_what_must_say_something_says_something(field: str, make: Callable[[str], object], nothing: str) -> None:
    with pytest.raises(ContentRefusedError) as raised:
        make(nothing)
    assert (raised.value.field, raised.value.limit, raised.value.size) == (field, 1, 0)


@pytest.mark.parametrize(("field", "make"), NONE)
def test_of_nothing_there_is_one_at_least(field: str, make: Callable[[], object]) -> None:
    with pytest.raises(ContentRefusedError) as raised:
        make()
    assert (raised.value.field, raised.value.limit, raised.value.size) == (field, 1, 0)


SAME_TITLES = (o.Button("a", "Yes"), o.Button("b", "Yes"))
SAME_IDS = (o.Button("a", "Yes"), o.Button("a", "No"))
SAME_ROWS = (o.Section(rows(), "A"), o.Section(rows(), "B"))
ONE_TITLE = (o.Section(rows(1, "a"), "A"), o.Section(rows()))
BLANK_TITLE = (o.ProductSection(("a",), " "), o.ProductSection(("b",), "B"))
HALF_NAMED = (o.Parameter("a", "x"), o.Parameter("b"))
NAMED_TWICE = (o.Parameter("a", "x"), o.Parameter("b", "x"))
SAME_INDEX = (o.TemplateButton(o.ButtonKind.URL, 1, "a"),) * 2


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("interactive.action.buttons.reply.title", lambda: reply_buttons(buttons=SAME_TITLES)),
        ("interactive.action.buttons.reply.id", lambda: reply_buttons(buttons=SAME_IDS)),
        ("interactive.action.sections.rows.id", lambda: a_list(sections=SAME_ROWS)),
        ("interactive.action.sections.title", lambda: a_list(sections=ONE_TITLE)),
        ("interactive.action.sections.title", lambda: products(sections=BLANK_TITLE)),
        ("interactive.header", lambda: reply_buttons(header=o.Image(FILE, caption="no"))),
        ("media", o.MediaFile),
        ("media", lambda: o.MediaFile(id="1", link="https://a.example")),
        ("media.link", lambda: o.MediaFile(link="ftp://a.example")),
        ("image", lambda: o.Image(o.MediaFile(id="1", mime_type="image/gif"))),
        ("audio", lambda: o.Audio(o.MediaFile(id="1", mime_type="audio/wav"))),
        ("sticker", lambda: o.Sticker(o.MediaFile(id="1", mime_type="image/png"))),
        ("location.latitude", lambda: o.Location(90.1, 0)),
        ("location.longitude", lambda: o.Location(0, -180.1)),
        ("location.latitude", lambda: o.Location(float("nan"), 0)),
        ("template.components.parameters.text", lambda: o.Parameter("a\nb")),
        ("template.components.parameters.text", lambda: o.Parameter("a     b")),
        ("template.components.parameters.parameter_name", lambda: o.Parameter("x", "First Name")),
        ("template.name", lambda: o.Template("Order", "en")),
        ("template.language.code", lambda: o.Template("order", "english")),
        ("template.components.parameters", lambda: o.Template("order", "en", body=HALF_NAMED)),
        ("template.components.parameters.parameter_name", lambda: o.Template("order", "en", body=NAMED_TWICE)),
        ("template.components.parameters", lambda: o.Template("order", "en", header=o.Image(FILE, caption="no"))),
        ("template.components.index", lambda: o.Template("order", "en", buttons=SAME_INDEX)),
        ("template.components.index", lambda: o.TemplateButton(o.ButtonKind.URL, 10, "a")),
        ("text.body", lambda: o.Text("half \ud83d")),
    ],
)
def test_what_meta_would_refuse(field: str, make: Callable[[], object]) -> None:
    with pytest.raises(ContentRefusedError) as raised:
        make()
    assert raised.value.field == field
    assert raised.value.code == "invalid_content"


@pytest.mark.parametrize("url", ["", "shop.example", "javascript:alert(1)", "https://", "https:// a", "file:///etc"])
def test_a_button_opens_pages_alone(url: str) -> None:
    with pytest.raises(ContentRefusedError):
        cta_url(url=url)


@pytest.mark.parametrize(
    "content",
    [
        a_list(sections=(o.Section(rows()),)),
        o.Image(o.MediaFile(id="1", mime_type="IMAGE/JPEG; x=y", size=1)),
        o.Audio(o.MediaFile(id="1", mime_type="audio/ogg; codecs=opus")),
        o.Document(o.MediaFile(id="1", mime_type="application/x-anything")),
        o.Location(-90, -180),
        o.Reaction(MessageId("wamid.1")),
        o.Text("\U0001f44d" * 4096),
        o.Template("order_ready", "pt_BR"),
        o.Template("order_ready", "fil"),
        o.Parameter("a    b"),
    ],
    ids=repr,
)
def test_what_meta_takes(content: object) -> None:
    assert content


def test_a_refusal_is_of_the_tree() -> None:
    assert issubclass(ContentRefusedError, OutboundRefusedError)
    assert issubclass(OutboundRefusedError, PermanentError)


@given(st.text(st.characters()))
def test_any_text_is_sent_or_refused(text: str) -> None:
    carried = all(not "\ud800" <= character <= "\udfff" for character in text)
    assert o.fits(text) is (carried and bool(text.strip()))


def test_each_form_reads_in_short() -> None:
    said = {type(content).__name__: o.words_of(content)[:12] for content in FORMS}
    assert said == {
        **dict.fromkeys(["Text", "Image", "Video", "Document", "ReplyButtons", "List", "CtaUrl"], words(12)),
        **dict.fromkeys(["SingleProduct", "ProductList"], words(12)),
        **dict.fromkeys(["Audio", "Sticker"], ""),
        "Location": "The shop, 1 ",
        "Reaction": "👍",
        "Template": "order_ready\n",
    }
    assert o.words_of(o.Document(FILE, filename="list.pdf")) == "list.pdf"
    assert o.words_of(product()) == "mug-1"


def test_two_messages_are_told_apart() -> None:
    said = [o.fingerprint(content, None) for content in FORMS]
    said += [o.fingerprint(content, MessageId("wamid.1")) for content in FORMS]
    assert len(set(said)) == len(said)
    assert o.fingerprint(o.Text("a"), None) == o.fingerprint(o.Text("a"), None)
