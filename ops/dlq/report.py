"""What the commands answer, for programs as for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, RootModel

from adapters.dead_letters.groups import Group, tenant_of
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.moving import Moved
from adapters.dead_letters.survey import Survey
from domain.operator_log import ActionState, OperatorAction
from domain.ports import Tenants


class GroupReport(BaseModel):
    fingerprint: str
    queue: str
    kind: str
    type: str
    why: str
    count: int
    oldest: datetime
    newest: datetime
    tenants: list[str]
    """Ids; empty text for a number of nobody's, or of two."""


class QueueReport(BaseModel):
    queue: str
    lying: int
    in_other_hands: int
    """Taken by somebody for the moment: another operator, or a look that died."""
    unseen: int
    """Behind others of the same customer, of whom a FIFO queue shows the first ten."""


class ListReport(BaseModel):
    groups: list[GroupReport]
    queues: list[QueueReport]


class LetterReport(BaseModel):
    sqs_message_id: str
    update_id: str
    """The correlation id in the logs."""
    tenant: str
    at: datetime
    age_seconds: int
    receive_count: int
    why: str


class ShowReport(BaseModel):
    group: GroupReport
    letters: list[LetterReport]


class MoveReport(BaseModel):
    action_id: str
    """Of its row in `dlq history`; empty after a dry run."""
    command: str
    dry_run: bool
    interrupted: bool
    counts: dict[str, int]
    errors: dict[str, int]
    lying: dict[str, int]
    """What is left on each dead-letter queue, as SQS counts: approximately."""
    unseen: int
    """Of a dry run: about how many lie behind others of the same customer, and may be concerned as well."""

    @property
    def ok(self) -> bool:
        return not self.interrupted and not self.counts.get("failed")


class HistoryEntry(BaseModel):
    action_id: str
    at: datetime
    operator: str
    identity: str
    command: str
    subject: str
    state: ActionState
    counts: dict[str, int]
    reason: str


class HistoryReport(RootModel[list[HistoryEntry]]):
    """Newest first."""


def list_report(found: Survey, groups: list[Group], tenants: Tenants) -> ListReport:
    queues = [
        QueueReport(queue=name.dead, lying=depth.waiting, in_other_hands=depth.in_flight, unseen=found.unseen(name))
        for name, depth in found.depths.items()
    ]
    return ListReport(groups=[group_report(group, tenants) for group in groups], queues=queues)


def group_report(group: Group, tenants: Tenants) -> GroupReport:
    times = [letter.at for letter in group.letters]
    return GroupReport(
        fingerprint=group.fingerprint,
        queue=group.queue,
        kind=group.kind,
        type=group.type,
        why=group.why,
        count=len(group.letters),
        oldest=min(times),
        newest=max(times),
        tenants=sorted({tenant_of(letter, tenants) for letter in group.letters}),
    )


def show_report(group: Group, tenants: Tenants, now: datetime) -> ShowReport:
    letters = [_letter_report(letter, group.why, tenant_of(letter, tenants), now) for letter in group.letters]
    return ShowReport(group=group_report(group, tenants), letters=letters)


def _letter_report(letter: Letter, why: str, tenant: str, now: datetime) -> LetterReport:
    return LetterReport(
        sqs_message_id=letter.sqs_message_id,
        update_id=letter.update_id,
        tenant=tenant,
        at=letter.at,
        age_seconds=int((now - letter.at).total_seconds()),
        receive_count=letter.receive_count,
        why=why,
    )


def history_entry(action: OperatorAction) -> HistoryEntry:
    return HistoryEntry(
        action_id=action.action_id,
        at=action.at,
        operator=action.operator,
        identity=action.identity,
        command=action.command,
        subject=action.subject,
        state=action.state,
        counts=dict(action.counts),
        reason=action.reason,
    )


def counted(counts: Mapping[Moved, int] | Mapping[str, int]) -> dict[str, int]:
    """Plain words, what is nought left out."""
    return {str(name): count for name, count in counts.items() if count}
