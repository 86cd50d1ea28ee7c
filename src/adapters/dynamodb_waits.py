"""Conversations that wait for a person, in DynamoDB: one row for each hand-over, in the conversation's partition.

Not attributes of the state row: that one is due, by itself, for a message that waits for its answer. But the step is
written there, too, so that a tenant's inbox shows what has waited for too long.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_rows import escalation_of
from adapters.dynamodb_transactions import transact, update
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.conversations import Conversation, Handover, Owner
from domain.due import DueItem
from domain.escalations import Escalation
from domain.ownership import OwnerChange
from domain.tenants import TenantId
from domain.waiting import WaitingStep
from domain.waits import NotNoted, Wait


def wait_item(escalation: Escalation, handover: Handover, since: datetime) -> dict[str, Any]:
    """Due at once: the sweeper, which knows the seller's times, says when the first step is."""
    return {
        **keys.wait(escalation.tenant_id, escalation.customer_id, handover.at, handover.message_id),
        "tenantId": escalation.tenant_id,
        "customerId": escalation.customer_id,
        "phoneNumberId": escalation.phone_number_id,
        "messageId": handover.message_id,
        "position": escalation.position,
        "reason": handover.reason,
        "at": time_text(handover.at),
        "since": time_text(since),
        "tell": not handover.told,
        "carriedOut": True,
        "due": keys.due(escalation.customer_id),
        "dueAt": time_text(since),
    }


def wait_ended(table: str, change: OwnerChange, seen: Conversation) -> list[dict[str, Any]]:
    """What a change of owner writes on the wait that it ends, if there is one."""
    handover = seen.handover
    if seen.owner is not Owner.WAITING or handover is None:
        return []
    key = keys.wait(change.tenant_id, change.customer_id, handover.at, handover.message_id)
    return [update(table, key, {"endedAt": time_text(change.at), "endedBy": change.change}, removes=("due", "dueAt"))]


class DynamoWaits:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def find(self, tenant_id: TenantId, item: DueItem) -> Wait | None:
        key: Any = to_item({**keys.state(tenant_id, item.customer_id), "sk": item.sort_key})
        with translated("read a wait"):
            found = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True)
        row = from_item(found.get("Item", {}))
        return _wait_of(row) if "dueAt" in row else None

    def decide(self, tenant_id: TenantId, wait: Wait) -> bool:
        step, called = wait.step, wait.escalation
        row = update(
            self._table,
            _key(tenant_id, wait),
            {
                "step": step,
                "carriedOut": False,
                f"{step}At": time_text(wait.step_at) if wait.step_at else None,
                "notNoted": wait.not_noted,
            },
            condition=f"#dueAt = :due AND attribute_not_exists(#{step}At)",
            values={":due": time_text(wait.due_at)},
        )
        state = update(
            self._table,
            keys.state(tenant_id, called.customer_id),
            {"handoverStep": step},
            condition="#owner = :waiting AND #handoverMessageId = :message AND #handoverAt = :at",
            values={":waiting": Owner.WAITING, ":message": called.message_id, ":at": time_text(called.at)},
        )
        return not transact([row, state])

    def go_on(self, tenant_id: TenantId, wait: Wait, due_at: datetime | None) -> None:
        same_step = "#step = :seen_step" if wait.step else "attribute_not_exists(#step)"
        row = update(
            self._table,
            _key(tenant_id, wait),
            {
                "carriedOut": wait.carried_out,
                "notNoted": wait.not_noted,
                "dueAt": time_text(due_at) if due_at else None,
            },
            removes=() if due_at else ("due", "dueAt"),
            condition=f"#dueAt = :seen_due AND {same_step}",
            values={
                ":seen_due": time_text(wait.due_at),
                **({":seen_step": wait.step} if wait.step else {}),
            },
        )
        transact([row])  # refused where somebody has come meanwhile, or another sweeper was faster


def _key(tenant_id: TenantId, wait: Wait) -> keys.Key:
    called = wait.escalation
    return keys.wait(tenant_id, called.customer_id, called.at, called.message_id)


def _wait_of(row: Mapping[str, Any]) -> Wait:
    step = WaitingStep(row["step"]) if "step" in row else None
    return Wait(
        escalation=escalation_of(row),
        since=time_of(row["since"]),
        tell=row["tell"],
        due_at=time_of(row["dueAt"]),
        step=step,
        step_at=time_of(row[f"{step}At"]) if step else None,
        carried_out=row["carriedOut"],
        not_noted=NotNoted(row["notNoted"]) if "notNoted" in row else None,
    )
