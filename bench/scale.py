"""Units that a request takes of DynamoDB, from a thousand customers to ten million, of the largest seller.

The real adapters ask; the rows that they find are made as they are read (`bench/many_customers.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from unittest import mock

from adapters import aws_clients, dynamodb_usage
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_customer_book import DynamoCustomerBook
from adapters.dynamodb_deliveries import DynamoDeliveries
from adapters.dynamodb_due_items import DynamoDueItems
from adapters.dynamodb_inbox import DynamoInbox
from adapters.dynamodb_keys import DUE_PARTITIONS
from adapters.dynamodb_month_usage import DynamoUsage
from adapters.dynamodb_send_ledger import DynamoSendLedger
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_tenants_overview import DynamoTenantsOverview
from adapters.dynamodb_thread_pages import DynamoThreadPages
from bench.figures import Bar, Figure, Measurement, Plot
from bench.many_customers import LARGEST_SHARE, ManyCustomers, Used
from domain.conversations import Decision, Disposition, Recording, ReplyJob
from domain.customers import CustomerIdentity
from domain.deliveries import StatusUpdate, advance, expected
from domain.inbox import EVERY_LINE, Folder, InboxMark
from domain.messages import InboundMessage, MessageId, Text
from domain.replies import Reply, ReplyPurpose, ReplyState, SendOutcome, reply_id
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from ops.capacity.counted import ANSWERED, RECEIVED, STATUSES

SIZES = tuple(10**n for n in range(3, 8))
_TENANT, _NUMBER = TenantId("seller-00000000"), PhoneNumberId("106540352242922")
_SENDER = CustomerIdentity(phone="120255500000000")
_BEGAN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_MONTH = "2026-11"
_EARLIER_MESSAGES = 12
_PAGE = 25


def measure() -> Measurement:
    used = {size: used_by_requests(size) for size in SIZES}
    figures = [_flat(request, [used[size][request] for size in SIZES]) for request in used[SIZES[0]]]
    hottest, units, at = _hottest_partition(SIZES[-1])
    largest = SIZES[-1] // LARGEST_SHARE
    figures.append(
        Figure(
            "11",
            "busiest partition key at 10 million customers",
            units,
            1_000,
            "write units/s",
            told=f"{hottest}, of a seller with {largest:,} customers who each are answered once a day; "
            f"1,000 at {at:,.0f} messages/s of one seller",
        )
    )
    plot = Plot(
        "scale",
        "Read and write units of a request, with 10 million customers",
        "units",
        tuple(Bar(request, one.read + one.written) for request, one in used[SIZES[-1]].items()),
    )
    return Measurement(tuple(figures), (plot,))


def _flat(request: str, by_size: list[Used]) -> Figure:
    units = [one.read + one.written for one in by_size]
    told = ", ".join(f"{one.read:g} + {one.written}" for one in by_size)
    if len(set(told.split(", "))) == 1:
        told = told.partition(",")[0]
    last = by_size[-1]
    return Figure(
        "11",
        f"{request}: units with 10⁷ customers against 10³",
        units[-1] / units[0],
        1,
        told=f"{told} read + written at each of 10³ … 10⁷, {last.calls} calls",
    )


def _hottest_partition(customers: int) -> tuple[str, float, float]:
    """By units of an answered message, with its three statuses: name, units/s, and messages/s at which it is full."""
    message = RECEIVED + ANSWERED + STATUSES
    a_second = customers / 86_400
    of_seller = {
        name: message[f"written {name}"]
        for name in ("tenant-usage", "customers/TenantCustomersIndex", "conversations/InboxIndex")
    }
    found = {name: (units * a_second / LARGEST_SHARE, 1_000 / units) for name, units in of_seller.items()}
    due = message["written conversations/DueIndex"] / len(DUE_PARTITIONS)
    found["conversations/DueIndex"] = (due * a_second, 1_000 / due)
    name = max(found, key=lambda name: found[name][0])
    return (name, *found[name])


def used_by_requests(customers: int) -> dict[str, Used]:
    aws = ManyCustomers()
    with (
        mock.patch.object(aws_clients, "_client", return_value=aws),
        mock.patch.object(dynamodb_usage, "spread", dynamodb_usage.Spread()),
        mock.patch.object(hashlib, "scrypt", lambda identity, **_: hashlib.sha256(identity).digest()),
    ):
        platform = _Platform(aws)
        for n in range(_EARLIER_MESSAGES):
            platform.be_answered(n)
        aws.customers = customers
        used = {}
        for request, ask in platform.requests():
            aws.used = Used()
            ask()
            used[request] = aws.used
    return used


@dataclass
class _Platform:
    aws: ManyCustomers
    _second_page: InboxMark | None = None
    _sent: dict[int, tuple[ReplyJob, Reply]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tables = self.aws.tables
        conversations, customers = tables["ConversationsTable"], tables["CustomersTable"]
        usage, tenants = tables["TenantUsageTable"], tables["TenantsTable"]
        self._conversations = DynamoConversations(conversations, customers, usage)
        self._ledger = DynamoSendLedger(conversations, usage)
        self._deliveries = DynamoDeliveries(conversations, usage)
        self._threads = DynamoThreadPages(conversations)
        self._inbox = DynamoInbox(conversations)
        self._due = DynamoDueItems(conversations)
        self._book = DynamoCustomerBook(customers)
        self._usage = DynamoUsage(usage)
        self._tenants = DynamoTenants(tenants, 0)
        self._overview = DynamoTenantsOverview(tenants, usage)
        seller = Tenant(_TENANT, "Maple Home")
        self._tenants.put(WhatsAppNumber(seller, _NUMBER, "102290129340398", "15550100001", "a secret's name"))

    def be_answered(self, n: int) -> None:
        self._receive(n)
        self._answer(n)
        self._tell(n)

    def requests(self) -> list[tuple[str, Callable[[], object]]]:
        customer_id, n = _SENDER.first_customer_id(_TENANT), _EARLIER_MESSAGES
        return [
            ("find the seller of a number", lambda: self._tenants.number(_NUMBER)),
            ("receive", lambda: self._receive(n)),
            ("sweep, while one in 10,000 waits", lambda: list(self._due.overdue(_BEGAN + timedelta(minutes=n), 800))),
            ("answer", lambda: self._answer(n)),
            ("an answer's three statuses", lambda: self._tell(n)),
            ("inbox page", lambda: self._open_inbox(None)),
            ("a further inbox page", lambda: self._open_inbox(self._second_page)),
            ("conversation page", lambda: self._threads.page(_TENANT, customer_id, None, _PAGE)),
            ("customers page", lambda: self._book.page(_TENANT, None, _PAGE)),
            ("usage page, 12 months", lambda: self._usage.months(_TENANT, "2025-12", _MONTH)),
            ("operator's tenants page", lambda: self._overview.page(None, _MONTH)),
        ]

    def _receive(self, n: int) -> None:
        at = _BEGAN + timedelta(minutes=n)
        of = InboundMessage(
            MessageId(f"wamid.{n:040}"), "text", Text("How much is the mug?"), _SENDER, at, at, {"id": n}
        )
        customer_id, decision = _SENDER.first_customer_id(_TENANT), Decision(Disposition.ANSWER)
        recording = Recording(of, at, customer_id, decision, _NUMBER, takes_over=False, tell=False)
        self._conversations.record(_TENANT, recording)
        job = ReplyJob(_TENANT, _NUMBER, customer_id, of.message_id, recording.position)
        named, purpose = reply_id(customer_id, job.position, ReplyPurpose.ANSWER), ReplyPurpose.ANSWER
        words = "The blue mug is 12.50 USD, and there are four of it."
        self._sent[n] = job, Reply(named, purpose, words, ReplyState.READY, job.message_id, (job.message_id,), at)

    def _answer(self, n: int) -> None:
        job, reply = self._sent[n]
        self._conversations.thread(_TENANT, job.customer_id)
        assert self._ledger.claim(_TENANT, job, reply, "en")
        self._ledger.settle(_TENANT, job, reply, SendOutcome(ReplyState.SENT, _message_id(n)))

    def _tell(self, n: int) -> None:
        for word, category in (("sent", "service"), ("delivered", "service"), ("read", None)):
            told = StatusUpdate(_message_id(n), word, _BEGAN, self._sent[n][1].reply_id, category)
            known = expected(told) or self._deliveries.known(_TENANT, _message_id(n))
            assert self._deliveries.save(_TENANT, known, advance(known, told))

    def _open_inbox(self, after: InboxMark | None) -> None:
        page = self._inbox.page(_TENANT, Folder.ASSISTANT, EVERY_LINE, after, _PAGE)
        assert len(page.lines) == _PAGE
        self._second_page = page.next


def _message_id(n: int) -> MessageId:
    return MessageId(f"wamid.sent.{n:040}")
