"""How full queues are, as SQS counts: approximately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapters.aws_clients import client

_DEAD = "-dlq"


@dataclass(frozen=True, slots=True)
class Depth:
    queue: str
    waiting: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        return self.waiting + self.in_flight + self.delayed

    @property
    def dead_letters(self) -> bool:
        return self.queue.endswith(_DEAD)


def depth_of(name: str, url: str) -> Depth:
    attributes: Any = client("sqs").get_queue_attributes(
        QueueUrl=url,
        AttributeNames=[
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ],
    )["Attributes"]
    return Depth(
        queue=name,
        waiting=int(attributes["ApproximateNumberOfMessages"]),
        in_flight=int(attributes["ApproximateNumberOfMessagesNotVisible"]),
        delayed=int(attributes["ApproximateNumberOfMessagesDelayed"]),
    )
