"""From the view of a thread to what the API tells of it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.catalogue import Money
from domain.messages import Order
from domain.orders import PricedOrder
from domain.thread_views import (
    ChangeView,
    EscalationView,
    Item,
    MessageView,
    NoteView,
    ReplyView,
    ThreadView,
)
from handlers.api import conversation_models as told
from handlers.api.product_models import ToldMoney, told_money


def told_thread(view: ThreadView, next_cursor: str | None) -> told.ToldThread:
    return told.ToldThread(
        customer_id=view.customer_id,
        conversation=told.told_conversation(view.line) if view.line else None,
        items=[told_item(item) for item in view.items],
        next_cursor=next_cursor,
    )


def told_item(item: Item) -> told.ToldItem:
    match item:
        case MessageView():
            return _message(item)
        case ReplyView():
            return told_reply(item)
        case NoteView():
            return told.ToldNote.model_validate(item)
        case ChangeView():
            return told.ToldChange.model_validate(item)
        case EscalationView():
            return told.ToldEscalation.model_validate(item)


def _message(view: MessageView) -> told.ToldMessage:
    return told.ToldMessage(
        message_id=view.message_id,
        at=view.at,
        type=view.type,
        words=view.words,
        first_words=view.first_words,
        edited_at=view.edited_at,
        revoked_at=view.revoked_at,
        in_reply_to=view.in_reply_to,
        referred_product_id=view.referred_product_id,
        media=told.ToldMedia.model_validate(view.media) if view.media else None,
        cart=_cart(view.order, view.titles) if view.order else None,
        place=told.ToldPlace.model_validate(view.place) if view.place else None,
        contacts=[told.ToldContact(name=one.name, phones=list(one.phones)) for one in view.contacts],
        reactions=list(view.reactions),
        escalated=view.escalated,
    )


def told_reply(view: ReplyView) -> told.ToldReply:
    return told.ToldReply(
        reply_id=view.reply_id,
        message_id=view.message_id,
        at=view.at,
        by=view.by,
        person=view.person,
        person_name=view.person_name,
        purpose=view.purpose,
        type=view.type,
        text=view.text,
        template=view.template,
        media_link=view.media_link,
        in_reply_to=view.in_reply_to,
        state=view.state,
        delivery=view.delivery,
        failure=told.ToldFailure.model_validate(view.failure) if view.failure else None,
        order=_order(view.order) if view.order else None,
        product_ids=list(view.product_ids),
        reactions=list(view.reactions),
    )


def _cart(order: Order, titles: Mapping[str, str]) -> list[told.ToldCartItem]:
    return [
        told.ToldCartItem(
            product_id=item.product_retailer_id,
            title=titles.get(item.product_retailer_id, item.product_retailer_id),
            quantity=item.quantity,
            price=None if item.item_price is None else str(item.item_price),
            currency=item.currency,
        )
        for item in order.product_items
    ]


def _order(order: PricedOrder) -> told.ToldOrder:
    lines = [
        told.ToldOrderLine(
            product_id=line.product_id,
            title=line.title,
            quantity=line.quantity,
            to_be_had=line.to_be_had,
            price=_money(line.price),
            seen_price=None if line.seen_price is None else str(line.seen_price),
            seen_currency=line.seen_currency,
            differences=list(line.differences),
        )
        for line in order.lines
    ]
    return told.ToldOrder(lines=lines, total=_money(order.total))


def _money(money: Money | None) -> ToldMoney | None:
    return told_money(money) if money else None
