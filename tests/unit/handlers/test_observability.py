"""What is counted of drafts that nothing proves, and what is never written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.escalations import EscalationReason
from domain.findings import Finding, FindingKind
from domain.model_use import FallbackReason, ModelUse
from domain.tenants import TenantId
from handlers.observability import CountedFindings, correlated, escalated, logger, metrics, model_used
from tests.builders import escalation, job
from tests.unit.handlers.conftest import Log


@pytest.fixture
def counted() -> Iterator[dict[str, object]]:
    metrics().clear_metrics()
    yield metrics().metric_set
    metrics().clear_metrics()


def test_findings_are_counted_by_kind_and_never_quoted(counted: dict[str, object], log: Log) -> None:
    findings = [
        Finding(FindingKind.PRICE, "9.99 usd"),
        Finding(FindingKind.PRICE, "8.99 usd"),
        Finding(FindingKind.LINK, "evil.com"),
    ]
    CountedFindings().note(TenantId("acme"), findings, "read_back")
    assert set(counted) == {"UngroundedPrice", "UngroundedLink", "DraftsReadBack"}
    [line] = log.lines
    assert (line["kinds"], line["remedy"], line["tenant_id"]) == (["link", "price"], "read_back", "acme")
    assert "9.99" not in str(line)
    assert "evil" not in str(line)


def test_why_a_person_is_called_stands_in_the_lines_of_that_message_alone(log: Log) -> None:
    with correlated("wamid.1"):
        escalated(escalation(job(), EscalationReason.COMPLAINT))
        logger().info("answered")
    with correlated("wamid.2"):
        logger().info("answered")
    assert [line.get("escalated_for") for line in log.lines] == ["complaint", None]


@pytest.mark.parametrize(
    ("fallback", "names"),
    [
        (FallbackReason.THROTTLED, {"ModelFallbacks", "ModelThrottled"}),
        (FallbackReason.TIMED_OUT, {"ModelFallbacks"}),
        (FallbackReason.OVER_BUDGET, {"ModelBarred"}),
    ],
)
def test_a_model_that_throttles_is_counted_by_itself(
    counted: dict[str, object], fallback: FallbackReason, names: set[str]
) -> None:
    model_used(ModelUse("amazon.nova-lite-v1:0", fallback=fallback))
    assert set(counted) == names
