"""What was made by hand as in the earlier system comes under the stack; then the audit is clean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops.adopt.adopting import carry_out, draw_up
from ops.adopt.plan import Plan
from ops.audit.clients import Clients
from ops.audit.report import report
from ops.audit.survey import survey
from ops.declared.stack import Stack, read_stack
from ops.local import artifact, deploy
from ops.local import aws as local_aws
from ops.local.aws import LocalAws
from ops.local.places import REPOSITORY
from ops.local.project import Project
from tests.operations.conftest import Deployment

TEMPLATE = REPOSITORY / "template.yaml"
ACCOUNT = "222222222222"
"""Another than the other tests': the emulator takes a key of twelve digits for an account."""


class WithoutSuffix(Project):
    """As its names were: the one deployment whose tables bear no suffix."""

    def stack_name(self) -> str:
        return "AIMarketplaceAssistant"

    def parameters(self) -> dict[str, str]:
        return {**super().parameters(), "Suffix": ""}


LATER = "LaterQueue"


@dataclass(frozen=True)
class Account:
    aws: LocalAws
    clients: Clients
    project: Project
    deployment: Deployment

    def plan(self, template: Path = TEMPLATE) -> tuple[Stack, Plan]:
        return draw_up(template, self.project.stack_name(), self.project.parameters(), self.clients)

    @property
    def stack(self) -> Stack:
        return read_stack(self.clients("cloudformation"), self.project.stack_name())

    def deploy(self) -> None:
        built = artifact.build(self.deployment.home, self.project)
        deploy.deploy(self.aws, self.project, built, self.project.parameters(), lambda _: None)

    def audit(self) -> Any:
        return report(survey(TEMPLATE, self.project.stack_name(), self.clients))


@pytest.fixture
def account(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Account:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, ACCOUNT)
    monkeypatch.setattr(local_aws, "ROOT_KEY", ACCOUNT)
    monkeypatch.setattr(deploy, "ARTIFACTS_BUCKET", f"artifacts-{ACCOUNT}")  # names of buckets are shared by all
    aws = LocalAws(deployment.file.aws_endpoint_url, deployment.aws.region)
    return Account(aws, Clients(), WithoutSuffix(), deployment)


def table(account: Account, name: str, keys: dict[str, str], index: dict[str, str] | None = None) -> None:
    attributes = {**keys, **(index or {})}
    indexes = [
        {
            "IndexName": "TenantCustomersIndex",
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in (index or {}).items()],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]
    account.clients("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in attributes],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        **({"GlobalSecondaryIndexes": indexes} if index else {}),
    )


def make_by_hand(account: Account) -> None:
    customers = {"tenantId": "HASH", "lastInteraction": "RANGE"}
    table(account, "ai-marketplace-customers", {"phoneNumber": "HASH"}, customers)
    table(account, "ai-marketplace-tenant-usage", {"tenantId": "HASH", "month": "RANGE"})
    account.clients("sns").create_topic(
        Name="ai-marketplace-escalations", Attributes={"DisplayName": "AI Marketplace Assistant Escalations"}
    )


def with_one_more_queue(folder: Path) -> Path:
    queue = f"""Resources:
  {LATER}:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain
    Properties: {{ QueueName: !Sub "${{Prefix}}-later${{Suffix}}", VisibilityTimeout: 60 }}
"""
    copy = folder / "template.yaml"
    copy.write_text(TEMPLATE.read_text().replace("Resources:\n", queue, 1))
    return copy


def test_what_was_made_by_hand_is_adopted_with_what_it_holds(account: Account, tmp_path: Path) -> None:
    make_by_hand(account)
    table(account, "ai-marketplace-products", {"productId": "HASH"})  # the first one, of one tenant
    row = {"tenantId": {"S": "acme"}, "month": {"S": "2026-01"}, "messages": {"N": "41"}}
    account.clients("dynamodb").put_item(TableName="ai-marketplace-tenant-usage", Item=row)

    stack, plan = account.plan()

    assert {one.resource.logical_id for one in plan.adoptions} == {
        *("CustomersTable", "TenantUsageTable", "EscalationsTopic"),
    }
    assert [one.resource.logical_id for one in plan.refusals] == ["ProductsTable"], plan.refusals
    [refusal] = plan.refusals
    assert refusal.resource.logical_id == "ProductsTable"
    assert "productId S HASH" in refusal.why
    assert "migrate" in refusal.why
    account.clients("dynamodb").delete_table(TableName="ai-marketplace-products")

    carry_out(stack, plan, account.clients)

    assert account.stack.status == "IMPORT_COMPLETE"
    assert set(account.stack.resources) == {"CustomersTable", "TenantUsageTable", "EscalationsTopic"}

    account.deploy()

    audited = account.audit()
    assert audited.findings == []
    assert audited.unread == []
    kept = account.clients("dynamodb").scan(TableName="ai-marketplace-tenant-usage")["Items"]
    assert kept == [row]

    account.clients("sqs").create_queue(QueueName="ai-marketplace-later")
    stack, plan = account.plan(with_one_more_queue(tmp_path))
    carry_out(stack, plan, account.clients)

    assert account.stack.status == "IMPORT_COMPLETE"
    assert set(account.stack.resources) == {*stack.resources, LATER}
