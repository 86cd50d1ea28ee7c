"""How a seller's assistant answers, as the API takes and tells it.

What the operator pays for by the call (model, guardrail, prices, length of an answer) is set by
`ai-marketplace assistant set` alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from domain.assistant_settings import AssistantKind, AssistantSettings, BeyondBudget
from domain.errors import InvalidInputError, InvalidSettingsError
from handlers.api.models import Sent, Told

Line = Annotated[str, Field(max_length=1200)]
Lines = Annotated[list[Line], Field(max_length=50)]
Budget = Annotated[int | None, Field(ge=0, le=10**15)]


class SentAssistant(Sent):
    """What is to change; what is left out stays."""

    kind: Annotated[AssistantKind | None, Field(strict=False)] = None
    """Null: with the operator's model where there is one."""
    persona: Line = ""
    tone: Line = ""
    languages: Annotated[list[Annotated[str, Field(pattern="^[a-z]{2}$")]], Field(max_length=50)] = Field(
        default_factory=list
    )
    """In these it answers, the first where the customer's is none of them. None at all: in any."""
    forbidden_subjects: Lines = Field(default_factory=list)
    escalation_rules: Lines = Field(default_factory=list)
    """When a person is to be called, beyond what always calls one."""
    order_status_url: Annotated[str, Field(max_length=1000)] = ""
    """https, with `{order_id}` in its path or query. Empty: the assistant knows nothing of orders."""
    monthly_tokens: Budget = None
    """Null: no limit of the seller's own."""
    monthly_micro_usd: Budget = None
    beyond_budget: Annotated[BeyondBudget, Field(strict=False)] = BeyondBudget.CATALOGUE

    def applied_to(self, settings: AssistantSettings) -> AssistantSettings:
        """Raises `InvalidInputError`."""
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        changes: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in sent.items()
        }
        try:
            return replace(settings, **changes)
        except InvalidSettingsError as error:
            raise InvalidInputError("/assistant", str(error)) from error


class ToldAssistant(Told):
    kind: AssistantKind | None
    model_id: str
    """Empty: the operator's."""
    persona: str
    tone: str
    languages: list[str]
    forbidden_subjects: list[str]
    escalation_rules: list[str]
    order_status_url: str
    monthly_tokens: int | None
    monthly_micro_usd: int | None
    beyond_budget: BeyondBudget
