"""Embeddings by a model of Amazon Bedrock: Titan Text Embeddings V2, or Cohere Embed.

Request and answer of each: "Inference request parameters and response fields" of the Bedrock user guide.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np

from adapters.aws_clients import client, translated
from adapters.vectors import quantized
from domain.embeddings import Vector
from domain.errors import PermanentError, ServiceUnavailableError

_CALLS_AT_ONCE = 8
_MOST_CHARACTERS = 2000
_TITAN, _COHERE = "amazon.titan-embed-text-v2", "cohere.embed-"
_TITAN_DIMENSIONS = 512
"""Half of what it can, for 99 % of the accuracy (AWS's own figure)."""
_MOST_COHERE_TEXTS = 96

InputType = Literal["search_document", "search_query"]


class BedrockEmbeddings:
    """Throttled or away: `ServiceUnavailableError`, and the queue that asked for it comes back."""

    def __init__(self, model_id: str) -> None:
        """Raises `PermanentError` for a model of another family: each has a request of its own."""
        if not model_id.startswith((_TITAN, _COHERE)):
            raise PermanentError(f"{model_id} is no embedding model that is known here: Titan V2, or Cohere Embed")
        self._model_id = model_id
        self._titan = model_id.startswith(_TITAN)
        self.most_at_once = 10 * _CALLS_AT_ONCE if self._titan else _MOST_COHERE_TEXTS

    @property
    def name(self) -> str:
        return f"{self._model_id}/{_TITAN_DIMENSIONS}" if self._titan else self._model_id

    def of_products(self, texts: Sequence[str]) -> list[Vector]:
        return self._embed(texts, "search_document")

    def of_question(self, text: str) -> Vector:
        return self._embed([text], "search_query")[0]

    def _embed(self, texts: Sequence[str], kind: InputType) -> list[Vector]:
        short = [text[:_MOST_CHARACTERS] for text in texts]
        rows = self._by_titan(short) if self._titan else self._by_cohere(short, kind)
        if len(rows) != len(texts):
            raise ServiceUnavailableError(f"embed: {len(rows)} vectors for {len(texts)} texts")
        return quantized(np.array(rows, np.float32))

    def _by_titan(self, texts: Sequence[str]) -> list[list[float]]:
        """One text a call."""

        def embed(text: str) -> list[float]:
            body = {"inputText": text, "dimensions": _TITAN_DIMENSIONS, "normalize": True}
            return list(self._invoke(body)["embedding"])

        if len(texts) == 1:
            return [embed(texts[0])]
        with ThreadPoolExecutor(_CALLS_AT_ONCE) as pool:
            return list(pool.map(embed, texts))

    def _by_cohere(self, texts: Sequence[str], kind: InputType) -> list[list[float]]:
        return list(self._invoke({"texts": texts, "input_type": kind, "truncate": "END"})["embeddings"])

    def _invoke(self, body: dict[str, Any]) -> dict[str, Any]:
        with translated("embed"):
            answer = client("bedrock-runtime").invoke_model(
                modelId=self._model_id,
                contentType="application/json",
                accept="application/json",
                body=json.dumps(body),
            )
            return dict(json.loads(answer["body"].read()))
