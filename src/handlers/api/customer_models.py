"""Customers as the API tells them."""

from __future__ import annotations

from datetime import datetime

from domain.customer_book import FoundCustomer, KeptCustomer
from domain.opt_out import OptOutSource
from handlers.api.conversation_models import ToldConversation, told_conversation
from handlers.api.models import Listed, Sent, Told


class ToldOptOut(Told):
    opted_out: bool
    since: datetime
    source: OptOutSource


class ToldCustomer(Told):
    customer_id: str
    name: str | None
    username: str | None
    phone: str | None
    user_id: str | None
    first_interaction: datetime
    last_interaction: datetime
    message_count: int
    active_months: list[str]
    opt_out: ToldOptOut | None
    """What holds of offers; null where there never was a word on them."""


class ToldFoundCustomer(ToldCustomer):
    conversation: ToldConversation | None


class CustomerList(Listed):
    items: list[ToldCustomer]


class FoundCustomers(Told):
    items: list[ToldFoundCustomer]


class SentWish(Sent):
    opted_out: bool
    """True: no more offers."""


def told_customer(kept: KeptCustomer) -> ToldCustomer:
    customer = kept.customer
    return ToldCustomer(
        customer_id=customer.customer_id,
        name=customer.identity.profile_name,
        username=customer.identity.username,
        phone=customer.identity.phone,
        user_id=customer.identity.user_id,
        first_interaction=customer.first_interaction,
        last_interaction=customer.last_interaction,
        message_count=customer.message_count,
        active_months=sorted(customer.active_months),
        opt_out=ToldOptOut.model_validate(kept.opt_out) if kept.opt_out else None,
    )


def told_found(found: FoundCustomer) -> ToldFoundCustomer:
    plain = dict(told_customer(found.kept))
    return ToldFoundCustomer(**plain, conversation=told_conversation(found.line) if found.line else None)
