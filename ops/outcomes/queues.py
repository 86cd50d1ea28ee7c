"""How full the queues are, and what lies on the dead-letter queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.aws_clients import client
from adapters.queue_bodies import decoded
from adapters.sqs_depths import Depth, depth_of

_HELD_SECONDS = 20
"""How long a dead letter is hidden while it is read, should it not be given back before."""
_MOST_RECEIVED = 10
_DEAD = "-dlq"
_IN_ORDER = ("inbox", "statuses", "replies")


@dataclass(frozen=True, slots=True)
class Queues:
    urls: Mapping[str, str]
    """Logical name to URL."""

    def depths(self) -> list[Depth]:
        """In the order in which work moves on: what left one queue meanwhile is seen on the next."""
        ordered = sorted(self.urls, key=lambda name: _IN_ORDER.index(name) if name in _IN_ORDER else len(_IN_ORDER))
        return [depth_of(name, self.urls[name]) for name in ordered]

    def dead_letters(self) -> set[tuple[str, str]]:
        """Number (or tenant, for a reply job) and update id of each. They stay where they are."""
        return {
            identity
            for name, url in self.urls.items()
            if name.endswith(_DEAD)
            for body in _peek(url)
            if (identity := _identity(body)) is not None
        }


def _peek(url: str) -> Iterator[str]:
    held: list[str] = []
    try:
        while True:
            received = client("sqs").receive_message(
                QueueUrl=url, MaxNumberOfMessages=_MOST_RECEIVED, VisibilityTimeout=_HELD_SECONDS, WaitTimeSeconds=0
            )
            letters = received.get("Messages", [])
            if not letters:
                return
            held += [letter["ReceiptHandle"] for letter in letters]
            yield from (letter["Body"] for letter in letters)
    finally:
        for handle in held:
            client("sqs").change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)


def _identity(text: str) -> tuple[str, str] | None:
    """None for a letter that is not of our own writing."""
    try:
        body = decoded(text)
        if "tenant_id" in body:
            return body["tenant_id"], body["message_id"]
        message = body.get("message")
        return body["phone_number_id"], message["id"] if message else body["update_id"]
    except (ValueError, KeyError, TypeError):
        return None
