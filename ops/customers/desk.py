"""One operator at the customers of one deployment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_identities import DynamoIdentities
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.sqs_reply_jobs import SqsReplyJobs
from domain.customers import CustomerId
from domain.errors import MarketplaceError
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from domain.tenants import TenantId
from domain.unite import SplitPorts, split, split_seen
from ops import operator, target
from ops.customers.report import CustomerReport, UnmergeReport, customer_report, unmerge_report
from ops.errors import OpsError
from ops.target import Target


@dataclass(frozen=True, slots=True)
class CustomersDesk:
    ports: SplitPorts
    identities: DynamoIdentities
    log: OperatorLog
    operator: str
    identity: str
    """ARN under which AWS knows the operator."""

    def show(self, tenant: str, who: str) -> CustomerReport:
        tenant_id = TenantId(tenant)
        thread = self.ports.conversations.thread(tenant_id, CustomerId(who))
        party = self.identities.party(tenant_id, thread.conversation.recipient.key if thread else who)
        if party is None:
            raise OpsError(f"{tenant} has no such customer", "customer ids have 24 digits; a number has no +")
        return customer_report(party, self.identities.merges(tenant_id, party.customer.customer_id))

    def rehearse(self, tenant: str, former: str) -> UnmergeReport:
        seen = split_seen(TenantId(tenant), CustomerId(former), self.operator, datetime.now(UTC), self.ports)
        return unmerge_report(tenant, former, seen)

    def unmerge(self, tenant: str, former: str, reason: str) -> UnmergeReport:
        """Written down before it is done, and again with what came of it."""
        now = datetime.now(UTC)
        action = OperatorAction(
            action_id=secrets.token_hex(4),
            at=now,
            operator=self.operator,
            identity=self.identity,
            command="unmerge",
            subject=f"{tenant}#{former}",
            state=ActionState.RUNNING,
            reason=reason,
        )
        self.log.put(action)
        try:
            done = split(TenantId(tenant), CustomerId(former), by=self.operator, now=now, ports=self.ports)
        except MarketplaceError:
            self.log.put(replace(action, state=ActionState.FAILED))
            raise
        self.log.put(replace(action, state=ActionState.DONE, counts={"unmerged": int(done is not None)}))
        return unmerge_report(tenant, former, done, action.action_id)


def desk(home: Path, stack_name: str | None) -> CustomersDesk:
    found = target.find(home, stack_name)
    return desk_of(found, operator.name(), "" if found.local else operator.aws_identity())


def desk_of(found: Target, name: str, identity: str) -> CustomersDesk:
    tables = [found.tables[table] for table in ("conversations", "customers", "tenant-usage")]
    identities = DynamoIdentities(*tables)
    return CustomersDesk(
        ports=SplitPorts(identities, DynamoConversations(*tables), SqsReplyJobs(found.queues["replies"])),
        identities=identities,
        log=DynamoOperatorLog(found.tables["conversations"]),
        operator=name,
        identity=identity,
    )
