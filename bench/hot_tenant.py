"""One tenant's month under 500 messages a second: exact counts, units of its items, retries.

The adapters that count are the real ones; workers, time and DynamoDB's rules are a model (`bench/dynamodb_rules.py`).
Every message is recorded, answered, and told to be charged for: three transactions that each count something.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from unittest import mock

from adapters import aws_clients, dynamodb_usage
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_deliveries import DynamoDeliveries
from adapters.dynamodb_send_ledger import DynamoSendLedger
from adapters.dynamodb_values import from_item
from bench.dynamodb_rules import BURST_SECONDS, PARTITION_WRITES, HotDynamoDb, Key, Latency
from bench.figures import Bar, Figure, Measurement, Plot
from bench.virtual_time import Invocation, VirtualTime
from domain.conversations import Decision, Disposition, Recording, ReplyJob
from domain.customers import CustomerIdentity
from domain.deliveries import StatusUpdate, advance, expected
from domain.errors import ContentionError, ServiceUnavailableError
from domain.messages import InboundMessage, MessageId, Text
from domain.replies import Reply, ReplyPurpose, ReplyState, SendOutcome, reply_id
from domain.tenants import PhoneNumberId, TenantId
from domain.usage import total
from ops.capacity.model import SECONDS

_TENANT, _NUMBER = TenantId("hot"), PhoneNumberId("106540352242922")
_BEGAN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_MONTH = "2026-11"
_AT_ONCE = Latency(0, 0, 0)
_COMES_BACK_SECONDS = 30
_ANSWERED_AFTER, _TOLD_AFTER = 1.0, 1.5


def measure() -> Measurement:
    played = HotTenant()
    outcome = played.run()
    off = sum(abs(outcome.counted.get(name, 0) - n) for name, n in outcome.wanted.items())
    lasts = PARTITION_WRITES * BURST_SECONDS / max(1, outcome.partition_units - PARTITION_WRITES)
    what = f"hot tenant, {played.rate:.0f} messages/s: "
    return Measurement(
        figures=(
            Figure("10", f"{what}counts that are off", off, 0, "counts", told=_counted(outcome)),
            Figure(
                "10",
                f"{what}busiest item",
                max(outcome.most_units.values()),
                100,
                "write units/s",
                told=f"{len(outcome.most_units)} items of one partition key, in their busiest second "
                f"{outcome.partition_units:,} units: its partition's burst lasts {lasts:.0f} s, until it is parted",
            ),
            Figure(
                "10",
                f"{what}conflicts of a message",
                sum(outcome.conflicts) / outcome.messages,
                1,
                "of its three transactions",
                told=f"at most {max(outcome.conflicts)} in one invocation",
            ),
            Figure("10", f"{what}given back to the queue", outcome.came_back, 0, "times"),
        ),
        plots=(
            Plot(
                "hot-tenant",
                f"One tenant's usage at {played.rate:.0f} messages/s, busiest item",
                "write units/s",
                (
                    Bar("ours, spread once it is hot", max(outcome.most_units.values())),
                    Bar("most that an item takes", PARTITION_WRITES),
                    Bar("one item for a month, without a conflict", 6 * played.rate),
                ),
            ),
        ),
    )


def _counted(outcome: Outcome) -> str:
    workers = ", ".join(f"{n} of {name.replace('_', '-')}" for name, n in outcome.workers.items())
    return f"{outcome.messages:,} messages of {outcome.customers:,} customers; workers: {workers}"


@dataclass
class Worker:
    """A process of one function: what the adapters remember is its own."""

    function: str
    spread: dynamodb_usage.Spread = field(default_factory=dynamodb_usage.Spread)


@dataclass
class Outcome:
    messages: int
    customers: int
    """Known ones, who each have written a message before these."""
    counted: dict[str, int]
    most_units: dict[Key, int]
    """Of each item of the usage table, in its busiest second."""
    partition_units: int
    """Of all of them together, in their busiest second."""
    conflicts: list[int]
    """Of each invocation that counts."""
    came_back: int
    throttled: int
    workers: Counter[str]

    @property
    def wanted(self) -> dict[str, int]:
        each = ("messages", "messages_text", "replies", "answers", "billable_service")
        wanted = {"customers": self.customers} | dict.fromkeys(each, self.messages)
        return wanted | {name: wanted[name] + self.customers for name in each[:2]}


@dataclass
class HotTenant:
    rate: float = 500
    seconds: float = 6
    customers: int = 3_000
    """Known since before: at 500 messages a second each writes every six seconds, and Meta takes no more to one."""
    seed: int = 0
    time: VirtualTime = field(init=False)
    aws: HotDynamoDb = field(init=False)
    _idle: defaultdict[str, list[Worker]] = field(default_factory=lambda: defaultdict(list))
    _workers: Counter[str] = field(default_factory=Counter)
    _conflicts: list[int] = field(default_factory=list)
    _came_back: int = 0

    def __post_init__(self) -> None:
        self.time = VirtualTime(self._entered)
        self.aws = HotDynamoDb(self.time)
        names = (self.aws.tables[name] for name in ("ConversationsTable", "CustomersTable", "TenantUsageTable"))
        conversations, customers, self._usage = names
        self._conversations = DynamoConversations(conversations, customers, self._usage)
        self._ledger = DynamoSendLedger(conversations, self._usage)
        self._deliveries = DynamoDeliveries(conversations, self._usage)

    def run(self) -> Outcome:
        random.seed(self.seed)
        with (
            mock.patch.object(aws_clients, "_client", return_value=self.aws),
            mock.patch.object(time, "sleep", self.time.sleep),
            mock.patch.object(hashlib, "scrypt", _soon),  # of who was erased: a twentieth of a second for each customer
        ):
            self._make_known()
            moment, messages = 0.0, 0
            while (moment := moment + random.expovariate(self.rate)) < self.seconds:
                self.time.at(moment, self._received(messages))
                messages += 1
            self.time.run()
        return self._outcome(messages)

    def _make_known(self) -> None:
        latency, self.aws.latency = self.aws.latency, _AT_ONCE
        for n in range(self.customers):
            recording = self._recording(n, f"wamid.before.{n}", _BEGAN - timedelta(days=1))
            record = partial(self._conversations.record, _TENANT, recording)
            self.time.at(0, partial(self.time.begin, Invocation(record, Worker("before"))))
        self.time.run()
        self.aws.latency = latency
        self.aws.written.clear()

    @staticmethod
    def _entered(worker: Worker) -> None:
        dynamodb_usage.spread = worker.spread

    def _invoke(self, function: str, do: Callable[[], None]) -> None:
        """By a worker that is idle, or a new one; again later if it fails, as the queue has it."""
        idle = self._idle[function]
        if not idle:
            self._workers[function] += 1
        worker = idle.pop() if idle else Worker(function)

        def whole() -> None:
            began = self.time.now
            try:
                do()
            except (ContentionError, ServiceUnavailableError):
                self._came_back += 1
                self.time.at(self.time.now + _COMES_BACK_SECONDS, lambda: self._invoke(function, do))
            self._conflicts.append(invocation.conflicts)
            self.time.sleep(max(0.0, SECONDS[function] - (self.time.now - began)))
            idle.append(worker)

        invocation = Invocation(whole, worker)
        self.time.begin(invocation)

    # --- one message ---

    def _received(self, n: int) -> Callable[[], None]:
        return lambda: self._invoke("message_handler", lambda: self._record(n))

    def _recording(self, n: int, message_id: str, at: datetime) -> Recording:
        sender = CustomerIdentity(phone=f"1202555{n % self.customers:04}")
        of = InboundMessage(MessageId(message_id), "text", Text("How much is the mug?"), sender, at, at, {"id": n})
        customer_id, decision = sender.first_customer_id(_TENANT), Decision(Disposition.ANSWER)
        return Recording(of, at, customer_id, decision, _NUMBER, takes_over=False, tell=False)

    def _record(self, n: int) -> None:
        recording = self._recording(n, f"wamid.{n}", _BEGAN + timedelta(seconds=self.time.now))
        self._conversations.record(_TENANT, recording)
        job = ReplyJob(_TENANT, _NUMBER, recording.customer_id, recording.message.message_id, recording.position)
        self.time.at(self.time.now + _ANSWERED_AFTER, lambda: self._invoke("reply_handler", lambda: self._answer(job)))

    def _answer(self, job: ReplyJob) -> None:
        at = _BEGAN + timedelta(seconds=self.time.now)
        purpose = ReplyPurpose.ANSWER
        named = reply_id(job.customer_id, job.position, purpose)
        reply = Reply(named, purpose, "12.50 USD", ReplyState.READY, job.message_id, (job.message_id,), at)
        if not self._ledger.claim(_TENANT, job, reply, "en"):
            return
        sent = MessageId(f"{job.message_id}.sent")
        told = StatusUpdate(sent, "sent", at, named, "service")  # Meta tells it whether or not we settle it
        self.time.at(self.time.now + _TOLD_AFTER, lambda: self._invoke("status_handler", lambda: self._tell(told)))
        self._ledger.settle(_TENANT, job, reply, SendOutcome(ReplyState.SENT, sent))

    def _tell(self, told: StatusUpdate) -> None:
        known = expected(told)
        if known is not None and self._deliveries.save(_TENANT, known, advance(known, told)):
            return
        known = self._deliveries.known(_TENANT, told.message_id)
        if not self._deliveries.save(_TENANT, known, advance(known, told)):
            raise ContentionError("the delivery changed in between")

    # --- what came of it ---

    def _outcome(self, messages: int) -> Outcome:
        usage = {key: units for key, units in self.aws.written.items() if key[0] == self._usage}
        together = sum(usage.values(), Counter[int]())
        rows = self.aws.store.tables[self._usage].items()
        return Outcome(
            messages,
            self.customers,
            total(map(dynamodb_usage.counters_of, map(from_item, rows))),
            {key: max(units.values()) for key, units in usage.items()},
            max(together.values()),
            self._conflicts,
            self._came_back,
            self.aws.throttled,
            self._workers,
        )


def _soon(identity: bytes, **_: object) -> bytes:
    return hashlib.sha256(identity).digest()
