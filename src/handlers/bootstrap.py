"""The composition root: the only importer of adapters, each inside the builder that needs it.

Nothing is built at import. What a builder returns lives as long as the worker: clients, connections, caches. It is a
named tuple, which costs each cold start a third of what a dataclass costs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from domain.intake import PlatformSecretStore, UpdateQueues
from handlers import settings
from handlers.observability import CountedFindings, escalated
from handlers.settings import (
    AwsSettings,
    EmbedderSettings,
    IndexerSettings,
    MediaHandlerSettings,
    MessageHandlerSettings,
    ReplyHandlerSettings,
    StatusHandlerSettings,
    SweeperSettings,
    WebhookSettings,
)

if TYPE_CHECKING:  # what one function needs, another does not pay for at import
    from adapters.sqs_media_jobs import SqsMediaJobs
    from adapters.sqs_reply_jobs import SqsReplyJobs
    from domain.answer import AnswerPorts
    from domain.conversations import ReplyJob
    from domain.embed import EmbedPorts
    from domain.fetch_media import FetchMediaPorts
    from domain.index_catalogue import IndexPorts
    from domain.media import MediaJob
    from domain.messages import InboundMessage
    from domain.ports import ProductIndexes
    from domain.receive import Received
    from domain.sweep import SweepPorts
    from domain.tenants import PhoneNumberId, TenantId
    from domain.track import TrackPorts

TENANT_CACHE_SECONDS = 60
"""How long a worker goes on believing what it read of a tenant: a suspension takes effect within it."""


class Webhook(NamedTuple):
    secrets: PlatformSecretStore
    queues: UpdateQueues


@cache
def webhook() -> Webhook:
    from adapters.aws_json import AwsAccess
    from adapters.platform_secret import PlatformSecret
    from adapters.sqs_update_queues import SqsUpdateQueues

    env, aws = settings.read(WebhookSettings), settings.read(AwsSettings)
    access = AwsAccess(
        region=aws.aws_region,
        access_key_id=aws.aws_access_key_id,
        secret_access_key=aws.aws_secret_access_key,
        session_token=aws.aws_session_token,
        endpoint_url=aws.aws_endpoint_url,
    )
    return Webhook(
        secrets=PlatformSecret(env.platform_secret_name, access),
        queues=SqsUpdateQueues(env.inbox_queue_url, env.statuses_queue_url, access),
    )


class MessageHandler(NamedTuple):
    receive: Callable[[InboundMessage, PhoneNumberId], Received]


@cache
def message_handler() -> MessageHandler:
    from adapters.dynamodb_amendments import DynamoAmendments
    from adapters.dynamodb_catalogue import DynamoProducts
    from adapters.dynamodb_conversations import DynamoConversations
    from adapters.dynamodb_erasures import DynamoTombstones
    from adapters.dynamodb_identities import DynamoIdentities
    from adapters.dynamodb_quarantine import DynamoQuarantine
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.sns_escalations import SnsEscalations
    from adapters.sns_handoff_notifications import SnsHandoffNotifications
    from adapters.sqs_media_jobs import SqsMediaJobs
    from adapters.sqs_reply_jobs import SqsReplyJobs
    from domain.receive import ReceivePorts, receive

    env = settings.read(MessageHandlerSettings)
    ports = ReceivePorts(
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        conversations=DynamoConversations(env.conversations_table, env.customers_table, env.tenant_usage_table),
        amendments=DynamoAmendments(env.conversations_table),
        escalations=SnsEscalations(env.escalations_topic_arn, escalated),
        notifications=SnsHandoffNotifications(env.handoff_notifications_topic_arn),
        reply_jobs=SqsReplyJobs(env.replies_queue_url),
        quarantine=DynamoQuarantine(env.conversations_table),
        tombstones=DynamoTombstones(env.customers_table),
        media_jobs=SqsMediaJobs(env.media_queue_url),
        identities=DynamoIdentities(env.conversations_table, env.customers_table, env.tenant_usage_table),
        products=DynamoProducts(env.products_table),
    )
    return MessageHandler(partial(receive, ports=ports))


class ReplyHandler(NamedTuple):
    parse_job: Callable[[str], ReplyJob]
    ports: AnswerPorts
    reply_jobs: SqsReplyJobs


@cache
def reply_handler() -> ReplyHandler:
    from adapters.dynamodb_conversations import DynamoConversations
    from adapters.dynamodb_number_states import DynamoNumberStates
    from adapters.dynamodb_opt_outs import DynamoOptOuts
    from adapters.dynamodb_send_ledger import DynamoSendLedger
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.secrets_manager import SecretsManagerAccessTokens
    from adapters.sns_account_alerts import SnsAccountAlerts
    from adapters.sns_escalations import SnsEscalations
    from adapters.sns_handoff_notifications import SnsHandoffNotifications
    from adapters.sqs_reply_jobs import SqsReplyJobs, parse_job
    from adapters.whatsapp_messenger import WhatsAppMessenger
    from domain.answer import AnswerPorts
    from domain.pacing import NumberPace
    from handlers import bootstrap_assistant

    env = settings.read(ReplyHandlerSettings)
    access_tokens = SecretsManagerAccessTokens()
    asking = bootstrap_assistant.asking()
    ports = AnswerPorts(
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        conversations=DynamoConversations(env.conversations_table, "", env.tenant_usage_table),
        ledger=DynamoSendLedger(env.conversations_table, env.tenant_usage_table),
        assistant=asking.assistant,
        messenger=WhatsAppMessenger(env.graph_api_base_url, env.graph_api_version, access_tokens),
        escalations=SnsEscalations(env.escalations_topic_arn, escalated),
        opt_outs=DynamoOptOuts(env.conversations_table, env.customers_table),
        notifications=SnsHandoffNotifications(env.handoff_notifications_topic_arn),
        number_states=DynamoNumberStates(env.tenants_table, env.conversations_table),
        account_alerts=SnsAccountAlerts(env.account_alerts_topic_arn),
        access_tokens=access_tokens,
        pace=NumberPace(),
        catalogue=asking.catalogue,
        grounding=CountedFindings(),
        usage=asking.usage,
    )
    return ReplyHandler(parse_job, ports, SqsReplyJobs(env.replies_queue_url))


@cache
def status_handler() -> TrackPorts:
    from adapters.dynamodb_account_events import DynamoAccountEvents
    from adapters.dynamodb_conversations import DynamoConversations
    from adapters.dynamodb_customers import DynamoCustomers
    from adapters.dynamodb_deliveries import DynamoDeliveries
    from adapters.dynamodb_erasures import DynamoTombstones
    from adapters.dynamodb_number_states import DynamoNumberStates
    from adapters.dynamodb_opt_outs import DynamoOptOuts
    from adapters.dynamodb_quarantine import DynamoQuarantine
    from adapters.dynamodb_send_ledger import DynamoSendLedger
    from adapters.dynamodb_templates import DynamoTemplateCatalogue
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.sns_account_alerts import SnsAccountAlerts
    from adapters.sns_escalations import SnsEscalations
    from adapters.sns_handoff_notifications import SnsHandoffNotifications
    from domain.track import TrackPorts

    env = settings.read(StatusHandlerSettings)
    return TrackPorts(
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        deliveries=DynamoDeliveries(env.conversations_table, env.tenant_usage_table),
        customers=DynamoCustomers(env.customers_table),
        conversations=DynamoConversations(env.conversations_table, "", env.tenant_usage_table),
        ledger=DynamoSendLedger(env.conversations_table, env.tenant_usage_table),
        escalations=SnsEscalations(env.escalations_topic_arn, escalated),
        notifications=SnsHandoffNotifications(env.handoff_notifications_topic_arn),
        account_events=DynamoAccountEvents(env.tenants_table),
        quarantine=DynamoQuarantine(env.conversations_table),
        opt_outs=DynamoOptOuts(env.conversations_table, env.customers_table),
        tombstones=DynamoTombstones(env.customers_table),
        templates=DynamoTemplateCatalogue(env.tenants_table),
        number_states=DynamoNumberStates(env.tenants_table, env.conversations_table),
        account_alerts=SnsAccountAlerts(env.account_alerts_topic_arn),
    )


class Sweeper(NamedTuple):
    ports: SweepPorts


@cache
def sweeper() -> Sweeper:
    from adapters.dynamodb_conversations import DynamoConversations
    from adapters.dynamodb_due_items import DynamoDueItems
    from adapters.dynamodb_media import DynamoMediaRecords
    from adapters.dynamodb_number_states import DynamoNumberStates
    from adapters.dynamodb_send_ledger import DynamoSendLedger
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.dynamodb_waits import DynamoWaits
    from adapters.sns_account_alerts import SnsAccountAlerts
    from adapters.sns_escalations import SnsEscalations
    from adapters.sns_handoff_notifications import SnsHandoffNotifications
    from adapters.sqs_media_jobs import SqsMediaJobs
    from adapters.sqs_reply_jobs import SqsReplyJobs
    from domain.sweep import SweepPorts

    env = settings.read(SweeperSettings)
    return Sweeper(
        SweepPorts(
            due=DynamoDueItems(env.conversations_table),
            conversations=DynamoConversations(env.conversations_table, "", env.tenant_usage_table),
            ledger=DynamoSendLedger(env.conversations_table, env.tenant_usage_table),
            reply_jobs=SqsReplyJobs(env.replies_queue_url),
            escalations=SnsEscalations(env.escalations_topic_arn),
            notifications=SnsHandoffNotifications(env.handoff_notifications_topic_arn),
            number_states=DynamoNumberStates("", env.conversations_table),
            account_alerts=SnsAccountAlerts(env.account_alerts_topic_arn),
            waits=DynamoWaits(env.conversations_table),
            tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
            media=DynamoMediaRecords(env.conversations_table),
            media_jobs=SqsMediaJobs(env.media_queue_url),
        )
    )


class MediaHandler(NamedTuple):
    parse_job: Callable[[str], MediaJob]
    ports: FetchMediaPorts
    media_jobs: SqsMediaJobs


@cache
def media_handler() -> MediaHandler:
    from adapters.dynamodb_media import DynamoMediaRecords
    from adapters.dynamodb_tenants import DynamoTenants
    from adapters.media_hosts import MediaHosts
    from adapters.s3_media import S3MediaLibrary
    from adapters.secrets_manager import SecretsManagerAccessTokens
    from adapters.sqs_media_jobs import SqsMediaJobs, parse_media_job
    from adapters.whatsapp_media import WhatsAppMediaSource
    from domain.fetch_media import FetchMediaPorts

    env = settings.read(MediaHandlerSettings)
    ports = FetchMediaPorts(
        tenants=DynamoTenants(env.tenants_table, TENANT_CACHE_SECONDS),
        records=DynamoMediaRecords(env.conversations_table),
        source=WhatsAppMediaSource(
            env.graph_api_base_url,
            env.graph_api_version,
            SecretsManagerAccessTokens(),
            MediaHosts.of(env.media_hosts),
        ),
        library=S3MediaLibrary(env.media_bucket),
    )
    return MediaHandler(parse_media_job, ports, SqsMediaJobs(env.media_queue_url))


@cache
def embedder() -> EmbedPorts:
    from adapters.dynamodb_catalogue import DynamoProducts
    from adapters.dynamodb_embeddings import DynamoEmbeddings
    from adapters.dynamodb_index_pointers import DynamoIndexPointers
    from adapters.embedding_models import embedding_model
    from adapters.sqs_index_jobs import SqsIndexJobs
    from domain.embed import EmbedPorts

    env = settings.read(EmbedderSettings)
    return EmbedPorts(
        products=DynamoProducts(env.products_table),
        embeddings=DynamoEmbeddings(env.embeddings_table),
        model=embedding_model(env.embedding_model_id),
        index_jobs=SqsIndexJobs(env.indexing_queue_url, DynamoIndexPointers(env.tenants_table).begun),
    )


class Indexer(NamedTuple):
    parse_job: Callable[[str], TenantId]
    ports: IndexPorts


@cache
def indexer() -> Indexer:
    from adapters.dynamodb_catalogue import DynamoProducts
    from adapters.dynamodb_embeddings import DynamoEmbeddings
    from adapters.dynamodb_index_pointers import DynamoIndexPointers
    from adapters.embedding_models import embedding_model
    from adapters.sqs_index_jobs import SqsIndexJobs, parse_index_job
    from domain.index_catalogue import IndexPorts

    env = settings.read(IndexerSettings)
    ports = IndexPorts(
        products=DynamoProducts(env.products_table),
        embeddings=DynamoEmbeddings(env.embeddings_table),
        model=embedding_model(env.embedding_model_id),
        indexes=_product_indexes(env),
        index_jobs=SqsIndexJobs(env.indexing_queue_url, DynamoIndexPointers(env.tenants_table).begun),
    )
    return Indexer(parse_index_job, ports)


def _product_indexes(env: IndexerSettings) -> ProductIndexes:
    from adapters.embedding_models import embedding_model
    from adapters.s3_product_indexes import S3ProductIndexes

    beyond = int(env.s3_vectors_from_products)
    if not beyond:
        return S3ProductIndexes(env.product_index_bucket, env.tenants_table)
    from adapters.s3_vectors_indexes import S3VectorsIndexes
    from adapters.sized_indexes import SizedProductIndexes

    vectors = S3VectorsIndexes(env.vector_bucket, lambda: embedding_model(env.embedding_model_id))
    return SizedProductIndexes(env.product_index_bucket, env.tenants_table, vectors, beyond)
