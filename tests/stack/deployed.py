"""The stack that all of these tests share: the built template on ministack, sellers in it, the front before it."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from adapters import aws_clients
from adapters.aws_clients import client
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_usage import counters_of
from adapters.dynamodb_values import from_item
from adapters.sqs_depths import Depth
from ops.local import deploy, emulator, environment, gaps
from ops.local.aws import LocalAws
from ops.local.home import Home, Settings
from ops.local.ports import free_port
from ops.local.progress import Progress
from ops.local.project import Project
from ops.local.stack import Stack
from ops.outcomes.items import MESSAGE, STATUS, Address, Item
from ops.outcomes.judge import Judge
from ops.outcomes.log_search import Private
from ops.outcomes.queues import Queues
from ops.outcomes.rows import DynamoRows, Row
from ops.outcomes.states import ItemOutcome
from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature
from ops.stack_file import StackFile, StackTenant
from tests.stack.sam import Runtime, Sam

_POLL_SECONDS = 0.15
_BUSY = 6
"""How many times longer than on an idle machine anything may take: only what never happens is waited for so long."""
_CACHE_SECONDS = 600
_QUIET_LOOKS = 3


@dataclass(frozen=True)
class Deployed:
    home: Home
    aws: LocalAws
    file: StackFile
    artifacts: Path
    runtime: Runtime
    http: httpx.Client
    told: set[Private] = field(default_factory=set)
    """Whatever customers told in these tests, and must stand in no log."""

    def tenant(self, tenant_id: str) -> StackTenant:
        return next(tenant for tenant in self.file.tenants if tenant.id == tenant_id)

    # ---- the webhook, as Meta calls it -----------------------------------------------------------------------------

    def post(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Again where nobody was there to take it, which on a busy machine may be."""
        answers: list[httpx.Response] = []

        def answered() -> bool:
            answers.append(self.http.post(self.file.webhook_url, content=body, headers=_json(headers)))
            return answers[-1].status_code < HTTPStatus.INTERNAL_SERVER_ERROR

        wait_until(answered, 20, "the webhook to take it, or to refuse it")
        return answers[-1]

    def post_signed(self, envelope: Mapping[str, Any]) -> httpx.Response:
        body = json.dumps(envelope, ensure_ascii=False).encode()
        return self.post(body, {SIGNATURE_HEADER: signature(body, self.file.app_secret)})

    # ---- what became of it, from the rows --------------------------------------------------------------------------

    def outcomes(self, items: Sequence[Item]) -> list[ItemOutcome]:
        tenants = DynamoTenants(self.file.tables["tenants"], _CACHE_SECONDS)
        return Judge(DynamoRows(), tenants, self.file.tables).outcomes(items)

    def settled(self, items: Sequence[Item], seconds: float = 30) -> list[ItemOutcome]:
        """The outcome of each item, as soon as each has one, or as they stand when time is up. Seconds: if idle."""
        deadline = time.monotonic() + seconds * _BUSY
        while True:
            outcomes = self.outcomes(items)
            if all(outcome.settled for outcome in outcomes) or time.monotonic() > deadline:
                return outcomes
            time.sleep(_POLL_SECONDS)

    def rows(self, table: str) -> list[Row]:
        pages = client("dynamodb").get_paginator("scan").paginate(TableName=self.file.tables[table])
        return [from_item(item) for page in pages for item in page["Items"]]

    def usage(self, tenant_id: str) -> Counter[str]:
        """Over all months and spill items."""
        rows = [row for row in self.rows("tenant-usage") if row["tenantId"] == tenant_id]
        return sum((Counter(counters_of(row)) for row in rows), Counter())

    # ---- the queues ------------------------------------------------------------------------------------------------

    @property
    def queues(self) -> Queues:
        return Queues(self.file.queues)

    def wait_until_idle(self, seconds: float = 60) -> None:
        """Until no queue has anything to give out. What failed and waits to be tried again may stay behind."""
        looks = 0

        def idle() -> bool:
            nonlocal looks
            looks = looks + 1 if not any(_ready(depth) for depth in self.queues.depths()) else 0
            return looks >= _QUIET_LOOKS

        wait_until(idle, seconds, "the queues to be idle")

    @contextmanager
    def visibility(self, queue: str, seconds: int) -> Iterator[None]:
        """How soon a message whose worker died is tried again."""
        url, name = self.file.queues[queue], "VisibilityTimeout"
        before = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])  # type: ignore[list-item]
        client("sqs").set_queue_attributes(QueueUrl=url, Attributes={name: str(seconds)})  # type: ignore[dict-item]
        try:
            yield
        finally:
            client("sqs").set_queue_attributes(QueueUrl=url, Attributes=before["Attributes"])


def message_item(tenant: StackTenant, message_id: str) -> Item:
    return Item(MESSAGE, message_id, (Address(tenant.phone_number_id, tenant.waba_id),))


def status_item(tenant: StackTenant, message_id: str, status: str) -> Item:
    return Item(STATUS, f"{message_id}:{status}", (Address(tenant.phone_number_id, tenant.waba_id),))


def wait_until(reached: Callable[[], bool], seconds: float, what: str) -> None:
    """`seconds` are an idle machine's."""
    deadline = time.monotonic() + seconds * _BUSY
    while not reached():
        assert time.monotonic() < deadline, f"waited {seconds * _BUSY:.0f} s for {what}"
        time.sleep(_POLL_SECONDS)


@contextmanager
def built_and_deployed(folder: Path, runtime: Runtime) -> Iterator[Deployed]:
    home = Home(folder / "home")
    home.prepare()
    settings = Settings(front_port=free_port(), aws_port=free_port(), auth=True)
    project = Project()
    sam = Sam(folder, settings.aws_endpoint_url, runtime)
    stack = Stack(home, project, Progress(Console(quiet=True)))
    if not environment.is_current():
        environment.refresh()
    sam.install()
    sam.build()
    with restored_environment():
        emulator.start(home, settings)
        try:
            sam.deploy({**project.parameters(), **settings.of_the_simulator})
            aws = LocalAws(settings.aws_endpoint_url, project.region())
            gaps.close(aws, project.stack_name())
            deployment = deploy.describe(aws, project.stack_name())
            assert deployment is not None
            file = stack.furnish(aws, settings, deployment)
            aws.be_the_environments()
            with httpx.Client(timeout=60, trust_env=False) as http:
                yield Deployed(home, aws, file, sam.built, runtime, http)
        finally:
            stack.down()


@contextmanager
def restored_environment() -> Iterator[None]:
    """The adapters find their AWS in the environment; other tests have theirs elsewhere."""
    before = dict(os.environ)
    aws_clients._client.cache_clear()
    try:
        yield
    finally:
        aws_clients._client.cache_clear()
        os.environ.clear()
        os.environ.update(before)


def _json(headers: Mapping[str, str]) -> dict[str, str]:
    return {"Content-Type": "application/json", **headers}


def _ready(depth: Depth) -> bool:
    return not depth.dead_letters and depth.waiting + depth.delayed > 0


def states(outcomes: Iterable[ItemOutcome]) -> list[str]:
    return [outcome.state for outcome in outcomes]
