"""`ReplyJobs`, `Escalations`, `HandoffNotifications` and `UpdateQueues`, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversations import ReplyJob
from domain.errors import ServiceUnavailableError
from domain.escalations import Escalation
from domain.intake import QueueMessage
from domain.ownership import OwnerChange


class FakeReplyJobs:
    """A job that is put again, while the queue remembers it, is not there twice."""

    def __init__(self) -> None:
        self.waiting: list[ReplyJob] = []
        self._remembered: set[ReplyJob] = set()

    def put(self, job: ReplyJob) -> None:
        if job not in self._remembered:
            self._remembered.add(job)
            self.waiting.append(job)

    def take(self) -> ReplyJob | None:
        return self.waiting.pop(0) if self.waiting else None

    def forget(self) -> None:
        """Five minutes have passed."""
        self._remembered.clear()


class FakeEscalations:
    def __init__(self) -> None:
        self.published: list[Escalation] = []
        self.down = False

    def publish(self, escalation: Escalation) -> None:
        if self.down:
            raise ServiceUnavailableError("the topic is down")
        self.published.append(escalation)


class FakeHandoffNotifications:
    def __init__(self) -> None:
        self.published: list[OwnerChange] = []
        self.down = False

    def publish(self, change: OwnerChange) -> None:
        if self.down:
            raise ServiceUnavailableError("the topic is down")
        self.published.append(change)


class FakeUpdateQueues:
    def __init__(self) -> None:
        self.inbox: list[QueueMessage] = []
        self.statuses: list[QueueMessage] = []
        self.down = False

    def enqueue(self, inbox: Sequence[QueueMessage], statuses: Sequence[QueueMessage]) -> None:
        if self.down:
            raise ServiceUnavailableError("the queues are down")
        self.inbox.extend(inbox)
        self.statuses.extend(statuses)
