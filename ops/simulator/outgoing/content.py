"""Outgoing contents other than interactive ones. Limits: the Cloud API's "Messages" reference."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ops.simulator.outgoing.shape import Shape

_MOST_TEXT = 4096
_MOST_CAPTION = 1024
_NOT_IN_A_PARAMETER = re.compile(r"[\r\n\t]| {5}")


class Text(Shape):
    body: Annotated[str, Field(min_length=1, max_length=_MOST_TEXT)]
    preview_url: bool = False


class Media(Shape):
    """By id of an upload or by link, never both."""

    id: str | None = None
    link: str | None = None

    @model_validator(mode="after")
    def _must_have_one_source(self) -> "Media":
        if (self.id is None) == (self.link is None):
            raise ValueError("Exactly one of 'id' and 'link' is required")
        return self


class Audio(Media):
    voice: bool = False


class Sticker(Media):
    pass


class CaptionedMedia(Media):
    caption: Annotated[str, Field(max_length=_MOST_CAPTION)] | None = None


class Document(CaptionedMedia):
    filename: str | None = None


class Location(Shape):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    name: str | None = None
    address: str | None = None


class ContactName(BaseModel):
    model_config = ConfigDict(extra="allow")

    formatted_name: str

    @model_validator(mode="after")
    def _must_have_a_part(self) -> "ContactName":
        if not self.model_extra:
            raise ValueError("formatted_name needs at least one more part of the name, such as first_name")
        return self


class Contact(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: ContactName


class Reaction(Shape):
    message_id: str
    # Empty: the reaction is taken back.
    emoji: str


class TemplateLanguage(Shape):
    code: str
    policy: Literal["deterministic"] = "deterministic"


class TemplateParameter(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: Literal[
        "text", "currency", "date_time", "image", "video", "document", "location", "payload", "coupon_code", "action"
    ]

    @model_validator(mode="after")
    def _must_hold_what_it_names(self) -> "TemplateParameter":
        if self.type not in (self.model_extra or {}):
            raise ValueError(f"A parameter of type {self.type} needs '{self.type}'")
        text = (self.model_extra or {}).get("text")
        if isinstance(text, str) and _NOT_IN_A_PARAMETER.search(text):
            raise ValueError("Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
        return self


class TemplateComponent(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: Literal["header", "body", "button", "carousel", "limited_time_offer"]
    # Of a button.
    sub_type: str | None = None
    index: int | None = None
    parameters: list[TemplateParameter] = []

    @model_validator(mode="after")
    def _buttons_must_be_told_apart(self) -> "TemplateComponent":
        if self.type == "button" and (self.sub_type is None or self.index is None):
            raise ValueError("A button needs 'sub_type' and 'index'")
        return self


class Template(Shape):
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    language: TemplateLanguage
    components: list[TemplateComponent] = Field(default=[])

    def of_type(self, kind: str) -> list[TemplateComponent]:
        return [component for component in self.components if component.type == kind]
