"""What a model was asked for a reply, as the map `model` of the reply's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.language_models import Tokens
from domain.model_use import FallbackReason, ModelUse


def model_use_attributes(use: ModelUse | None) -> dict[str, Any]:
    if use is None:
        return {}
    facts = {
        "id": use.model_id,
        "tokensIn": use.tokens.input,
        "tokensOut": use.tokens.output,
        "tokensCached": use.tokens.cached,
        "tokensCacheWrite": use.tokens.cache_write,
        "microUsd": use.micro_usd,
        "milliseconds": use.milliseconds,
        "calls": use.calls,
        "tools": list(use.tools),
        "stopReason": use.stop_reason,
        "fallback": use.fallback,
    }
    return {"model": {name: fact for name, fact in facts.items() if fact is not None}}


def model_use_of(row: Mapping[str, Any]) -> ModelUse | None:
    facts = row.get("model")
    if facts is None:
        return None
    return ModelUse(
        model_id=facts["id"],
        tokens=Tokens(
            int(facts["tokensIn"]), int(facts["tokensOut"]), int(facts["tokensCached"]), int(facts["tokensCacheWrite"])
        ),
        micro_usd=int(facts["microUsd"]) if "microUsd" in facts else None,
        milliseconds=int(facts["milliseconds"]),
        calls=int(facts["calls"]),
        tools=tuple(facts["tools"]),
        stop_reason=facts["stopReason"],
        fallback=FallbackReason(facts["fallback"]) if "fallback" in facts else None,
    )
