"""The webhook's two queues: everything that Meta sent, or an error that makes Meta send it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from adapters.aws_json import AwsAccess, AwsJson
from domain.errors import ServiceUnavailableError
from domain.intake import QueueMessage

_MOST_ENTRIES = 10  # of one SendMessageBatch
_MOST_BYTES = 1_000_000  # of one SendMessageBatch, which may carry 1 MiB
_LANES = 8


class SqsUpdateQueues:
    def __init__(self, inbox_url: str, statuses_url: str, access: AwsAccess) -> None:
        self._sqs = AwsJson("sqs", "AmazonSQS", "1.0", access)
        self._inbox_url = inbox_url
        self._statuses_url = statuses_url

    def enqueue(self, inbox: Sequence[QueueMessage], statuses: Sequence[QueueMessage]) -> None:
        lanes = [
            *([(self._inbox_url, batch) for batch in _batches(lane)] for lane in _lanes(inbox)),
            *([(self._statuses_url, batch)] for batch in _batches(statuses)),
        ]
        if len(lanes) == 1:  # nearly always: one message, or a few statuses
            self._send_lane(lanes[0])
            return
        with ThreadPoolExecutor(max_workers=_LANES) as pool:
            list(pool.map(self._send_lane, lanes))

    def _send_lane(self, lane: Sequence[tuple[str, list[QueueMessage]]]) -> None:
        for url, batch in lane:
            entries = [_entry(index, message, fifo=url.endswith(".fifo")) for index, message in enumerate(batch)]
            # May be repeated: the FIFO queue knows what it has taken, a status is read any number of times.
            failed = self._sqs.call("SendMessageBatch", {"QueueUrl": url, "Entries": entries}).get("Failed")
            if failed:
                raise ServiceUnavailableError(f"put updates on a queue: {failed[0]['Code']}")


def _lanes(messages: Sequence[QueueMessage]) -> list[list[QueueMessage]]:
    """What may be sent side by side: a group stays in one lane, so its order is kept."""
    lanes: defaultdict[int, list[QueueMessage]] = defaultdict(list)
    for message in messages:
        lanes[hash(message.group) % _LANES if len(messages) > _MOST_ENTRIES else 0].append(message)
    return list(lanes.values())


def _batches(messages: Iterable[QueueMessage]) -> Iterator[list[QueueMessage]]:
    batch: list[QueueMessage] = []
    size = 0
    for message in messages:
        length = len(message.body.encode())
        if batch and (len(batch) == _MOST_ENTRIES or size + length > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch


def _entry(index: int, message: QueueMessage, *, fifo: bool) -> dict[str, Any]:
    entry = {"Id": str(index), "MessageBody": message.body}
    if fifo:
        entry |= {"MessageGroupId": message.group, "MessageDeduplicationId": message.deduplication_id}
    return entry
