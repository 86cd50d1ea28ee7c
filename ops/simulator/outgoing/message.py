"""An outgoing message: envelope and content, checked."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ops.simulator.graph_errors import GraphError
from ops.simulator.identifiers import digits, is_business_scoped_user_id
from ops.simulator.outgoing import content
from ops.simulator.outgoing.interactive import Interactive
from ops.simulator.outgoing.verdict import on_content, on_envelope

_LENGTHS_OF_A_NUMBER = range(7, 16)


class MessageType(StrEnum):
    AUDIO = "audio"
    CONTACTS = "contacts"
    DOCUMENT = "document"
    IMAGE = "image"
    INTERACTIVE = "interactive"
    LOCATION = "location"
    REACTION = "reaction"
    STICKER = "sticker"
    TEMPLATE = "template"
    TEXT = "text"
    VIDEO = "video"


_CONTENTS: dict[MessageType, TypeAdapter[Any]] = {
    MessageType.AUDIO: TypeAdapter(content.Audio),
    MessageType.CONTACTS: TypeAdapter(Annotated[list[content.Contact], Field(min_length=1)]),
    MessageType.DOCUMENT: TypeAdapter(content.Document),
    MessageType.IMAGE: TypeAdapter(content.CaptionedMedia),
    MessageType.INTERACTIVE: TypeAdapter(Interactive),
    MessageType.LOCATION: TypeAdapter(content.Location),
    MessageType.REACTION: TypeAdapter(content.Reaction),
    MessageType.STICKER: TypeAdapter(content.Sticker),
    MessageType.TEMPLATE: TypeAdapter(content.Template),
    MessageType.TEXT: TypeAdapter(content.Text),
    MessageType.VIDEO: TypeAdapter(content.CaptionedMedia),
}


class Context(BaseModel):
    message_id: str


class Envelope(BaseModel):
    """The content stands under the name of its type, and is checked by the model of that type."""

    model_config = ConfigDict(extra="allow")

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"] = "individual"
    # A phone number …
    to: Annotated[str, Field(min_length=1)] | None = None
    # … or a business-scoped user id. A number wins when both are given.
    recipient: Annotated[str, Field(min_length=1)] | None = None
    type: MessageType = MessageType.TEXT
    context: Context | None = None
    biz_opaque_callback_data: Annotated[str, Field(max_length=512)] | None = None

    @property
    def addressee(self) -> str:
        return self.to or self.recipient or ""


class OutgoingMessage(BaseModel):
    envelope: Envelope
    # The content's model, and the content as it was written.
    content: Any
    raw_content: Any


def parse(body: dict[str, Any]) -> OutgoingMessage:
    """Check a body of POST /messages; GraphError in Meta's words if it is wrong."""
    envelope = _envelope(body)
    _check_addressee(envelope)
    raw = body.get(envelope.type)
    if raw is None:
        raise GraphError(100, message=f"(#100) The parameter {envelope.type} is required.")
    try:
        checked = _CONTENTS[envelope.type].validate_python(raw)
    except ValidationError as error:
        raise on_content(error, envelope.type) from error
    return OutgoingMessage(envelope=envelope, content=checked, raw_content=raw)


def _check_addressee(envelope: Envelope) -> None:
    """A number of 7 to 15 digits (E.164) in `to`, a business-scoped user id in `recipient`.

    A business-scoped user id in `to` passes: Meta accepts it, and loses it later.
    """
    if envelope.to:
        is_number = len(digits(envelope.to)) in _LENGTHS_OF_A_NUMBER
        if not is_number and not is_business_scoped_user_id(envelope.to):
            raise GraphError(131009, "'to' is not a phone number")
    elif not envelope.recipient:
        raise GraphError(100, message="(#100) The parameter to is required.")
    elif not is_business_scoped_user_id(envelope.recipient):
        raise GraphError(131009, "'recipient' is not a business-scoped user id")


def _envelope(body: dict[str, Any]) -> Envelope:
    try:
        return Envelope.model_validate(body)
    except ValidationError as error:
        raise on_envelope(error) from error
