"""How often the inbox asks AWS: a page, a thread, a search. The number is the same with ten conversations and ten
thousand of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_batches import put_items
from adapters.dynamodb_inbox_lines import said
from adapters.dynamodb_values import time_text
from domain.change_owner import change_owner
from domain.conversations import Owner
from domain.customer_book import CustomerBookPorts, find_customers
from domain.customers import CustomerId, CustomerIdentity
from domain.inbox import Folder, InboxFilter, Speaker, list_inbox
from domain.ownership import Change
from domain.thread_views import read_news, read_thread
from ops.prove.deployment import Deployment
from tests.builders import ACME, ACME_NUMBER, ALICE, NOON, after, message, recording
from tests.contracts.world import World
from tests.fakes.desk import FakeMediaLinks
from tests.fakes.queues import FakeHandoffNotifications
from tests.integration.aws_world import AwsLook
from tests.integration.calls import counted

HERS = ALICE.first_customer_id(ACME)
MOST = 3


@dataclass(frozen=True, slots=True)
class Ports:
    inbox: Any
    threads: Any
    media_links: FakeMediaLinks


def others(made: Deployment, count: int, folder: Folder = Folder.PERSON) -> None:
    """Further conversations, of customers who wrote before noon."""
    rows, customers = [], []
    for n in range(count):
        customer_id, at = CustomerId(f"{n:024x}"), NOON - timedelta(minutes=n + 1)
        phone = f"1202555{n:05}"
        rows.append(
            {
                **keys.state(ACME, customer_id),
                "tenantId": ACME,
                "customerId": customer_id,
                "phoneNumberId": ACME_NUMBER,
                "phone": phone,
                "owner": Owner.PERSON,
                "person": f"person-{n % 40}",
                "inbox": keys.inbox(ACME, folder),
                "lastInboundAt": time_text(at),
                **said(Speaker.CUSTOMER, "text", f"line {n}", at),
            }
        )
        customers.append(
            {
                **keys.filed(ACME, phone),
                "tenantId": ACME,
                "customerId": customer_id,
                "phone": phone,
                "profileName": f"Customer {n}",
                "firstInteraction": time_text(at),
                "lastInteraction": time_text(at),
                "messageCount": 1,
                "activeMonths": {"2026-11"},
            }
        )
    put_items(made.template.tables["ConversationsTable"], rows)
    put_items(made.template.tables["CustomersTable"], customers)


@pytest.fixture(params=[10, 10_000], ids=["ten", "ten-thousand"])
def busy(world: World, made: Deployment, request: pytest.FixtureRequest) -> World:
    others(made, request.param)
    for n in range(60):
        world.record(recording(message(f"line {n}", f"wamid.{n}", at=after(seconds=n))))
    notifications = FakeHandoffNotifications()
    ports = _OwnerPorts(world.conversations, notifications)
    change_owner(
        world.conversation(HERS), Change.TAKEN_OVER, by="ana", person="ana", reason="", now=after(hours=1), ports=ports
    )
    return world


@dataclass(frozen=True, slots=True)
class _OwnerPorts:
    conversations: Any
    notifications: Any


def test_pages_threads_and_searches(busy: World, made: Deployment) -> None:
    ports = Ports(busy.inbox, busy.threads, FakeMediaLinks())
    audit = DynamoAuditTrail(made.template.tables["ConversationsTable"])
    book = CustomerBookPorts(busy.book, busy.inbox, busy.opt_outs, audit)
    thread = read_thread(ACME, HERS, ports=ports)
    assert thread is not None
    asked: dict[str, tuple[Callable[[], Any], int]] = {
        "a page": (lambda: list_inbox(ACME, Folder.PERSON, limit=50, ports=ports), 1),
        "a page of mine": (lambda: list_inbox(ACME, Folder.PERSON, only=InboxFilter(person="ana"), ports=ports), 1),
        "a page of words": (lambda: list_inbox(ACME, Folder.PERSON, only=InboxFilter(words="line"), ports=ports), 1),
        "the newest of a thread": (lambda: read_thread(ACME, HERS, ports=ports), 3),
        "nothing new in it": (lambda: read_news(ACME, HERS, thread.stamp, ports=ports), 1),
        "something new in it": (lambda: read_news(ACME, HERS, "another", ports=ports), 3),
        "what is older": (lambda: read_thread(ACME, HERS, before=thread.older, ports=ports), 3),
        "a count": (lambda: busy.inbox.count(ACME, Folder.PERSON, 100), 1),
        "a name": (lambda: find_customers(ACME, "customer", ports=book), 2),
        "a number": (lambda: find_customers(ACME, "+1 202 555 0143", ports=book), 2),
        "nobody's number": (lambda: find_customers(ACME, "+1 202 999 0143", ports=book), 2),
    }
    for what, (ask, calls) in asked.items():
        with counted() as calls_made:
            assert ask() is not None
        assert sum(calls_made.values()) == calls <= MOST, (what, calls_made)
        assert "Scan" not in calls_made
    line = list_inbox(ACME, Folder.PERSON, ports=ports).lines[0]
    assert (line.customer_id, line.unread) == (HERS, 60)
    assert [one.kept.customer.identity for one in find_customers(ACME, ALICE.phone or "", ports=book)] == [
        CustomerIdentity(ALICE.phone, ALICE.user_id, ALICE.profile_name)
    ]


def test_a_line_costs_no_more_than_the_row_did(world: World, made: Deployment) -> None:
    """An item is paid for by the KB: the longest line, in letters of two bytes, leaves it below one."""
    name, words = "اسم طويل جدا للعميل" * 5, "هل لديكم الكوب الأزرق؟ " * 20
    sender = CustomerIdentity(ALICE.phone, ALICE.user_id, name)
    long_id = f"wamid.{'A' * 58}"
    world.record(recording(message(words, long_id, sender=sender)))
    row = AwsLook(made.template).row("ConversationsTable", keys.state(ACME, HERS))
    size = sum(len(f"{name}{value}".encode()) for name, value in row.items())
    assert size < 1024, size
