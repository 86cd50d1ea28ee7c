"""On a fresh deployment, nothing; of what was broken by hand, each, and nothing else. The last file of the folder."""

from __future__ import annotations

from ops.audit.report import CLEAN, FINDINGS, AuditReport, report
from ops.audit.survey import survey
from ops.local.places import REPOSITORY
from tests.operations.breaks import BREAKS, Breaker
from tests.operations.conftest import Deployment


def audited(deployment: Deployment) -> AuditReport:
    return report(survey(REPOSITORY / "template.yaml", deployment.file.stack_name, deployment.clients))


def test_a_fresh_deployment_is_clean(deployment: Deployment) -> None:
    found = audited(deployment)

    assert found.findings == []
    assert found.unread == []
    assert found.exit_code == CLEAN


def test_what_was_broken_by_hand_is_named_and_nothing_else(deployment: Deployment) -> None:
    breaker = Breaker(deployment.clients, deployment.file.stack_name)
    for break_ in BREAKS.values():
        break_(breaker)

    found = audited(deployment)

    named = [(str(one.kind), one.resource, one.where) for one in found.findings]
    assert [one for one in BREAKS if one not in named] == []
    assert [one for one in named if one not in BREAKS] == []
    assert len(named) == len(BREAKS)
    assert found.unread == []
    assert found.exit_code == FINDINGS
