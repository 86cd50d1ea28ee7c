"""The replies queue of the template, worked off by the real reply-handler as Lambda does it, in a time of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from moto.sqs import models

from adapters.aws_clients import client
from adapters.dynamodb_month_usage import DynamoUsageWatch
from adapters.dynamodb_tenants import DynamoTenants
from adapters.secrets_manager import SecretsManagerAccessTokens
from adapters.sns_account_alerts import SnsAccountAlerts
from adapters.sns_escalations import SnsEscalations
from adapters.sns_handoff_notifications import SnsHandoffNotifications
from adapters.sqs_media_jobs import SqsMediaJobs
from adapters.sqs_reply_jobs import SqsReplyJobs, parse_job
from adapters.whatsapp_messenger import WhatsAppMessenger
from domain.answer import AnswerPorts
from domain.customers import CustomerIdentity
from domain.pacing import NumberPace
from domain.receive import ReceivePorts, receive
from handlers import bootstrap, reply_handler
from handlers.bootstrap import TENANT_CACHE_SECONDS
from handlers.observability import metrics
from tests.builders import ACME, ACME_NUMBER, NOON, message, number, product
from tests.contracts.world import World
from tests.fakes.assistant import FakeAssistant, FakeCatalogueSearch
from tests.fakes.grounding import FakeGroundingLog
from tests.integration.aws_world import aws_world
from tests.integration.template_resources import TemplateResources

CONTEXT = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 30_000)
TOKEN = "EAAG-the-first"


@dataclass
class Clock:
    """What queue, handlers and caches take for the time."""

    now: datetime = NOON

    @property
    def seconds(self) -> float:
        return self.now.timestamp()

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(models, "unix_time", lambda: self.seconds)
        monkeypatch.setattr(models, "unix_time_millis", lambda: self.seconds * 1000)
        monkeypatch.setattr(reply_handler, "datetime", SimpleNamespace(now=lambda _: self.now))


@dataclass
class Meta:
    """Refuses a message with a code, or takes it; read receipts it takes."""

    refuses: Callable[[str], int | None]
    """Of the recipient's phone."""
    clock: Clock
    posts: list[tuple[str, float]] = field(default_factory=list)
    """Of messages: to whom, and how many seconds after noon."""
    reads: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body: Any = httpx.Response(200, content=request.content).json()
        if body.get("status") == "read":
            self.reads += 1
            return httpx.Response(200, json={"success": True})
        self.posts.append((body["to"], (self.clock.now - NOON).total_seconds()))
        code = self.refuses(body["to"])
        if code is None:
            return httpx.Response(200, json={"messages": [{"id": f"wamid.out.{len(self.posts)}"}]})
        return httpx.Response(400, json={"error": {"code": code, "message": f"(#{code}) words"}})

    def to(self, phone: str) -> list[float]:
        return [at for recipient, at in self.posts if recipient == phone]


@dataclass
class Line:
    """From the recorded message to Meta."""

    resources: TemplateResources
    clock: Clock
    meta: Meta
    monkeypatch: pytest.MonkeyPatch
    workers: list[bootstrap.ReplyHandler] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    receives: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.clock.rule(self.monkeypatch)
        self.monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
        self.monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "test")
        metrics.cache_clear()
        self.world.tenants.put(number())
        client("secretsmanager").create_secret(Name=number().access_token_secret, SecretString=TOKEN)

    @property
    def world(self) -> World:
        return aws_world(self.resources)

    def add_workers(self, count: int) -> None:
        """Each with caches and a memory of its own, and with all of Meta."""
        for _ in range(count):
            self.workers.append(bootstrap.ReplyHandler(parse_job, self._ports(), self._reply_jobs))

    @property
    def _reply_jobs(self) -> SqsReplyJobs:
        return SqsReplyJobs(self.resources.queues["RepliesQueue"])

    def _ports(self) -> AnswerPorts:
        tokens, world, topics = SecretsManagerAccessTokens(), self.world, self.resources.topics
        return AnswerPorts(
            tenants=DynamoTenants(
                self.resources.tables["TenantsTable"], TENANT_CACHE_SECONDS, lambda: self.clock.seconds
            ),
            conversations=world.conversations,
            ledger=world.ledger,
            assistant=FakeAssistant(),
            messenger=WhatsAppMessenger("https://graph.example", "v26.0", tokens, httpx.MockTransport(self.meta)),
            escalations=SnsEscalations(topics["EscalationsTopic"]),
            opt_outs=world.opt_outs,
            notifications=SnsHandoffNotifications(topics["HandoffNotificationsTopic"]),
            number_states=world.number_states,
            account_alerts=SnsAccountAlerts(topics["AccountAlertsTopic"]),
            access_tokens=tokens,
            pace=NumberPace(),
            catalogue=FakeCatalogueSearch({ACME: [product()]}),
            grounding=FakeGroundingLog(),
            usage=DynamoUsageWatch(
                self.resources.tables["TenantUsageTable"],
                self.resources.tables["ConversationsTable"],
                lambda: self.clock.seconds,
            ),
        )

    def write(self, *phones: str, message_id: str = "wamid.in") -> None:
        """A message of each of these customers is recorded, and its answer asked for."""
        world, topics = self.world, self.resources.topics
        ports = ReceivePorts(
            tenants=world.tenants,
            conversations=world.conversations,
            amendments=world.amendments,
            escalations=SnsEscalations(topics["EscalationsTopic"]),
            notifications=SnsHandoffNotifications(topics["HandoffNotificationsTopic"]),
            reply_jobs=self._reply_jobs,
            quarantine=world.quarantine,
            tombstones=world.tombstones,
            media_jobs=SqsMediaJobs(self.resources.queues["MediaQueue"]),
            identities=world.identities,
        )
        for phone in phones:
            at = self.clock.now - timedelta(seconds=1)
            asked = message(message_id=f"{message_id}.{phone}", at=at, sender=CustomerIdentity(phone=phone))
            receive(asked, ACME_NUMBER, ports=ports)

    def work(self, *, until: timedelta) -> None:
        """Lambda's poller: what is visible goes to the next worker; when nothing is, time goes on."""
        turn = 0
        while self.clock.now - NOON < until and self._waiting():
            record = self._take()
            if record is None:
                self.clock.now += timedelta(seconds=1)
                continue
            services = self.workers[turn % len(self.workers)]
            turn += 1
            self.monkeypatch.setattr(bootstrap, "reply_handler", lambda services=services: services)
            answer = reply_handler.handler({"Records": [record]}, CONTEXT)
            if not answer["batchItemFailures"]:
                url = self.resources.queues["RepliesQueue"]
                client("sqs").delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])

    def _take(self) -> dict[str, Any] | None:
        found = client("sqs").receive_message(
            QueueUrl=self.resources.queues["RepliesQueue"], MessageSystemAttributeNames=["All"], WaitTimeSeconds=0
        )
        for taken in found.get("Messages", []):
            self.receives[taken["MessageId"]] += 1
            return {
                "messageId": taken["MessageId"],
                "receiptHandle": taken["ReceiptHandle"],
                "body": taken["Body"],
                "attributes": taken["Attributes"],
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:replies.fifo",
                "awsRegion": "eu-west-1",
            }
        return None

    def _waiting(self) -> int:
        return sum(self.depth("RepliesQueue").values())

    def depth(self, queue: str) -> Mapping[str, int]:
        names: Any = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        found = client("sqs").get_queue_attributes(QueueUrl=self.resources.queues[queue], AttributeNames=names)
        return {name: int(count) for name, count in found["Attributes"].items()}

    @property
    def dead(self) -> int:
        return sum(self.depth("RepliesDeadLetterQueue").values())
