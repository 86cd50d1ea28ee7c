from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ops.audit import legacy, view
from ops.audit.findings import Kind
from ops.audit.report import AuditReport, FindingReport, StepReport, UnreadReport
from ops.smoke.bench import State

FINDING = FindingReport(
    kind=Kind.DRIFTED,
    type="AWS::SQS::Queue",
    resource="InboxQueue",
    name="inbox",
    where="VisibilityTimeout",
    declared="90 | more",
    found="15",
    remedy="put it back",
)
UNREAD = UnreadReport(resource="InboxQueue", what="queue", why="AccessDenied")
FAILED = StepReport(what="topic", name="escalations", state=State.FAILS, detail="KMSAccessDenied")
NOT_TRIED = StepReport(what="message", name="answered", state=State.NOT_TRIED, detail="it speaks to Meta")


def report(
    findings: list[FindingReport] | None = None,
    unread: list[UnreadReport] | None = None,
    tried: list[StepReport] | None = None,
) -> AuditReport:
    return AuditReport(
        stack="shop",
        account="123456789012",
        region="eu-west-1",
        at=datetime(2026, 11, 22, tzinfo=UTC),
        looked_at=66,
        findings=findings or [],
        unread=unread or [],
        notes=[],
        tried=tried or [],
    )


@pytest.mark.parametrize(
    ("told", "exit_code"),
    [
        (report(), 0),
        (report(tried=[NOT_TRIED]), 0),
        (report([FINDING]), 1),
        (report(tried=[FAILED]), 1),
        (report(unread=[UNREAD]), 2),
        (report([FINDING], [UNREAD]), 1),
    ],
)
def test_only_what_was_looked_at_whole_is_clean(told: AuditReport, exit_code: int) -> None:
    assert told.exit_code == exit_code


def test_what_could_not_be_read_is_never_called_clean() -> None:
    page = view.markdown(report(unread=[UNREAD]))

    assert "Clean" not in page
    assert "- InboxQueue, queue: AccessDenied" in page


def test_a_page_holds_findings_and_what_to_do() -> None:
    page = view.markdown(report([FINDING], tried=[FAILED]))

    assert r"| drifted | SQS Queue | InboxQueue (inbox) | VisibilityTimeout | 90 \| more | 15 |" in page
    assert "- InboxQueue: put it back" in page
    assert "- topic escalations fails: KMSAccessDenied" in page


@pytest.mark.parametrize(
    ("kind", "name", "remedy"),
    [
        ("AWS::DynamoDB::Table", "ai-marketplace-conversations", "migrate"),
        ("AWS::DynamoDB::Table", "ai-marketplace-tenant-usage", "migrate"),
        ("AWS::SNS::Topic", "ai-marketplace-escalations", "subscriptions"),
        ("AWS::Lambda::Function", "ai-marketplace-platform-webhook-handler", "remove"),
        ("AWS::Logs::LogGroup", "/aws/lambda/ai-marketplace-platform-webhook-handler", "remove"),
    ],
)
def test_the_earlier_systems_names_are_known_with_what_to_do(kind: str, name: str, remedy: str) -> None:
    known = legacy.known(kind, name)

    assert known is not None
    assert remedy in known.remedy


def test_a_name_of_ours_is_not_the_earlier_systems() -> None:
    assert legacy.known("AWS::DynamoDB::Table", "ai-marketplace-conversations-platform") is None
