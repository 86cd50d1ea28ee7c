"""The wiring of what people answer customers with: the API and the seller's pages are built of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from handlers import settings
from handlers.bootstrap import TENANT_CACHE_SECONDS
from handlers.settings import DeskSettings

if TYPE_CHECKING:
    from adapters.dynamodb_conversations import DynamoConversations
    from adapters.dynamodb_number_states import DynamoNumberStates
    from adapters.sns_account_alerts import SnsAccountAlerts
    from adapters.sns_handoff_notifications import SnsHandoffNotifications
    from domain.canned_replies import CannedReplyPorts
    from domain.customer_book import CustomerBookPorts
    from domain.desk import DeskPorts
    from domain.desk_rights import RightsPorts
    from domain.desk_sends import DeskSendPorts
    from domain.send import SendPorts


@cache
def desk() -> DeskPorts:
    from adapters.dynamodb_audit_trail import DynamoAuditTrail
    from adapters.dynamodb_inbox import DynamoInbox
    from adapters.dynamodb_notes import DynamoNotes
    from adapters.dynamodb_thread_pages import DynamoThreadPages
    from adapters.s3_media import S3MediaLinks
    from domain.desk import DeskPorts

    conversations = _env().conversations_table
    return DeskPorts(
        inbox=DynamoInbox(conversations),
        threads=DynamoThreadPages(conversations),
        media_links=S3MediaLinks(_env().media_bucket),
        notes=DynamoNotes(conversations),
        conversations=_conversations(),
        notifications=_notifications(),
        audit=DynamoAuditTrail(conversations),
    )


@cache
def desk_sends() -> DeskSendPorts:
    from adapters.dynamodb_audit_trail import DynamoAuditTrail
    from domain.desk_sends import DeskSendPorts

    return DeskSendPorts(_send(), DynamoAuditTrail(_env().conversations_table))


@cache
def canned_replies() -> CannedReplyPorts:
    from adapters.dynamodb_canned_replies import DynamoCannedReplies
    from domain.canned_replies import CannedReplyPorts

    return CannedReplyPorts(DynamoCannedReplies(_env().tenants_table))


@cache
def customer_book() -> CustomerBookPorts:
    from adapters.dynamodb_audit_trail import DynamoAuditTrail
    from adapters.dynamodb_customer_book import DynamoCustomerBook
    from adapters.dynamodb_inbox import DynamoInbox
    from adapters.dynamodb_opt_outs import DynamoOptOuts
    from domain.customer_book import CustomerBookPorts

    env = _env()
    return CustomerBookPorts(
        book=DynamoCustomerBook(env.customers_table),
        inbox=DynamoInbox(env.conversations_table),
        opt_outs=DynamoOptOuts(env.conversations_table, env.customers_table),
        audit=DynamoAuditTrail(env.conversations_table),
    )


@cache
def customer_rights() -> RightsPorts:
    """Of the seller's own places. What else there may be of a customer, an operator searches."""
    from adapters.dynamodb_audit_trail import DynamoAuditTrail
    from adapters.dynamodb_customer_places import AccountEventsPlace, ConversationsPlace, CustomersPlace
    from adapters.dynamodb_customer_search import DynamoCustomerSearch
    from adapters.dynamodb_erasures import DynamoErasures
    from adapters.dynamodb_inbox import DynamoInbox
    from adapters.dynamodb_operator_log import DynamoOperatorLog
    from adapters.s3_customer_media import MediaPlace
    from domain.desk_rights import RightsPorts
    from domain.erase_customer import ErasePorts
    from domain.export_customer import ExportPorts

    env = _env()
    search = DynamoCustomerSearch(env.conversations_table, env.customers_table)
    log = DynamoOperatorLog(env.conversations_table)
    places = (
        CustomersPlace(env.customers_table),
        ConversationsPlace(env.conversations_table),
        AccountEventsPlace(env.tenants_table),
        MediaPlace(env.media_bucket),
    )
    return RightsPorts(
        erasing=ErasePorts(search, DynamoErasures(env.conversations_table, env.customers_table), places, log),
        exporting=ExportPorts(search, places, log),
        inbox=DynamoInbox(env.conversations_table),
        audit=DynamoAuditTrail(env.conversations_table),
        clock=lambda: datetime.now(UTC),
    )


def _send() -> SendPorts:
    from adapters.dynamodb_opt_outs import DynamoOptOuts
    from adapters.dynamodb_send_ledger import DynamoSendLedger
    from adapters.dynamodb_templates import DynamoTemplateCatalogue
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.secrets_manager import SecretsManagerAccessTokens
    from adapters.whatsapp_messenger import WhatsAppMessenger
    from domain.send import SendPorts

    env = _env()
    return SendPorts(
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        conversations=_conversations(),
        ledger=DynamoSendLedger(env.conversations_table, env.tenant_usage_table),
        messenger=WhatsAppMessenger(env.graph_api_base_url, env.graph_api_version, SecretsManagerAccessTokens()),
        templates=DynamoTemplateCatalogue(env.tenants_table),
        opt_outs=DynamoOptOuts(env.conversations_table, env.customers_table),
        notifications=_notifications(),
        number_states=number_states(),
        account_alerts=account_alerts(),
    )


@cache
def number_states() -> DynamoNumberStates:
    from adapters.dynamodb_number_states import DynamoNumberStates

    return DynamoNumberStates(_env().tenants_table, _env().conversations_table)


@cache
def account_alerts() -> SnsAccountAlerts:
    from adapters.sns_account_alerts import SnsAccountAlerts

    return SnsAccountAlerts(_env().account_alerts_topic_arn)


def _conversations() -> DynamoConversations:
    from adapters.dynamodb_conversations import DynamoConversations

    return DynamoConversations(_env().conversations_table, "", _env().tenant_usage_table)


def _notifications() -> SnsHandoffNotifications:
    from adapters.sns_handoff_notifications import SnsHandoffNotifications

    return SnsHandoffNotifications(_env().handoff_notifications_topic_arn)


@cache
def _env() -> DeskSettings:
    return settings.read(DeskSettings)
