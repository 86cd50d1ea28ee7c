"""Usage as the tables have it: the statement is the sum of the rows, and nothing is read that need not be."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_month_usage import CACHE_SECONDS, DynamoUsageWatch
from adapters.dynamodb_operator_settings import DynamoOperatorSettings
from adapters.dynamodb_tenants import DynamoTenants
from domain.answer import answer
from domain.audit_trail import done_by
from domain.conversations import ReplyJob
from domain.costs import PriceTable
from domain.customers import CustomerIdentity
from domain.errors import MessageRefusedError
from domain.plans import STANDARD, Plan, PlanLimits, Threshold
from domain.receive import receive
from domain.replies import Failure
from domain.report_usage import UsagePorts, report_of
from domain.statements import Section, statement_of
from domain.tenants import PhoneNumberId, TenantId, WhatsAppNumber
from domain.track import track_status
from domain.watch_usage import usage_alert
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ACME_NUMBER,
    MONTH,
    NOON,
    after,
    message,
    number,
    recording,
    status,
    tenant,
)
from tests.contracts.world import World
from tests.fakes.api import OSKAR
from tests.fakes.operator_settings import FakeOperatorSettings
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast
from tests.integration.aws_world import AwsLook, aws_world
from tests.integration.conflicts import Conflicts
from tests.integration.template_resources import TemplateResources

LIMITED = number(tenant(plan="small", limits=PlanLimits(replies=100)))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The calls of DynamoDB, by name."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    events = client("dynamodb").meta.events
    events.register("before-call.dynamodb", note, unique_id="counted-usage")
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", unique_id="counted-usage")


class Shop:
    """One worker of each kind over the tables."""

    def __init__(self, world: World, owner: WhatsAppNumber, cache_seconds: float = 60) -> None:
        tenants = DynamoTenants(client_table("tenants", world), cache_seconds)
        tenants.put(owner)
        self.cast = Cast(world, tenants)
        self.sent = 0

    def ask(self, n: int, words: str = "Do you have the blue mug?", seconds: int = 0) -> None:
        asked = message(words, f"wamid.in.{n}", at=after(seconds=seconds or n * 60), sender=_customer(n))
        receive(asked, ACME_NUMBER, ports=self.cast.receive_ports)

    def answer_all(self) -> None:
        while (job := self.cast.reply_jobs.take()) is not None:
            self.answer(job)

    def answer(self, job: ReplyJob) -> None:
        answer(job, now=after(hours=2), ports=self.cast.answer_ports)


def client_table(name: str, world: World) -> str:
    tables: dict[str, str] = world.look.resources.tables  # type: ignore[attr-defined]  # of `AwsLook`
    return tables[{"tenants": "TenantsTable"}[name]]


def _customer(n: int) -> CustomerIdentity:
    return CustomerIdentity(phone=f"1202555{n:04d}")


def test_a_statement_is_the_sum_of_the_metered_rows(world: World, look: AwsLook) -> None:
    shop = Shop(world, number())
    for n in range(12):
        shop.ask(n, A_PERSON_PLEASE if n % 5 == 4 else "Do you have the blue mug?")
        if n == 6:
            shop.cast.messenger.fail(MessageRefusedError(131026, "Message undeliverable"))
        shop.answer_all()
    for n, post in enumerate(shop.cast.messenger.posts):
        if post.refused:
            continue
        priced = (
            {"free_category": "utility"} if n % 3 == 0 else {"billable_category": "service" if n % 2 else "utility"}
        )
        told = {"reply_id": post.reply_id, **priced}
        sent = status("sent", f"wamid.out.{n + 1}", **told)
        read = status("read", f"wamid.out.{n + 1}", **told)
        for update in (sent, read, sent):
            track_status(update, ACME_NUMBER, {}, now=after(hours=3), ports=shop.cast.track_ports)
    late = status("failed", "wamid.elsewhere", failure=Failure(131047, "Re-engagement message"))
    track_status(late, ACME_NUMBER, {}, now=after(hours=3), ports=shop.cast.track_ports)

    rows = [row for row in look.rows("ConversationsTable") if row.get("tenantId") == ACME]
    messages = Counter(row["type"] for row in rows if row.get("direction") == "in")
    sent_replies = [row for row in rows if row.get("direction") == "out" and row["state"] == "sent"]
    metered, free = (sum(1 for row in rows if name in row) for name in ("metered", "free"))
    failures = Counter(
        str(row["failureCode"])
        for row in rows
        if "failureCode" in row and (row["sk"] == "#pointer" or row["state"] == "failed")
    )

    statement = statement_of(
        tenant(), world.usage.month(ACME, MONTH), PriceTable({"service": 5, "utility": 7}), closed=True
    )
    of = {section: {line.item: line for line in statement.lines if line.section is section} for section in Section}
    quantities = {section: {item: line.quantity for item, line in lines.items()} for section, lines in of.items()}
    assert quantities[Section.MESSAGES] == {**messages, "customers": look.customers(ACME)}
    assert quantities[Section.REPLIES] == {
        "replies": len(sent_replies),
        "answers": sum(1 for row in sent_replies if row["purpose"] == "answer"),
        "escalations": sum(1 for row in rows if row["sk"].startswith("e#")),
    }
    assert sum(quantities[Section.META].values()) == metered > 0
    assert quantities[Section.FREE] == {"utility": free}
    assert metered + free == len(shop.cast.messenger.delivered)
    assert quantities[Section.FAILED] == failures
    assert (
        statement.amount_micro_usd == 5 * quantities[Section.META]["service"] + 7 * quantities[Section.META]["utility"]
    )


@pytest.fixture
def conflicts(monkeypatch: pytest.MonkeyPatch, world: World) -> Conflicts:  # noqa: ARG001 (the tables come first)
    monkeypatch.setattr(random, "uniform", lambda *_: 0.0)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return Conflicts().install(monkeypatch)


def test_what_spilled_is_in_the_sums_of_one_seller_and_of_all(world: World, conflicts: Conflicts) -> None:
    world.tenants.put(number())
    for n in range(6):
        conflicts.left = 3 * (n % 2)
        world.record(recording(message(message_id=f"wamid.in.{n}")))
    assert world.usage.month(ACME, MONTH).counters["messages"] == 6
    assert world.usage.months(ACME, MONTH, MONTH)[0].counters["messages"] == 6
    [row] = world.overview.page(None, MONTH)[0]
    assert row.usage == world.usage.month(ACME, MONTH)


def test_a_page_of_sellers_is_two_calls_however_many_there_are(world: World) -> None:
    for n in range(40):
        world.tenants.put(number(tenant(TenantId(f"seller-{n:02d}")), PhoneNumberId(f"1065{n}")))
    with counted() as calls:
        rows, more = world.overview.page(None, MONTH)
    assert (len(rows), more) == (25, "seller-24")
    assert calls == ["Query", "BatchGetItem"]
    with counted() as calls:
        row = world.overview.one(TenantId("seller-07"), MONTH)
        assert row is not None
        report_of(row.tenant, 12, now=NOON, ports=UsagePorts(world.usage, FakeOperatorSettings(), FakeTenants()))
    assert calls == ["BatchGetItem", "Query"]


def _calls_of_answers(world: World, owner: WhatsAppNumber, resources: TemplateResources) -> list[list[str]]:
    shop = Shop(world, owner)
    watch = DynamoUsageWatch(resources.tables["TenantUsageTable"], resources.tables["ConversationsTable"])
    counts = []
    for n in range(3):
        shop.ask(n)
        job = shop.cast.reply_jobs.take()
        assert job is not None
        ports = shop.cast.answer_ports
        with counted() as calls:
            answer(job, now=after(hours=1), ports=type(ports)(**{**_fields(ports), "usage": watch}))
        counts.append(calls)
    return counts


def _fields(ports: Any) -> dict[str, Any]:
    return {name: getattr(ports, name) for name in type(ports).__dataclass_fields__}


def test_an_answer_costs_no_call_more_but_one_a_minute_for_who_has_limits(
    world: World, resources: TemplateResources
) -> None:
    plain = ["Query", "TransactWriteItems", "TransactWriteItems"]
    free, *later = _calls_of_answers(world, number(), resources)
    assert free == later[0] == later[1]
    assert free[-3:] == plain


def test_for_who_has_limits_the_month_is_read_once_a_minute(world: World, resources: TemplateResources) -> None:
    first, *later = _calls_of_answers(world, LIMITED, resources)
    assert first.count("Query") == later[0].count("Query") + 1
    assert later == [["Query", "TransactWriteItems", "TransactWriteItems"]] * 2


def test_eight_workers_overshoot_by_no_more_than_a_minute_of_their_answers(resources: TemplateResources) -> None:
    """Eight workers, each answering every five seconds, with a limit of 50: what is beyond it is the bounded error."""
    now, usage = [0.0], resources.tables["TenantUsageTable"]
    workers = [DynamoUsageWatch(usage, resources.tables["ConversationsTable"], lambda: now[0]) for _ in range(8)]
    world, beyond, n = aws_world(resources), 0, 0
    for _ in range(30):
        for worker in workers:
            if worker.so_far(ACME, MONTH).counters.get("replies", 0) >= 50:
                continue
            n += 1
            _count_reply(usage)
            worker.add(ACME, MONTH, {"replies": 1})
            beyond = n - 50
        now[0] += 5
    assert world.usage.month(ACME, MONTH).counters["replies"] == n
    assert 0 <= beyond <= 8 * CACHE_SECONDS / 5


def _count_reply(table: str) -> None:
    client("dynamodb").update_item(
        TableName=table,
        Key={"tenantId": {"S": ACME}, "month": {"S": MONTH}},
        UpdateExpression="ADD replies :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def test_what_a_worker_has_told_it_does_not_try_to_tell_again(world: World) -> None:
    alert = usage_alert(LIMITED, MONTH, Threshold.NEAR, NOON)
    assert world.usage_watch.so_far(ACME, MONTH).warned == {}
    assert world.usage_watch.warn(ACME, MONTH, Threshold.NEAR, "small", alert)
    with counted() as calls:
        assert world.usage_watch.so_far(ACME, MONTH).warned == {Threshold.NEAR: "small"}
    assert calls == []


def test_each_warning_is_heard_of_once_whichever_worker_gives_it(resources: TemplateResources) -> None:
    heard: list[Threshold] = []
    tables = resources.tables["TenantUsageTable"], resources.tables["ConversationsTable"]
    workers = [DynamoUsageWatch(*tables, on_warned=heard.append) for _ in range(2)]
    alert = usage_alert(LIMITED, MONTH, Threshold.REACHED, NOON)
    assert [worker.warn(ACME, MONTH, Threshold.REACHED, "small", alert) for worker in workers] == [True, False]
    assert heard == [Threshold.REACHED]


def test_plans_and_prices_are_kept_with_who_set_them(resources: TemplateResources) -> None:
    tenants, conversations = resources.tables["TenantsTable"], resources.tables["ConversationsTable"]
    clock = [0.0]
    settings = DynamoOperatorSettings(tenants, conversations, lambda: clock[0])
    other = DynamoOperatorSettings(tenants, conversations, lambda: clock[0])
    assert (settings.table(), settings.all(), other.all()) == (PriceTable(), [STANDARD], [STANDARD])
    plan, prices = Plan("small", PlanLimits(1, None, 3)), PriceTable({"service": 4_500}, 1, 2)
    settings.put_plan(plan, done_by(OSKAR, "plan.kept", "small", now=NOON))
    settings.put_prices(prices, done_by(OSKAR, "prices.kept", "prices", now=NOON + timedelta(seconds=1)))
    assert (settings.table(), settings.all()) == (prices, [plan, STANDARD])
    assert other.all() == [STANDARD]
    clock[0] += 60
    assert (other.table(), other.all()) == (prices, [plan, STANDARD])
    trail = DynamoAuditTrail(conversations).page(None, 10)
    assert [entry.action for entry in trail.entries] == ["prices.kept", "plan.kept"]
