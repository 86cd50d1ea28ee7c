"""Many messages of many customers of several sellers, shuffled, each delivered twice, posted by several threads.

What must hold afterwards is read from the rows: every message in a final state, counted once, one row for each
customer, at most one reply for each burst, nothing dead-lettered. Exit code 1 if anything of it does not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_usage import read_usage
from bench.measured import Measured, measure
from bench.stack import MeasuredStack, Seller, measured_stack
from domain.tenants import TenantId
from ops.outcomes.items import MESSAGE, Address, Item
from ops.outcomes.judge import Judge
from ops.outcomes.queues import Queues
from ops.outcomes.rows import DynamoRows, query
from ops.outcomes.settling import Settling
from ops.outcomes.states import SETTLED, ItemOutcome
from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature

DELIVERIES = 2
_POST_SECONDS = 60
_MOST_TRIES = 5
_QUIET_POLL_SECONDS = 0.5
_SETTLE_SECONDS = 60


@dataclass(frozen=True)
class Options:
    messages: int
    customers: int
    tenants: int
    threads: int
    seed: int
    patience: float
    home: Path | None


@dataclass(frozen=True)
class Message:
    seller: Seller
    wa_id: str
    message_id: str
    body: bytes

    @property
    def item(self) -> Item:
        number = self.seller.tenant.number
        return Item(MESSAGE, self.message_id, (Address(number.phone_number_id, number.waba_id),))


@dataclass(frozen=True)
class Posting:
    """One delivery that the webhook has taken."""

    seconds: float
    tries: int
    status: int


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    with measured_stack(options.tenants, options.home) as stack:
        return _run(options, stack)


def _run(options: Options, stack: MeasuredStack) -> int:
    messages = _messages(options, stack.sellers)
    before = {seller.tenant.id: _usage(stack, seller) for seller in stack.sellers}
    posted, posting_seconds = _post_all(options, stack, messages)
    began = time.monotonic()
    _wait_until_quiet(stack, options.patience)
    outcomes = _settled(stack, messages)
    settling_seconds = time.monotonic() - began
    measured = measure(stack, {message.message_id for message in messages})
    problems = [
        *_unaccepted(posted),
        *_unsettled(outcomes),
        *_miscounted(stack, messages, before),
        *_customers_twice(stack, messages),
        *_dead_letters(stack),
        *measured.problems(),
    ]
    _report(messages, posted, posting_seconds, settling_seconds, outcomes, measured)
    for problem in problems:
        print(f"NOT HELD: {problem}")
    if not problems:
        print("Held: all final, counted once, one row for each customer, replies <= bursts, no dead letter")
    return 1 if problems else 0


# ---- the load ----------------------------------------------------------------------------------------------------


def _messages(options: Options, sellers: Sequence[Seller]) -> list[Message]:
    """Questions that the seller's catalogue answers, so that every burst wants a reply."""
    dice = random.Random(options.seed)  # noqa: S311 (a seed, to play it again)
    run = secrets.token_hex(4)
    made = []
    for number in range(options.messages):
        customer = number % options.customers
        seller = sellers[customer % len(sellers)]
        asked = dice.choice([product for product in seller.products if product.active])
        made.append(_message(seller, customer, f"wamid.bench-{run}-{number:06d}", f"How much is the {asked.title}?"))
    return made


def _message(seller: Seller, customer: int, message_id: str, text: str) -> Message:
    # Area code by area code, the numbers 555-0100 to 555-0199: they are reserved for fiction.
    wa_id = f"1{410 + customer // 100}55501{customer % 100:02d}"
    number = seller.tenant.number
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number.display_phone_number,
            "phone_number_id": number.phone_number_id,
        },
        "contacts": [{"profile": {"name": f"Customer {customer}"}, "wa_id": wa_id}],
        "messages": [
            {
                "from": wa_id,
                "id": message_id,
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
    changes = [{"field": "messages", "value": value}]
    envelope = {"object": "whatsapp_business_account", "entry": [{"id": number.waba_id, "changes": changes}]}
    return Message(seller, wa_id, message_id, json.dumps(envelope, ensure_ascii=False).encode())


def _post_all(options: Options, stack: MeasuredStack, messages: Sequence[Message]) -> tuple[list[Posting], float]:
    deliveries = [*messages] * DELIVERIES
    random.Random(options.seed).shuffle(deliveries)  # noqa: S311 (a seed, to play it again)
    limits = httpx.Limits(max_connections=options.threads)
    began = time.monotonic()
    with (
        httpx.Client(timeout=_POST_SECONDS, trust_env=False, limits=limits) as http,
        ThreadPoolExecutor(max_workers=options.threads) as pool,
    ):
        posted = list(pool.map(lambda message: _post(http, stack, message.body), deliveries))
    return posted, time.monotonic() - began


def _post(http: httpx.Client, stack: MeasuredStack, body: bytes) -> Posting:
    """Again until it is taken, as Meta does."""
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(body, stack.file.app_secret)}
    status = 0
    for tries in range(1, _MOST_TRIES + 1):
        began = time.perf_counter()
        try:
            status = http.post(stack.file.webhook_url, content=body, headers=headers).status_code
        except httpx.HTTPError:
            status = 0
        seconds = time.perf_counter() - began
        if status == httpx.codes.OK:
            return Posting(seconds, tries, status)
        time.sleep(tries)
    return Posting(seconds, _MOST_TRIES, status)


def _wait_until_quiet(stack: MeasuredStack, patience: float) -> None:
    """By the queues alone: whoever reads rows meanwhile takes the emulator's time from the functions."""
    queues, deadline, looks = Queues(stack.file.queues), time.monotonic() + patience, 0
    while looks < 2 and time.monotonic() < deadline:  # noqa: PLR2004 (a depth is approximate by its name: asked twice)
        time.sleep(_QUIET_POLL_SECONDS)
        looks = looks + 1 if not any(depth.total for depth in queues.depths() if not depth.dead_letters) else 0


# ---- what must hold ----------------------------------------------------------------------------------------------


def _settled(stack: MeasuredStack, messages: Sequence[Message]) -> list[ItemOutcome]:
    judge = Judge(DynamoRows(), DynamoTenants(stack.file.tables["tenants"], _SETTLE_SECONDS), stack.file.tables)
    items = [message.item for message in messages]
    return Settling(judge, Queues(stack.file.queues)).wait(items, _SETTLE_SECONDS)


def _unaccepted(posted: Sequence[Posting]) -> list[str]:
    refused = Counter(posting.status for posting in posted if posting.status != httpx.codes.OK)
    return [f"the webhook never took {refused.total()} deliveries: {dict(refused)}"] if refused else []


def _unsettled(outcomes: Sequence[ItemOutcome]) -> list[str]:
    left = Counter(f"{one.state} ({one.detail})" for one in outcomes if one.state not in SETTLED)
    return [f"{left.total()} messages have not come to their end: {dict(left)}"] if left else []


def _miscounted(stack: MeasuredStack, messages: Sequence[Message], before: dict[str, Counter[str]]) -> list[str]:
    problems = []
    for seller in stack.sellers:
        wanted = len({message.message_id for message in messages if message.seller is seller})
        counted = _usage(stack, seller)["messages"] - before[seller.tenant.id]["messages"]
        if counted != wanted:
            problems.append(f"{seller.tenant.id}: {wanted} distinct messages, {counted} counted")
    return problems


def _usage(stack: MeasuredStack, seller: Seller) -> Counter[str]:
    # "20" begins every month of this century: all of them, with their spill items.
    return Counter(read_usage(stack.file.tables["tenant-usage"], TenantId(seller.tenant.id), "20"))


def _customers_twice(stack: MeasuredStack, messages: Sequence[Message]) -> list[str]:
    problems = []
    for seller in stack.sellers:
        wanted = {message.wa_id for message in messages if message.seller is seller}
        rows = query(stack.file.tables["customers"], "tenantId", seller.tenant.id, "TenantCustomersIndex")
        found = Counter(row["phone"] for row in rows if row["phone"] in wanted)
        if set(found) != wanted or found.total() != len(wanted):
            problems.append(f"{seller.tenant.id}: {len(wanted)} customers wrote, {found.total()} rows")
    return problems


def _dead_letters(stack: MeasuredStack) -> list[str]:
    depths = Queues(stack.file.queues).depths()
    return [f"{depth.total} dead letters on {depth.queue}" for depth in depths if depth.dead_letters and depth.total]


# ---- the figures -------------------------------------------------------------------------------------------------


def _report(  # noqa: PLR0913, PLR0917 (everything that was measured)
    messages: Sequence[Message],
    posted: Sequence[Posting],
    posting_seconds: float,
    settling_seconds: float,
    outcomes: Sequence[ItemOutcome],
    measured: Measured,
) -> None:
    customers = len({(message.seller.tenant.id, message.wa_id) for message in messages})
    sellers = len({message.seller.tenant.id for message in messages})
    total = posting_seconds + settling_seconds
    print(f"{len(messages)} messages of {customers} customers of {sellers} sellers, each delivered {DELIVERIES} times")
    print(f"webhook       {len(posted) / posting_seconds:8.1f} calls/s over {posting_seconds:.1f} s")
    print(f"whole way     {len(messages) / total:8.1f} messages/s over {total:.1f} s, until all had settled")
    retried = sum(posting.tries - 1 for posting in posted)
    print(f"posted again  {retried:8d}")
    print(f"final states  {dict(Counter(str(outcome.state) for outcome in outcomes))}")
    print(f"replies       {measured.replies:8d} for {measured.bursts} bursts")
    print(f"{'seconds':27}    p50     p90     p99     max")
    _percentiles("webhook's answer", [posting.seconds for posting in posted])
    _percentiles("receipt to recorded", measured.until_recorded)
    _percentiles("receipt to reply", measured.until_reply)


def _percentiles(name: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    if ordered:
        shown = "".join(f"{ordered[min(int(len(ordered) * p), len(ordered) - 1)]:8.3f}" for p in (0.5, 0.9, 0.99, 1))
        print(f"  {name:22} {shown}")


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m bench load", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--tenants", type=int, default=4)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=600, help="seconds to wait until all have settled")
    parser.add_argument("--home", type=Path, default=None, help="a running stack's; without it a fresh one is made")
    return Options(**vars(parser.parse_args(arguments)))
