"""What is counted of drafts that nothing proves, and what is never written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.findings import Finding, FindingKind
from domain.tenants import TenantId
from handlers.observability import CountedFindings, metrics
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
