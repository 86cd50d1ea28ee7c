"""What an assistant is built of, for whoever asks it: customers' messages, and sellers who rehearse."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from handlers import settings
from handlers.observability import count, model_used
from handlers.settings import AssistantSettings

if TYPE_CHECKING:  # what one seller needs, another does not pay for
    from adapters.bedrock_assistant import BedrockAssistant
    from adapters.indexed_catalogue_search import Index
    from domain.ports import Assistant, EmbeddingModel, TurnCatalogue
    from domain.ports_usage import UsageWatch

NO_MODEL = "catalogue"
"""Setting of an operator who has no model: the catalogue assistant answers for every seller who names none either."""


class Asking(NamedTuple):
    assistant: Assistant
    catalogue: TurnCatalogue
    usage: UsageWatch


@cache
def asking() -> Asking:
    from adapters.catalogue_assistant import CatalogueAssistant
    from adapters.dynamodb_model_usage import DynamoModelUsage
    from adapters.dynamodb_month_usage import DynamoUsageWatch
    from adapters.fallback_assistant import FallbackAssistant
    from handlers.reply_metrics import plan_used_up_to

    env = settings.read(AssistantSettings)
    catalogue = _catalogue_search(env)

    @cache
    def model() -> BedrockAssistant:
        from adapters.bedrock_assistant import BedrockAssistant
        from adapters.http_order_status import HttpOrderStatus
        from adapters.secrets_manager import SecretsManagerAccessTokens

        return BedrockAssistant(catalogue, HttpOrderStatus(SecretsManagerAccessTokens(), env.tenant_secrets_prefix))

    usage = DynamoUsageWatch(env.tenant_usage_table, env.conversations_table, on_warned=plan_used_up_to)
    assistant = FallbackAssistant(
        model,
        CatalogueAssistant(catalogue),
        DynamoModelUsage(env.tenant_usage_table, usage),
        default_model="" if env.assistant_model_id == NO_MODEL else env.assistant_model_id,
        told=model_used,
    )
    return Asking(assistant, catalogue, usage)


def _catalogue_search(env: AssistantSettings) -> TurnCatalogue:
    from adapters.dynamodb_catalogue import DynamoProducts
    from adapters.file_index import FileIndex
    from adapters.indexed_catalogue_search import IndexedCatalogueSearch
    from adapters.s3_product_indexes import S3ProductIndexes

    def model() -> EmbeddingModel:
        from adapters.embedding_models import embedding_model

        return embedding_model(env.embedding_model_id)

    files = FileIndex(S3ProductIndexes(env.product_index_bucket, env.tenants_table), model)
    index: Index = files
    if int(env.s3_vectors_from_products):
        from adapters.s3_vectors_indexes import S3VectorsIndexes
        from adapters.sized_indexes import SizedIndex

        index = SizedIndex(files, S3VectorsIndexes(env.vector_bucket, model))
    return IndexedCatalogueSearch(
        DynamoProducts(env.products_table), index, on_unindexed=lambda: count("SearchesWithoutIndex")
    )
