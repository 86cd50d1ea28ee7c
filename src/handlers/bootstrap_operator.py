"""The composition root of the operator's pages. Each bundle of ports is built when a page asks for it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from handlers import bootstrap_usage, settings
from handlers.settings import AdminDashboardSettings

if TYPE_CHECKING:
    from domain.administer_tenants import AdministerPorts
    from domain.audit_trail import AuditTrail
    from domain.dead_letters import DeadLetterPorts
    from handlers.api.asking import Services
    from handlers.operator.front import OperatorFront


@cache
def front() -> OperatorFront:
    from adapters.secrets_manager_keys import SealingKeys
    from handlers.api.cursors import Cursors
    from handlers.operator.front import OperatorFront
    from handlers.operator.resolver import resolver

    keys = SealingKeys(_env().cursor_secret_name)
    return OperatorFront(resolver(), services(), Cursors(keys.current, keys.others))


@cache
def services() -> Services:
    from domain.administer_tenants import AdministerPorts
    from domain.audit_trail import AuditTrail
    from domain.dead_letters import DeadLetterPorts
    from domain.report_usage import UsagePorts
    from domain.sell_plans import SellPlansPorts
    from domain.tenants_overview import OverviewPorts

    return {
        AdministerPorts: administer,
        AuditTrail: audit_trail,
        DeadLetterPorts: dead_letters,
        OverviewPorts: bootstrap_usage.overview,
        SellPlansPorts: bootstrap_usage.sell_plans,
        UsagePorts: bootstrap_usage.report_usage,
    }


@cache
def _env() -> AdminDashboardSettings:
    return settings.read(AdminDashboardSettings)


@cache
def administer() -> AdministerPorts:
    from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
    from domain.administer_tenants import AdministerPorts

    return AdministerPorts(DynamoTenantProfiles(_env().tenants_table, _env().conversations_table))


@cache
def audit_trail() -> AuditTrail:
    from adapters.dynamodb_audit_trail import DynamoAuditTrail

    return DynamoAuditTrail(_env().conversations_table)


@cache
def dead_letters() -> DeadLetterPorts:
    from adapters.dead_letters.queues import dead_letter_queues
    from adapters.dead_letters.redriving import Redriving
    from adapters.dynamodb_conversations import DynamoConversations
    from adapters.dynamodb_operator_log import DynamoOperatorLog
    from adapters.sns_escalations import SnsEscalations
    from adapters.sns_handoff_notifications import SnsHandoffNotifications
    from adapters.sqs_dead_letters import SqsDeadLetters
    from domain.dead_letters import DeadLetterPorts

    env = _env()
    # The customers' table is named by what records messages alone.
    conversations = DynamoConversations(env.conversations_table, "", env.tenant_usage_table)
    redriving = Redriving(
        conversations,
        SnsEscalations(env.escalations_topic_arn),
        SnsHandoffNotifications(env.handoff_notifications_topic_arn),
    )
    queues = dead_letter_queues(json.loads(env.queue_urls))
    return DeadLetterPorts(
        SqsDeadLetters(queues, json.loads(env.function_names), redriving), DynamoOperatorLog(env.conversations_table)
    )
