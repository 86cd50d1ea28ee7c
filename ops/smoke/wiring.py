"""A bench on one deployment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ops.audit.clients import Clients
from ops.declared.stack import read_stack
from ops.smoke.bench import Bench
from ops.smoke.marks import Run
from ops.target import Target


def bench(found: Target, home: Path, aws: Clients, stopped: Callable[[], bool]) -> Bench:
    stack = read_stack(aws("cloudformation"), found.stack_name)
    return Bench(
        aws=aws,
        stack=stack,
        run=Run.new(),
        tables=found.tables,
        queues=found.queues,
        topics=found.topics,
        buckets=found.buckets,
        stopped=stopped,
        webhook_url=_local_webhook(home) if found.local else stack.outputs["WebhookUrl"],
    )


def _local_webhook(home: Path) -> str:
    """Before the function stands the front, which knows its address."""
    from ops import stack_file

    return stack_file.load(home.resolve()).webhook_url
