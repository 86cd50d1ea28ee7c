"""One run: the script's steps, with its faults, until everything has come to rest."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from adapters.dead_letters.moving import Round
from adapters.dead_letters.queues import dead_letter_queues
from adapters.dead_letters.redriving import Redriving
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_values import time_of, time_text
from adapters.sns_escalations import SnsEscalations
from adapters.sns_handoff_notifications import SnsHandoffNotifications
from domain.change_owner import change_owner
from domain.customers import CustomerId
from domain.errors import ContentionError, MarketplaceError, NotAllowedError
from domain.ownership import Change as OwnerChangeKind
from domain.tenants import TenantId
from ops.prove import bodies
from ops.prove.aws.dynamodb import cancelled
from ops.prove.aws.refusal import ServiceError
from ops.prove.cast import CUSTOMERS, tenant_of
from ops.prove.crash import Crash
from ops.prove.deployment import Deployment, Frame
from ops.prove.evidence import Attempt, Change, DeadLetter, Decision, Evidence, ToldStatus, plain
from ops.prove.graph import Post, number_of
from ops.prove.script import Act, Fault, Place, Script, Step, Strike, Update

STALE = "stale"
"""A person decides, and before it is stored the next step happens: what they saw is no longer so."""
_RETRIES = (20, 90, 600, 3600, 4 * 3600)
"""Meta sends a body again that was not answered with 200, less and less often."""
_SETTLING = timedelta(hours=4).total_seconds()
_DEEPEST = 3
"""How many workers may stand in the middle of each other."""
_POISON = ("{", '{"tenant_id": 7}', "[]", "null", '{"zlib": "!"}', '{"kind": "message", "message": {"id": 5}}')


@dataclass(slots=True)
class Playing:
    deployment: Deployment
    script: Script
    evidence: Evidence = field(default_factory=Evidence)
    injected: Counter[str] = field(default_factory=Counter)
    """How often each kind of fault struck."""
    _steps: deque[Step] = field(default_factory=deque)
    _posted: dict[int, tuple[bytes, tuple[Update, ...], bytes | None]] = field(default_factory=dict)
    _struck: set[int] = field(default_factory=set)
    _haunted: dict[str, list[Any]] = field(default_factory=dict)
    _touched: set[str] = field(default_factory=set)
    _lasting: list[Any] = field(default_factory=list)
    _reports: int = 0
    _questions: int = 0
    _faulty: bool = True

    def run(self) -> Evidence:
        deployment, script = self.deployment, self.script
        self._steps.extend(script.steps)
        deployment.strike = self._strike
        deployment.assistant_says = self._assistant_says
        deployment.graph.answer_to = self._answer_to
        deployment.graph.accepted = self._accepted
        deployment.graph.observe = self._observe
        while self._steps:
            self._do(self._steps.popleft())
        deployment.work()
        self._settle()
        self._collect()
        return self.evidence

    def _settle(self) -> None:
        """Faults go on for an hour; then everything works again, and has to come to its end."""
        deployment = self.deployment
        deployment.run_until(deployment.clock.now + 3600, sweep_every=240)
        self._faulty = False
        end = deployment.clock.now + _SETTLING
        while deployment.clock.now < end and not (deployment.quiet and deployment.earliest_due() is None):
            deployment.run_until(deployment.clock.now + 1200, sweep_every=240)

    # --- steps ---

    def _do(self, step: Step, *, at_once: bool = False) -> None:  # noqa: C901 (one case for each act)
        deployment = self.deployment
        if step.act is not Act.BACKLOG and not at_once:
            deployment.run_until(deployment.clock.now + step.seconds)
        match step.act:
            case Act.POST:
                body = bodies.body_of(step.updates, deployment.clock.now)
                self._posted[step.n] = (body, step.updates, None)
                self._post(step.n)
            case Act.RAW:
                self._posted[step.n] = (step.text.encode(), (), step.text.encode())
                self._post(step.n)
            case Act.REPEAT:
                for _ in range(step.times if step.n in self._posted else 0):
                    self._post(step.n)
                    self.injected["duplicate"] += 1
            case Act.TAKE_OVER | Act.HAND_BACK | Act.RESOLVE:
                self._person(step)
            case Act.REDRIVE:
                for _ in range(step.times):
                    self._redrive()
            case Act.POISON:
                self._poison_queue(step)
            case Act.BACKLOG:
                now = deployment.clock.now
                deployment.paused["message_handler"] = (now + step.seconds, float(step.times), now + step.seconds + 300)
                self.injected["backlog"] += 1

    def _post(self, n: int, tries: int = 0) -> None:
        body, updates, raw = self._posted[n]
        at = self.deployment.clock.now
        taken = self.deployment.post(body)
        self.evidence.attempts.append(Attempt(at, taken, updates, (), raw, n))
        if not taken and tries < len(_RETRIES):
            again = self.deployment.clock.now + _RETRIES[tries]
            self.deployment.at(again, lambda: self._post(n, tries + 1))

    def _report(self, number: int, statuses: list[dict[str, Any]], tries: int = 0) -> None:
        at = self.deployment.clock.now
        taken = self.deployment.post(bodies.status_body(number, statuses))
        told = tuple(ToldStatus(number, one["id"], one["status"], "pricing" in one) for one in statuses)
        self.evidence.attempts.append(Attempt(at, taken, (), told))
        if not taken and tries < len(_RETRIES):
            again = self.deployment.clock.now + _RETRIES[tries]
            self.deployment.at(again, lambda: self._report(number, statuses, tries + 1))

    def _poison_queue(self, step: Step) -> None:
        sqs = self.deployment.aws.sqs
        for name, queue in sqs.queues.items():
            if step.text not in queue.name or "-dlq" in queue.name:
                continue
            for index in range(step.times):
                body = _POISON[index % len(_POISON)]
                fifo = {
                    "MessageGroupId": f"poison-{step.n}-{index}",
                    "MessageDeduplicationId": f"poison-{step.n}-{index}",
                }
                sqs.call("SendMessage", {"QueueUrl": name, "MessageBody": body, **(fifo if queue.fifo else {})})
                self.injected["poison"] += 1

    # --- people ---

    def _conversations(self) -> DynamoConversations:
        tables = self.deployment.template.tables
        return DynamoConversations(tables["ConversationsTable"], "", tables["TenantUsageTable"])

    def _person(self, step: Step) -> None:
        tenant_id = tenant_of(step.number)
        customer_id = self._customer_id(tenant_id, step.customer) if tenant_id else None
        if tenant_id is not None and customer_id is not None:
            self._decide(OwnerChangeKind(_CHANGES[step.act]), tenant_id, customer_id, stale=step.text == STALE)

    def _customer_id(self, tenant_id: TenantId, customer: int) -> CustomerId | None:
        rows = self.deployment.aws.dynamodb.tables[self.deployment.template.tables["CustomersTable"]]
        row = rows.get((f"{tenant_id}#{CUSTOMERS[customer].key}",))
        return CustomerId(row["customerId"]["S"]) if row and "customerId" in row else None

    def _decide(
        self, change: OwnerChangeKind, tenant_id: TenantId, customer_id: CustomerId, *, stale: bool = False
    ) -> None:
        ports = _PersonPorts(self._conversations(), SnsHandoffNotifications(self._topic("HandoffNotificationsTopic")))
        for _ in range(3):
            thread, now = ports.conversations.thread(tenant_id, customer_id), self.deployment.clock.moment
            if thread is None:
                return
            self.evidence.decisions.append(
                Decision(thread.conversation.conversation_id, time_text(now), thread.conversation.awaiting)
            )
            if stale:
                stale = False
                self._next_at_once()
            try:
                change_owner(
                    thread.conversation,
                    change,
                    by="ann",
                    reason="wants it",
                    now=now,
                    ports=ports,
                    person="ann" if change is OwnerChangeKind.TAKEN_OVER else None,
                )
            except NotAllowedError:
                return
            except (ContentionError, MarketplaceError):
                continue
            self.injected[str(change)] += 1
            return

    def _take_all_over(self) -> None:
        table = self.deployment.aws.dynamodb.tables[self.deployment.template.tables["ConversationsTable"]]
        states = [row for row in table.items() if row["sk"]["S"] == "state"]
        for row in states:
            self._decide(OwnerChangeKind.TAKEN_OVER, TenantId(row["tenantId"]["S"]), CustomerId(row["customerId"]["S"]))

    def _topic(self, name: str) -> str:
        return self.deployment.template.topics[name]

    def _redrive(self) -> None:
        """As `ai-marketplace dlq redrive --all` does it."""
        deployment = self.deployment
        urls = {_logical(queue.name): url for url, queue in deployment.aws.sqs.queues.items()}
        act = Redriving(
            self._conversations(),
            SnsEscalations(self._topic("EscalationsTopic")),
            SnsHandoffNotifications(self._topic("HandoffNotificationsTopic")),
        )
        actor, deployment.aws.sqs.actor = deployment.aws.sqs.actor, "operator"
        try:
            for queue in dead_letter_queues(urls, wait_seconds=0):
                Round(lambda _: True, act, 10_000).through(queue)
        finally:
            deployment.aws.sqs.actor = actor
        self.injected["redrive"] += 1

    # --- faults ---

    def _strike(self, frame: Frame, service: str, operation: str, execute: Callable[[], Any]) -> Any:
        deployment = self.deployment
        call, frame.calls = frame.calls, frame.calls + 1
        overall = len(deployment.calls)
        deployment.calls.append((frame.function.name, frame.nth, f"{service} {operation}"))
        if not self._faulty:
            return execute()
        self._unless_down(frame, service)
        fault = self._lasts(service, operation) or self._due(frame, call, overall, operation)
        if fault is None:
            return execute()
        if fault.kind in _MEANWHILE and len(deployment.frames) >= _DEEPEST:
            return execute()
        self._note(frame, fault.kind)
        return self._apply(fault, frame, service, execute)

    def _note(self, frame: Frame, kind: str) -> None:
        self.injected[kind] += 1
        self._touch(frame)

    def _touch(self, frame: Frame) -> None:
        """Its records may come to lie on a dead-letter queue. What Meta refuses for now excuses none."""
        self._touched |= {message.message_id for message in frame.records}

    def _unless_down(self, frame: Frame, service: str) -> None:
        since = self.deployment.clock.now - self.script.start
        for fault in self.script.faults:
            if fault.place == Place.DOWN and fault.kind == service and fault.nth <= since < fault.nth + fault.times:
                self._note(frame, f"{service} down")
                if service == "graph":
                    raise httpx.ConnectError("down")
                raise EndpointConnectionError(endpoint_url=f"https://{service}")

    def _lasts(self, service: str, operation: str) -> Fault | None:
        """A fault that strikes several calls in a row."""
        if not self._lasting or self._lasting[1] <= 0:
            return None
        fault, _, of_service, of_operation = self._lasting
        if service != of_service or of_operation not in {None, operation}:
            return None
        self._lasting[1] -= 1
        return fault  # type: ignore[no-any-return]

    def _due(self, frame: Frame, call: int, overall: int, operation: str) -> Fault | None:
        for message in frame.records:
            fault, left = self._haunted.get(message.message_id, (None, 0))
            if fault is not None and left > 0 and fault.place == frame.function.name and _hits(fault, call, operation):
                self._haunted[message.message_id][1] -= 1
                return fault  # type: ignore[no-any-return]
        for index, fault in enumerate(self.script.faults):
            if index in self._struck or not _hits(fault, overall if fault.place == Place.ANYWHERE else call, operation):
                continue
            if fault.place == Place.ANYWHERE or (fault.place == frame.function.name and fault.nth == frame.nth):
                self._struck.add(index)
                if fault.kind not in _IN_A_ROW:
                    self._haunted |= {message.message_id: [fault, fault.times - 1] for message in frame.records}
                return fault
        return None

    def _apply(self, fault: Fault, frame: Frame, service: str, execute: Callable[[], Any]) -> Any:  # noqa: C901 (one case for each fault)
        match fault.kind:
            case Strike.CRASH_BEFORE:
                raise Crash
            case Strike.CRASH_AFTER:
                execute()
                raise Crash
            case Strike.LOST_ANSWER:
                execute()
                if service == "graph":
                    raise httpx.ReadTimeout("lost")
                raise ReadTimeoutError(endpoint_url=f"https://{service}")
            case Strike.UNAVAILABLE if service != "graph":
                raise ServiceError("InternalServerError", status=500)
            case Strike.THROTTLED if service != "graph":
                self._repeat(fault, service, None)
                raise ServiceError(_THROTTLED.get(service, "ThrottlingException"))
            case Strike.CONFLICT:
                self._repeat(fault, service, "TransactWriteItems")
                raise cancelled([{"Code": "None"}, {"Code": "TransactionConflict"}])
            case Strike.PARTLY:
                self.deployment.aws.sqs.refuses.add("SendMessageBatch")
            case Strike.MEANWHILE_WORK:
                self.deployment.work(200)
            case Strike.MEANWHILE_NEXT:
                self._next_at_once()
            case Strike.MEANWHILE_TWIN if frame.records:
                self.deployment.invoke(frame.function, frame.event, frame.records)
            case Strike.MEANWHILE_TAKE_OVER:
                with self._off_stage():
                    self._take_all_over()
        return execute()

    def _next_at_once(self) -> None:
        if self._steps:
            self._do(self._steps.popleft(), at_once=True)
        self.deployment.work(200)

    def _repeat(self, fault: Fault, service: str, operation: str | None) -> None:
        if not self._lasting or self._lasting[0] is not fault:
            self._lasting = [fault, fault.times - 1, service, operation]

    def _off_stage(self) -> Any:
        return _OffStage(self.deployment)

    def _assistant_says(self) -> str | None:
        nth, self._questions = self._questions, self._questions + 1
        kind = self._kind(Place.ASSISTANT, nth)
        if kind is not None:
            self._touch(self.deployment.frames[-1])
        return kind

    def _answer_to(self, nth: int) -> str | None:
        return self._kind(Place.SEND, nth)

    def _kind(self, place: Place, nth: int) -> str | None:
        if not self._faulty:
            return None
        for fault in self.script.faults:
            if fault.place == place and fault.nth <= nth < fault.nth + fault.times:
                self.injected[f"{place} {fault.kind}"] += 1
                return fault.kind
        return None

    # --- Meta ---

    def _accepted(self, post: Post) -> None:
        nth, self._reports = self._reports, self._reports + 1
        kind = self._kind(Place.REPORT, nth)
        number, deployment = number_of(post), self.deployment
        for delay, words in _REPORTS.get(kind or "", _REPORTS[""]):
            statuses = [_status(post, word, deployment.clock.now + delay) for word in words]
            if delay < 0:
                self._report(number, statuses)
                deployment.work(200)
            else:
                deployment.at(deployment.clock.now + delay, partial(self._report, number, statuses))

    def _observe(self, reply_id: str) -> tuple[str | None, bool, float]:
        deployment = self.deployment
        table = deployment.aws.dynamodb.tables[deployment.template.tables["ConversationsTable"]]
        customer_id, _, rest = reply_id.partition("|")
        position, _, purpose = rest.rpartition("|")
        frame = deployment.frames[-1]
        for name, partition in table.rows.items():
            if name.endswith(f"#{customer_id}") and "state" in partition:
                row = partition.get(f"m#{position}#{purpose}")
                last = _seconds(partition["state"]["lastInboundAt"]["S"])
                return row["state"]["S"] if row else None, frame.redriven, last + 86_400 - deployment.clock.now
        return None, frame.redriven, 0.0

    # --- afterwards ---

    def _collect(self) -> None:
        deployment, evidence = self.deployment, self.evidence
        logical = {name: logical_id for logical_id, name in deployment.template.tables.items()}
        tables = deployment.aws.dynamodb.tables
        evidence.posts = list(deployment.graph.posts)
        evidence.published = list(deployment.aws.sns.published)
        evidence.rows = {logical[name]: [plain(item) for item in table.items()] for name, table in tables.items()}
        told = {"ConversationsTable", "CustomersTable"}
        evidence.history = [
            Change(
                one.at, logical[one.table], one.key, one.old and plain(one.old), one.new and plain(one.new), one.write
            )
            for one in deployment.aws.dynamodb.history
            if logical[one.table] in told
        ]
        evidence.dead_letters = list(self._dead())
        evidence.log = "".join(deployment.log)

    def _dead(self) -> Iterator[DeadLetter]:
        for queue in self.deployment.aws.sqs.queues.values():
            if "-dlq" in queue.name:
                for message in queue.messages():
                    struck, poison = message.message_id in self._touched, message.body in _POISON
                    yield DeadLetter(_logical(queue.name), message.body, struck, poison)


@dataclass(frozen=True, slots=True)
class _PersonPorts:
    conversations: DynamoConversations
    notifications: SnsHandoffNotifications


@dataclass(slots=True)
class _OffStage:
    """What others do in the middle of a call is no call of the function."""

    deployment: Deployment
    _frames: list[Frame] = field(default_factory=list)

    def __enter__(self) -> None:
        self._frames = self.deployment.frames[:]
        self.deployment.frames.clear()

    def __exit__(self, *_: object) -> None:
        self.deployment.frames.extend(self._frames)


def _hits(fault: Fault, call: int, operation: str) -> bool:
    match fault.kind:
        case Strike.CONFLICT:
            return operation == "TransactWriteItems" and call >= fault.call
        case Strike.PARTLY:
            return operation == "SendMessageBatch" and call >= fault.call
        case _:
            return call == fault.call


def _logical(queue_name: str) -> str:
    return queue_name.removeprefix("ai-marketplace-").removesuffix(".fifo").removesuffix("-platform")


def _seconds(text: str) -> float:
    return time_of(text).timestamp()


def _status(post: Post, word: str, at: float) -> dict[str, Any]:
    name, _, code = word.partition(" ")
    status: dict[str, Any] = {"id": post.message_id, "status": name, "timestamp": str(int(at))}
    status |= {"recipient_id": post.to, "biz_opaque_callback_data": post.reply_id}
    if name in {"sent", "delivered"}:
        pricing = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
        status["pricing"] = pricing
    if code:
        status["errors"] = [{"code": int(code), "title": "not delivered"}]
    return status


_REPORTS: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    "": ((2, ("sent", "delivered")),),
    "none": (),
    "backwards": ((1, ("read",)), (2, ("delivered",)), (3, ("sent",))),
    "shuffled": ((1, ("delivered", "read", "sent")), (4, ("delivered",))),
    "close together": ((1, ("read",)), (1.021, ("delivered",)), (1.04, ("sent",))),
    "five times": ((1, ("sent", "sent", "delivered", "delivered", "sent")), (400, ("sent", "delivered", "read"))),
    "before the answer": ((-1, ("delivered", "sent")), (2, ("read",))),
    "failed": ((2, ("sent",)), (3, ("failed 131026",))),
    "failed at once": ((-1, ("failed 131026",)),),
    "opted out": ((2, ("failed 131050",)),),
    "failed, then delivered": ((2, ("failed 131026",)), (3, ("delivered",))),
    "hours later": ((7_000, ("sent", "delivered")),),
    "new word": ((2, ("sent", "levitated")),),
}
"""When Meta tells what of a message that it took: seconds after it took it, negative: before it says so."""

REPORTS = tuple(name for name in _REPORTS if name)

_CHANGES = {Act.TAKE_OVER: "taken_over", Act.HAND_BACK: "handed_back", Act.RESOLVE: "resolved"}
_MEANWHILE = frozenset(strike for strike in Strike if strike.startswith("meanwhile"))
_IN_A_ROW = frozenset({Strike.THROTTLED, Strike.CONFLICT})
_THROTTLED = {"dynamodb": "ProvisionedThroughputExceededException", "sqs": "RequestThrottled"}
