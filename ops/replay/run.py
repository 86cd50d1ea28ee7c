"""One replay: post, hold each answer against its body, wait, tell."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.dynamodb_tenants import DynamoTenants
from ops.outcomes.items import MESSAGE, STATUS, Item
from ops.outcomes.judge import Judge
from ops.outcomes.log_search import LogSearch, Searched
from ops.outcomes.queues import Queues
from ops.outcomes.rows import DynamoRows
from ops.outcomes.settling import Settling
from ops.outcomes.states import ItemOutcome
from ops.replay.bodies import Body
from ops.replay.contents import Matched, contents, match
from ops.replay.customers import told_by_customers
from ops.replay.posting import Posted, SignedPosts
from ops.replay.progress import ReplayProgress
from ops.replay.report import BodyReport, ItemReport, ReplayReport
from ops.stack_file import StackFile

_TENANT_CACHE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Replay:
    posts: SignedPosts
    settling: Settling
    logs: LogSearch
    progress: ReplayProgress

    def run(self, bodies: Sequence[Body], concurrency: int, seconds: float) -> ReplayReport:
        started, started_at = time.monotonic(), time.time()
        known = self._known_before(bodies)
        with self.progress.posting(len(bodies)) as advance:
            posted = self.posts.post_all(bodies, concurrency, advance)
        matched = [_matched(body, answer) for body, answer in zip(bodies, posted, strict=True)]
        items = [item for found in matched for item in found.items]
        with self.progress.settling(len(items)) as watch:
            outcomes = self.settling.wait(items, seconds, watch)
        searched = self._search_logs(bodies, started_at)
        return ReplayReport(
            bodies=_reports(bodies, posted, matched, outcomes, known),
            seconds=round(time.monotonic() - started, 1),
            log_lines=searched.lines,
            leaks=searched.leaks,
        )

    def _known_before(self, bodies: Sequence[Body]) -> set[Item]:
        items = {
            Item(content.kind, content.update_id, (content.address,))
            for body in bodies
            for content in contents(body.content)
            if content.kind in {MESSAGE, STATUS} and content.update_id
        }
        asked = list(items)
        return {
            item for item, outcome in zip(asked, self.settling.judge.outcomes(asked), strict=True) if outcome.settled
        }

    def _search_logs(self, bodies: Sequence[Body], since: float) -> Searched:
        with self.progress.searching_logs():
            return self.logs.search(told_by_customers(body.content for body in bodies), since)


def replay_on(stack: StackFile, logs: LogSearch, progress: ReplayProgress) -> Replay:
    """The environment must name the stack's AWS (`LocalAws.be_the_environments`)."""
    judge = Judge(DynamoRows(), DynamoTenants(stack.tables["tenants"], _TENANT_CACHE_SECONDS), stack.tables)
    settling = Settling(judge, Queues(stack.queues))
    return Replay(SignedPosts(stack.webhook_url, stack.app_secret), settling, logs, progress)


def _matched(body: Body, answer: Posted) -> Matched:
    """What was refused is told by its HTTP status, and looked for nowhere."""
    return match(contents(body.content), answer.text) if answer.status == 200 else Matched((), ())  # noqa: PLR2004


def _reports(
    bodies: Sequence[Body],
    posted: Sequence[Posted],
    matched: Sequence[Matched],
    outcomes: Sequence[ItemOutcome],
    known: set[Item],
) -> list[BodyReport]:
    remaining, seen = iter(outcomes), set(known)
    reports = []
    for body, answer, found in zip(bodies, posted, matched, strict=True):
        items = [_item_report(item, next(remaining), duplicate=item in seen) for item in found.items]
        seen |= set(found.items)
        reports.append(
            BodyReport(
                name=body.name,
                http_status=answer.status,
                items=items,
                not_accepted=[content.kind for content in found.missing],
            )
        )
    return reports


def _item_report(item: Item, outcome: ItemOutcome, *, duplicate: bool) -> ItemReport:
    return ItemReport(
        kind=item.kind, update_id=item.update_id, state=outcome.state, detail=outcome.detail, duplicate=duplicate
    )
