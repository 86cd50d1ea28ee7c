"""Log lines of all functions in the order of time: those there are, then those that come."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from adapters.aws_clients import translated

_POLL_SECONDS = 2.0
_LATE = timedelta(seconds=30)
"""CloudWatch shows a line some seconds after it was written, and lines of several streams in no strict order."""
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class LogLine:
    at: datetime
    function: str
    """Logical name."""
    level: str
    message: str
    fields: Mapping[str, Any]
    """Whatever else the line says."""


_NOT_SHOWN = frozenset(
    "level message timestamp service location function_name function_memory_size function_arn cold_start xray_trace_id "
    "function_request_id requestId time type".split()
)


@dataclass(slots=True)
class Tail:
    functions: Mapping[str, str]
    """Logical name to deployed name."""
    ids: Callable[[], Collection[str]] = tuple
    """Lines that name one of these, asked anew with each look: a reply's id comes with the reply. None: all lines."""
    levels: Collection[str] = ()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    logs: Any = field(default_factory=lambda: boto3.client("logs"))
    _seen: dict[str, None] = field(default_factory=dict)

    def since(self, begin: datetime) -> Iterator[LogLine]:
        """Those that there are."""
        yield from sorted(self._look(begin), key=lambda line: line.at)

    def follow(self, begin: datetime) -> Iterator[LogLine]:
        """Those, and then whatever comes, without an end."""
        while True:
            now = self.clock()
            yield from self.since(begin)
            begin = max(begin, now - _LATE)
            self.sleep(_POLL_SECONDS)

    def _look(self, begin: datetime) -> Iterator[LogLine]:
        ids = self.ids()
        for name, deployed in sorted(self.functions.items()):
            for event in self._events(deployed, begin, ids):
                event_id = _id_of(event)
                # The local AWS takes a pattern for more than it says.
                if event_id in self._seen or (ids and not any(one in event["message"] for one in ids)):
                    continue
                self._remember(event_id)
                yield from self._wanted(name, event)

    def _events(self, deployed: str, begin: datetime, ids: Collection[str]) -> Iterator[Mapping[str, Any]]:
        """One look for each id that is wanted: the local AWS knows no pattern for one of several."""
        patterns = [{"filterPattern": f'"{one}"'} for one in sorted(ids)] or [{}]
        with translated(f"read the log of {deployed}"):
            try:
                for pattern in patterns:
                    pages = self.logs.get_paginator("filter_log_events").paginate(
                        logGroupName=f"/aws/lambda/{deployed}", startTime=int(begin.timestamp() * 1000), **pattern
                    )
                    for page in pages:
                        yield from page["events"]
            except self.logs.exceptions.ResourceNotFoundException:  # it has not run yet
                return

    def _wanted(self, function: str, event: Mapping[str, Any]) -> Iterator[LogLine]:
        for one in event["message"].splitlines():
            line = parsed(function, event["timestamp"], one)
            if line is not None and (not self.levels or line.level in self.levels):
                yield line

    def _remember(self, event_id: str) -> None:
        self._seen[event_id] = None
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]


def _id_of(event: Mapping[str, Any]) -> str:
    """The local AWS gives a line no id of its own."""
    return str(event.get("eventId") or (event.get("logStreamName"), event["timestamp"], event["message"]))


def parsed(function: str, timestamp_ms: int, text: str) -> LogLine | None:
    """None for the service's own lines on start, end and report of a call."""
    at = datetime.fromtimestamp(timestamp_ms / 1000, UTC)
    try:
        told = json.loads(text)
    except ValueError:
        stripped = text.strip()
        return LogLine(at, function, "", stripped, {}) if stripped and not _of_the_service(stripped) else None
    if not isinstance(told, dict):
        return LogLine(at, function, "", text.strip(), {})
    if str(told.get("type", "")).startswith("platform."):
        return None
    metrics = _metrics_in(told)
    if metrics and "message" not in told:
        return None
    hidden = _NOT_SHOWN | metrics
    fields = {name: value for name, value in told.items() if name not in hidden and value is not None}
    return LogLine(at, function, str(told.get("level", "")), str(told.get("message", "")), fields)


def _metrics_in(told: Mapping[str, Any]) -> set[str]:
    """Under which names CloudWatch reads metrics out of a line, and under which it finds them."""
    match told.get("_aws"):
        case {"CloudWatchMetrics": list(directives)}:
            return {"_aws", *(one["Name"] for directive in directives for one in directive["Metrics"])}
        case None:
            return set()
    return {"_aws"}


def _of_the_service(text: str) -> bool:
    return text.startswith(("START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START "))


def as_json(line: LogLine) -> str:
    told = {
        "at": line.at.isoformat(),
        "function": line.function,
        "level": line.level,
        "message": line.message,
        **line.fields,
    }
    return json.dumps(told, default=str, ensure_ascii=False)


def chosen(functions: Mapping[str, str], only: Sequence[str]) -> dict[str, str]:
    """Raises `KeyError` with a name that no function has."""
    return {name: functions[name] for name in only} if only else dict(functions)
