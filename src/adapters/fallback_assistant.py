"""Each tenant's own assistant, within its budget; and another one wherever the model has no answer.

Here alone it is decided who answers, and whatever a model was asked is counted, also for an answer that nobody got.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from domain.assistant_settings import BeyondBudget
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.errors import ModelError
from domain.media import MediaKind
from domain.model_use import ModelUse
from domain.ports import Assistant, ModelUsage
from domain.usage import month_of


class ModelAssistant(Protocol):
    def answer(self, turn: Turn, model_id: str) -> Answer | CallPerson:
        """Raises `ModelError`."""


class FallbackAssistant:
    """`model`: made when the first tenant asks for one, so that nobody else pays for its imports.

    `default_model`: for tenants who chose none; empty: they are answered without one.

    `told`: hears of every use of a model, for the metrics.
    """

    def __init__(  # noqa: PLR0913 (what it stands between)
        self,
        model: Callable[[], ModelAssistant],
        without_model: Assistant,
        usage: ModelUsage,
        *,
        default_model: str,
        told: Callable[[ModelUse], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._model = model
        self._without_model = without_model
        self._usage = usage
        self._default_model = default_model
        self._told = told
        self._now = now

    @property
    def takes(self) -> frozenset[MediaKind]:
        """Words alone: what a file shows is for a person."""
        return frozenset()

    def answer(self, turn: Turn) -> Draft:
        model_id = turn.tenant.assistant.model(self._default_model)
        without_model = self._without_model.answer(turn)
        # What needs no answer, or has no words, a model is not paid to read.
        if not model_id or turn.without_model or isinstance(without_model, NoReply) or not _asks(turn):
            return without_model
        barred = self._barred(turn, model_id)
        if barred is not None:
            self._told(barred)
            beyond = CallPerson() if turn.tenant.assistant.beyond_budget is BeyondBudget.PERSON else without_model
            return replace(beyond, use=barred)
        try:
            draft = self._model().answer(turn, model_id)
        except ModelError as error:
            self._count(turn, error.use)
            return replace(without_model, use=error.use)
        if draft.use is not None:
            self._count(turn, draft.use)
        return draft

    def _barred(self, turn: Turn, model_id: str) -> ModelUse | None:
        settings = turn.tenant.assistant
        if not settings.budgeted:
            return None
        so_far = self._usage.spent(turn.tenant.tenant_id, month_of(self._now()))
        reason = settings.barred(model_id, so_far)
        return ModelUse(model_id, fallback=reason) if reason else None

    def _count(self, turn: Turn, use: ModelUse) -> None:
        """Before the answer is claimed: it is paid for, whether or not it is sent."""
        self._usage.keep(turn.tenant.tenant_id, month_of(self._now()), use)
        self._told(use)


def _asks(turn: Turn) -> bool:
    return bool(turn.words.strip()) or any(message.referred_product_id for message in turn.burst)
