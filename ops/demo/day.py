"""The day, played: customers write, read, and write again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from domain.deliveries import DeliveryStatus
from domain.messages import MessageId
from domain.replies import Reply, ReplyState
from ops.demo.phones import Phones, Written
from ops.demo.script import Burst, rounds
from ops.demo.script import Step as ScriptStep
from ops.demo.stored import Stored
from ops.outcomes.settling import Settling

_PHONES_AT_ONCE = 2
_POLL_SECONDS = 0.25
_UNDERWAY = frozenset({None, DeliveryStatus.SENT})

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Day:
    phones: Phones
    stored: Stored
    settling: Settling
    seconds: float
    """The longest that one round may need to settle."""
    tell: Tell

    def play(self, steps: Sequence[ScriptStep]) -> list[Written]:
        """In rounds: a chat's next message is written when its last has settled, and its answer has arrived."""
        written: list[Written] = []
        with ThreadPoolExecutor(_PHONES_AT_ONCE) as pool:
            for number, bursts in enumerate(rounds(steps), start=1):
                replies = self._last_replies(written)
                self.tell(f"round {number}: {sum(map(len, bursts))} messages of {len(bursts)} customers")
                played = pool.map(lambda burst, known=replies: self._write(burst, known), bursts)
                just_written = [one for burst in played for one in burst]
                self.settling.wait([one.item for one in just_written], self.seconds)
                self._until(just_written, lambda reply: reply.delivery not in _UNDERWAY)
                written += just_written
        return sorted(written, key=lambda one: one.step.at)

    def read(self, written: Sequence[Written], tenant: str) -> list[str]:
        """The customers of one seller open their chats; those of the others do not."""
        theirs = [one for one in written if one.step.tenant == tenant]
        names = [reply.message_id for reply in self._sent(theirs) if reply.message_id is not None]
        for name in names:
            self.phones.read(name)
        self._until(theirs, lambda reply: reply.delivery == DeliveryStatus.READ)
        return list(names)

    def _write(self, burst: Burst, replies: dict[tuple[str, str], str]) -> list[Written]:
        return [self.phones.write(step, replies.get(step.chat)) for step in burst]

    def _last_replies(self, written: Sequence[Written]) -> dict[tuple[str, str], str]:
        """WhatsApp id of the newest answer in each chat."""
        conversations = self.stored.conversations(written)
        answers = {
            one.step.chat: conversations[one.message_id].answers_to(MessageId(one.message_id))
            for one in written
            if one.message_id in conversations
        }
        return {chat: found[-1].message_id for chat, found in answers.items() if found and found[-1].message_id}

    def _sent(self, written: Sequence[Written]) -> list[Reply]:
        conversations = {id(one): one for one in self.stored.conversations(written).values()}
        replies = [reply for conversation in conversations.values() for reply in conversation.replies]
        return [reply for reply in replies if reply.state is ReplyState.SENT]

    def _until(self, written: Sequence[Written], arrived: Callable[[Reply], bool]) -> None:
        """Statuses travel on their own: waits for them, but not for ever."""
        deadline = time.monotonic() + self.seconds
        while not all(map(arrived, self._sent(written))) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
