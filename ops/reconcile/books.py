"""Where each message ended, told from the rows, and what does not add up.

A message is received with the claim on its id (its pointer row), which is written in one transaction with its row, its
count and whatever else it changes. So each claim must lead to one row, each row have a claim, and the month's counter
be the number of claims. What the message handler never got through is on its dead-letter queue, without a claim.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters import dynamodb_keys as keys
from domain.conversations import RecordedBecause, conversation_id
from domain.customers import CustomerId
from domain.messages import MessageId, Position, received_at_of
from domain.tenants import TenantId
from ops.outcomes.conversations import StoredConversation, whole_conversation
from ops.outcomes.rows import Row, Rows
from ops.outcomes.states import FinalState

LATE = timedelta(minutes=45)
"""Silence ends with a person after half an hour (domain/due.py), and the sweeper takes its turns."""

_NAMED = 1000


@dataclass(frozen=True, slots=True)
class Claim:
    tenant_id: TenantId
    message_id: MessageId
    customer_id: CustomerId
    position: Position
    brought_over: bool
    """From the earlier system, which has counted it."""

    @property
    def day(self) -> str:
        return self.position[: len("YYYY-MM-DD")]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    tenant_id: TenantId | None
    message_id: str
    day: str
    recorded: bool
    """Whether the message had been recorded before: it is a reply's job that died."""


@dataclass(frozen=True, slots=True)
class Problem:
    tenant: str
    day: str
    message_id: str
    what: str


@dataclass(slots=True)
class Books:
    days: defaultdict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Tenant and day to final states."""
    problems: list[Problem] = field(default_factory=list)
    unnamed: int = 0
    """Further problems than can be listed."""

    def note(self, tenant: str, day: str, message_id: str, what: str) -> None:
        if len(self.problems) < _NAMED:
            self.problems.append(Problem(tenant, day, message_id, what))
        else:
            self.unnamed += 1


def claim_of(row: Row) -> Claim:
    tenant_id, _, message_id = str(row["conversationId"]).partition("#")
    return Claim(
        tenant_id=TenantId(tenant_id),
        message_id=MessageId(message_id),
        customer_id=CustomerId(row["customerId"]),
        position=Position(row["position"]),
        brought_over=row.get("reason") == RecordedBecause.EARLIER_SYSTEM,
    )


def reconcile(  # noqa: PLR0913, PLR0917 (what is received, what died, and where the rest is looked up)
    claims: Iterable[Claim], dead: Sequence[DeadLetter], rows: Rows, table: str, window: tuple[str, str], now: datetime
) -> Books:
    """`window`: first and last day. `table`: the deployed name of the conversations table."""
    books = Books()
    dead_jobs = {(letter.tenant_id, letter.message_id) for letter in dead if letter.recorded}
    of_customer: defaultdict[tuple[TenantId, CustomerId], list[Claim]] = defaultdict(list)
    for claim in claims:
        of_customer[claim.tenant_id, claim.customer_id].append(claim)
    for (tenant_id, customer_id), theirs in of_customer.items():
        conversation = whole_conversation(rows, table, conversation_id(tenant_id, customer_id))
        for claim in theirs:
            _enter(books, claim, conversation, dead_jobs, now)
        known = {claim.message_id for claim in theirs}
        for message_id, day in _unclaimed(conversation, known, window):
            if not _has_claim(rows, table, tenant_id, message_id):
                books.note(tenant_id, day, message_id, "stands in its conversation, and was never counted")
    claimed = {(claim.tenant_id, claim.message_id) for theirs in of_customer.values() for claim in theirs}
    for letter in dead:
        if not letter.recorded and (letter.tenant_id, letter.message_id) not in claimed:
            books.days[letter.tenant_id or "", letter.day][FinalState.DEAD_LETTERED] += 1
    return books


def _enter(
    books: Books,
    claim: Claim,
    conversation: StoredConversation,
    dead_jobs: Collection[tuple[TenantId | None, str]],
    now: datetime,
) -> None:
    outcome = conversation.outcome_of(claim.message_id)
    state = outcome.state
    if state is FinalState.PENDING and (claim.tenant_id, claim.message_id) in dead_jobs:
        state = FinalState.DEAD_LETTERED
    books.days[claim.tenant_id, claim.day][state] += 1
    if state is FinalState.LOST:
        books.note(claim.tenant_id, claim.day, claim.message_id, outcome.detail)
    elif state is FinalState.PENDING and now - received_at_of(claim.position) > LATE:
        books.note(claim.tenant_id, claim.day, claim.message_id, f"pending for too long: {outcome.detail}")
    if len(conversation.answers_to(claim.message_id)) > 1:
        books.note(claim.tenant_id, claim.day, claim.message_id, "answered more than once")


def _unclaimed(
    conversation: StoredConversation, known: Collection[MessageId], window: tuple[str, str]
) -> Iterator[tuple[MessageId, str]]:
    for message in conversation.messages:
        day = message.position[: len("YYYY-MM-DD")]
        if window[0] <= day <= window[1] and message.message_id not in known:
            yield message.message_id, day


def _has_claim(rows: Rows, table: str, tenant_id: TenantId, message_id: MessageId) -> bool:
    """Of one that came meanwhile, or stands under a former customer's id."""
    return any("position" in row for row in rows.find(table, [keys.pointer(tenant_id, message_id)]).values())


@dataclass(frozen=True, slots=True)
class MonthCount:
    tenant: str
    month: str
    claims: int
    counted: int
    """By the usage counters, without what the earlier system counted."""
    adds_up: bool


def months_in(window: tuple[str, str], today: str) -> list[str]:
    """Those of which no day is missing, up to today."""
    first, last = window
    months = sorted({first[:7], last[:7], *_between(first[:7], last[:7])})
    return [month for month in months if first <= f"{month}-01" and (last >= _last_day(month) or last >= today)]


def _last_day(month: str) -> str:
    return f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]:02}"


def _between(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (now := f"{year:04}-{month:02}") < last:
        yield now
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 (months of a year)


def month_counts(
    claims: Iterable[Claim], before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]
) -> list[MonthCount]:
    """`before` and `after`: the counters, by tenant and month, around the look at the claims: messages go on coming."""
    found = Counter((str(claim.tenant_id), claim.position[:7]) for claim in claims if not claim.brought_over)
    return [
        MonthCount(
            tenant,
            month,
            found[tenant, month],
            counted,
            before.get((tenant, month), 0) <= found[tenant, month] <= counted,
        )
        for (tenant, month), counted in sorted(after.items())
    ]
