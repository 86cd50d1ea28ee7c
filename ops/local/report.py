"""How the stack is just now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from adapters.sqs_depths import Depth
from ops import stack_file
from ops.errors import NoStackError
from ops.local import deploy, emulator, front_process
from ops.local.aws import LocalAws
from ops.local.home import Settings
from ops.outcomes.queues import Queues
from ops.stack_file import StackTenant

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.local.home import Home
    from ops.local.processes import Daemon
    from ops.stack_file import StackFile


class ProcessReport(BaseModel):
    name: str
    url: str
    pid: int | None
    """None: it does not run."""
    up_seconds: int
    healthy: bool


class QueueReport(BaseModel):
    name: str
    waiting: int
    in_flight: int
    delayed: int
    dead_letters: bool
    """Whether this is a dead-letter queue, where anything at all is bad news."""


class StackReport(BaseModel):
    healthy: bool
    """Both processes answer and the stack is complete. Dead letters are news, not a fault of the stack."""
    stack_name: str
    stack_status: str
    processes: list[ProcessReport]
    queues: list[QueueReport]
    tenants: list[StackTenant]


def look(home: Home) -> StackReport:
    settings = home.settings() or Settings()
    processes = [
        _process(emulator.daemon(home), settings.aws_endpoint_url, lambda: emulator.is_healthy(settings)),
        _process(front_process.daemon(home), settings.front_url, lambda: front_process.is_healthy(settings)),
    ]
    try:
        stack = stack_file.load(home.root)
    except NoStackError:
        stack = None
    status, queues = ("not running", list[QueueReport]())
    if stack is not None and processes[0].healthy:
        status, queues = _aws_side(stack)
    return StackReport(
        healthy=all(process.healthy for process in processes) and status in deploy.FINISHED,
        stack_name=stack.stack_name if stack else "",
        stack_status=status,
        processes=processes,
        queues=queues,
        tenants=stack.tenants if stack else [],
    )


def _process(daemon: Daemon, url: str, answers: Callable[[], bool]) -> ProcessReport:
    record = daemon.running()
    return ProcessReport(
        name=daemon.name,
        url=url,
        pid=record.pid if record else None,
        up_seconds=int(time.time() - record.started_at) if record else 0,
        healthy=record is not None and answers(),
    )


def _aws_side(stack: StackFile) -> tuple[str, list[QueueReport]]:
    aws = LocalAws(stack.aws_endpoint_url, stack.region)
    aws.be_the_environments()
    try:
        deployment = deploy.describe(aws, stack.stack_name)
        queues = [_queue(depth) for depth in Queues(stack.queues).depths()]
    except (BotoCoreError, ClientError) as error:
        return f"unknown: {error}", []
    return deployment.status if deployment else "missing", queues


def _queue(depth: Depth) -> QueueReport:
    return QueueReport(
        name=depth.queue,
        waiting=depth.waiting,
        in_flight=depth.in_flight,
        delayed=depth.delayed,
        dead_letters=depth.dead_letters,
    )
