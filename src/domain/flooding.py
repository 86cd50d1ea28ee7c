"""Who writes more than a person does: a machine, or somebody who should talk to one of the seller's people.

Read from the thread that every answer reads anyway, which shows the newest forty entries. Whoever floods gets a
person: one notice to them, one to the seller, and silence of the assistant until that person gives them back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.conversations import Thread, ThreadMessage
from domain.messages import received_at_of
from domain.replies import Reply, ReplyPurpose

MOST_ANSWERS, ANSWERS_WITHIN = 15, timedelta(minutes=10)
MOST_MESSAGES, MESSAGES_WITHIN = 30, timedelta(minutes=1)


def floods(thread: Thread, now: datetime) -> bool:
    """What a person has seen to since does not count."""
    settled = thread.conversation.settled_through
    messages = [
        received_at
        for entry in thread.entries
        if isinstance(entry, ThreadMessage) and not _before(received_at := received_at_of(entry.position), settled)
    ]
    answers = [
        entry.created_at
        for entry in thread.entries
        if isinstance(entry, Reply) and entry.purpose is ReplyPurpose.ANSWER and not _before(entry.created_at, settled)
    ]
    newest = max(messages, default=now)
    many_messages = sum(newest - at <= MESSAGES_WITHIN for at in messages) >= MOST_MESSAGES
    return many_messages or sum(now - at <= ANSWERS_WITHIN for at in answers) >= MOST_ANSWERS


def _before(at: datetime, settled: datetime | None) -> bool:
    return settled is not None and at <= settled
