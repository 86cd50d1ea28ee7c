"""Use case: a person takes a conversation over, gives it back, or closes it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.conversations import Conversation
from domain.errors import ContentionError
from domain.ownership import Change, OwnerChange, check
from domain.ports import Conversations, HandoffNotifications


class OwnerChangePorts(Protocol):
    """Part of the ports of every use case that changes who speaks."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def notifications(self) -> HandoffNotifications: ...


def change_owner(  # noqa: PLR0913 (what is changed, by whom, why and when)
    conversation: Conversation,
    change: Change,
    *,
    by: str,
    reason: str,
    now: datetime,
    ports: OwnerChangePorts,
    person: str | None = None,
    by_name: str | None = None,
) -> OwnerChange:
    """From the conversation as the caller, or the person who asked for it, saw it.

    `person`: who has it now, with TAKEN_OVER. `by_name`: of `by`. Raises `NotAllowedError` where the change is not
    allowed from this state, and `ContentionError` where the conversation has changed since it was read: read it again
    and decide anew.
    """
    check(change, conversation, person)
    changed = OwnerChange(
        tenant_id=conversation.tenant_id,
        customer_id=conversation.customer_id,
        phone_number_id=conversation.phone_number_id,
        change=change,
        by=by,
        reason=reason,
        at=now,
        cause=f"v{conversation.version}",
        person=person if change is Change.TAKEN_OVER else None,
        by_name=by_name,
    )
    if not ports.conversations.change_owner(conversation.tenant_id, changed, conversation):
        raise ContentionError("this conversation has changed since it was read: read it again, then decide anew")
    publish_change(changed, ports)
    return changed


def publish_change(changed: OwnerChange, ports: OwnerChangePorts) -> None:
    """What is stored is told; until then its row is due."""
    ports.notifications.publish(changed)
    ports.conversations.owner_change_published(changed.tenant_id, changed)
