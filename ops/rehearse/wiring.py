"""The command and its adapters: those that read, and none that writes or sends."""

from __future__ import annotations

from adapters.catalogue_assistant import CatalogueAssistant
from adapters.dynamodb_catalogue import DynamoProducts
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_tenants import DynamoTenants
from adapters.file_index import FileIndex
from adapters.indexed_catalogue_search import IndexedCatalogueSearch
from adapters.ngram_embeddings import NgramEmbeddings
from adapters.s3_product_indexes import S3ProductIndexes
from domain.customers import CustomerId
from domain.ports import EmbeddingModel
from domain.tenants import TenantId
from ops.errors import OpsError
from ops.models.asked import Uses, asking, report_of, require_reachable, with_model
from ops.rehearse.rehearsing import Rehearsal, Rehearsing, rehearse
from ops.target import Target

_CACHE_SECONDS = 600


def rehearsed(target: Target, conversation_id: str, model_id: str | None, persona: str | None) -> Rehearsal:
    """`model_id`: None, the seller's own. Raises `OpsError` where the model cannot be asked."""
    tenant_id, _, customer_id = conversation_id.partition("#")
    conversations = DynamoConversations(target.tables["conversations"], "", "")
    thread = conversations.thread(TenantId(tenant_id), CustomerId(customer_id))
    if thread is None:
        raise OpsError(f"there is no conversation {conversation_id}", "its id is tenantId#customerId")
    tenants = DynamoTenants(target.tables["tenants"], _CACHE_SECONDS)
    number = tenants.number(thread.conversation.phone_number_id)
    if number is None or number.tenant.tenant_id != tenant_id:
        raise OpsError(f"the number of {conversation_id} is no longer {tenant_id}'s")
    index = FileIndex(S3ProductIndexes(target.buckets["index"], target.tables["tenants"]), _embedded_model)
    catalogue = IndexedCatalogueSearch(DynamoProducts(target.tables["products"]), index)
    model_id = model_id or number.tenant.assistant.model("")
    if not model_id:
        if persona is not None:
            raise OpsError("a persona is a model's, and this seller names none", "name one with --model")
        return rehearse(thread, number.tenant, ports=Rehearsing(CatalogueAssistant(catalogue), catalogue))
    tenant, uses = with_model(number.tenant, model_id, persona), Uses()
    require_reachable(catalogue, tenant, model_id)
    rehearsal = rehearse(thread, tenant, ports=Rehearsing(asking(catalogue, model_id, uses), catalogue))
    return rehearsal.model_copy(update={"model": report_of(model_id, uses.uses), "persona": persona})


def _embedded_model() -> EmbeddingModel:
    """An index of another model is searched by its words alone."""
    return NgramEmbeddings()
