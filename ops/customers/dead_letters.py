"""A customer's letters on the dead-letter queues. Everybody else's are given back untouched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.dead_letters.queues import LOCK_SECONDS, DeadLetters, Held
from adapters.dynamodb_customer_places import letter_about, letter_body, owner_of
from domain.customer_data import CustomerRecord, Subject, told_at
from domain.errors import ContentionError
from domain.ports import Tenants
from domain.tenants import TenantId

_PAUSE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class DeadLettersPlace:
    """A letter of the seller's numbers, or of nobody's, that is about the customer."""

    queues: Sequence[DeadLetters]
    tenants: Tenants
    patience_seconds: float = LOCK_SECONDS + 10
    """How long to wait for letters that somebody has in hand, or had when they were stopped."""
    pause: Callable[[float], None] = time.sleep
    name: str = "dead-letters"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        for queue in self.queues:
            found: list[CustomerRecord] = []

            def note(held: Held, queue: DeadLetters = queue, found: list[CustomerRecord] = found) -> bool:
                content = {"queue": queue.name.dead, "at": held.sent_at.isoformat(), "body": _readable(held.body)}
                found.append(CustomerRecord("letters", content))
                return False

            self._through(queue, tenant_id, subject, note)
            yield from found

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        deleted = 0
        for queue in self.queues:

            def remove(held: Held, queue: DeadLetters = queue) -> bool:
                if not queue.keep_hold(held):
                    return False  # in other hands: it is found again, by the look that follows
                queue.remove(held)
                return True

            deleted += self._through(queue, tenant_id, subject, remove)
            waited = 0.0
            while queue.depth().in_flight:
                if waited >= self.patience_seconds:
                    raise ContentionError(f"somebody has letters of {queue.name.dead} in hand: run it again")
                self.pause(_PAUSE_SECONDS)
                waited += _PAUSE_SECONDS
                deleted += self._through(queue, tenant_id, subject, remove)
        return deleted

    def _through(self, queue: DeadLetters, tenant_id: TenantId, subject: Subject, act: Callable[[Held], bool]) -> int:
        """How many letters of theirs are taken away.

        A FIFO queue shows ten of a group; the next come to light as these are removed. A group is one customer's.
        """
        lying: dict[str, Held] = {}
        taken = 0
        try:
            while batch := queue.take():
                fresh = [held for held in batch if held.message_id not in lying]
                if not fresh:
                    return taken  # locks have run out: the letters come round again
                for held in fresh:
                    if self._is_theirs(held, tenant_id, subject) and act(held):
                        taken += 1
                    else:
                        lying[held.message_id] = replace(held, body="")
        finally:
            queue.give_back(lying.values())
        return taken

    def _is_theirs(self, held: Held, tenant_id: TenantId, subject: Subject) -> bool:
        if not letter_about(subject, held.body):
            return False
        body = letter_body(held.body) or {}
        job = "customer_id" in body  # names an id that nobody gets again, whenever it came to lie here
        meant = job or subject.meant(told_at(body, held.sent_at))
        return meant and owner_of(body, self.tenants) in {None, tenant_id}


def _readable(text: str) -> Any:
    body = letter_body(text)
    return text if body is None else body
