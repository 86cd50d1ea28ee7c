"""What a customer writes, as the control API takes it and as Meta's webhook carries it."""

import time
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ops.simulator.chats import ChatMessage, Direction, MessageStatus, StatusChange
from ops.simulator.config import SimulatedNumber
from ops.simulator.customers import Customer
from ops.simulator.identifiers import digits, new_message_id
from ops.simulator.media import Media, MediaStore
from ops.simulator.samples import sample
from ops.simulator.webhooks.envelope import Json, sender

_MEDIA_TYPES = {"image", "video", "audio", "document", "sticker"}
_NOT_SUPPORTED: Json = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


class InboundRequest(BaseModel):
    """Body of POST /simulator/messages. Further keys go into the message as they are: content, referral, errors …"""

    model_config = ConfigDict(extra="allow")

    phone_number_id: str
    from_: str | None = Field(default=None, alias="from")
    user_id: str | None = None
    username: str | None = None
    profile_name: str | None = None
    type: str = "text"
    id: str = Field(default_factory=new_message_id)
    timestamp: int = Field(default_factory=lambda: int(time.time()))
    context: dict[str, Any] | None = None
    # How many copies of the webhook are sent in all.
    duplicates: int = Field(default=1, ge=1, le=1_000)
    # Answer only when the webhook has answered.
    wait: bool = False

    @property
    def customer(self) -> Customer:
        return Customer(
            profile_name=self.profile_name or "", wa_id=self.from_, user_id=self.user_id, username=self.username
        )


@dataclass(frozen=True)
class InboundMessage:
    """A customer's message in both of its forms."""

    for_webhook: Json
    for_chat: ChatMessage


def written(request: InboundRequest, number: SimulatedNumber, customer: Customer, media: MediaStore) -> InboundMessage:
    extras = _with_defaults(request, number, media)
    context = _context(request, number)
    for_webhook = {
        **sender(customer),
        "id": request.id,
        "timestamp": str(request.timestamp),
        "type": request.type,
        **({"context": context} if context else {}),
        **extras,
    }
    for_chat = ChatMessage(
        id=request.id,
        phone_number_id=number.phone_number_id,
        customer=customer.key,
        direction=Direction.INBOUND,
        type=request.type,
        content=extras.get(request.type),
        timestamp=request.timestamp,
        context=request.context,
        statuses=[StatusChange(status=MessageStatus.SENT, timestamp=time.time())],
    )
    return InboundMessage(for_webhook, for_chat)


def _context(request: InboundRequest, number: SimulatedNumber) -> Json:
    """A reply names the author of the message that it replies to: here always the business."""
    context = request.context or {}
    return {"from": digits(number.display_phone_number), **context} if "id" in context else context


def _with_defaults(request: InboundRequest, number: SimulatedNumber, media: MediaStore) -> Json:
    """The further keys of the request, completed by what a real phone would add."""
    extras = dict(request.model_extra or {})
    if request.type in _MEDIA_TYPES:
        extras[request.type] = _media(request.type, extras.get(request.type) or {}, number, media)
    elif request.type == "order":
        extras["order"] = {"catalog_id": number.catalog_id or "", **extras.get("order", {})}
    elif request.type in {"unsupported", "unknown"}:
        extras.setdefault("errors", [_NOT_SUPPORTED])
    return extras


def _media(message_type: str, content: Json, number: SimulatedNumber, store: MediaStore) -> Json:
    """Media that names no id is a sample that the business can download; one that was uploaded is described."""
    if "id" in content:
        uploaded = store.find(str(content["id"]))
        return (_described(uploaded) | content) if uploaded else content
    mime_type, data = sample(message_type)
    media = store.add(Media(number.phone_number_id, mime_type, data))
    return _described(media) | _details(message_type) | content


def _described(media: Media) -> Json:
    return {"id": media.id, "mime_type": media.mime_type, "sha256": media.webhook_sha256}


def _details(message_type: str) -> Json:
    """What a phone tells about some media beside the file itself."""
    if message_type == "audio":
        return {"voice": True}
    if message_type == "sticker":
        return {"animated": False}
    return {"filename": "document.pdf"} if message_type == "document" else {}
