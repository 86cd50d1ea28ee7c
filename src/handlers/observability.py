"""Logs and metrics. No phone number, message text or token is ever given to either."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from domain.findings import Finding
from domain.model_use import FallbackReason, ModelUse
from domain.tenants import TenantId

if TYPE_CHECKING:
    from domain.escalations import Escalation

# At INFO they write a line per connection or request, which on Lambda's JSON logs costs more than ours.
_CHATTY = ("botocore", "httpx", "httpcore")


@cache
def logger() -> Logger:
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # What CloudWatch knows of a line by itself is charged in it once more: its group is the function's. As RFC 3339
    # Lambda reads the time, which it adds to each line where it cannot.
    made = Logger(location=None, xray_trace_id=None, datefmt="%Y-%m-%dT%H:%M:%S.%FZ", utc=True)
    made.remove_keys(["service"])
    return made


@cache
def metrics() -> Metrics:
    return Metrics()


def count(name: str, value: int = 1) -> None:
    metrics().add_metric(name=name, unit=MetricUnit.Count, value=value)


def took(name: str, milliseconds: int) -> None:
    metrics().add_metric(name=name, unit=MetricUnit.Milliseconds, value=milliseconds)


def escalated(escalation: Escalation) -> None:
    """The line that is written of the message anyway also says why a person is called."""
    logger().append_keys(escalated_for=escalation.reason)


def told(message: str, **facts: Any) -> None:
    """The one line about a message. What has been counted of it stands in the same line, out of which CloudWatch reads
    its metrics, and not in a line of its own.
    """
    logger().info(message, extra={**facts, **_counted()})


def failed(message: str, error: BaseException, **facts: Any) -> None:
    """A record that comes back though nobody told it to: what a release may have broken is counted by this."""
    count("RecordsFailed")
    logger().error(message, extra={**facts, **described(error)})


def _counted() -> dict[str, Any]:
    if not metrics().metric_set:
        return {}
    counted = dict(metrics().serialize_metric_set())
    metrics().clear_metrics()
    return {name: _in_few_bytes(value) for name, value in counted.items()}


def _in_few_bytes(value: Any) -> Any:
    """Powertools writes each metric as a list of floats."""
    match value:
        case [float(alone)]:
            return int(alone) if alone.is_integer() else alone
    return value


def model_used(use: ModelUse) -> None:
    """What a model took for one answer, and why its own was not the one, if it was not."""
    if use.fallback is not None:
        count("ModelBarred" if use.fallback.asked_nothing else "ModelFallbacks")
    if use.fallback is FallbackReason.THROTTLED:
        count("ModelThrottled")
    if use.calls:
        count("ModelTurns")
        count("ModelTokensIn", use.tokens.total - use.tokens.output)
        count("ModelTokensOut", use.tokens.output)
        took("ModelLatency", use.milliseconds)
    facts = {"model_id": use.model_id, "calls": use.calls, "tools": use.tools, "tokens": use.tokens.total}
    costs = {"micro_usd": use.micro_usd, "milliseconds": use.milliseconds, "fallback": use.fallback}
    logger().info("model_used", extra={**facts, **costs, "stop_reason": use.stop_reason})


@contextmanager
def invocation(context: Any) -> Iterator[None]:
    """Around one call of a handler: its log lines carry the request id, its metrics are written at the end."""
    logger().append_keys(function_request_id=getattr(context, "aws_request_id", None))
    try:
        yield
    finally:
        if metrics().metric_set:
            metrics().flush_metrics()


@contextmanager
def correlated(correlation_id: str, **keys: str) -> Iterator[None]:
    """Around the work for one message: its log lines can be found by WhatsApp's message id over all functions."""
    with logger().append_context_keys(correlation_id=correlation_id, function_request_id=None, **keys):  # one is enough
        try:
            yield
        finally:
            logger().remove_keys(["escalated_for"])


def described(error: BaseException) -> dict[str, Any]:
    """What may be logged of an error: its type and where it came from, never its words, which may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames]
    code = getattr(error, "code", None)
    return {"error": type(error).__name__, "error_code": code if isinstance(code, int) else None, "error_at": where}


class CountedFindings:
    """`GroundingLog`: counts by kind of finding and by remedy, and one log line. Never what was said."""

    def note(self, tenant_id: TenantId, findings: Sequence[Finding], remedy: str) -> None:
        for finding in findings:
            count(f"Ungrounded{finding.kind.title()}")
        count(f"Drafts{remedy.title().replace('_', '')}")
        kinds = sorted({finding.kind for finding in findings})
        logger().warning("draft_not_grounded", extra={"tenant_id": tenant_id, "kinds": kinds, "remedy": remedy})
