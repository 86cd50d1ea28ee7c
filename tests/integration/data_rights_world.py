"""Two sellers and their customers, of whom one is known to both: all that can be stored of her, in every place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dead_letters.queues import dead_letter_queues
from adapters.dynamodb_customer_places import (
    AccountEventsPlace,
    ConversationsPlace,
    CustomersPlace,
    OperatorLogPlace,
    QuarantinePlace,
)
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_tenants import DynamoTenants
from adapters.s3_customer_media import MediaPlace
from domain.conversations import ReplyJob
from domain.customer_data import Asked, CustomerPlace
from domain.customers import CustomerId, CustomerIdentity
from domain.erase_customer import By, ErasePorts, Receipt, erase
from domain.messages import InboundMessage, MessageId, Position
from domain.operator_log import ActionState, OperatorAction
from domain.ports import QuarantineReason
from domain.receive import Received
from domain.replies import ReplyState, SendOutcome
from domain.tenants import PhoneNumberId, TenantId
from handlers import bootstrap, message_handler, status_handler
from handlers.observability import metrics
from handlers.whatsapp_webhook import Queue, encode, split
from ops.customers.dead_letters import DeadLettersPlace
from tests.builders import ACME, ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, number, reply, tenant
from tests.contracts.world import World
from tests.fakes.crashes import Crash
from tests.integration.aws_world import AwsLook, aws_world
from tests.integration.template_resources import TemplateResources
from tests.unit.handlers.records import event, failures, record, sqs_record

NOW = datetime.now(UTC).replace(microsecond=0)
ERASED_AT = NOW + timedelta(minutes=2)
PHONE, USER_ID, NAME = "12025550143", "US.13491208655302741918", "Alice Liddell"
BOB, BOB_NAME = "12025550144", "Bob Dodgson"
WORDS = "the looking-glass, please"
URLS = {
    "inbox": "InboxQueue",
    "inbox-dlq": "InboxDeadLetterQueue",
    "replies": "RepliesQueue",
    "replies-dlq": "RepliesDeadLetterQueue",
    "statuses": "StatusesQueue",
    "statuses-dlq": "StatusesDeadLetterQueue",
    "media": "MediaQueue",
    "media-dlq": "MediaDeadLetterQueue",
}
WRITES = frozenset(
    "PutItem UpdateItem DeleteItem TransactWriteItems BatchWriteItem DeleteMessage ReceiveMessage DeleteObjects".split()
)

Rows = dict[str, dict[str, Any]]


def wamid(phone: str, name: str) -> str:
    """As Meta makes them: the number stands in it."""
    named = bytes([0x1C, 0x18, len(phone)]) + phone.encode() + bytes([0x15, 2, 0, 0x12, 0x18, 0x14])
    return "wamid." + base64.b64encode(named + hashlib.sha256(name.encode()).hexdigest()[:20].encode()).decode()


def numbers_in(text: str) -> set[str]:
    """Of the message ids in it."""
    ids = re.findall(r"wamid\.([0-9A-Za-z+/]+=*)", text)
    return {decoded[3 : 3 + decoded[2]].decode() for decoded in map(base64.b64decode, ids)}


class Context:
    aws_request_id = "request-1"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 15_000


@dataclass(slots=True)
class Rights:
    """The deployment, and a customer who asks for what is hers."""

    resources: TemplateResources
    sent: list[bytes] = field(default_factory=list)
    """Bodies of Meta's, as they came."""

    @property
    def bucket(self) -> str:
        return self.resources.buckets["MediaBucket"]

    @property
    def world(self) -> World:
        return aws_world(self.resources)

    @property
    def look(self) -> AwsLook:
        return AwsLook(self.resources)

    @property
    def urls(self) -> dict[str, str]:
        return {name: self.resources.queues[logical] for name, logical in URLS.items()}

    # --- what Meta sends, through the real handlers ---

    def meta(self, change: Mapping[str, Any], field_: str = "messages", phone_number_id: str = ACME_NUMBER) -> bytes:
        waba = "waba-acme" if phone_number_id == ACME_NUMBER else "waba-globex"
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": phone_number_id}, **change}
        return json.dumps({"entry": [{"id": waba, "changes": [{"field": field_, "value": value}]}]}).encode()

    def text(  # noqa: PLR0913 (who says what, where and when)
        self,
        words: str,
        name: str,
        *,
        phone: str = PHONE,
        at: datetime | None = None,
        to: str = ACME_NUMBER,
        profile: str = NAME,
        **more: Any,
    ) -> bytes:
        sent = str(int((at or NOW - timedelta(hours=1)).timestamp()))
        message = {"from": phone, "id": wamid(phone, name), "timestamp": sent, "type": "text", "text": {"body": words}}
        if phone == PHONE:
            message["from_user_id"] = USER_ID
        contact = {"wa_id": phone, "profile": {"name": profile}}
        return self.meta({"messages": [{**message, **more}], "contacts": [contact]}, phone_number_id=to)

    def receive(self, body: bytes, received_at: datetime | None = None) -> list[dict[str, Any]]:
        """The functions' answers: no record may come back."""
        self.sent.append(body)
        items = split(body, int((received_at or NOW).timestamp() * 1000))
        for item in items:
            handler = message_handler.handler if item.queue is Queue.INBOX else status_handler.handler
            assert failures(handler(event(record(encode(item))), Context())) == []
        return [dict(item.body) for item in items]

    def handle(self, text: str) -> str:
        """What becomes of one record of the inbox queue, by the log line of the function."""
        told: list[Received] = []

        def receive(message: InboundMessage, phone_number_id: PhoneNumberId) -> Received:
            told.append(services.receive(message, phone_number_id))
            return told[-1]

        services = bootstrap.message_handler()
        message_handler.handle(sqs_record(text), bootstrap.MessageHandler(receive))
        return str(told[-1].outcome)

    def drain(self, queue: str) -> list[str]:
        found = client("sqs").receive_message(QueueUrl=self.urls[queue], MaxNumberOfMessages=10)
        return [one["Body"] for one in found.get("Messages", [])]

    # --- dead letters ---

    def dead(self, queue: str, body: Any, group: str = "group") -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        digest = hashlib.sha256(text.encode()).hexdigest()
        fifo: Any = {"MessageGroupId": group, "MessageDeduplicationId": digest} if queue != "statuses-dlq" else {}
        client("sqs").send_message(QueueUrl=self.urls[queue], MessageBody=text, **fifo)

    def letters(self, *queues: str) -> list[str]:
        """Bodies of all letters, given back."""
        found = []
        for queue in dead_letter_queues(self.urls, wait_seconds=0):
            held = []
            while batch := queue.take():
                held += batch
            queue.give_back(held)
            if not queues or queue.name.dead in queues:
                found += [one.body for one in held]
        return sorted(found)

    # --- what is asked for ---

    @property
    def places(self) -> tuple[CustomerPlace, ...]:
        tables, tenants = self.resources.tables, self.tenants
        return (
            CustomersPlace(tables["CustomersTable"]),
            ConversationsPlace(tables["ConversationsTable"]),
            AccountEventsPlace(tables["TenantsTable"]),
            QuarantinePlace(tables["ConversationsTable"], tenants),
            OperatorLogPlace(tables["ConversationsTable"]),
            MediaPlace(self.bucket),
            DeadLettersPlace(dead_letter_queues(self.urls, wait_seconds=0), tenants),
        )

    @property
    def tenants(self) -> DynamoTenants:
        return DynamoTenants(self.resources.tables["TenantsTable"], 60)

    @property
    def log(self) -> DynamoOperatorLog:
        return DynamoOperatorLog(self.resources.tables["ConversationsTable"])

    @property
    def ports(self) -> ErasePorts:
        return ErasePorts(self.world.search, self.world.erasures, self.places, self.log)

    def erase(self, asked: Asked | None = None, now: datetime | None = None) -> Receipt:
        return erase(
            ACME, asked or Asked(PHONE), receipt_id="receipt-1", by=By("ana"), now=now or ERASED_AT, ports=self.ports
        )

    # --- what there is ---

    def snapshot(self) -> dict[str, Rows]:
        return {
            table: {
                _key(row): {name: _comparable(value) for name, value in row.items()} for row in self.look.rows(table)
            }
            for table in self.resources.tables
        }

    def objects(self) -> list[str]:
        pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        found = [one for page in pages for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]]
        return sorted(f"{one['Key']} {one['VersionId']}" for one in found)


def _key(row: Mapping[str, Any]) -> str:
    names = ("conversationId", "sk", "phoneNumber", "tenantId", "month", "productId", "id")
    keys = [f"{name}={row[name]}" for name in names if name in row]
    return " ".join(keys)


def _comparable(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value


def make(monkeypatch: pytest.MonkeyPatch, suffix: str = "") -> Rights:
    resources = TemplateResources({"ReplyDelaySeconds": 0, "Suffix": suffix or "-platform"}).create()
    for function in ("MessageHandlerFunction", "StatusHandlerFunction"):
        for name, value in resources.environment(function).items():
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "test")
    for cached in (bootstrap.message_handler, bootstrap.status_handler, metrics):
        cached.cache_clear()
    rights = Rights(resources)
    rights.tenants.put(number())
    rights.tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
    client("s3").put_bucket_versioning(Bucket=rights.bucket, VersioningConfiguration={"Status": "Enabled"})
    return rights


def live(rights: Rights) -> None:
    """A life with two sellers, in every place; and others beside her."""
    for phone_number_id, owner in ((ACME_NUMBER, ACME), (GLOBEX_NUMBER, GLOBEX)):
        _talk(rights, phone_number_id, owner)
        _files(rights, owner, customer_id(rights, owner))
        _letters(rights, phone_number_id, owner)
    _others(rights)
    _put_aside(rights)


def live_briefly(rights: Rights) -> None:
    """A message whose answer is being sent, a person who wrote, a file and a letter; and somebody beside her."""
    at = NOW - timedelta(hours=2)
    rights.receive(rights.text(WORDS, "acme-1", at=at))
    _claimed(rights, ACME, ACME_NUMBER)
    rights.receive(rights.text("STOP", "acme-3", at=at + timedelta(minutes=5)))
    rights.receive(echo_of(rights, "acme-echo", at + timedelta(minutes=7)))
    client("s3").put_object(Bucket=rights.bucket, Key=f"acme/{customer_id(rights)}/media-1", Body=b"first")
    rights.dead("inbox-dlq", letter(rights, "acme-dead-0"))
    rights.receive(rights.text("hello", "bob-1", phone=BOB, profile=BOB_NAME))


def customer_id(rights: Rights, owner: TenantId = ACME, phone: str = PHONE) -> CustomerId:
    found = rights.world.customers.find(owner, CustomerIdentity(phone=phone))
    assert found is not None
    return found


def _talk(rights: Rights, to: PhoneNumberId, owner: TenantId) -> None:
    def at(minutes: int) -> datetime:
        return NOW - timedelta(hours=2) + timedelta(minutes=minutes)

    def status(name: str, word: str, **more: Any) -> None:
        told = {"id": wamid(PHONE, name), "status": word, "timestamp": _seconds(at(3)), "recipient_id": PHONE, **more}
        rights.receive(rights.meta({"statuses": [told]}, phone_number_id=to))

    rights.receive(rights.text(WORDS, f"{owner}-1", at=at(0), to=to))
    answered = _claimed(rights, owner, to)
    sent = SendOutcome(ReplyState.SENT, MessageId(wamid(PHONE, f"{owner}-out-1")))
    rights.world.ledger.settle(owner, answered, reply(answered), sent)
    status(f"{owner}-out-1", "delivered", biz_opaque_callback_data=reply(answered).reply_id)
    status(f"{owner}-out-1", "hologram")
    status(f"{owner}-campaign", "delivered")
    rights.receive(rights.text(f"{WORDS} again", f"{owner}-2", at=at(4), to=to))
    _claimed(rights, owner, to)  # and the worker is still sending
    rights.receive(rights.text("STOP", f"{owner}-3", at=at(5), to=to))
    rights.receive(rights.text("I want to talk to a human", f"{owner}-4", at=at(6), to=to))
    rights.receive(echo_of(rights, f"{owner}-echo", at(7), to))
    rights.receive(preference_of(rights, "stop", at(8), to))


def echo_of(rights: Rights, name: str, at: datetime, to: PhoneNumberId = ACME_NUMBER) -> bytes:
    said = {"id": wamid(PHONE, name), "timestamp": _seconds(at), "type": "text", "text": {"body": f"Ana: {WORDS}"}}
    return rights.meta(
        {"message_echoes": [{"from": "15550100001", "to": PHONE, **said}]}, "smb_message_echoes", phone_number_id=to
    )


def preference_of(rights: Rights, wish: str, at: datetime, to: PhoneNumberId = ACME_NUMBER) -> bytes:
    wished = {"wa_id": PHONE, "category": "marketing_messages", "value": wish, "timestamp": int(_seconds(at))}
    contacts = [{"wa_id": PHONE, "user_id": USER_ID, "profile": {"name": NAME}}]
    return rights.meta({"user_preferences": [wished], "contacts": contacts}, "user_preferences", phone_number_id=to)


def _claimed(rights: Rights, owner: TenantId, to: PhoneNumberId) -> ReplyJob:
    conversation = rights.world.conversation(customer_id(rights, owner), owner)
    position, message_id = conversation.awaiting_position, conversation.awaiting
    assert position is not None
    assert message_id is not None
    job = ReplyJob(owner, to, conversation.customer_id, message_id, position)
    assert rights.world.ledger.claim(owner, job, reply(job), "en")
    return job


def _files(rights: Rights, owner: TenantId, of: CustomerId) -> None:
    for name, bodies in (("media-1", (b"first", b"second")), ("media-2", (b"gone",))):
        for body in bodies:
            client("s3").put_object(Bucket=rights.bucket, Key=f"{owner}/{of}/{name}", Body=body)
    client("s3").delete_object(Bucket=rights.bucket, Key=f"{owner}/{of}/media-2")


def letter(rights: Rights, name: str, to: PhoneNumberId = ACME_NUMBER, **more: Any) -> dict[str, Any]:
    [item] = split(rights.text(WORDS, name, to=to, **more), int(NOW.timestamp() * 1000))
    return dict(item.body)


def _letters(rights: Rights, to: PhoneNumberId, owner: TenantId) -> None:
    for n in range(11 if owner == ACME else 1):  # a FIFO queue shows ten of them
        rights.dead("inbox-dlq", letter(rights, f"{owner}-dead-{n}", to), group=f"{owner}-alice")
    told = {"id": wamid(PHONE, f"{owner}-9"), "status": "read", "timestamp": "1", "recipient_id": PHONE}
    [item] = split(rights.meta({"statuses": [told]}, phone_number_id=to), int(NOW.timestamp() * 1000))
    rights.dead("statuses-dlq", dict(item.body))
    conversation = rights.world.conversation(customer_id(rights, owner), owner)
    job = ReplyJob(
        owner, to, conversation.customer_id, MessageId(wamid(PHONE, "job")), Position("2026-11-22T12:00:00Z")
    )
    rights.dead("replies-dlq", asdict(job), group=f"{owner}-alice")


def _others(rights: Rights) -> None:
    """One of whom knows her number."""
    card = [{"name": {"formatted_name": NAME}, "phones": [{"phone": f"+{PHONE}", "wa_id": PHONE}]}]
    hers: dict[str, Any] = {
        "type": "contacts",
        "contacts": card,
        "context": {"from": PHONE, "id": wamid(PHONE, "acme-1")},
    }
    rights.receive(rights.text("hello", "bob-1", phone=BOB, profile=BOB_NAME))
    rights.receive(rights.text("", "bob-card", phone=BOB, profile=BOB_NAME, **hers))
    rights.receive(rights.text("", "quiet-1", phone="351910000001", profile="Quiet"))
    rights.dead("inbox-dlq", letter(rights, "bob-dead", phone=BOB, profile=BOB_NAME, **hers), group="bob")
    rights.dead("statuses-dlq", "not JSON, and nobody's")
    _files(rights, ACME, customer_id(rights, phone=BOB))
    rights.world.quarantine.keep("999#bob", QuarantineReason.UNKNOWN_NUMBER, _aside(rights, "bob", phone=BOB), NOW)


def _put_aside(rights: Rights) -> None:
    keep = rights.world.quarantine.keep
    keep("999#hers", QuarantineReason.UNKNOWN_NUMBER, _aside(rights, "hers"), NOW)
    keep(f"{GLOBEX_NUMBER}#hers", QuarantineReason.SUSPENDED_TENANT, _aside(rights, "hers", GLOBEX_NUMBER), NOW)
    keep(f"{ACME_NUMBER}#hers", QuarantineReason.SUSPENDED_TENANT, _aside(rights, "hers", ACME_NUMBER), NOW)
    raw = base64.b64encode(f'{{"from": "{PHONE}", "text": "{WORDS}"'.encode()).decode()
    keep(
        "m-1", QuarantineReason.MALFORMED, {"waba_id": "", "phone_number_id": "", "kind": "malformed", "raw": raw}, NOW
    )
    wrapped = {"queue": "inbox", "body": json.dumps(letter(rights, "discarded")), "group": "group"}
    keep("inbox-dlq#1", QuarantineReason.DISCARDED, wrapped, NOW)
    rights.dead("statuses-dlq", f"not JSON: {PHONE} asked us {WORDS}")
    done = OperatorAction("act-1", NOW, "ana", "", "dlq discard", "0c1f", ActionState.DONE, reason=f"{PHONE} asked us")
    rights.log.put(done)
    rights.log.put(replace(done, action_id="act-2", reason="poison"))


def _aside(rights: Rights, name: str, number_id: str = "999", phone: str = PHONE) -> dict[str, Any]:
    return {"phone_number_id": number_id, "message": letter(rights, f"aside-{name}", phone=phone)["message"]}


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


@contextmanager
def calls(on_write: Callable[[int, str], None]) -> Iterator[list[str]]:
    """What is done after each call to AWS that changes something, or holds a letter."""
    made: list[str] = []

    def after(model: Any, **_: Any) -> None:
        if model.name in WRITES:
            made.append(model.name)
            on_write(len(made) - 1, model.name)

    events = [client("dynamodb").meta.events, client("sqs").meta.events, client("s3").meta.events]
    for one in events:
        one.register("after-call", after, unique_id="data-rights")
    try:
        yield made
    finally:
        for one in events:
            one.unregister("after-call", unique_id="data-rights")


def dies_after(n: int) -> Callable[[int, str], None]:
    def die(at: int, name: str) -> None:
        if at == n:
            raise Crash(name)

    return die
