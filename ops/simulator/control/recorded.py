"""Recorded webhook bodies: who writes in them, so that the business can answer, and mark as read, what was played."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ops.simulator.chats import ChatMessage, Direction, MessageStatus, StatusChange
from ops.simulator.customers import Customer
from ops.simulator.identifiers import is_business_scoped_user_id


class _Message(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str
    type: str
    from_: str | None = Field(default=None, alias="from")
    from_user_id: str | None = None
    context: dict[str, Any] | None = None

    @property
    def customer(self) -> Customer | None:
        """Some payloads carry the business-scoped user id in `from`."""
        if self.from_ and not is_business_scoped_user_id(self.from_):
            return Customer(wa_id=self.from_, user_id=self.from_user_id)
        user_id = self.from_user_id or self.from_
        return Customer(user_id=user_id) if user_id else None


class _Metadata(BaseModel):
    phone_number_id: str


class _Value(BaseModel):
    metadata: _Metadata | None = None
    messages: list[_Message] = []


class _Change(BaseModel):
    value: _Value


class _Entry(BaseModel):
    changes: list[_Change] = []


class _Body(BaseModel):
    entry: list[_Entry] = []


def messages_in(body: bytes, now: float) -> Iterator[tuple[Customer, ChatMessage]]:
    """The messages of a body, as if written now; none if the body is not of Meta's shape."""
    try:
        parsed = _Body.model_validate_json(body)
    except ValidationError:
        return
    for value in (change.value for entry in parsed.entry for change in entry.changes):
        for message in value.messages:
            if value.metadata and (customer := message.customer):
                yield customer, _chat_message(message, value.metadata.phone_number_id, customer, now)


def _chat_message(message: _Message, phone_number_id: str, customer: Customer, now: float) -> ChatMessage:
    return ChatMessage(
        id=message.id,
        phone_number_id=phone_number_id,
        customer=customer.key,
        direction=Direction.INBOUND,
        type=message.type,
        content=(message.model_extra or {}).get(message.type),
        timestamp=now,
        context=message.context,
        statuses=[StatusChange(status=MessageStatus.SENT, timestamp=now)],
    )
