"""The template deployed inside the process: real handlers and adapters, embedded services, and time that can be moved.

One function runs at a time; that several work at once is told by faults that let others work in the middle of a call.
"""

from __future__ import annotations

import heapq
import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters import secrets_manager
from adapters.dynamodb_catalogue import put_products
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_usage import spread
from handlers import bootstrap
from ops.prove import bodies
from ops.prove.aws.sqs import Message, Queue, lambda_record
from ops.prove.aws.wire import Aws
from ops.prove.cast import APP_SECRET, NUMBERS, products, token
from ops.prove.clock import Clock
from ops.prove.crash import Crash
from ops.prove.functions import Context, Function, functions_of
from ops.prove.graph import Graph
from ops.prove.template import ACCOUNT, REGION, ResolvedTemplate

_PARAMETERS = {"Stage": "local"}
_CALL_SECONDS = 0.005


@dataclass(slots=True)
class Frame:
    """One invocation under way."""

    function: Function
    nth: int
    """Of this function's, in this run."""
    records: Sequence[Message]
    event: Any
    calls: int = 0
    redriven: bool = False


@dataclass(slots=True)
class Deployment:
    """For many runs: `fresh` empties everything."""

    clock: Clock
    template: ResolvedTemplate = field(default_factory=lambda: ResolvedTemplate(_PARAMETERS))
    graph: Graph = field(default_factory=Graph)
    log: list[str] = field(default_factory=list)
    """What the functions print."""
    aws: Aws = field(init=False)
    functions: dict[str, Function] = field(init=False)
    frames: list[Frame] = field(default_factory=list)
    strike: Callable[[Frame, str, str, Callable[[], Any]], Any] = lambda _frame, _service, _operation, run: run()
    """What happens to a call of a function."""
    assistant_says: Callable[[], str | None] = lambda: None
    invocations: dict[str, int] = field(default_factory=dict)
    calls: list[tuple[str, int, str]] = field(default_factory=list)
    """In their order: function, which invocation of it, and what was called."""
    crashes: int = 0
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _ids: int = 0
    chance: random.Random = field(default_factory=random.Random)
    paused: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Of a function: until when it stands still, then the seconds that each record takes, and until when that."""
    _swept_at: float = 0.0

    def __post_init__(self) -> None:
        self.aws = Aws(self.clock)
        self.aws.guard = self.guard
        for name, properties in self.template.of_type("AWS::DynamoDB::Table"):
            self.template.tables[name] = self.aws.dynamodb.create(properties)
        for name, properties in self.template.of_type("AWS::SQS::Queue"):
            queue = properties["QueueName"]
            url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"
            self.template.queues[name] = self.aws.sqs.create(properties, url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")
        for name, properties in self.template.of_type("AWS::S3::Bucket"):
            self.template.buckets[name] = str(properties["BucketName"])
        for name, properties in self.template.of_type("AWS::SNS::Topic"):
            self.template.topics[name] = f"arn:aws:sns:{REGION}:{ACCOUNT}:{properties['TopicName']}"
        self.functions = {function.name: function for function in functions_of(self.template)}
        self.graph.now = lambda: self.clock.now

    # --- one run ---

    def fresh(self, start: float, seed: int) -> None:
        self.clock.now = start
        self.aws.clear()
        self.graph.posts.clear()
        self.graph.read_receipts = 0
        self.log.clear()
        self.frames.clear()
        self.invocations.clear()
        self.paused.clear()
        self._events.clear()
        self.calls.clear()
        self.crashes = self._ids = 0
        self._swept_at = 0.0
        self.chance = random.Random(seed)  # noqa: S311 (decides what comes first, hides nothing)
        random.seed(seed)  # of the adapters: pauses, spill items, partitions

    def furnish(self) -> None:
        """Sellers, catalogues, secrets: what is there before the first message."""
        self.forget_worker()
        tenants = DynamoTenants(self.template.tables["TenantsTable"], 0)
        for number in NUMBERS:
            tenants.put(number)
            self.aws.secretsmanager.values[number.access_token_secret] = token(number)
        for tenant_id in dict.fromkeys(number.tenant.tenant_id for number in NUMBERS):
            put_products(self.template.tables["ProductsTable"], tenant_id, products(tenant_id))
        secret = {"app_secret": APP_SECRET, "previous_app_secret": "", "verify_token": "verify"}
        self.aws.secretsmanager.values["ai-marketplace-platform/platform"] = json.dumps(secret)
        self.aws.dynamodb.history.clear()

    def invoke(self, function: Function, event: Any, records: Sequence[Message] = ()) -> Any:
        """What the function answers; None where its worker died, or it raised."""
        nth = self.invocations.get(function.name, 0)
        self.invocations[function.name] = nth + 1
        frame = Frame(function, nth, records, event, redriven=any(one.origin == "operator" for one in records))
        context = Context(
            function.name, f"request-{len(self.calls)}", self.clock.now + function.timeout, lambda: self.clock.now
        )
        actor, self.aws.sqs.actor = self.aws.sqs.actor, function.name
        self.frames.append(frame)
        try:
            return function.entry(event, context)
        except Crash:
            self.crashes += 1
            self.forget_worker()
            return None
        except Exception as error:  # noqa: BLE001 (as Lambda does: the invocation has failed)
            self.log.append(f"{function.name} raised {type(error).__name__}\n")
            self.forget_worker()
            return None
        finally:
            self.frames.pop()
            self.aws.sqs.actor = actor

    @staticmethod
    def forget_worker() -> None:
        """The next invocation finds a new process; clients are kept, since they hold nothing of a run."""
        wiring = [module for name, module in sys.modules.items() if name.startswith(bootstrap.__name__)]
        for module in (*wiring, secrets_manager):
            for builder in vars(module).values():
                if hasattr(builder, "cache_clear"):
                    builder.cache_clear()
        spread.forget()

    def guard(self, service: str, operation: str, execute: Callable[[], Any]) -> Any:
        if not self.frames:
            return execute()
        frame = self.frames[-1]
        self.clock.move_to(self.clock.now + _CALL_SECONDS)
        try:
            return self.strike(frame, service, operation, execute)
        finally:
            self.aws.sqs.actor = self.frames[-1].function.name if self.frames else ""

    # --- time ---

    def at(self, moment: float, happens: Callable[[], None]) -> None:
        self._ids += 1
        heapq.heappush(self._events, (moment, self._ids, happens))

    def run_until(self, end: float, sweep_every: float = 60.0) -> None:
        """Works everything off that becomes due until then, in the order of time."""
        while True:
            upcoming = self._next(sweep_every)
            if upcoming > end:
                self.clock.move_to(end)
                return
            self.clock.move_to(upcoming)
            self._work_once(sweep_every)

    def work(self, most: int = 10_000) -> None:
        """Everything that is due now."""
        for _ in range(most):
            if self._next(60.0) > self.clock.now:
                return
            self._work_once(60.0)

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way, dead letters aside."""
        return not self._events and not any(len(queue) for queue, _ in self._fed())

    def _fed(self) -> list[tuple[Queue, Function]]:
        return [
            (self.aws.sqs.queues[function.queue], function)
            for function in self.functions.values()
            if function.queue is not None
        ]

    def _next(self, sweep_every: float) -> float:
        moments = [
            max(queue.next_at(), self.paused.get(function.name, (0.0,))[0])
            for queue, function in self._fed()
            if len(queue)
        ]
        moments += [self._events[0][0]] if self._events else []
        due_at = self.earliest_due()
        if due_at is not None:
            moments.append(max(due_at + 120, self._swept_at + sweep_every))
        return min(moments, default=float("inf"))

    def _work_once(self, sweep_every: float) -> None:
        now = self.clock.now
        if self._events and self._events[0][0] <= now:
            heapq.heappop(self._events)[2]()
            return
        due_at = self.earliest_due()
        if due_at is not None and due_at + 120 <= now and now - self._swept_at >= sweep_every:
            self.sweep()
            return
        ready = [
            (queue, function)
            for queue, function in self._fed()
            if queue.next_at() <= now and self.paused.get(function.name, (0.0,))[0] <= now
        ]
        if ready:
            self.feed(*self.chance.choice(ready))

    def earliest_due(self) -> float | None:
        from adapters.dynamodb_values import time_of

        table = self.aws.dynamodb.tables[self.template.tables["ConversationsTable"]]
        times = [row["dueAt"]["S"] for row in table.indexed["DueIndex"].values()]
        return time_of(min(times)).timestamp() if times else None

    def sweep(self) -> None:
        self._swept_at = self.clock.now
        for function in self.functions.values():
            if function.scheduled:
                self.invoke(function, {})

    def feed(self, queue: Queue, function: Function) -> None:
        """As Lambda's event source mapping: what is reported as failed, or whose worker died, stays in flight."""
        taken = self.aws.sqs.receive(queue, function.batch_size)
        if not taken:
            return
        pause = self.paused.get(function.name)
        if pause is not None and self.clock.now < pause[2]:
            self.paused[function.name] = (self.clock.now + pause[1], *pause[1:])
        handles = [message.handle for message in taken]
        answer = self.invoke(function, {"Records": [lambda_record(message, queue) for message in taken]}, taken)
        if answer is None:
            return
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message, handle in zip(taken, handles, strict=True):
            if message.message_id not in failed:
                self.aws.sqs.delete(queue, handle)

    def post(self, body: bytes) -> bool:
        """Whether the webhook answered 200."""
        answer = self.invoke(self.functions["webhook"], bodies.function_url_event(body))
        return answer is not None and answer["statusCode"] == 200  # noqa: PLR2004 (HTTP)
