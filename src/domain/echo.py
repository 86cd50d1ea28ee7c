"""Use case: a person wrote to the customer from the seller's phone app.

The Cloud API tells of it by `smb_message_echoes` (coexistence numbers). Whoever writes has taken the conversation over:
the assistant falls silent.
"""

from __future__ import annotations

from typing import Protocol

from domain.change_owner import OwnerChangePorts, change_owner
from domain.conversations import Owner
from domain.errors import ContentionError
from domain.messages import Echo
from domain.ownership import PHONE_APP, Change
from domain.ports import Customers, SendLedger
from domain.tenants import TenantId

_TRIES = 3


class EchoPorts(OwnerChangePorts, Protocol):
    @property
    def customers(self) -> Customers: ...
    @property
    def ledger(self) -> SendLedger: ...


def hear_echo(echo: Echo, tenant_id: TenantId, *, ports: EchoPorts) -> bool:
    """Keeps the message in the conversation and lets its writer have it. False: the customer has never written."""
    customer_id = ports.customers.find(tenant_id, echo.recipient)
    if customer_id is None:
        return False
    ports.ledger.note_person(tenant_id, customer_id, echo)
    for _ in range(_TRIES):
        thread = ports.conversations.thread(tenant_id, customer_id)
        if thread is None:
            return False
        if thread.conversation.owner is Owner.PERSON:
            return True  # whoever has it goes on having it: the phone app names nobody
        settled_through = thread.conversation.settled_through
        if settled_through is not None and echo.at <= settled_through:
            return True  # told again, or late: the conversation has been given back since
        try:
            change_owner(
                thread.conversation,
                Change.TAKEN_OVER,
                by=PHONE_APP,
                reason="written from the phone app",
                now=echo.at,
                ports=ports,
                person=PHONE_APP,
            )
        except ContentionError:
            continue
        return True
    raise ContentionError("the conversation kept changing while an echo was heard")
