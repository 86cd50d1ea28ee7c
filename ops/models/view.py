"""What a model took, for people."""

from __future__ import annotations

from ops.models.asked import ModelReport


def told_of_model(model: ModelReport) -> str:
    cost = "a price that is not known" if model.micro_usd is None else f"{model.micro_usd / 1_000_000:.4f} USD"
    told = f"{model.model}: {model.turns} turns, {model.calls} calls, {model.tokens} tokens, {cost}"
    fallbacks = ", ".join(f"{count} × {reason}" for reason, count in sorted(model.fallbacks.items()))
    return f"{told}; answered without it: {fallbacks or 'none'}"
