"""Message templates: what Meta has approved for a WhatsApp Business Account, as far as it has told us.

Meta tells it twice: when we ask for all of them, and by webhooks that come late and in any order. So each aspect of a
template remembers of when it is, and only newer news replaces it. Words are Meta's and stay strings: a status or a
category that is new to us breaks nothing, and is not taken for permission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.errors import ContentRefusedError
from domain.opt_out import Category, OptOut, may_send
from domain.outbound import Document, Image, Location, Parameter, Template, Video

APPROVED = "APPROVED"
DELETED = "DELETED"
RED = "RED"
NAMED = "NAMED"
_UNKNOWN = "UNKNOWN"

_EVENTS_OF_APPROVED = frozenset({"REINSTATED", "UNLOCKED"})
"""Events of a webhook after which a template may be sent again; every other event is the word for the status."""

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")

Component = Mapping[str, Any]
"""In Meta's JSON: `type` (HEADER, BODY, FOOTER, BUTTONS) and what belongs to it."""


class Aspect(StrEnum):
    """What Meta tells of a template, each by webhooks of its own."""

    STATUS = "status"
    CATEGORY = "category"
    QUALITY = "quality"
    COMPONENTS = "components"


STOPPED = frozenset({"REJECTED", "PAUSED", "DISABLED"})
"""Of a template's statuses: Meta sends it not, or no more, and somebody should know."""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One template in one language, as the catalogue keeps it."""

    waba_id: str
    name: str
    language: str
    template_id: str = ""
    status: str = _UNKNOWN
    rejected_reason: str = ""
    category: str = ""
    quality: str = _UNKNOWN
    components: tuple[Component, ...] = ()
    """Empty where they are not known."""
    parameter_format: str = ""
    told_at: Mapping[Aspect, datetime] = field(default_factory=dict)
    version: int = 0
    """Grows with each change of the row."""

    @property
    def sendable(self) -> bool:
        return self.status == APPROVED

    @property
    def priced_as(self) -> Category:
        """A category that we do not know is taken for the strictest."""
        word = self.category.lower()
        return Category(word) if word in set(Category) else Category.MARKETING

    @property
    def updated_at(self) -> datetime | None:
        return max(self.told_at.values(), default=None)

    def component(self, kind: str) -> Component:
        return next((one for one in self.components if str(one.get("type")).upper() == kind), {})


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """What one webhook, or one reading of the account, tells. None: it says nothing of that."""

    waba_id: str
    name: str
    language: str
    at: datetime
    """Meta's time, in whole seconds."""
    template_id: str = ""
    status: str | None = None
    rejected_reason: str = ""
    category: str | None = None
    quality: str | None = None
    components: tuple[Component, ...] | None = None
    components_whole: bool = True
    """Whether these are all of them; a webhook tells texts and buttons alone."""
    parameter_format: str | None = None


def template_language(code: str) -> str:
    """Webhooks write `en-US` for what the rest of the API calls `en_US`."""
    return code.replace("-", "_")


def status_after(event: str) -> str:
    return APPROVED if event in _EVENTS_OF_APPROVED else event


def time_of_reading(asked_at: datetime) -> datetime:
    """Before the second in which Meta was asked: a webhook of that very second may tell of something newer."""
    return asked_at.replace(microsecond=0) - timedelta(seconds=1)


def merged(known: MessageTemplate | None, news: TemplateNews) -> MessageTemplate:
    """`known` with what is newer in `news`; equal to `known` where nothing is."""
    template = known or MessageTemplate(news.waba_id, news.name, news.language)
    told: dict[Aspect, dict[str, Any]] = {
        Aspect.STATUS: {"status": news.status, "rejected_reason": news.rejected_reason},
        Aspect.CATEGORY: {"category": news.category},
        Aspect.QUALITY: {"quality": news.quality},
        Aspect.COMPONENTS: {
            "components": _components(template, news),
            "parameter_format": news.parameter_format or template.parameter_format,
        },
    }
    for aspect, values in told.items():
        if values[aspect] is not None and template.told_at.get(aspect, news.at) <= news.at:
            template = replace(template, **values, told_at={**template.told_at, aspect: news.at})
    return replace(template, template_id=template.template_id or news.template_id)


def _components(template: MessageTemplate, news: TemplateNews) -> tuple[Component, ...] | None:
    if news.components is None or news.components_whole:
        return news.components
    told = {str(one.get("type")).upper() for one in news.components}
    return (*(one for one in template.components if str(one.get("type")).upper() not in told), *news.components)


def proposed(
    templates: Iterable[MessageTemplate], languages: Sequence[str], opt_out: OptOut | None
) -> list[MessageTemplate]:
    """What may be sent to this customer now, and is worth it.

    Those in `languages` (ISO 639-1) first, in that order; in each language what serves an order before what advertises.
    """
    found = [
        template
        for template in templates
        if template.sendable and template.quality != RED and may_send(template.priced_as, opt_out)
    ]
    return sorted(found, key=lambda one: (*_rank(one, languages), one.name, one.language))


def _rank(template: MessageTemplate, languages: Sequence[str]) -> tuple[int, bool]:
    spoken = template.language.partition("_")[0]
    place = languages.index(spoken) if spoken in languages else len(languages)
    return place, template.priced_as is not Category.UTILITY


def check_parameters(template: MessageTemplate, content: Template) -> None:
    """Raises `ContentRefusedError` where `content` is not what the template asks for; Meta: 132000, 132012.

    Where the components are not known, Meta decides.
    """
    if not template.components:
        return
    _check_texts("body", template, str(template.component("BODY").get("text", "")), content.body)
    _check_header(template, content)
    _check_buttons(template, content)


def _check_texts(part: str, template: MessageTemplate, text: str, given: Sequence[Parameter]) -> None:
    where = f"template.components.{part}"
    wanted = list(dict.fromkeys(_PLACEHOLDER.findall(text)))
    if len(wanted) != len(given):
        raise ContentRefusedError(
            where,
            f"{template.name} asks for {len(wanted)} parameters, and {len(given)} are given",
            limit=len(wanted),
            size=len(given),
        )
    names = {parameter.name for parameter in given}
    if template.parameter_format.upper() == NAMED and names != set(wanted):
        raise ContentRefusedError(where, f"{template.name} names its parameters: {', '.join(wanted)}")
    if template.parameter_format.upper() != NAMED and names - {""}:
        raise ContentRefusedError(where, f"{template.name} counts its parameters: give them without names, in order")


_HEADER_FORMS: Mapping[str, type[Any]] = {"IMAGE": Image, "VIDEO": Video, "DOCUMENT": Document, "LOCATION": Location}


def _check_header(template: MessageTemplate, content: Template) -> None:
    header, where = template.component("HEADER"), "template.components.header"
    wanted = str(header.get("format", "TEXT")).upper()
    if wanted in _HEADER_FORMS:
        if not isinstance(content.header, _HEADER_FORMS[wanted]):
            raise ContentRefusedError(where, f"{template.name} asks for {wanted.lower()} in its header")
        return
    if content.header is not None and not isinstance(content.header, Parameter):
        raise ContentRefusedError(where, f"{template.name} has no {content.header.type} in its header")
    given = [content.header] if content.header is not None else []
    _check_texts("header", template, str(header.get("text", "")), given)


_TAKES = {"QUICK_REPLY": "quick_reply", "URL": "url", "COPY_CODE": "copy_code"}


def _check_buttons(template: MessageTemplate, content: Template) -> None:
    where = "template.components.button"
    buttons = [one for one in template.component("BUTTONS").get("buttons", ()) if isinstance(one, Mapping)]
    given = {button.index: button for button in content.buttons}
    for index in given:
        if index >= len(buttons):
            raise ContentRefusedError(where, f"{template.name} has no button {index}", limit=len(buttons), size=index)
    for index, button in enumerate(buttons):
        kind = str(button.get("type")).upper()
        if index in given and kind in {*_TAKES, "PHONE_NUMBER"} and given[index].kind != _TAKES.get(kind):
            raise ContentRefusedError(where, f"button {index} of {template.name} is {kind}, not {given[index].kind}")
        if index not in given and _needs_parameter(kind, button):
            raise ContentRefusedError(where, f"button {index} of {template.name} asks for a parameter")


def _needs_parameter(kind: str, button: Mapping[str, Any]) -> bool:
    return kind == "COPY_CODE" or (kind == "URL" and bool(_PLACEHOLDER.search(str(button.get("url", "")))))
