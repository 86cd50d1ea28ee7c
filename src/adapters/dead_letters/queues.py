"""A dead-letter queue, and the queue that its letters came from.

A letter that is taken is hidden from everybody else until its lock runs out: that is what keeps two operators apart.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from adapters.aws_clients import client, translated
from adapters.sqs_depths import Depth, depth_of
from domain.errors import ServiceUnavailableError

LOCK_SECONDS = 120
"""How long a letter is ours. The lock of one that waits for its turn is renewed after half of it."""

_MOST_TAKEN = 10  # of one ReceiveMessage, and of one batch of anything


class QueueName(StrEnum):
    """By the queue that the letters came from."""

    INBOX = "inbox"
    REPLIES = "replies"
    STATUSES = "statuses"
    MEDIA = "media"

    @property
    def dead(self) -> str:
        return f"{self}-dlq"


@dataclass(frozen=True, slots=True)
class Held:
    """A dead letter that is ours for a while."""

    message_id: str
    """SQS's own."""
    handle: str
    body: str
    sent_at: datetime
    """When it was put on its queue; on a FIFO queue, when it came to lie here."""
    receive_count: int
    group: str | None = None
    deduplication_id: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    taken_at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    name: QueueName
    url: str
    source_url: str
    wait_seconds: int
    """At least one on AWS, so that SQS asks all of its servers: a short poll may miss what is there."""

    def depth(self) -> Depth:
        """As SQS counts: approximately. What is in flight is in somebody's hands just now."""
        with translated(f"look at {self.name.dead}"):
            return depth_of(self.name.dead, self.url)

    def take(self) -> list[Held]:
        """The next few, each group's in its order. A group of which somebody holds a letter gives no other."""
        with translated(f"receive from {self.name.dead}"):
            received = client("sqs").receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=_MOST_TAKEN,
                VisibilityTimeout=LOCK_SECONDS,
                WaitTimeSeconds=self.wait_seconds,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        return [_held(message) for message in received.get("Messages", [])]

    def keep_hold(self, held: Held) -> bool:
        """Renews a lock that has aged; False where it is lost."""
        if time.monotonic() - held.taken_at < LOCK_SECONDS / 2:
            return True
        try:
            with translated(f"keep a letter of {self.name.dead}"):
                client("sqs").change_message_visibility(
                    QueueUrl=self.url, ReceiptHandle=held.handle, VisibilityTimeout=LOCK_SECONDS
                )
        except ServiceUnavailableError:
            return False
        return True

    def give_back(self, held: Iterable[Held]) -> None:
        """What cannot be given back comes back by itself, when its lock runs out; what has, may be in other hands."""
        youngest = time.monotonic() - LOCK_SECONDS
        for some in _batches(letter for letter in held if letter.taken_at > youngest):
            entries: Any = [
                {"Id": str(index), "ReceiptHandle": letter.handle, "VisibilityTimeout": 0}
                for index, letter in enumerate(some)
            ]
            with suppress(ServiceUnavailableError), translated(f"give back to {self.name.dead}"):
                client("sqs").change_message_visibility_batch(QueueUrl=self.url, Entries=entries)

    def send_back(self, held: Held) -> None:
        """To the queue it came from, in the same group."""
        ordered: Any = {}
        if held.group is not None:
            ordered = {"MessageGroupId": held.group, "MessageDeduplicationId": fresh_deduplication_id(held)}
        attributes: Any = held.attributes
        with translated(f"send to {self.name}"):
            client("sqs").send_message(
                QueueUrl=self.source_url, MessageBody=held.body, MessageAttributes=attributes, **ordered
            )

    def remove(self, held: Held) -> None:
        with translated(f"remove from {self.name.dead}"):
            client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=held.handle)


def dead_letter_queues(
    urls: Mapping[str, str], only: QueueName | None = None, wait_seconds: int = 1
) -> list[DeadLetters]:
    """In the order in which work moves on. `urls`: by logical name."""
    names = [name for name in QueueName if only in {None, name} and {name, name.dead} <= urls.keys()]
    return [DeadLetters(name, urls[name.dead], urls[name], wait_seconds) for name in names]


def fresh_deduplication_id(held: Held) -> str:
    """Follows from the letter, so that a redrive that died between send and delete is swallowed when it runs again.

    But never the id that it had: what was redriven a minute ago, failed at once and lies here again would be swallowed
    as well, and then deleted. Each time it lies here it is another letter, with another id of SQS's.
    """
    return hashlib.sha256(f"{held.message_id}#{held.deduplication_id}".encode()).hexdigest()


def _held(message: Any) -> Held:
    attributes: Mapping[str, str] = message["Attributes"]
    return Held(
        message_id=message["MessageId"],
        handle=message["ReceiptHandle"],
        body=message["Body"],
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
        receive_count=int(attributes["ApproximateReceiveCount"]),
        group=attributes.get("MessageGroupId"),
        deduplication_id=attributes.get("MessageDeduplicationId"),
        attributes={
            name: {part: given for part, given in value.items() if given}
            for name, value in message.get("MessageAttributes", {}).items()
        },
    )


def _batches(held: Iterable[Held]) -> Iterator[Sequence[Held]]:
    remaining = iter(held)
    while some := list(islice(remaining, _MOST_TAKEN)):
        yield some
