"""Times and counts of a load, from rows, log lines and the simulator's record of what it was sent."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import boto3
import httpx

from adapters.aws_clients import client
from adapters.dynamodb_values import from_item
from bench.stack import MeasuredStack

Row = Mapping[str, Any]

_SLACK_SECONDS = 0.1
"""Of clocks and log lines: two messages exactly one reply delay apart may be one burst or two."""


@dataclass(frozen=True)
class Measured:
    replies: int
    bursts: int
    """Messages of one customer that the webhook received within the reply delay of each other."""
    too_often: list[str]
    until_recorded: list[float]
    until_reply: list[float]
    """From the receipt of the message that a reply stands behind, to the call of the Graph API."""

    sent_again: dict[str, int]
    """Replies for which the Graph API was called more than once without having refused."""

    def problems(self) -> list[str]:
        problems = [f"sent {times} times: {reply}" for reply, times in self.sent_again.items()]
        return problems + self.too_often


def measure(stack: MeasuredStack, message_ids: set[str]) -> Measured:
    rows = _rows(stack)
    inbound = {
        row["messageId"]: row for row in rows if row.get("direction") == "in" and row["messageId"] in message_ids
    }
    replies = [row for row in rows if row.get("direction") == "out" and row["replyTo"] in message_ids]
    received = {message_id: int(row["position"].split("#")[1]) / 1000 for message_id, row in inbound.items()}
    recorded = _recorded_at(stack, message_ids)
    posts = _posts(stack)
    conversations = {row["messageId"]: row["conversationId"] for row in inbound.values()}
    bursts = _bursts(conversations, received, stack.reply_delay_seconds)
    answered = Counter(row["conversationId"] for row in replies)
    return Measured(
        replies=len(replies),
        bursts=bursts.total(),
        too_often=_too_often(answered, bursts),
        until_recorded=[
            recorded[message_id] - received[message_id] for message_id in received if message_id in recorded
        ],
        until_reply=[
            posts[reply][0] - received[row["replyTo"]]
            for row in replies
            if (reply := f"{row['customerId']}|{row['position']}|{row['purpose']}") in posts
        ],
        sent_again={reply: len(times) for reply, times in posts.items() if len(times) > 1},
    )


def _rows(stack: MeasuredStack) -> list[Row]:
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=stack.file.tables["conversations"])
    return [from_item(item) for page in pages for item in page["Items"]]


def _recorded_at(stack: MeasuredStack, message_ids: set[str]) -> dict[str, float]:
    """When the message handler said so for the first time."""
    logs: Any = boto3.client("logs")
    group = f"/aws/lambda/{stack.file.functions['message-handler']}"
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    found: dict[str, float] = {}
    for event in (event for page in pages for event in page["events"]):
        line = _parsed(event["message"])
        message_id = line.get("correlation_id")
        if line.get("message") == "received" and message_id in message_ids:
            at = datetime.fromisoformat(line["timestamp"]).timestamp()
            found[message_id] = min(at, found.get(message_id, at))
    return found


def _parsed(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _posts(stack: MeasuredStack) -> dict[str, list[float]]:
    """Reply id to the times at which the Graph API was called for it, refusals aside."""
    answer = httpx.get(f"{stack.file.front_url}/simulator/sends", timeout=60, trust_env=False).raise_for_status()
    posts: defaultdict[str, list[float]] = defaultdict(list)
    for send in answer.json()["sends"]:
        reply = send["body"].get("biz_opaque_callback_data")
        if reply and send["outcome"] != "rejected":
            posts[reply].append(send["at"])
    return posts


def _bursts(conversations: Mapping[str, str], at: Mapping[str, float], delay: float) -> Counter[str]:
    times: defaultdict[str, list[float]] = defaultdict(list)
    for message_id, conversation in conversations.items():
        if message_id in at:
            times[conversation].append(at[message_id])
    return Counter({conversation: _groups(sorted(moments), delay) for conversation, moments in times.items()})


def _too_often(answered: Counter[str], bursts: Counter[str]) -> list[str]:
    return [
        f"{times} replies for {bursts[conversation]} bursts of one customer"
        for conversation, times in answered.items()
        if times > bursts[conversation]
    ]


def _groups(moments: Sequence[float], delay: float) -> int:
    return 1 + sum(later - earlier > delay - _SLACK_SECONDS for earlier, later in pairwise(moments))
