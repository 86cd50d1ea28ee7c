"""Templates as forms: what a person fills in, and what of it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.outbound import (
    ButtonKind,
    Document,
    Image,
    MediaFile,
    Parameter,
    Template,
    TemplateButton,
    TemplateHeader,
    Video,
)
from domain.templates import NAMED, Component, MessageTemplate

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_MEDIA: Mapping[str, type[Image | Video | Document]] = {"IMAGE": Image, "VIDEO": Video, "DOCUMENT": Document}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """Of the form's field: `body-1`, `header-1`, `button-0`, `media`."""
    label: str


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    name: str
    language: str
    category: str
    header: str
    body: str
    footer: str
    buttons: Sequence[str]
    fields: Sequence[Field]


def choice_of(template: MessageTemplate) -> TemplateChoice:
    header = template.component("HEADER")
    return TemplateChoice(
        name=template.name,
        language=template.language,
        category=template.priced_as,
        header=str(header.get("text", "")),
        body=str(template.component("BODY").get("text", "")),
        footer=str(template.component("FOOTER").get("text", "")),
        buttons=[str(button.get("text", "")) for button in _buttons(template)],
        fields=_fields(template),
    )


def filled(template: MessageTemplate, form: Mapping[str, str]) -> Template:
    """Raises `ContentRefusedError` where a field breaks one of Meta's limits."""
    named = template.parameter_format.upper() == NAMED

    def parameters(part: str) -> tuple[Parameter, ...]:
        names = _placeholders(str(template.component(part.upper()).get("text", "")))
        return tuple(Parameter(form.get(f"{part}-{name}", "").strip(), name if named else "") for name in names)

    media = _MEDIA.get(_format(template))
    text = next(iter(parameters("header")), None)
    header: TemplateHeader | None = media(MediaFile(link=form.get("media", "").strip())) if media else text
    return Template(
        name=template.name,
        language=template.language,
        header=header,
        body=parameters("body"),
        buttons=tuple(
            TemplateButton(ButtonKind.URL, index, form.get(f"button-{index}", "").strip())
            for index in _open_links(template)
        ),
    )


def _fields(template: MessageTemplate) -> list[Field]:
    header, body = template.component("HEADER"), template.component("BODY")
    media = [Field("media", _format(template).lower())] if _format(template) in _MEDIA else []
    texts = [
        Field(f"{part}-{name}", f"{{{{{name}}}}}")
        for part, component in (("header", header), ("body", body))
        for name in _placeholders(str(component.get("text", "")))
    ]
    links = [Field(f"button-{index}", str(_buttons(template)[index].get("url", ""))) for index in _open_links(template)]
    return [*media, *texts, *links]


def _placeholders(text: str) -> list[str]:
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def _format(template: MessageTemplate) -> str:
    return str(template.component("HEADER").get("format", "TEXT")).upper()


def _buttons(template: MessageTemplate) -> Sequence[Component]:
    buttons: Sequence[Component] = template.component("BUTTONS").get("buttons", ())
    return buttons


def _open_links(template: MessageTemplate) -> list[int]:
    """Of the links whose end the sender gives."""
    return [index for index, one in enumerate(_buttons(template)) if _PLACEHOLDER.search(str(one.get("url", "")))]
