"""What must hold of every run, read from the stored rows, from Meta's list of messages, and from what the webhook took.

One function for each promise; each names the ids that break it. The faults are not looked at: no fault excuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ops.prove.evidence import Evidence
from ops.prove.invariants import endings, identities, logs, records, sends, tenancy, usage
from ops.prove.invariants.case import Case

Check = Callable[[Case], Iterator[str]]

CHECKS: dict[str, tuple[Check, ...]] = {
    "I1": (
        endings.acknowledged_messages_end,
        endings.persons_are_called,
        endings.changes_are_told,
        endings.people_close_what_they_saw,
        endings.nothing_is_left_due,
        endings.updates_are_kept,
        endings.innocents_are_not_buried,
    ),
    "I2": (records.messages_are_recorded_once, records.messages_are_answered_once),
    "I3": (
        sends.replies_are_sent_once,
        sends.refusals_are_believed,
        sends.sending_is_written_first,
        sends.replies_move_on,
        sends.claims_fit_their_conversation,
        sends.bursts_get_one_answer,
        sends.stale_replies_are_not_redriven,
    ),
    "I4": (usage.usage_is_what_is_stored, usage.times_are_the_messages_own),
    "I5": (
        identities.customers_are_one,
        identities.nothing_goes_back,
        identities.owners_change_as_allowed,
        identities.wishes_hold,
        identities.wishes_are_kept,
        identities.preferences_are_kept,
        identities.echoes_are_kept,
    ),
    "I6": (tenancy.rows_stay_with_their_tenant, tenancy.sends_stay_with_their_tenant),
    "logs": (logs.logs_are_silent,),
}


@dataclass(frozen=True, slots=True)
class Violation:
    invariant: str
    told: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.told}"


def violations(evidence: Evidence) -> list[Violation]:
    case = Case(evidence)
    return [Violation(name, told) for name, checks in CHECKS.items() for check in checks for told in _told(check, case)]


def _told(check: Check, case: Case) -> Iterator[str]:
    try:
        yield from check(case)
    except (KeyError, ValueError, TypeError) as error:  # a row that is not as rows are
        yield f"{check.__name__} cannot read the rows: {type(error).__name__} {error}"
