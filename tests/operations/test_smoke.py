"""A smoke test leaves nothing behind, also where it was killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ops import target
from ops.errors import OpsError
from ops.smoke import marks, message, wiring
from ops.smoke.bench import Bench, State
from ops.smoke.run import run
from tests.operations.conftest import Deployment
from tests.stack.deployed import wait_until

COMMAND = Path(sys.executable).with_name("ai-marketplace")


@pytest.fixture
def bench(deployment: Deployment) -> Bench:
    found = target.find(deployment.home.root, None)
    return wiring.bench(found, deployment.home.root, deployment.clients, lambda: False)


def marked(deployment: Deployment) -> list[str]:
    """Everything in the deployment that bears the reserved tenant's name."""
    aws, file = deployment.clients, deployment.file
    scans = (aws("dynamodb").get_paginator("scan").paginate(TableName=table) for table in file.tables.values())
    texts = [json.dumps(item, default=str) for pages in scans for page in pages for item in page["Items"]]
    texts += [one["Name"] for one in aws("secretsmanager").list_secrets()["SecretList"]]
    texts += aws("sqs").list_queues().get("QueueUrls", [])
    texts += [one["Endpoint"] for one in aws("sns").list_subscriptions()["Subscriptions"]]
    objects = (aws("s3").list_objects_v2(Bucket=bucket).get("Contents", []) for bucket in file.buckets.values())
    texts += [one["Key"] for some in objects for one in some]
    return [text for text in texts if marks.TENANT in text or marks.PHONE_NUMBER_ID in text]


def message_recorded(deployment: Deployment) -> bool:
    """The last of what it tries."""
    rows = deployment.clients("dynamodb").scan(TableName=deployment.file.tables["conversations"])["Items"]
    return any(row["sk"]["S"] == "#pointer" and marks.TENANT in row["conversationId"]["S"] for row in rows)


def cut_off(deployment: Deployment, when: Callable[[], bool], by: signal.Signals) -> str:
    """What the command said before it ended."""
    arguments = ["audit", "--smoke", "--home", str(deployment.home.root)]
    with subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own command)
        try:
            wait_until(when, 40, "the smoke test to be under way")
        finally:
            process.send_signal(by)
        said, _ = process.communicate(timeout=300)
    return said


def test_what_was_killed_is_taken_away_by_the_next_run(deployment: Deployment, bench: Bench) -> None:
    cut_off(deployment, lambda: message_recorded(deployment), signal.SIGKILL)
    assert len(marked(deployment)) > 3

    steps = run(bench)

    assert [step for step in steps if step.state is not State.WORKS and step.name != "alarms"] == []
    assert steps[1].detail == "1 had been killed"
    assert {(step.what, step.name) for step in steps} >= {
        *(("table", name) for name in deployment.file.tables),
        *(("topic", name) for name in deployment.file.topics),
        ("message", "answered"),
        ("message", "answer delivered"),
    }
    assert marked(deployment) == []


def test_who_is_asked_to_end_takes_its_rows_away_first(deployment: Deployment) -> None:
    said = cut_off(deployment, lambda: bool(marked(deployment)), signal.SIGTERM)

    assert "it was stopped" in said
    assert marked(deployment) == []


def test_where_meta_would_be_called_the_message_ends_recorded(
    deployment: Deployment, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "speaks_to_meta", lambda _: True)
    before = sends_to_the_customer(deployment)

    steps = run(bench, (message.try_message,))

    told = {step.name: step.state for step in steps}
    assert told["recorded"] is State.WORKS
    assert told["answered"] is State.NOT_TRIED
    assert sends_to_the_customer(deployment) == before
    assert marked(deployment) == []


def sends_to_the_customer(deployment: Deployment) -> int:
    told = (
        httpx.get(f"{deployment.file.front_url}/simulator/sends", trust_env=False, timeout=60).raise_for_status().json()
    )
    return sum(one["body"].get("to") == marks.CUSTOMER for one in told["sends"])


def test_a_seller_who_bears_the_reserved_id_is_left_alone(deployment: Deployment, bench: Bench) -> None:
    table = deployment.file.tables["tenants"]
    seller = {"tenantId": {"S": marks.TENANT}, "sk": {"S": "profile"}, "name": {"S": "A real seller"}}
    deployment.clients("dynamodb").put_item(TableName=table, Item=seller)

    with pytest.raises(OpsError, match="reserved id"):
        run(bench)

    assert len(marked(deployment)) == 1
    deployment.clients("dynamodb").delete_item(TableName=table, Key={name: seller[name] for name in ("tenantId", "sk")})
