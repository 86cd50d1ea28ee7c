from __future__ import annotations

from dataclasses import dataclass

import pytest

from adapters.dynamodb_model_usage import DynamoModelUsage
from adapters.dynamodb_month_usage import CACHE_SECONDS, DynamoUsageWatch
from domain.language_models import Tokens
from domain.model_use import FallbackReason, ModelUse, Spent
from tests.builders import ACME, MONTH
from tests.contracts.modelling import USE, ModelUsageContract
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources


@dataclass(slots=True)
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


def worker(resources: TemplateResources, clock: Clock) -> DynamoModelUsage:
    usage, conversations = resources.tables["TenantUsageTable"], resources.tables["ConversationsTable"]
    return DynamoModelUsage(usage, DynamoUsageWatch(usage, conversations, clock))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model_usage(resources: TemplateResources, clock: Clock) -> DynamoModelUsage:
    return worker(resources, clock)


class TestModelUsage(ModelUsageContract): ...


def test_it_stands_among_the_months_counters(model_usage: DynamoModelUsage, look: AwsLook) -> None:
    model_usage.keep(ACME, MONTH, USE)
    failed = ModelUse("m", Tokens(1, 1), micro_usd=1, calls=1, fallback=FallbackReason.MALFORMED)
    model_usage.keep(ACME, MONTH, failed)
    assert look.usage(ACME, MONTH) == {
        "model_turns": 2,
        "model_calls": 3,
        "model_tokens_in": 135,
        "model_tokens_cached": 30,
        "model_tokens_out": 21,
        "model_micro_usd": 13,
        "model_fallbacks": 1,
    }


def test_what_others_spent_is_seen_within_a_minute(
    model_usage: DynamoModelUsage, resources: TemplateResources, clock: Clock
) -> None:
    assert model_usage.spent(ACME, MONTH) == Spent()
    worker(resources, clock).keep(ACME, MONTH, USE)
    clock.seconds += CACHE_SECONDS - 0.1
    assert model_usage.spent(ACME, MONTH) == Spent()
    clock.seconds += 0.1
    assert model_usage.spent(ACME, MONTH) == Spent(154, 12)
