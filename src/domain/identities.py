"""By what a customer is known, and how messages change it.

A customer is filed under the identity that was seen first, and stays there; every further one (the BSUID beside a
phone, a phone that appears later, a number after a change) is an alias that leads there. Of all of them, `phone` and
`user_id` are the current ones: those by which to reach the customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.conversations import Recording
from domain.messages import InboundMessage, System


@dataclass(frozen=True, slots=True)
class Told:
    """What one message tells of who wrote it."""

    filed_under: str
    """Where a customer is put whom nobody knows yet."""
    keys: tuple[str, ...]
    """All that it names as one person's, in the order of looking: user ids first."""
    phone: str | None
    user_id: str | None
    """By which to reach them from `at` on, as far as it tells."""
    at: datetime
    moved_by: str = ""
    """Its position, where it is a notice of a change."""
    former: frozenset[str] = frozenset()
    """What it says is theirs no longer."""


def told_by(recording: Recording) -> Told:
    message, sender = recording.message, recording.message.sender
    current = _moved_to(message)
    if current is None:
        return Told(sender.key, sender.keys, sender.phone, sender.user_id, recording.at)
    phone, user_id = current
    previous = message.content.previous_user_id if isinstance(message.content, System) else ""
    named = (user_id, previous, sender.user_id, phone, sender.phone)
    keys = tuple(dict.fromkeys(key for key in named if key))
    return Told(
        filed_under=sender.key,
        keys=keys,
        phone=phone,
        user_id=user_id,
        at=recording.at,
        moved_by=recording.position,
        former=frozenset(keys) - {phone, user_id},
    )


def _moved_to(message: InboundMessage) -> tuple[str | None, str | None] | None:
    """Phone and user id after the change; None for what tells of no change.

    With a new number comes a new user id. Where the number is not shared, Meta tells of the user id alone.
    """
    match message.content:
        case System(type="user_changed_number", wa_id=phone, user_id=user_id) if phone:
            return phone, user_id or None
        case System(type="user_changed_user_id", user_id=user_id) if user_id:
            return message.sender.phone, user_id
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Holding:
    """The identities of one customer."""

    key: str
    phone: str | None = None
    user_id: str | None = None
    aliases: frozenset[str] = frozenset()
    moved_by: str = ""

    def knows(self, key: str) -> bool:
        return key == self.key or key in self.aliases

    def _moved_before(self, at: datetime) -> bool:
        if not self.moved_by:
            return True
        return at > datetime.strptime(self.moved_by.split("#", 1)[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

    def has_given_up(self, told: Told) -> bool:
        """Whether the phone that a message came from was theirs once, and is somebody else's now.

        Networks give numbers out again: who writes from one after its holder has told that they left it, under a user
        id that was never theirs, is another person.
        """
        left = bool(self.moved_by) and not told.moved_by and self._moved_before(told.at)
        stranger = told.user_id is not None and not self.knows(told.user_id)
        return left and stranger and told.phone not in {None, self.phone}

    def after(self, told: Told, *, newest: bool) -> Holding:
        """With what the message tells. In whatever order messages come, no older one moves an identity back.

        `newest`: no later message of the customer is stored.
        """
        aliases = self.aliases | (frozenset(told.keys) - {self.key})
        if told.moved_by:
            return replace(self._moved(told, newest=newest), aliases=aliases)
        current = self._moved_before(told.at)
        phone, user_id = self.phone, self.user_id
        if told.phone and current and (newest or phone is None):
            phone = told.phone
        if told.user_id and current and (newest or user_id is None):
            user_id = told.user_id
        return replace(self, phone=phone, user_id=user_id, aliases=aliases)

    def _moved(self, told: Told, *, newest: bool) -> Holding:
        """What a change names as former it replaces, however late it comes; anything else only if it is the newest.

        Where it shares no number, the one that is held is no longer theirs: Meta makes a new user id with a new number.
        """
        if told.moved_by <= self.moved_by:
            return self
        phone, user_id = self.phone, self.user_id
        if newest or phone is None or phone in told.former or told.phone is None:
            phone = told.phone
        if told.user_id and (newest or user_id is None or user_id in told.former):
            user_id = told.user_id
        return replace(self, phone=phone, user_id=user_id, moved_by=told.moved_by)
