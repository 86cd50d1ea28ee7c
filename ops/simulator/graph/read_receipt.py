"""The business has read a message, and perhaps types an answer."""

import time
from typing import Any

from ops.simulator.chats import Direction, MessageStatus, StatusChange
from ops.simulator.graph_errors import GraphError
from ops.simulator.world import World


def mark_read(world: World, body: dict[str, Any]) -> None:
    """Reading a message reads the earlier ones of the chat too."""
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="(#100) The parameter messaging_product is required.")
    message = world.chats.find(str(body.get("message_id")))
    if message is None or message.direction is not Direction.INBOUND:
        raise GraphError(131009, "Message ID is not valid")
    for earlier in world.chats.transcript(message.chat):
        if earlier.direction is Direction.INBOUND and not earlier.has_been(MessageStatus.READ):
            earlier.statuses.append(StatusChange(status=MessageStatus.READ, timestamp=time.time()))
            world.events.publish("message", message=earlier.model_dump(mode="json"))
        if earlier is message:
            break
    if body.get("typing_indicator"):
        world.events.publish("typing", phone_number_id=message.phone_number_id, customer=message.customer)
