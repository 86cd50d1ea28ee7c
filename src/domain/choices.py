"""What a press on a button or a row of ours means: one product of the seller whose number was written to."""

from __future__ import annotations

from domain.messages import ButtonReply, Content, InboundMessage, ListReply

_PRODUCT = "product:"


def choice_of(product_id: str) -> str:
    """The id of a button or a row that stands for a product."""
    return f"{_PRODUCT}{product_id}"


def product_meant(message: InboundMessage) -> str | None:
    """The very product that a message asks about: chosen in the catalogue in the chat, or by a button or row of ours.

    Whoever forges an id names a product of the same seller, or none.
    """
    referred = message.context.referred_product if message.context else None
    return referred.product_retailer_id if referred is not None else product_chosen(message.content)


def product_chosen(content: Content) -> str | None:
    """By a button or row of ours, whose title is the catalogue's and no word of the customer's."""
    match content:
        case ButtonReply(id=chosen) | ListReply(id=chosen) if chosen.startswith(_PRODUCT):
            return chosen.removeprefix(_PRODUCT) or None
        case _:
            return None
