"""Tokens that a model reads for one answer: of the requests that the assistant makes, with a seller's own catalogue.

No model's tokenizer is to be had without the model: tokens are estimated from characters, rather too many than too few
(`domain.language_models.estimate_tokens`). What is charged, Bedrock tells with each answer (`ModelTokensIn`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from typing import Any

from adapters.bedrock_assistant import BedrockAssistant
from adapters.catalogue_assistant import CatalogueAssistant
from bench.figures import Bar, Figure, Measurement, Plot
from domain.assistants import Answer, Turn
from domain.conversations import Decision, Disposition, ThreadMessage
from domain.language_models import estimate_tokens
from domain.messages import MessageId, Position
from domain.replies import Reply, ReplyId, ReplyPurpose, ReplyState
from domain.tenants import Tenant, TenantId
from ops.evaluate import questions
from ops.evaluate.asking import DemoCatalogue
from ops.local import demo_data
from ops.models.asked import with_model

_MODEL = "eu.amazon.nova-lite-v1:0"
_TURNS = (10, 100, 1000)
_MOST = 1500
_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

Said = ThreadMessage | Reply


@dataclass
class _Model:
    """Bedrock's runtime: searches for what the customer asks, then answers. Keeps what it was sent."""

    question: str
    requests: list[int] = field(default_factory=list)

    def converse(self, **request: Any) -> Mapping[str, Any]:
        self.requests.append(_tokens(request))
        search = {"toolUse": {"toolUseId": "search-1", "name": "search_catalogue", "input": {"query": self.question}}}
        block = search if len(self.requests) == 1 else {"text": "Yes, we have it."}
        stop_reason = "tool_use" if len(self.requests) == 1 else "end_turn"
        return {"output": {"message": {"role": "assistant", "content": [block]}}, "stopReason": stop_reason}


@dataclass(frozen=True)
class _Seller:
    tenant: Tenant
    language: str
    catalogue: DemoCatalogue
    told: tuple[tuple[str, Answer], ...]
    """Questions that the catalogue answers, with the answers."""

    def tokens(self, question: str, turns: int) -> list[int]:
        """Of each request for the answer to this question, after so many turns of the conversation."""
        history = tuple(islice(self._history(), 2 * turns))
        burst = (_message(turns, question),)
        model = _Model(question)
        assistant = BedrockAssistant(self.catalogue, runtime_for=lambda _: model)
        assistant.answer(Turn(self.tenant, self.language, burst, (*history, *burst)), _MODEL)
        return model.requests

    def _history(self) -> Iterator[Said]:
        for n, (question, answer) in enumerate(cycle(self.told)):
            yield _message(n, question)
            yield _reply(n, answer)


def measure() -> Measurement:
    sellers = [_seller(tenant_id) for tenant_id in questions.tenants()]
    asked = [(seller, question) for seller in sellers for question, _ in seller.told]
    largest = {turns: max((seller.tokens(question, turns) for seller, question in asked), key=max) for turns in _TURNS}
    return Measurement(
        figures=tuple(
            Figure(
                "7",
                f"input tokens of a model's largest request, after {turns:,} turns",
                max(requests),
                _MOST,
                "tokens",
                told=f"of {len(asked)} questions, each with one search: {' then '.join(map(str, requests))}; estimated",
            )
            for turns, requests in largest.items()
        ),
        plots=(
            Plot(
                "tokens",
                "Input of a model's largest request, by turns of the conversation",
                "tokens, estimated",
                tuple(Bar(f"{turns:,} turns", max(requests)) for turns, requests in largest.items()),
            ),
        ),
    )


def _seller(tenant_id: TenantId) -> _Seller:
    demo = next(one for one in demo_data.tenants() if one.id == tenant_id)
    tenant = with_model(demo.whatsapp_number("").tenant, _MODEL, None)
    catalogue = DemoCatalogue(tenant_id, demo_data.catalogue(tenant_id))
    asked = dict.fromkeys(" ".join(question.ask) for question in questions.of_tenant(tenant_id))
    answer = partial(_answer, tenant, catalogue)
    told = tuple((question, draft) for question in asked if isinstance(draft := answer(question), Answer))
    return _Seller(tenant, tenant.language, catalogue, told)


def _answer(tenant: Tenant, catalogue: DemoCatalogue, question: str) -> object:
    burst = (_message(0, question),)
    return CatalogueAssistant(catalogue).answer(Turn(tenant, tenant.language, burst, burst))


def _message(n: int, words: str) -> ThreadMessage:
    return ThreadMessage(
        MessageId(f"wamid.{n}"),
        Position(f"{n:06}"),
        "text",
        words,
        _NOON + timedelta(minutes=n),
        Decision(Disposition.ANSWER),
    )


def _reply(n: int, answer: Answer) -> Reply:
    return Reply(
        ReplyId(f"reply-{n}"),
        ReplyPurpose.ANSWER,
        answer.text,
        ReplyState.SENT,
        MessageId(f"wamid.{n}"),
        (MessageId(f"wamid.{n}"),),
        _NOON + timedelta(minutes=n),
        answer.product_ids,
    )


def _tokens(request: Mapping[str, Any]) -> int:
    """Of everything in it that a model reads: instructions, tools, what was said, what tools were asked and found."""
    blocks = [block for message in request["messages"] for block in message["content"] if "cachePoint" not in block]
    said = [block["text"] if "text" in block else json.dumps(block, ensure_ascii=False) for block in blocks]
    return sum(map(estimate_tokens, [request["system"][0]["text"], json.dumps(request["toolConfig"]["tools"]), *said]))
