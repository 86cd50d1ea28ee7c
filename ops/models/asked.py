"""The seller's assistant with a model of one's choice, and what it took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError
from pydantic import BaseModel, ConfigDict

from adapters.bedrock_assistant import BedrockAssistant
from adapters.catalogue_assistant import CatalogueAssistant
from adapters.fallback_assistant import FallbackAssistant
from domain.assistant_settings import AssistantKind
from domain.assistants import Turn
from domain.conversations import Decision, Disposition, ThreadMessage
from domain.errors import InvalidSettingsError, ModelError
from domain.messages import MessageId, position_of_send
from domain.model_use import FallbackReason, ModelUse, Spent
from domain.ports import Assistant, CatalogueSearch
from domain.tenants import Tenant, TenantId
from ops.errors import OpsError

_NOT_REACHED = frozenset(
    {FallbackReason.THROTTLED, FallbackReason.TIMED_OUT, FallbackReason.UNAVAILABLE, FallbackReason.REFUSED}
)


@dataclass(frozen=True, slots=True)
class Uses:
    """`ModelUsage` of nobody: kept for the report, and forgotten."""

    uses: list[ModelUse] = field(default_factory=list)

    def keep(self, tenant_id: TenantId, month: str, use: ModelUse) -> None:  # noqa: ARG002 (the port's signature)
        self.uses.append(use)

    def spent(self, tenant_id: TenantId, month: str) -> Spent:  # noqa: ARG002 (as above)
        return Spent()


class ModelReport(BaseModel):
    """What all turns took together."""

    model_config = ConfigDict(frozen=True)

    model: str
    turns: int
    calls: int
    tokens: int
    micro_usd: int | None
    """None where no price is known."""
    fallbacks: dict[str, int]
    """Turns for which the catalogue assistant spoke, by reason."""

    @property
    def ok(self) -> bool:
        """Whether the scores are the model's: at least half of its answers could be used."""
        return 2 * sum(self.fallbacks.values()) <= self.turns


def report_of(model_id: str, uses: list[ModelUse]) -> ModelReport:
    costs = [use.micro_usd for use in uses]
    return ModelReport(
        model=model_id,
        turns=len(uses),
        calls=sum(use.calls for use in uses),
        tokens=sum(use.tokens.total for use in uses),
        micro_usd=None if None in costs else sum(cost or 0 for cost in costs),
        fallbacks=dict(Counter(str(use.fallback) for use in uses if use.fallback)),
    )


def asking(catalogue: CatalogueSearch, model_id: str, uses: Uses) -> Assistant:
    """As the reply-handler's, without a seller's budget."""
    return FallbackAssistant(
        lambda: BedrockAssistant(catalogue),
        CatalogueAssistant(catalogue),
        uses,
        default_model=model_id,
        told=lambda _: None,
    )


def with_model(tenant: Tenant, model_id: str, persona: str | None) -> Tenant:
    settings = replace(
        tenant.assistant,
        kind=AssistantKind.BEDROCK,
        model_id=model_id,
        monthly_tokens=None,
        monthly_micro_usd=None,
        order_status_url="",
    )
    try:
        return replace(tenant, assistant=settings if persona is None else replace(settings, persona=persona))
    except InvalidSettingsError as error:
        raise OpsError("; ".join(error.problems)) from error


def require_reachable(catalogue: CatalogueSearch, tenant: Tenant, model_id: str) -> None:
    """One question beforehand: otherwise the catalogue assistant would answer all of them, and nobody would see."""
    hint = "on AWS it must be enabled in this region; on this machine, give --model-url of a server that has it"
    try:
        BedrockAssistant(catalogue).answer(_hello(tenant), model_id)
    except ModelError as error:
        if error.use.fallback in _NOT_REACHED:
            raise OpsError(f"the model {model_id} cannot be asked: {error.use.fallback}", hint) from error
    except BotoCoreError as error:  # no region, a profile that is not there
        raise OpsError(f"the model {model_id} cannot be asked: {error}", hint) from error


def _hello(tenant: Tenant) -> Turn:
    now = datetime.now(UTC)
    hello = ThreadMessage(
        message_id=MessageId("hello"),
        position=position_of_send(now, "hello"),
        type="text",
        words="Hello",
        at=now,
        decision=Decision(Disposition.ANSWER),
    )
    return Turn(tenant=tenant, language="en", burst=(hello,), history=(hello,))
