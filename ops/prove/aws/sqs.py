"""SQS: delays, visibility, receive counts, FIFO groups, deduplication and dead-letter queues, in the run's own time.

With the settings that template.yaml gives each queue.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.prove.aws.refusal import NotModelledError, ServiceError
from ops.prove.clock import Clock

_DEDUPLICATION_SECONDS = 300
_MOST_BYTES = 1_048_576
"""Of a message, and of a batch."""
_NEVER = float("inf")


@dataclass(slots=True)
class Message:
    message_id: str
    body: str
    group: str
    deduplication_id: str | None
    attributes: Mapping[str, Any]
    sent_at: float
    visible_at: float
    first_sent_at: float = 0.0
    received: int = 0
    in_flight: bool = False
    handle: str = ""
    origin: str = ""
    """Who sent it: the name of a function, or of whoever else acts in the run."""


@dataclass(slots=True)
class Queue:
    name: str
    url: str
    arn: str
    fifo: bool
    delay: float
    visibility: float
    retention: float
    most_receives: int | None
    dead_letters: str | None
    """ARN of the queue to which a message goes that was received too often."""
    by_group: bool
    """Whether an id counts as a duplicate within its group alone."""
    groups: dict[str, deque[Message]] = field(default_factory=lambda: defaultdict(deque))
    """A standard queue has a group for each message: nothing waits for anything."""
    by_handle: dict[str, Message] = field(default_factory=dict)
    seen: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    def messages(self) -> Iterator[Message]:
        for group in self.groups.values():
            yield from group

    def __len__(self) -> int:
        return sum(map(len, self.groups.values()))

    def next_at(self) -> float:
        """When something can be received."""
        return min((group[0].visible_at for group in self.groups.values() if group), default=_NEVER)

    def clear(self) -> None:
        self.groups.clear()
        self.by_handle.clear()
        self.seen.clear()


@dataclass(slots=True)
class Sqs:
    clock: Clock
    queues: dict[str, Queue] = field(default_factory=dict)
    """By URL."""
    actor: str = ""
    """Who acts just now."""
    refuses: set[str] = field(default_factory=set)
    """Operations of which the next batch has a failed entry."""
    _ids: int = 0

    def create(self, properties: Mapping[str, Any], url: str, arn: str) -> str:
        redrive = properties.get("RedrivePolicy", {})
        name = str(properties["QueueName"])
        self.queues[url] = Queue(
            name=name,
            url=url,
            arn=arn,
            fifo=bool(properties.get("FifoQueue")),
            delay=float(properties.get("DelaySeconds", 0)),
            visibility=float(properties.get("VisibilityTimeout", 30)),
            retention=float(properties.get("MessageRetentionPeriod", 345_600)),
            most_receives=int(redrive["maxReceiveCount"]) if redrive else None,
            dead_letters=redrive.get("deadLetterTargetArn"),
            by_group=properties.get("DeduplicationScope") == "messageGroup",
        )
        return url

    def clear(self) -> None:
        for queue in self.queues.values():
            queue.clear()
        self._ids = 0
        self.refuses = set()

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        known = getattr(self, f"_{operation}", None)
        if known is None:
            raise NotModelledError(f"the embedded SQS does not know {operation}")
        queue = self.queues.get(request["QueueUrl"])
        if queue is None:
            raise ServiceError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
        return dict(known(queue, request))

    # --- the operations ---

    def _SendMessage(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 (AWS's own names)
        if len(request["MessageBody"].encode()) > _MOST_BYTES:
            raise ServiceError("InvalidParameterValue", "One or more parameters are invalid: message too long")
        return {"MessageId": self._send(queue, request), "MD5OfMessageBody": _md5(request["MessageBody"])}

    def _SendMessageBatch(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        entries = request["Entries"]
        if sum(len(entry["MessageBody"].encode()) for entry in entries) > _MOST_BYTES:
            raise ServiceError("AWS.SimpleQueueService.BatchRequestTooLong", "Batch requests cannot be longer")
        if len(entries) > 10:  # noqa: PLR2004 (SQS's limit)
            raise ServiceError("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "Maximum number is 10")
        failed = entries[-1:] if "SendMessageBatch" in self.refuses else []
        self.refuses.discard("SendMessageBatch")
        sent = [
            {"Id": entry["Id"], "MessageId": self._send(queue, entry), "MD5OfMessageBody": _md5(entry["MessageBody"])}
            for entry in entries[: len(entries) - len(failed)]
        ]
        refused = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in failed]
        return {"Successful": sent, **({"Failed": refused} if refused else {})}

    def _ReceiveMessage(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        received = self.receive(queue, int(request.get("MaxNumberOfMessages", 1)), request.get("VisibilityTimeout"))
        return {"Messages": [_described(message, queue) for message in received]} if received else {}

    def _DeleteMessage(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.delete(queue, request["ReceiptHandle"])
        return {}

    def _DeleteMessageBatch(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        for entry in request["Entries"]:
            self.delete(queue, entry["ReceiptHandle"])
        return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]]}

    def _ChangeMessageVisibility(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        self._hide(queue, request["ReceiptHandle"], float(request["VisibilityTimeout"]))
        return {}

    def _ChangeMessageVisibilityBatch(self, queue: Queue, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        for entry in request["Entries"]:
            self._hide(queue, entry["ReceiptHandle"], float(entry["VisibilityTimeout"]))
        return {"Successful": [{"Id": entry["Id"]} for entry in request["Entries"]]}

    def _GetQueueAttributes(self, queue: Queue, _: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        waiting = [message for message in queue.messages() if message.visible_at <= self.clock.now]
        hidden = [message for message in queue.messages() if message.visible_at > self.clock.now]
        in_flight = sum(message.in_flight for message in hidden)
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(len(waiting)),
                "ApproximateNumberOfMessagesNotVisible": str(in_flight),
                "ApproximateNumberOfMessagesDelayed": str(len(hidden) - in_flight),
            }
        }

    # --- what they are made of ---

    def _send(self, queue: Queue, entry: Mapping[str, Any]) -> str:
        now, body = self.clock.now, entry["MessageBody"]
        self._ids += 1
        message_id = f"sqs-{self._ids}"
        group = entry.get("MessageGroupId") if queue.fifo else message_id
        if not group:
            raise ServiceError("MissingParameter", "The request must contain the parameter MessageGroupId.")
        duplicate = entry.get("MessageDeduplicationId")
        if queue.fifo:
            if not duplicate:
                raise ServiceError("InvalidParameterValue", "The queue should have a MessageDeduplicationId")
            key = (group if queue.by_group else "", duplicate)
            since, known = queue.seen.get(key, (-_NEVER, ""))
            if now - since < _DEDUPLICATION_SECONDS:
                return known
            queue.seen[key] = (now, message_id)
        attributes = entry.get("MessageAttributes", {})
        message = Message(message_id, body, group, duplicate, attributes, now, now + queue.delay, now)
        message.origin = self.actor
        queue.groups[group].append(message)
        return message_id

    def receive(self, queue: Queue, most: int, visibility: float | None = None) -> list[Message]:
        """Each group's in its order. One that is in flight, or not due yet, keeps those behind it waiting."""
        now, taken = self.clock.now, list[Message]()
        for name in list(queue.groups):
            group = queue.groups[name]
            self._bury(queue, group)
            if not group:
                del queue.groups[name]
                continue
            for message in group:
                if len(taken) == most or message.visible_at > now:
                    break
                message.received += 1
                message.in_flight = True
                message.visible_at = now + (queue.visibility if visibility is None else float(visibility))
                queue.by_handle.pop(message.handle, None)
                message.handle = f"{message.message_id}/{message.received}"
                queue.by_handle[message.handle] = message
                taken.append(message)
            if len(taken) == most:
                break
        return taken

    def _bury(self, queue: Queue, group: deque[Message]) -> None:
        """What is too old is gone; what was received too often goes to the dead-letter queue."""
        now = self.clock.now
        while group and group[0].visible_at <= now:
            message = group[0]
            expired = now - message.first_sent_at > queue.retention
            worn_out = queue.most_receives is not None and message.received >= queue.most_receives
            if not (expired or worn_out):
                return
            group.popleft()
            queue.by_handle.pop(message.handle, None)
            if worn_out and not expired:
                dead = next(one for one in self.queues.values() if one.arn == queue.dead_letters)
                message.in_flight, message.visible_at, message.received = False, now, 0
                message.sent_at = now if dead.fifo else message.sent_at
                message.first_sent_at = message.sent_at
                dead.groups[message.group].append(message)

    @staticmethod
    def delete(queue: Queue, handle: str) -> None:
        """With the handle of an earlier receive: nothing happens, as on a FIFO queue."""
        message = queue.by_handle.pop(handle, None)
        if message is not None:
            group = queue.groups[message.group]
            group.remove(message)
            if not group:
                del queue.groups[message.group]

    def _hide(self, queue: Queue, handle: str, seconds: float) -> None:
        message = queue.by_handle.get(handle)
        if message is None:
            raise ServiceError("ReceiptHandleIsInvalid", "The receipt handle has expired")
        message.visible_at = self.clock.now + seconds
        message.in_flight = seconds > 0


def _described(message: Message, queue: Queue) -> dict[str, Any]:
    return {
        "MessageId": message.message_id,
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "Attributes": system_attributes(message, queue),
        "MessageAttributes": message.attributes,
    }


def system_attributes(message: Message, queue: Queue) -> dict[str, str]:
    return {
        "ApproximateReceiveCount": str(message.received),
        "SentTimestamp": str(int(message.sent_at * 1000)),
        **(
            {"MessageGroupId": message.group, "MessageDeduplicationId": message.deduplication_id or ""}
            if queue.fifo
            else {}
        ),
    }


def lambda_record(message: Message, queue: Queue) -> dict[str, Any]:
    """As Lambda's event source mapping hands it to a function."""
    return {
        "messageId": message.message_id,
        "receiptHandle": message.handle,
        "body": message.body,
        "attributes": system_attributes(message, queue),
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": queue.arn.split(":")[3],
    }


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
