"""What happens in one run: steps of customers, Meta, people and operators, and the faults that strike meanwhile.

Plain values, so that a run can be made again from its seed and cut down to what matters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class What(StrEnum):
    """What one update of a webhook body says."""

    QUESTION = "question"
    GREETING = "greeting"
    PUZZLE = "puzzle"
    """A question that the catalogue does not answer."""
    THANKS = "thanks"
    PERSON = "person"
    """A plain request for a person."""
    ORDER = "order"
    STOP = "stop"
    START = "start"
    STICKER = "sticker"
    STRANGE = "strange"
    """A type that nobody knows."""
    NUL = "nul"
    """Text with NUL, half a surrogate pair and an override of the writing direction."""
    LONG = "long"
    """65,000 characters."""
    HUGE = "huge"
    """A message of a megabyte."""
    ECHO = "echo"
    """A person wrote to the customer from the seller's phone app."""
    NO_OFFERS = "no_offers"
    OFFERS = "offers"
    """`user_preferences`: stop and resume."""
    STATUS = "status"
    """Of a message that other software sent."""
    SHAPELESS = "shapeless"
    """Not in Meta's form."""


MESSAGES = frozenset(
    {
        What.QUESTION,
        What.GREETING,
        What.PUZZLE,
        What.THANKS,
        What.PERSON,
        What.ORDER,
        What.STOP,
        What.START,
        What.STICKER,
        What.STRANGE,
        What.NUL,
        What.LONG,
        What.HUGE,
    }
)
WANT_AN_ANSWER = frozenset({What.QUESTION, What.GREETING, What.PUZZLE, What.NUL, What.LONG, What.HUGE})
ESCALATE = frozenset({What.PERSON, What.ORDER})


@dataclass(frozen=True, slots=True)
class Update:
    """One item of a webhook body."""

    n: int
    """Names it: `wamid.in.<n>`."""
    what: What
    number: int = 0
    """Of the cast's numbers."""
    customer: int = 0
    age: float = 0.0
    """By how many seconds its own time lies before the first delivery; negative: a clock that is fast."""

    @property
    def message_id(self) -> str:
        return f"wamid.in.{self.n}"


class Act(StrEnum):
    POST = "post"
    """Meta delivers a body."""
    REPEAT = "repeat"
    """Meta delivers an earlier body again, `times` times."""
    RAW = "raw"
    """A signed body that is no envelope: one byte, other JSON, …"""
    WAIT = "wait"
    TAKE_OVER = "take_over"
    HAND_BACK = "hand_back"
    RESOLVE = "resolve"
    REDRIVE = "redrive"
    """An operator puts every dead letter back, `times` times."""
    POISON = "poison"
    """Records that nobody wrote, put on a queue, `times` of them."""
    BACKLOG = "backlog"
    """The inbox stands still for `seconds`, and then gives a record each `times` seconds."""


@dataclass(frozen=True, slots=True)
class Step:
    act: Act
    n: int = 0
    """Names it, for those that come back to it."""
    updates: tuple[Update, ...] = ()
    seconds: float = 0.0
    """Before it; of a backlog, how long."""
    times: int = 1
    number: int = 0
    customer: int = 0
    text: str = ""

    def __str__(self) -> str:
        told = ", ".join(_told(update) for update in self.updates[:6])
        more = f" and {len(self.updates) - 6} more" if len(self.updates) > 6 else ""  # noqa: PLR2004 (as above)
        after = f"after {self.seconds:g} s: " if self.seconds and self.act is not Act.WAIT else ""
        match self.act:
            case Act.POST:
                return f"{after}#{self.n} Meta posts {told}{more}"
            case Act.REPEAT:
                return f"{after}Meta posts #{self.n} again × {self.times}"
            case Act.WAIT:
                return f"{self.seconds:g} s pass"
            case Act.TAKE_OVER | Act.HAND_BACK | Act.RESOLVE:
                return f"{after}a person: {self.act.replace('_', ' ')} customer {self.customer} of number {self.number}"
            case Act.BACKLOG:
                return f"the inbox stands still for {self.seconds:g} s, then gives one record each {self.times} s"
            case _:
                return f"{after}{self.act} {self.text} × {self.times}".replace("  ", " ")


def _told(update: Update) -> str:
    aged = f", {update.age:g} s old" if update.age else ""
    return f"{update.what} {update.message_id} of customer {update.customer} to number {update.number}{aged}"


class Strike(StrEnum):
    """What a fault does to a call of AWS or of Meta."""

    CRASH_BEFORE = "crash_before"
    CRASH_AFTER = "crash_after"
    THROTTLED = "throttled"
    """`times` calls in a row."""
    UNAVAILABLE = "unavailable"
    LOST_ANSWER = "lost_answer"
    """Done, and the connection broke before the answer."""
    CONFLICT = "conflict"
    """TransactionConflict, for `times` transactions in a row."""
    PARTLY = "partly"
    """One entry of a SendMessageBatch fails."""
    MEANWHILE_WORK = "meanwhile_work"
    """Before the call, other workers do all that there is to do."""
    MEANWHILE_NEXT = "meanwhile_next"
    """Before the call, the next step of the run happens, and is worked off."""
    MEANWHILE_TWIN = "meanwhile_twin"
    """Before the call, the same record is handled by another worker from beginning to end."""
    MEANWHILE_TAKE_OVER = "meanwhile_take_over"
    """Before the call, a person takes every conversation over."""


class Place(StrEnum):
    """Where a fault strikes that is not a call of one function."""

    ANYWHERE = "*"
    """Call `call` of the whole run."""
    SEND = "send"
    """The `nth` message that is offered to Meta: `kind` is what Meta does."""
    REPORT = "report"
    """The statuses of the `nth` message that Meta accepted."""
    ASSISTANT = "assistant"
    """The `nth` question to the assistant."""
    DOWN = "down"
    """The service `kind` does not answer from second `nth` of the run, for `times` seconds."""


@dataclass(frozen=True, slots=True)
class Fault:
    place: str
    """A `Place`, or the name of a function."""
    kind: str
    nth: int = 0
    """Of the function's invocations, from 0."""
    call: int = 0
    """Within the invocation, from 0."""
    times: int = 1
    """For how many receives of the same record, or calls in a row."""

    def __str__(self) -> str:
        match self.place:
            case Place.ANYWHERE:
                return f"{self.kind} at call {self.call} of the run"
            case Place.SEND:
                return f"Meta's answer to send {self.nth}: {self.kind}"
            case Place.REPORT:
                return f"Meta's statuses of message {self.nth}: {self.kind}"
            case Place.ASSISTANT:
                return f"the assistant, asked for the {self.nth}. time: {self.kind}"
            case Place.DOWN:
                return f"{self.kind} is down from second {self.nth}, for {self.times} s"
        times = f" × {self.times}" if self.times > 1 else ""
        return f"{self.kind} at call {self.call} of invocation {self.nth} of {self.place}{times}"


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    start: float
    """Unix seconds."""
    seed: int
    """Of whatever else is left to chance: which queue comes first."""
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def parts(self) -> Sequence[Step | Fault]:
        return (*self.steps, *self.faults)

    def only(self, kept: Collection[int]) -> Script:
        """With these of its parts alone."""
        steps = tuple(step for at, step in enumerate(self.steps) if at in kept)
        faults = tuple(fault for at, fault in enumerate(self.faults, len(self.steps)) if at in kept)
        return replace(self, steps=steps, faults=faults)
