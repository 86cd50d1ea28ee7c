"""What one turn asked of a language model, whoever answered in the end: it is recorded with the reply, and paid for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.language_models import Tokens

MODEL_TURNS = "model_turns"
MODEL_CALLS = "model_calls"
MODEL_TOKENS_IN = "model_tokens_in"
"""All input, what the model remembered included."""
MODEL_TOKENS_CACHED = "model_tokens_cached"
MODEL_TOKENS_OUT = "model_tokens_out"
MODEL_MICRO_USD = "model_micro_usd"
MODEL_FALLBACKS = "model_fallbacks"


class FallbackReason(StrEnum):
    """Why the model's own answer was not used."""

    THROTTLED = "throttled"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    """Bedrock does not take the request: no permission, no such model, a setting that the model does not know."""
    EMPTY = "empty"
    MALFORMED = "malformed"
    CUT_OFF = "cut_off"
    """The answer was longer than it may be, so it ends in the middle."""
    GUARDRAIL = "guardrail"
    TOO_MANY_ROUNDS = "too_many_rounds"
    """It went on calling tools."""
    OVER_BUDGET = "over_budget"
    UNPRICED = "unpriced"
    """There is a budget in money, and nobody said what the model costs."""

    @property
    def asked_nothing(self) -> bool:
        """Whether it was decided before the model was called."""
        return self in {FallbackReason.OVER_BUDGET, FallbackReason.UNPRICED}


@dataclass(frozen=True, slots=True)
class ModelUse:
    model_id: str
    tokens: Tokens = field(default_factory=Tokens)
    micro_usd: int | None = 0
    """None where no price is known."""
    milliseconds: int = 0
    """From the first call to the last answer, tools included."""
    calls: int = 0
    tools: tuple[str, ...] = ()
    """Which were called, in order."""
    stop_reason: str = ""
    """Of the last call, in Bedrock's words."""
    fallback: FallbackReason | None = None

    def and_then(self, later: ModelUse) -> ModelUse:
        """Of one turn, what was asked first and what was asked again; how it ended is the later one's."""
        known = self.micro_usd is not None and later.micro_usd is not None
        return replace(
            later,
            tokens=self.tokens + later.tokens,
            micro_usd=(self.micro_usd or 0) + (later.micro_usd or 0) if known else None,
            milliseconds=self.milliseconds + later.milliseconds,
            calls=self.calls + later.calls,
            tools=self.tools + later.tools,
        )

    @property
    def counters(self) -> Mapping[str, int]:
        """What it adds to the tenant's month."""
        tokens = self.tokens
        counts = {
            MODEL_TURNS: 1,
            MODEL_CALLS: self.calls,
            MODEL_TOKENS_IN: tokens.input + tokens.cached + tokens.cache_write,
            MODEL_TOKENS_CACHED: tokens.cached,
            MODEL_TOKENS_OUT: tokens.output,
            MODEL_MICRO_USD: self.micro_usd or 0,
            MODEL_FALLBACKS: 1 if self.fallback else 0,
        }
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Spent:
    """By one tenant, in one month."""

    tokens: int = 0
    micro_usd: int = 0


def spent(counters: Mapping[str, int]) -> Spent:
    tokens = counters.get(MODEL_TOKENS_IN, 0) + counters.get(MODEL_TOKENS_OUT, 0)
    return Spent(tokens, counters.get(MODEL_MICRO_USD, 0))
