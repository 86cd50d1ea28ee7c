"""`GroundingLog`, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from domain.findings import Finding
from domain.tenants import TenantId


class FakeGroundingLog:
    def __init__(self) -> None:
        self.noted: list[tuple[list[str], str]] = []
        """Kinds of findings, and the remedy."""

    def note(self, tenant_id: TenantId, findings: Sequence[Finding], remedy: str) -> None:  # noqa: ARG002 (the port's signature)
        self.noted.append(([str(finding.kind) for finding in findings], str(remedy)))
