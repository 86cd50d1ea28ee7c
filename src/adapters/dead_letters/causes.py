"""Why a record failed, as its function's log tells: the error's name and where it was raised, never its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.aws_clients import translated
from adapters.dead_letters.letters import UNREADABLE, Letter
from adapters.dead_letters.queues import QueueName

FUNCTIONS = {
    QueueName.INBOX: "message-handler",
    QueueName.REPLIES: "reply-handler",
    QueueName.STATUSES: "status-handler",
    QueueName.MEDIA: "media-handler",
}
NOTHING_LOGGED = "nothing logged: killed, timed out, or not put here by the function"

_MOST_PAGES = 300
"""Of one log group; CloudWatch looks through about a megabyte for each."""
_NAME, _PLACE = re.compile(r"\w{1,80}"), re.compile(r"[\w.-]{1,80}:\d{1,6}")
# Where every error of AWS's is translated: the line before it tells which call it was.
_SAYS_LITTLE = ("aws_clients.py:", "contextlib.py:")


@dataclass(frozen=True, slots=True)
class Causes:
    """By correlation id, and by SQS message id where the function could not read the record."""

    of: Mapping[QueueName, Mapping[str, str]] = field(default_factory=dict)

    def why(self, letter: Letter) -> str:
        logged = self.of.get(letter.queue, {})
        by_id = logged.get(letter.sqs_message_id)
        if letter.kind == UNREADABLE:
            return f"{by_id.split()[0] if by_id else 'MalformedRecordError'}: {letter.unreadable_because}"
        return by_id or logged.get(letter.update_id) or NOTHING_LOGGED


def logged_causes(function: str, since: datetime) -> dict[str, str]:
    """The newest error of each id in the function's log; none where there is no log (yet)."""
    return dict(cause for line in _error_lines(function, since) for cause in _causes_of(line))


def _error_lines(function: str, since: datetime) -> Iterator[str]:
    import boto3

    logs: Any = boto3.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function}",
        startTime=int(since.timestamp() * 1000),
        filterPattern='{ $.error = "*" }',
    )
    with translated(f"read the log of {function}"):
        try:
            for number, page in enumerate(pages, start=1):
                yield from (event["message"] for event in page["events"])
                if number == _MOST_PAGES:
                    return
        except logs.exceptions.ResourceNotFoundException:
            return


def _causes_of(text: str) -> Iterator[tuple[str, str]]:
    try:
        line = json.loads(text)
    except ValueError:
        return
    error = line.get("error") if isinstance(line, dict) else None
    if not isinstance(error, str) or not _NAME.fullmatch(error):
        return
    cause = _described(error, line.get("error_code"), line.get("error_at"))
    for name in ("correlation_id", "sqs_message_id"):
        if isinstance(line.get(name), str):
            yield line[name], cause


def _described(error: str, code: Any, frames: Any) -> str:
    places = [one for one in frames if isinstance(one, str)] if isinstance(frames, list) else []
    telling = [place for place in places if _PLACE.fullmatch(place) and not place.startswith(_SAYS_LITTLE)]
    where = f" at {telling[-1]}" if telling else ""
    return f"{error}{f' {code}' if isinstance(code, int) else ''}{where}"
