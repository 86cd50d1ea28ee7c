"""What a business can send, one form per kind of message, none of them beyond Meta's limits.

The limits are those of Meta's "Messages" reference. They are checked when a form is made: whoever holds one holds
something that Meta takes, as far as that can be known without asking. What does not fit raises `ContentRefusedError`
with the field in Meta's spelling, the limit, the size, and what to do. Characters are counted as Unicode code points.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from domain.errors import ContentRefusedError
from domain.messages import MessageId
from domain.outbound_limits import at_most, distinct, some_of, titled, web_address, written

_MOST_TEXT = 4096
_MOST_BODY = 1024
_MOST_CAPTION = 1024
_MOST_HEADER = 60
_MOST_FOOTER = 60
_MOST_BUTTONS = 3
_MOST_LABEL = 20
_MOST_BUTTON_ID = 256
_MOST_SECTIONS = 10
_MOST_ROWS = 10
_MOST_SECTION_TITLE = 24
_MOST_ROW_TITLE = 24
_MOST_ROW_ID = 200
_MOST_DESCRIPTION = 72
_MOST_PRODUCTS = 30
_MOST_URL = 2000
_MOST_FILENAME = 240
_MOST_PARAMETER = 1024
_MOST_PAYLOAD = 256
_MOST_COUPON = 20
_MOST_TEMPLATE_BUTTONS = 10

_TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
_NOT_IN_A_PARAMETER = re.compile(r"[\r\n\t]| {5}")
_PARAMETER_NAME = re.compile(r"[a-z0-9_]+")


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"


_MIB = 1024 * 1024
_MOST_BYTES = {
    MediaKind.IMAGE: 5 * _MIB,
    MediaKind.VIDEO: 16 * _MIB,
    MediaKind.AUDIO: 16 * _MIB,
    MediaKind.DOCUMENT: 100 * _MIB,
    MediaKind.STICKER: 500 * 1024,
}
_MIME_TYPES = {
    MediaKind.IMAGE: frozenset({"image/jpeg", "image/png"}),
    MediaKind.VIDEO: frozenset({"video/mp4", "video/3gpp", "video/3gp"}),
    MediaKind.AUDIO: frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"}),
    MediaKind.STICKER: frozenset({"image/webp"}),
}
"""A document may be of any type."""


@dataclass(frozen=True, slots=True)
class Text:
    type: ClassVar[str] = "text"
    body: str
    preview_url: bool = False

    def __post_init__(self) -> None:
        written("text.body", self.body, _MOST_TEXT)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """By the id of an upload or by a link, never both. `mime_type` and `size`, in bytes: as far as they are known."""

    id: str = ""
    link: str = ""
    mime_type: str = ""
    size: int | None = None

    def __post_init__(self) -> None:
        if bool(self.id) is bool(self.link):
            raise ContentRefusedError("media", "give the id of an upload or a link, one of the two")
        if self.link:
            web_address("media.link", self.link)
        if self.size is not None and self.size <= 0:
            raise ContentRefusedError("media", "the file is empty", limit=1, size=self.size)

    def check_as(self, kind: MediaKind) -> None:
        most = _MOST_BYTES[kind]
        if self.size is not None and self.size > most:
            raise ContentRefusedError(
                kind,
                f"{self.size} bytes, and Meta takes {most} at most: make the file smaller",
                limit=most,
                size=self.size,
            )
        mime_type, allowed = self.mime_type.partition(";")[0].strip().lower(), _MIME_TYPES.get(kind)
        if mime_type and allowed and mime_type not in allowed:
            raise ContentRefusedError(
                kind,
                f"{mime_type} cannot be sent so; Meta takes {', '.join(sorted(allowed))}, and any type as a document",
            )


@dataclass(frozen=True, slots=True)
class Image:
    type: ClassVar[str] = "image"
    file: MediaFile
    caption: str = ""

    def __post_init__(self) -> None:
        self.file.check_as(MediaKind.IMAGE)
        at_most("image.caption", self.caption, _MOST_CAPTION)


@dataclass(frozen=True, slots=True)
class Video:
    type: ClassVar[str] = "video"
    file: MediaFile
    caption: str = ""

    def __post_init__(self) -> None:
        self.file.check_as(MediaKind.VIDEO)
        at_most("video.caption", self.caption, _MOST_CAPTION)


@dataclass(frozen=True, slots=True)
class Audio:
    type: ClassVar[str] = "audio"
    file: MediaFile

    def __post_init__(self) -> None:
        self.file.check_as(MediaKind.AUDIO)


@dataclass(frozen=True, slots=True)
class Document:
    type: ClassVar[str] = "document"
    file: MediaFile
    caption: str = ""
    filename: str = ""

    def __post_init__(self) -> None:
        self.file.check_as(MediaKind.DOCUMENT)
        at_most("document.caption", self.caption, _MOST_CAPTION)
        at_most("document.filename", self.filename, _MOST_FILENAME)


@dataclass(frozen=True, slots=True)
class Sticker:
    type: ClassVar[str] = "sticker"
    file: MediaFile

    def __post_init__(self) -> None:
        self.file.check_as(MediaKind.STICKER)


@dataclass(frozen=True, slots=True)
class Location:
    type: ClassVar[str] = "location"
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        for field, degrees, most in (("latitude", self.latitude, 90), ("longitude", self.longitude, 180)):
            if not math.isfinite(degrees) or abs(degrees) > most:
                raise ContentRefusedError(
                    f"location.{field}", f"{degrees} is not between -{most} and {most} degrees", limit=most
                )
        at_most("location.name", self.name, _MOST_TEXT)
        at_most("location.address", self.address, _MOST_TEXT)


Header: TypeAlias = "str | Image | Video | Document"
"""Of an interactive message: a line of text, or one of these without a caption."""


@dataclass(frozen=True, slots=True)
class Button:
    id: str
    title: str

    def __post_init__(self) -> None:
        written("interactive.action.buttons.reply.id", self.id, _MOST_BUTTON_ID)
        written("interactive.action.buttons.reply.title", self.title, _MOST_LABEL)


@dataclass(frozen=True, slots=True)
class ReplyButtons:
    type: ClassVar[str] = "interactive"
    body: str
    buttons: tuple[Button, ...]
    header: Header = ""
    footer: str = ""

    def __post_init__(self) -> None:
        _frame(self.header, self.body, self.footer)
        some_of("interactive.action.buttons", self.buttons, _MOST_BUTTONS)
        distinct("interactive.action.buttons.reply.id", [button.id for button in self.buttons])
        distinct("interactive.action.buttons.reply.title", [button.title for button in self.buttons])


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str
    description: str = ""

    def __post_init__(self) -> None:
        written("interactive.action.sections.rows.id", self.id, _MOST_ROW_ID)
        written("interactive.action.sections.rows.title", self.title, _MOST_ROW_TITLE)
        at_most("interactive.action.sections.rows.description", self.description, _MOST_DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Section:
    rows: tuple[Row, ...]
    title: str = ""

    def __post_init__(self) -> None:
        some_of("interactive.action.sections.rows", self.rows, _MOST_ROWS)
        at_most("interactive.action.sections.title", self.title, _MOST_SECTION_TITLE)


@dataclass(frozen=True, slots=True)
class List:
    type: ClassVar[str] = "interactive"
    body: str
    button: str
    sections: tuple[Section, ...]
    header: str = ""
    footer: str = ""

    def __post_init__(self) -> None:
        _frame(self.header, self.body, self.footer, most_body=_MOST_TEXT)
        written("interactive.action.button", self.button, _MOST_LABEL)
        some_of("interactive.action.sections", self.sections, _MOST_SECTIONS)
        rows = [row for section in self.sections for row in section.rows]
        some_of("interactive.action.sections.rows", rows, _MOST_ROWS)
        titled([section.title for section in self.sections])
        distinct("interactive.action.sections.rows.id", [row.id for row in rows])


@dataclass(frozen=True, slots=True)
class CtaUrl:
    """A button that opens a page."""

    type: ClassVar[str] = "interactive"
    body: str
    label: str
    url: str
    header: Header = ""
    footer: str = ""

    def __post_init__(self) -> None:
        _frame(self.header, self.body, self.footer)
        written("interactive.action.parameters.display_text", self.label, _MOST_LABEL)
        web_address("interactive.action.parameters.url", self.url)


@dataclass(frozen=True, slots=True)
class SingleProduct:
    """`product` of Meta's interactive messages; the product's own picture, name and price are shown."""

    type: ClassVar[str] = "interactive"
    catalog_id: str
    product_retailer_id: str
    body: str = ""
    footer: str = ""

    def __post_init__(self) -> None:
        written("interactive.action.catalog_id", self.catalog_id, _MOST_BUTTON_ID)
        written("interactive.action.product_retailer_id", self.product_retailer_id, _MOST_BUTTON_ID)
        at_most("interactive.body", self.body, _MOST_BODY)
        at_most("interactive.footer", self.footer, _MOST_FOOTER)


@dataclass(frozen=True, slots=True)
class ProductSection:
    product_retailer_ids: tuple[str, ...]
    title: str = ""

    def __post_init__(self) -> None:
        some_of("interactive.action.sections.product_items", self.product_retailer_ids, _MOST_PRODUCTS)
        for product in self.product_retailer_ids:
            written("interactive.action.sections.product_items.product_retailer_id", product, _MOST_BUTTON_ID)
        at_most("interactive.action.sections.title", self.title, _MOST_SECTION_TITLE)


@dataclass(frozen=True, slots=True)
class ProductList:
    type: ClassVar[str] = "interactive"
    catalog_id: str
    header: str
    body: str
    sections: tuple[ProductSection, ...]
    footer: str = ""

    def __post_init__(self) -> None:
        written("interactive.action.catalog_id", self.catalog_id, _MOST_BUTTON_ID)
        written("interactive.header.text", self.header, _MOST_HEADER)
        _frame(self.header, self.body, self.footer)
        some_of("interactive.action.sections", self.sections, _MOST_SECTIONS)
        products = [product for section in self.sections for product in section.product_retailer_ids]
        some_of("interactive.action.sections.product_items", products, _MOST_PRODUCTS)
        titled([section.title for section in self.sections])


@dataclass(frozen=True, slots=True)
class Reaction:
    """Without an emoji it takes back an earlier one."""

    type: ClassVar[str] = "reaction"
    message_id: MessageId
    emoji: str = ""

    def __post_init__(self) -> None:
        written("reaction.message_id", self.message_id, _MOST_BUTTON_ID)
        at_most("reaction.emoji", self.emoji, _MOST_LABEL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A text for one of a template's placeholders; `name` where the template names them ({{first_name}})."""

    text: str
    name: str = ""

    def __post_init__(self) -> None:
        written("template.components.parameters.text", self.text, _MOST_PARAMETER)
        if _NOT_IN_A_PARAMETER.search(self.text):
            raise ContentRefusedError(
                "template.components.parameters.text",
                "no line break, tab or more than four spaces in a row: Meta refuses it",
            )
        if self.name and not _PARAMETER_NAME.fullmatch(self.name):
            raise ContentRefusedError(
                "template.components.parameters.parameter_name",
                f"{self.name!r}: lower-case letters, digits and underscores alone",
            )


TemplateHeader: TypeAlias = "Parameter | Image | Video | Document | Location"


class ButtonKind(StrEnum):
    """`sub_type` of those buttons of a template that take a parameter."""

    QUICK_REPLY = "quick_reply"
    URL = "url"
    COPY_CODE = "copy_code"


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """`index`: from 0, among all buttons of the template. `value`: the payload, the end of the URL, or the code."""

    kind: ButtonKind
    index: int
    value: str

    def __post_init__(self) -> None:
        if not 0 <= self.index < _MOST_TEMPLATE_BUTTONS:
            raise ContentRefusedError(
                "template.components.index", "a template has buttons 0 to 9", limit=9, size=self.index
            )
        most = {ButtonKind.QUICK_REPLY: _MOST_PAYLOAD, ButtonKind.URL: _MOST_URL, ButtonKind.COPY_CODE: _MOST_COUPON}
        written(f"template.components.{self.kind}", self.value, most[self.kind])


@dataclass(frozen=True, slots=True)
class Template:
    """Whether the parameters are those that the template asks for: `templates.check_parameters`."""

    type: ClassVar[str] = "template"
    name: str
    language: str
    header: TemplateHeader | None = None
    body: tuple[Parameter, ...] = ()
    buttons: tuple[TemplateButton, ...] = ()

    def __post_init__(self) -> None:
        if not _TEMPLATE_NAME.fullmatch(self.name):
            raise ContentRefusedError("template.name", "lower-case letters, digits and underscores, 512 at most")
        if not _LANGUAGE.fullmatch(self.language):
            raise ContentRefusedError("template.language.code", f"{self.language!r} is not a code such as en or pt_BR")
        named = [parameter.name for parameter in self.body]
        if any(named) and not all(named):
            raise ContentRefusedError("template.components.parameters", "name all of the parameters or none of them")
        distinct("template.components.parameters.parameter_name", [name for name in named if name])
        if isinstance(self.header, Image | Video | Document) and self.header.caption:
            raise ContentRefusedError("template.components.parameters", "the media of a header has no caption")
        distinct("template.components.index", [str(button.index) for button in self.buttons])


Content: TypeAlias = (
    "Text | Image | Video | Audio | Document | Sticker | Location | ReplyButtons | List | CtaUrl | SingleProduct"
    " | ProductList | Reaction | Template"
)


def fits(text: str) -> bool:
    """Whether it can be sent as a text."""
    try:
        Text(text)
    except ContentRefusedError:
        return False
    return True


def words_of(content: Content) -> str:  # noqa: PLR0911 (one line for each form)
    """What people read of it in the conversation, in short."""
    match content:
        case Text(body=words):
            return words
        case Image(caption=words) | Video(caption=words):
            return words
        case Document(caption=words, filename=name):
            return words or name
        case ReplyButtons(body=words) | List(body=words) | CtaUrl(body=words) | ProductList(body=words):
            return words
        case SingleProduct(body=words, product_retailer_id=product):
            return words or product
        case Location(name=name, address=address):
            return ", ".join(filter(None, (name, address)))
        case Template(name=name, body=parameters):
            return "\n".join([name, *(parameter.text for parameter in parameters)])
        case Reaction(emoji=emoji):
            return emoji
        case _:
            return ""


def check_context(content: Content, in_reply_to: MessageId | None) -> None:
    """A reaction points at its message itself. Raises `ContentRefusedError`."""
    if in_reply_to is not None and isinstance(content, Reaction):
        raise ContentRefusedError("context", "a reaction is no reply: it names its message itself")


def fingerprint(content: Content, in_reply_to: MessageId | None) -> str:
    """Tells two messages apart that were given the same key."""
    return hashlib.sha256(f"{content!r}|{in_reply_to}".encode(errors="backslashreplace")).hexdigest()[:32]


def _frame(header: Header, body: str, footer: str, most_body: int = _MOST_BODY) -> None:
    if isinstance(header, str):
        at_most("interactive.header.text", header, _MOST_HEADER)
    elif header.caption:
        raise ContentRefusedError("interactive.header", "the media of a header has no caption: write it in the body")
    written("interactive.body.text", body, most_body)
    at_most("interactive.footer.text", footer, _MOST_FOOTER)
