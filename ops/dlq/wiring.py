"""The desk, its acts and their adapters, on one deployment."""

from __future__ import annotations

from pathlib import Path

from adapters.dead_letters.groups import Why, tenant_of
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.queues import Held, QueueName, dead_letter_queues
from adapters.dead_letters.redriving import Redriving
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_customer_places import letter_body
from adapters.dynamodb_erasures import DynamoTombstones
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_quarantine import DynamoQuarantine
from adapters.dynamodb_tenants import DynamoTenants
from adapters.sns_escalations import SnsEscalations
from adapters.sns_handoff_notifications import SnsHandoffNotifications
from domain.customer_data import people_in, told_at
from domain.tenants import TenantId
from ops import operator, target
from ops.dlq.desk import Desk, Who
from ops.dlq.discarding import Discarding
from ops.dlq.progress import DlqProgress
from ops.target import Target

_TENANT_CACHE_SECONDS = 600


def find(home: Path, stack_name: str | None) -> Target:
    return target.find(home, stack_name)


def desk(found: Target, only: QueueName | None = None) -> Desk:
    return Desk(
        queues=dead_letter_queues(found.queues, only, wait_seconds=0 if found.local else 1),
        functions=found.functions,
        tenants=DynamoTenants(found.tables["tenants"], _TENANT_CACHE_SECONDS),
        log=operator_log(found),
        who=Who(operator.name(), "" if found.local else operator.aws_identity()),
        progress=DlqProgress(),
    )


def operator_log(found: Target) -> DynamoOperatorLog:
    return DynamoOperatorLog(found.tables["conversations"])


def redriving(found: Target) -> Redriving:
    # The customers' table is named by what records messages alone.
    conversations = DynamoConversations(found.tables["conversations"], "", found.tables["tenant-usage"])
    return Redriving(
        conversations,
        SnsEscalations(found.topics["escalations"]),
        SnsHandoffNotifications(found.topics["handoff-notifications"]),
    )


def discarding(found: Target, reason: str, why: Why) -> Discarding:
    quarantine = DynamoQuarantine(found.tables["conversations"])
    tombstones = DynamoTombstones(found.tables["customers"])
    tenants = DynamoTenants(found.tables["tenants"], _TENANT_CACHE_SECONDS)

    def erased(letter: Letter, held: Held) -> bool:
        body, tenant_id = letter_body(held.body), TenantId(tenant_of(letter, tenants))
        tombstone = tombstones.newest(tenant_id, people_in(body)) if body and tenant_id else None
        return tombstone is not None and tombstone.covers(told_at(body, held.sent_at))

    return Discarding(quarantine, reason, why, erased=erased)
