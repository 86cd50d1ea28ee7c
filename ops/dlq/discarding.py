"""Letters away for good, each kept whole in the quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.dead_letters.groups import Why, fingerprint
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.moving import Moved
from adapters.dead_letters.queues import DeadLetters, Held
from adapters.dynamodb_values import fits
from domain.errors import PermanentError
from domain.ports import Quarantine, QuarantineReason


class TooBigToKeepError(PermanentError):
    """The quarantine could keep it only without its content."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Discarding:
    quarantine: Quarantine
    reason: str
    why: Why
    clock: Callable[[], datetime] = _now
    erased: Callable[[Letter, Held], bool] = lambda letter, held: False  # noqa: ARG005 (nobody)
    """Whether it is about somebody who was erased since: of them nothing is kept again."""

    def __call__(self, queue: DeadLetters, held: Held, letter: Letter) -> Moved:
        if self.erased(letter, held):
            queue.remove(held)
            return Moved.DISCARDED
        raw = self._raw(queue, held, letter)
        if not fits(raw):
            raise TooBigToKeepError("too big for the quarantine: redrive it, or save it by hand and delete it")
        self.quarantine.keep(f"{queue.name.dead}#{held.message_id}", QuarantineReason.DISCARDED, raw, self.clock())
        queue.remove(held)
        return Moved.DISCARDED

    def _raw(self, queue: DeadLetters, held: Held, letter: Letter) -> Mapping[str, Any]:
        """Enough to put it back one day."""
        why = self.why(letter)
        return {
            "queue": queue.name,
            "body": held.body,
            "group": held.group,
            "deduplication_id": held.deduplication_id,
            "attributes": {name: _plain(value) for name, value in held.attributes.items()},
            "sent_at": held.sent_at.isoformat(),
            "fingerprint": fingerprint(letter, why),
            "why": why,
            "discarded_because": self.reason,
        }


def _plain(attribute: Mapping[str, Any]) -> dict[str, Any]:
    return {part: given.hex() if isinstance(given, bytes) else given for part, given in attribute.items()}
