"""`doctor` on the deployed stack, with the simulator as Meta: a healthy one, and one with three ailments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from typer.testing import CliRunner

from adapters.aws_clients import client
from ops.cli import app
from ops.doctor.report import FINDINGS, DoctorReport
from tests.stack.deployed import Deployed
from tests.stack.phone import control

_SEEDED = {"templates"}
"""The sellers of the demo have some that Meta rejected or paused."""


def _report(stack: Deployed) -> DoctorReport:
    done = CliRunner().invoke(app, ["doctor", "--home", str(stack.home.root), "--output", "json"])
    assert done.exit_code == FINDINGS, done.output
    return DoctorReport.model_validate(json.loads(done.stdout))


def _ailments(report: DoctorReport) -> list[tuple[str, str, str]]:
    found = [one for one in report.findings if one.check not in _SEEDED]
    return [(one.check, one.subject.split()[0], one.remedy) for one in found]


@contextmanager
def _meta_says(stack: Deployed, tenant_id: str, **condition: object) -> Iterator[None]:
    where = {"phone_number_id": stack.tenant(tenant_id).phone_number_id}
    control(stack, "POST", "conditions", {**where, **condition})
    try:
        yield
    finally:
        control(stack, "POST", "conditions", {**where, "subscribed": True, "quality_rating": "GREEN"})


@contextmanager
def _another_token(stack: Deployed, tenant_id: str) -> Iterator[None]:
    secrets = client("secretsmanager")
    name = f"ai-marketplace-platform/tenants/{tenant_id}/{stack.tenant(tenant_id).phone_number_id}"
    before = secrets.get_secret_value(SecretId=name)["SecretString"]
    secrets.put_secret_value(SecretId=name, SecretString="EAAG-of-somebody-else")
    try:
        yield
    finally:
        secrets.put_secret_value(SecretId=name, SecretString=before)


def test_each_ailment_is_named_with_its_remedy_and_nothing_else(stack: Deployed) -> None:
    before = _report(stack)
    assert _ailments(before) == []
    assert before.unasked == []
    with (
        _another_token(stack, "flor-de-cafe"),
        _meta_says(stack, "maple-home", subscribed=False, quality_rating="YELLOW"),
    ):
        ill = _report(stack)
    assert [(check, tenant) for check, tenant, _ in _ailments(ill)] == [
        ("token", "flor-de-cafe"),
        ("quality", "maple-home"),
        ("webhooks", "maple-home"),
    ]
    token, _, webhooks = (remedy for _, _, remedy in _ailments(ill))
    assert "ai-marketplace tenant rotate-token flor-de-cafe" in token
    assert f"POST /{stack.tenant('maple-home').waba_id}/subscribed_apps" in webhooks
    assert "EAAG" not in ill.model_dump_json()
    assert _ailments(_report(stack)) == []
