"""One run of the demo on a stack that is up."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from adapters.dynamodb_tenants import DynamoTenants
from domain.usage import month_of
from ops.demo import script
from ops.demo.account import Account
from ops.demo.accounting import account_of
from ops.demo.casting import cast
from ops.demo.checks import run_checks
from ops.demo.day import Day
from ops.demo.evidence import Evidence
from ops.demo.phones import Phones, Written
from ops.demo.secrecy import private
from ops.demo.stored import Stored
from ops.demo.subscribers import Received, Subscriber, subscribed
from ops.local import demo_data
from ops.local.progress import Progress
from ops.outcomes.judge import Judge
from ops.outcomes.log_search import LogSearch
from ops.outcomes.queues import Queues
from ops.outcomes.rows import DynamoRows
from ops.outcomes.settling import Settling
from ops.outcomes.usage import Usage, usage_of
from ops.stack_file import StackFile

_TENANT_CACHE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Demo:
    """The environment must name the stack's AWS (`LocalAws.be_the_environments`)."""

    stack: StackFile
    logs: LogSearch
    progress: Progress
    seconds: float

    def run(self) -> Account:
        started, started_at, run = time.monotonic(), time.time(), secrets.token_hex(4)
        stored = Stored(self.stack.tables, DynamoRows())
        steps = cast(script.read(), stored.knows)
        months = _months(steps)
        usage_before, tables_before = self._usage(months), stored.counts()
        with subscribed(self.stack.topics["escalations"], run, self._subscribers()) as subscribers:
            written, read = self._play(steps, stored)
            received = self._received(subscribers)
        with self.progress.step("Gather what it left in tables, topics, queues and logs"):
            evidence = self._evidence(
                written, read, received, stored, (usage_before, self._usage(months)), tables_before
            )
            searched = self.logs.search(private(evidence, self.stack, demo_data.tenants()), started_at)
            evidence = replace(evidence, logs=searched)
        return account_of(evidence, run_checks(evidence), run, time.monotonic() - started)

    def _play(self, steps: Sequence[script.Step], stored: Stored) -> tuple[list[Written], list[str]]:
        with self.progress.step("Play the day") as step:
            day = Day(Phones(self.stack), stored, self._settling(), self.seconds, step.at)
            written = day.play(steps)
            read = day.read(written, self.stack.tenants[0].id)
            step.note(f"{len(written)} messages, {len(read)} replies read")
        return written, read

    def _settling(self) -> Settling:
        tenants = DynamoTenants(self.stack.tables["tenants"], _TENANT_CACHE_SECONDS)
        return Settling(Judge(DynamoRows(), tenants, self.stack.tables), Queues(self.stack.queues))

    def _subscribers(self) -> dict[str, Mapping[str, list[str]]]:
        """The first hears everything."""
        seller = self.stack.tenants[0].id
        return {"everything": {}, f"urgent, {seller}": {"tenantId": [seller], "priority": ["high"]}}

    def _received(self, subscribers: Sequence[Subscriber]) -> list[tuple[Subscriber, list[Received]]]:
        return [(subscriber, subscriber.receive()) for subscriber in subscribers]

    def _usage(self, months: Sequence[str]) -> Usage:
        return usage_of(self.stack.tables["tenant-usage"], [seller.id for seller in self.stack.tenants], months)

    def _evidence(  # noqa: PLR0913, PLR0917 (everything that the account tells)
        self,
        written: Sequence[Written],
        read: Sequence[str],
        received: Sequence[tuple[Subscriber, Sequence[Received]]],
        stored: Stored,
        usage: tuple[Usage, Usage],
        tables_before: Mapping[str, int],
    ) -> Evidence:
        ours = {one.message_id for one in written}
        phones, settling = Phones(self.stack), self._settling()
        outcomes = settling.judge.outcomes([one.item for one in written])
        return Evidence(
            written=written,
            outcomes=dict(zip((one.message_id for one in written), outcomes, strict=True)),
            conversations=stored.conversations(written),
            customers=stored.customers(written),
            quarantine=stored.quarantine(written),
            prices=stored.prices(seller.id for seller in self.stack.tenants),
            usage_before=usage[0],
            usage_after=usage[1],
            tables_before=tables_before,
            tables_after=stored.counts(),
            received=[(who, [one for one in got if one.message_id in ours]) for who, got in received],
            queues=settling.queues.depths(),
            deliveries={
                one.message_id: phones.deliveries(one.message_id) for one in written if one.step.duplicates > 1
            },
            read=read,
        )


def _months(steps: Sequence[script.Step]) -> list[str]:
    """In which the day may count: it may be played at midnight, and some of it is dated last week."""
    now = time.time()
    days = {step.sent_days_ago for step in steps}
    moments = [now - day * 86_400 for day in days] + [now + 300]
    return sorted({month_of(datetime.fromtimestamp(moment, UTC)) for moment in moments})
