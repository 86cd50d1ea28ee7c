"""What became of a message after it was sent: edited, revoked, reacted to.

Each is a join: of what is told of one message, in whatever order and however often, the same remains. So it can be
gathered before the message has come, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.customers import CustomerId
from domain.messages import Edit, InboundMessage, MessageId, Reaction, Revoke, known_type, words_of

MOST_WORDS = 4096
"""Of an edit, as of a message: Meta's own limit of a text."""
_MOST_OF_AN_EMOJI = 64
_MOST_REACTORS = 200
"""Whose reactions one message shows. WhatsApp's groups for businesses have far fewer people."""
_MOST_AUTHORS = 12
"""Of whom something waits for a message that has not come: an item of DynamoDB's holds their words."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The newest edit."""

    message_id: MessageId
    """Of the edit itself."""
    at: datetime
    type: str
    words: str

    @property
    def rank(self) -> tuple[datetime, MessageId]:
        return self.at, self.message_id


@dataclass(frozen=True, slots=True)
class Reacted:
    """The newest reaction of one person."""

    by: CustomerId
    message_id: MessageId
    """Of the reaction itself."""
    at: datetime
    emoji: str
    """Empty: it was removed. That is kept, so that an older one that comes later does not bring it back."""

    @property
    def rank(self) -> tuple[datetime, MessageId]:
        return self.at, self.message_id


@dataclass(frozen=True, slots=True)
class Amendments:
    edit: Edited | None = None
    revoked_at: datetime | None = None
    reacted: tuple[Reacted, ...] = ()
    """One of each person."""

    @property
    def reactions(self) -> tuple[Reacted, ...]:
        """Those that still stand."""
        return tuple(reacted for reacted in self.reacted if reacted.emoji)

    @property
    def says(self) -> tuple[Edited | None, bool]:
        """What changes for who reads the message: its words, or that it was taken back."""
        return None if self.revoked_at else self.edit, self.revoked_at is not None

    def joined(self, other: Amendments) -> Amendments:
        edits = [edit for edit in (self.edit, other.edit) if edit]
        revoked = [at for at in (self.revoked_at, other.revoked_at) if at]
        newest: dict[CustomerId, Reacted] = {}
        for reacted in sorted((*self.reacted, *other.reacted), key=lambda reacted: reacted.rank):
            newest[reacted.by] = reacted
        kept = sorted(newest.values(), key=lambda reacted: reacted.by)[:_MOST_REACTORS]
        return Amendments(
            edit=max(edits, key=lambda edit: edit.rank, default=None),
            revoked_at=min(revoked, default=None),
            reacted=tuple(kept),
        )

    def reactions_alone(self) -> Amendments:
        """What is left of it for a message that somebody else wrote."""
        return Amendments(reacted=self.reacted)


UNCHANGED = Amendments()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was said of a message that has not come yet, by whom: whose message it is, nobody knows."""

    by_author: Mapping[CustomerId, Amendments]

    def joined(self, author: CustomerId, amendments: Amendments) -> Waiting:
        known = self.by_author.get(author)
        if known is None and len(self.by_author) >= _MOST_AUTHORS:
            return self
        return Waiting({**self.by_author, author: known.joined(amendments) if known else amendments})

    def of(self, customer_id: CustomerId | None) -> Amendments:
        """What counts where this customer wrote the message: all of theirs, and anybody's reactions.

        None: it is one of the seller's, which no customer edits or revokes.
        """
        counts = UNCHANGED
        for author, amendments in self.by_author.items():
            counts = counts.joined(amendments if author == customer_id else amendments.reactions_alone())
        return counts


NOTHING_WAITS = Waiting({})


@dataclass(frozen=True, slots=True)
class Waited:
    """What waited for a message that comes now, and whose message it is."""

    waiting: Waiting = NOTHING_WAITS
    customer_id: CustomerId | None = None

    @property
    def amendments(self) -> Amendments:
        return self.waiting.of(self.customer_id)


NOTHING_WAITED = Waited()


def amendments_of(message: InboundMessage, by: CustomerId, at: datetime) -> Amendments:
    """What one message says of another. `at`: its own time, as it was recorded."""
    match message.content:
        case Edit(type=message_type, message=content):
            words = _storable(words_of(content), MOST_WORDS)
            return Amendments(edit=Edited(message.message_id, at, known_type(message_type), words))
        case Revoke():
            return Amendments(revoked_at=at)
        case Reaction(emoji=emoji):
            reacted = Reacted(by, message.message_id, at, _storable(emoji, _MOST_OF_AN_EMOJI))
            return Amendments(reacted=(reacted,))
        case _:
            return UNCHANGED


def _storable(text: str, most: int) -> str:
    """As it is read back, so that the same said again is seen to be the same."""
    return text[:most].encode("utf-8", "replace").decode()
