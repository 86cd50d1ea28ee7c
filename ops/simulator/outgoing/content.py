"""Outgoing contents other than interactive ones. Limits: the Cloud API's "Messages" reference."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ops.simulator.outgoing.shape import Shape

_MOST_TEXT = 4096
_MOST_CAPTION = 1024


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


class TemplateComponent(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: Literal["header", "body", "button", "carousel", "limited_time_offer"]
    parameters: list[dict[str, Any]] = []


class Template(Shape):
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    language: TemplateLanguage
    components: list[TemplateComponent] = Field(default=[])

    @property
    def body_parameters(self) -> list[str]:
        """The texts that fill {{1}}, {{2}} … of the template's body."""
        body = next((component for component in self.components if component.type == "body"), None)
        return [str(parameter.get("text", "")) for parameter in body.parameters] if body else []
