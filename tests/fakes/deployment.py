"""The use cases wired to the fakes as the queues wire the functions: what fails comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.answer import Answered, answer
from domain.conversations import Conversation, ReplyJob, Thread
from domain.customers import CustomerIdentity
from domain.deliveries import StatusUpdate
from domain.due import DueItem
from domain.errors import SendError, SendThrottledError, TransientError
from domain.fetch_media import Fetched, fetch_media
from domain.media import MediaJob
from domain.messages import InboundMessage
from domain.receive import Received, receive
from domain.replies import Reply, ReplyPurpose
from domain.sweep import Swept, sweep
from domain.track import Tracked, track_status
from tests.builders import ACME, ACME_NUMBER, ALICE, NOON, number
from tests.contracts.world import World
from tests.fakes.crashes import Crash, Doom
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world

MOST_RECEIVES = 9
"""maxReceiveCount of the replies queue (template.yaml)."""

_BETWEEN_SWEEPS = timedelta(minutes=10)


@dataclass(slots=True)
class Deployment:
    cast: Cast = field(default_factory=lambda: Cast(fake_world(), FakeTenants(number())))
    doom: Doom = field(default_factory=Doom)
    loses_records: bool = False
    """Whether the record that a worker died of never comes back."""
    now: datetime = NOON + timedelta(seconds=5)
    outcomes: list[Answered] = field(default_factory=list)
    dead_letters: list[ReplyJob] = field(default_factory=list)

    # --- the three functions, once ---

    def receive(self, message: InboundMessage) -> Received:
        return receive(message, ACME_NUMBER, ports=self.doom.watch_all(self.cast.receive_ports))

    def answer(self, job: ReplyJob) -> Answered:
        return answer(job, now=self.now, ports=self.doom.watch_all(self.cast.answer_ports))

    def track(self, update: StatusUpdate) -> Tracked:
        return track_status(update, ACME_NUMBER, {}, now=self.now, ports=self.doom.watch_all(self.cast.track_ports))

    def fetch(self, job: MediaJob) -> Fetched:
        return fetch_media(job, ports=self.doom.watch_all(self.cast.fetch_media_ports))

    def sweep(self, item: DueItem, now: datetime) -> Swept:
        return sweep(item, now=now, ports=self.doom.watch_all(self.cast.sweep_ports))

    # --- with the queues around them ---

    def deliver(self, *messages: InboundMessage) -> None:
        for message in messages:
            while True:
                try:
                    self.receive(message)
                except Crash:
                    if self.loses_records:
                        break
                    continue
                except TransientError:
                    continue
                break

    def drain(self) -> list[Answered]:
        """Works off the reply jobs; each comes back until it ends without an error, or the queue gives it up."""
        while (job := self.cast.reply_jobs.take()) is not None:
            for _ in range(MOST_RECEIVES):
                try:
                    self.outcomes.append(self.answer(job))
                except Crash:
                    if self.loses_records:
                        break
                    continue
                except SendThrottledError as error:
                    self.now += timedelta(seconds=error.retry_after)
                    continue
                except (SendError, TransientError):
                    continue
                break
            else:
                self.dead_letters.append(job)
        return self.outcomes

    def drain_media(self) -> list[Fetched]:
        """Works off the media jobs; one that Meta has no file for is left to the sweeper in the end."""
        fetched = []
        while (job := self.cast.media_jobs.take()) is not None:
            for _ in range(MOST_RECEIVES):
                try:
                    fetched.append(self.fetch(job))
                except Crash:
                    if self.loses_records:
                        break
                    continue
                except TransientError:
                    continue
                break
        return fetched

    def tell(self, *updates: StatusUpdate) -> None:
        for update in updates:
            while True:
                try:
                    self.track(update)
                except Crash:
                    if self.loses_records:
                        break
                    continue
                except TransientError:
                    continue
                break

    def sweep_until(self, until: datetime, every: timedelta = _BETWEEN_SWEEPS) -> list[Swept]:
        """As the schedule does, if not as often, with the replies that it asks for. Who dies is back later."""
        swept = []
        while self.now + every <= until:
            self.now += every
            self.cast.reply_jobs.forget()
            for item in self.cast.world.due.overdue(self.now, 1000):
                try:
                    swept.append(self.sweep(item, self.now))
                except (Crash, TransientError):
                    continue
            self.drain()
            self.drain_media()
        return swept

    # --- what came of it ---

    @property
    def world(self) -> World:
        return self.cast.world

    def thread(self, of: CustomerIdentity = ALICE) -> Thread:
        return self.world.thread(of.first_customer_id(ACME))

    @property
    def conversation(self) -> Conversation:
        return self.thread().conversation

    def replies(self, purpose: ReplyPurpose = ReplyPurpose.ANSWER) -> list[Reply]:
        thread = self.world.conversations.thread(ACME, ALICE.first_customer_id(ACME))
        entries = thread.entries if thread else ()
        return [entry for entry in entries if isinstance(entry, Reply) and entry.purpose is purpose]

    @property
    def reasons(self) -> list[str]:
        """Of the escalations that were published."""
        return [str(escalation.reason) for escalation in self.cast.escalations.published]

    @property
    def texts(self) -> list[str]:
        """What the customer has, or may have, read."""
        return [post.text for post in self.cast.messenger.delivered]
