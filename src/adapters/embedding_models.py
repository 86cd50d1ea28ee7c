"""The model of an id: the embedded one by its own name, any other by Bedrock's."""

from __future__ import annotations

from functools import cache

from adapters.ngram_embeddings import MODEL, NgramEmbeddings
from domain.ports import EmbeddingModel


@cache
def embedding_model(model_id: str) -> EmbeddingModel:
    """Raises `PermanentError` for one that is not known."""
    if model_id == MODEL:
        return NgramEmbeddings()
    from adapters.bedrock_embeddings import BedrockEmbeddings

    return BedrockEmbeddings(model_id)
