"""`ModelUsage`: what models cost each tenant, month by month."""

from __future__ import annotations

from domain.language_models import Tokens
from domain.model_use import FallbackReason, ModelUse, Spent
from domain.ports import ModelUsage
from tests.builders import ACME, GLOBEX, MONTH
from tests.contracts.recording import at_once

USE = ModelUse("amazon.nova-lite-v1:0", Tokens(100, 20, 30, 4), micro_usd=12, calls=2)


class ModelUsageContract:
    def test_nothing_is_spent_at_first(self, model_usage: ModelUsage) -> None:
        assert model_usage.spent(ACME, MONTH) == Spent()

    def test_every_token_and_every_cent_is_added_up(self, model_usage: ModelUsage) -> None:
        for _ in range(3):
            model_usage.keep(ACME, MONTH, USE)
        assert model_usage.spent(ACME, MONTH) == Spent(tokens=3 * 154, micro_usd=36)

    def test_also_after_it_was_asked_for(self, model_usage: ModelUsage) -> None:
        model_usage.spent(ACME, MONTH)
        model_usage.keep(ACME, MONTH, USE)
        assert model_usage.spent(ACME, MONTH) == Spent(154, 12)

    def test_of_each_tenant_and_month_alone(self, model_usage: ModelUsage) -> None:
        model_usage.keep(ACME, MONTH, USE)
        model_usage.keep(GLOBEX, "2026-12", USE)
        assert model_usage.spent(GLOBEX, MONTH) == Spent()
        assert model_usage.spent(ACME, "2026-12") == Spent()

    def test_what_failed_and_what_has_no_price_counts_its_tokens(self, model_usage: ModelUsage) -> None:
        failed = ModelUse("new", Tokens(10), micro_usd=None, calls=1, fallback=FallbackReason.EMPTY)
        model_usage.keep(ACME, MONTH, failed)
        assert model_usage.spent(ACME, MONTH) == Spent(10, 0)

    def test_from_many_workers_at_once(self, model_usage: ModelUsage) -> None:
        at_once([lambda: model_usage.keep(ACME, MONTH, USE)] * 16)
        assert model_usage.spent(ACME, MONTH) == Spent(16 * 154, 16 * 12)
