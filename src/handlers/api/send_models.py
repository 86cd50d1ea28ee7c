"""What a person may send through the API, and what of our domain it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from domain import outbound
from domain.errors import ContentRefusedError
from domain.templates import MessageTemplate
from handlers.api.models import Sent, Told


class SentText(Sent):
    type: Literal["text"]
    body: str
    preview_url: bool = False


class SentMedia(Sent):
    """By the id of an upload to Meta, or by a link."""

    type: Literal["image", "video", "audio", "document", "sticker"]
    id: str = ""
    link: str = ""
    caption: str = ""
    """Of a picture, video or document."""
    filename: str = ""
    """Of a document."""


class SentParameter(Sent):
    text: str
    name: str = ""
    """Where the template names its parameters."""


class SentHeader(Sent):
    """A text parameter, or a file; never both."""

    text: str = ""
    name: str = ""
    media: SentMedia | None = None


class SentButton(Sent):
    kind: Literal["quick_reply", "url", "copy_code"]
    index: int
    value: str


class SentTemplate(Sent):
    type: Literal["template"]
    name: str
    language: str
    header: SentHeader | None = None
    body: list[SentParameter] = Field(default_factory=list)
    buttons: list[SentButton] = Field(default_factory=list)


SentContent = Annotated[SentText | SentMedia | SentTemplate, Field(discriminator="type")]


class SentMessage(Sent):
    content: SentContent
    in_reply_to: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """WhatsApp's id of the message that this one answers."""


class ToldComponent(Told):
    """As Meta has it: HEADER, BODY, FOOTER or BUTTONS."""

    type: str
    format: str | None
    text: str | None
    buttons: list[dict[str, Any]]


class ToldTemplate(Told):
    name: str
    language: str
    category: str
    parameter_format: str
    components: list[ToldComponent]


class TemplateList(Told):
    items: list[ToldTemplate]


def told_template(template: MessageTemplate) -> ToldTemplate:
    return ToldTemplate(
        name=template.name,
        language=template.language,
        category=template.category,
        parameter_format=template.parameter_format,
        components=[_component(one) for one in template.components],
    )


def _component(one: Mapping[str, Any]) -> ToldComponent:
    buttons = one.get("buttons")
    return ToldComponent(
        type=str(one.get("type", "")),
        format=str(one["format"]) if "format" in one else None,
        text=str(one["text"]) if "text" in one else None,
        buttons=[dict(button) for button in buttons if isinstance(button, Mapping)] if buttons else [],
    )


def content_of(sent: SentText | SentMedia | SentTemplate) -> outbound.Content:
    """Raises `ContentRefusedError`, as the domain's forms do."""
    match sent:
        case SentText():
            return outbound.Text(sent.body, sent.preview_url)
        case SentMedia():
            return _media(sent)
        case SentTemplate():
            return outbound.Template(
                name=sent.name,
                language=sent.language,
                header=_header(sent.header) if sent.header else None,
                body=_parameters(sent.body),
                buttons=tuple(
                    outbound.TemplateButton(outbound.ButtonKind(one.kind), one.index, one.value) for one in sent.buttons
                ),
            )


def _parameters(sent: Sequence[SentParameter]) -> tuple[outbound.Parameter, ...]:
    return tuple(outbound.Parameter(one.text, one.name) for one in sent)


def _header(sent: SentHeader) -> outbound.TemplateHeader:
    if sent.media is None:
        return outbound.Parameter(sent.text, sent.name)
    media = _media(sent.media)
    if not isinstance(media, outbound.Image | outbound.Video | outbound.Document):
        raise ContentRefusedError("template.components.header", "a header has an image, video or document")
    return media


def _media(
    sent: SentMedia,
) -> outbound.Image | outbound.Video | outbound.Audio | outbound.Document | outbound.Sticker:
    file = outbound.MediaFile(id=sent.id, link=sent.link)
    match sent.type:
        case "image":
            return outbound.Image(file, sent.caption)
        case "video":
            return outbound.Video(file, sent.caption)
        case "audio":
            return outbound.Audio(file)
        case "document":
            return outbound.Document(file, sent.caption, sent.filename)
        case "sticker":
            return outbound.Sticker(file)
