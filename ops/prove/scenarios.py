"""The runs of a seed: each call of a few small stories struck in turn, and everything mixed with everything."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ops.prove.cast import CUSTOMERS, UNKNOWN
from ops.prove.graph import ANSWERS
from ops.prove.play import REPORTS, STALE
from ops.prove.script import Act, Fault, Place, Script, Step, Strike, Update, What

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
_MONTHS_EDGE = datetime(2026, 11, 30, 23, 59, 50, tzinfo=UTC).timestamp()
_HOUR, _DAY = 3600, 86_400

_FUNCTIONS = ("webhook", "message_handler", "reply_handler", "status_handler", "sweeper")
_OFTEN = (
    (What.QUESTION,) * 8
    + (What.PERSON,) * 2
    + (What.PUZZLE,) * 2
    + (What.ORDER,) * 2
    + (What.STOP,) * 2
    + (
        What.GREETING,
        What.THANKS,
        What.START,
        What.STICKER,
        What.STRANGE,
        What.NUL,
        What.ECHO,
        What.NO_OFFERS,
        What.OFFERS,
        What.STATUS,
    )
)
_AGES = (0.0,) * 12 + (600.0, -600.0, 30.0, 25 * _HOUR, 7.0 * _DAY, -7.0 * _DAY, 9.0 * _DAY)

_BY_METAS_CLOCK = frozenset({What.NO_OFFERS, What.OFFERS, What.ECHO, What.STATUS})
"""What Meta's own servers date is never ahead of them."""


# --- every call of a few stories ---


def _post(n: int, *updates: Update, seconds: float = 0.0) -> Step:
    return Step(Act.POST, n, updates, seconds)


def _stories() -> list[Script]:
    question, again = Update(1, What.QUESTION), Update(2, What.QUESTION)
    told = [
        ("one question", (_post(1, question),), ()),
        (
            "a burst of three",
            (_post(1, question, again, Update(3, What.THANKS)), _post(2, Update(4, What.QUESTION, 1), seconds=40)),
            (),
        ),
        ("a person is asked for", (_post(1, Update(1, What.PERSON)), _post(2, again, seconds=60)), ()),
        ("no idea", (_post(1, Update(1, What.PUZZLE, 0, 2)),), ()),
        (
            "orders and offers",
            (
                _post(1, Update(1, What.ORDER)),
                _post(2, Update(2, What.STOP, 0, 1)),
                _post(3, Update(3, What.START, 0, 1), seconds=90),
            ),
            (),
        ),
        ("failed later", (_post(1, question),), (Fault(Place.REPORT, "failed"),)),
        ("statuses at once", (_post(1, question),), (Fault(Place.REPORT, "close together"),)),
        (
            "no answer, no status",
            (_post(1, question),),
            (Fault(Place.SEND, "timeout_sent"), Fault(Place.REPORT, "none")),
        ),
        ("settled by a status", (_post(1, question),), (Fault(Place.SEND, "reset_sent"),)),
        ("refused for now", (_post(1, question),), (Fault(Place.SEND, "131056", 0, 0, 2),)),
        ("refused for good", (_post(1, question),), (Fault(Place.SEND, "131047"),)),
        (
            "a person on the phone",
            (
                _post(1, question),
                _post(2, Update(2, What.ECHO), seconds=60),
                _post(3, Update(3, What.QUESTION), seconds=60),
                Step(Act.RESOLVE, seconds=60),
                _post(4, Update(4, What.QUESTION), seconds=60),
            ),
            (),
        ),
        (
            "nobody's",
            (
                _post(1, Update(1, What.QUESTION, UNKNOWN), Update(2, What.SHAPELESS), Update(3, What.STATUS)),
                _post(2, Update(4, What.NO_OFFERS)),
            ),
            (),
        ),
    ]
    return [Script(name, NOON, 0, steps, faults) for name, steps, faults in told]


STORIES = tuple(_stories())

_OTHERWISE = (
    Strike.MEANWHILE_TWIN,
    Strike.MEANWHILE_NEXT,
    Strike.MEANWHILE_WORK,
    Strike.MEANWHILE_TAKE_OVER,
    Strike.LOST_ANSWER,
)


@dataclass(frozen=True, slots=True)
class Site:
    """One call of one story, and how it is struck."""

    story: int
    call: int
    strike: Strike
    times: int = 1

    def script(self) -> Script:
        story = STORIES[self.story]
        fault = Fault(Place.ANYWHERE, self.strike, 0, self.call, self.times)
        return replace(story, name=f"call {self.call} of: {story.name}", faults=(*story.faults, fault))


def sites(calls: Sequence[Sequence[int]], seed: int) -> tuple[list[Site], list[Site]]:
    """Killed before and after each call; and other ways to strike it. `calls`: those of each story in health."""
    every = [(story, call) for story, made in enumerate(calls) for call in made]
    killed = [Site(*at, strike) for at in every for strike in (Strike.CRASH_BEFORE, Strike.CRASH_AFTER)]
    others = [Site(*at, strike) for at in every for strike in _OTHERWISE]
    others += [Site(*at, Strike.CRASH_AFTER, 9) for at in every]
    chance = random.Random(seed)  # noqa: S311 (an order, no secret)
    chance.shuffle(killed)
    chance.shuffle(others)
    return killed, others


# --- everything mixed ---


Make = Callable[[random.Random], Script]


def of_kind(make: Make, seed: int) -> Script:
    chance = random.Random(f"{make.__name__}/{seed}")  # noqa: S311 (made up again from its seed)
    return replace(make(chance), seed=seed)


def mixed(seed: int, run: int) -> Script:
    chance = random.Random(f"{seed}/{run}")  # noqa: S311 (made up again from its seed)
    make = chance.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
    script = make(chance)
    return replace(script, seed=chance.randrange(2**32))


def _script(chance: random.Random, name: str, steps: list[Step], faults: list[Fault]) -> Script:
    start = _MONTHS_EDGE + chance.choice((0, 8, 15)) if chance.random() < 0.2 else NOON  # noqa: PLR2004 (a fifth of the runs)
    return Script(name, start, 0, tuple(steps), tuple(faults))


def anything(chance: random.Random) -> Script:
    few = chance.random() < 0.6  # noqa: PLR2004 (mostly one customer, so that things meet)
    steps = [_step(chance, n, few=few) for n in range(1, chance.randint(3, 9))]
    return _script(chance, "anything", steps, [_fault(chance) for _ in range(chance.randint(0, 5))])


def _step(chance: random.Random, n: int, *, few: bool) -> Step:
    seconds = float(chance.choice((0, 0, 1, 3, 6, 30, 200, 2000)))
    number = chance.choice((0, 0, 1)) if few else chance.choice((0, 0, 0, 1, 1, 2, 3, UNKNOWN))
    customer = chance.randrange(2 if few else len(CUSTOMERS))
    match chance.choices(("post", "repeat", "person", "redrive", "wait", "raw"), weights=(12, 4, 3, 1, 1, 0.5))[0]:
        case "repeat":
            times = chance.choice((1, 1, 1, 4, 10))
            later = chance.choice((seconds, 360, 7 * _DAY, 10 * _DAY))
            return Step(Act.REPEAT, chance.randint(1, max(1, n - 1)), (), later, times)
        case "person":
            act = chance.choice((Act.TAKE_OVER, Act.HAND_BACK, Act.RESOLVE))
            return Step(act, n, (), seconds, number=number % 2, customer=customer)
        case "redrive":
            return Step(Act.REDRIVE, n, (), chance.choice((1800.0, 90_000.0)), 2)
        case "wait":
            return Step(Act.WAIT, n, (), chance.choice((60.0, 1200.0, 90_000.0)))
        case "raw":
            return Step(
                Act.RAW, n, text=chance.choice(("1", "[]", "{}", '{"entry": 5}', "[" * 10_000, '{"entry": [NaN]}'))
            )
    posted = [_update(chance, 20 * n + index, number, customer) for index in range(chance.choice((1, 1, 1, 2, 3)))]
    if chance.random() < 0.15:  # noqa: PLR2004 (two sellers in one body, and the same message id at both)
        other = 1 - number if number in {0, 1} else 0
        posted.append(replace(posted[0], number=other))
    return Step(Act.POST, n, tuple(posted), seconds)


def _update(chance: random.Random, n: int, number: int, customer: int) -> Update:
    what, age = chance.choice(_OFTEN), chance.choice(_AGES)
    return Update(n, what, number, customer, max(age, 0.0) if what in _BY_METAS_CLOCK else age)


def _fault(chance: random.Random) -> Fault:
    match chance.choices(("call", "send", "report", "assistant", "down"), weights=(10, 3, 3, 2, 1))[0]:
        case "send":
            return Fault(Place.SEND, chance.choice(ANSWERS), chance.randrange(3), 0, chance.choice((1, 1, 1, 3, 9)))
        case "report":
            return Fault(Place.REPORT, chance.choice(REPORTS), chance.randrange(3))
        case "assistant":
            kind = chance.choice(("throttled", "timeout", "raises", "empty", "malformed", "person"))
            return Fault(Place.ASSISTANT, kind, chance.randrange(2), 0, chance.choice((1, 1, 3, 20)))
        case "down":
            service = chance.choice(("sns", "sns", "sns", "sqs", "dynamodb", "secretsmanager", "graph"))
            return Fault(Place.DOWN, service, chance.choice((0, 0, 5, 60)), 0, chance.choice((30, 300, 1200, 3000)))
    strike = chance.choice(tuple(Strike))
    function = "webhook" if strike is Strike.PARTLY else chance.choices(_FUNCTIONS, weights=(2, 6, 8, 4, 2))[0]
    times = {
        Strike.CRASH_BEFORE: (1, 1, 2, 9),
        Strike.CRASH_AFTER: (1, 1, 2, 9),
        Strike.THROTTLED: (1, 2, 4, 12),
        Strike.CONFLICT: (1, 2, 3, 5, 12),
    }.get(strike, (1,))
    return Fault(function, strike, chance.randrange(4), chance.randrange(9), chance.choice(times))


def backlog(chance: random.Random) -> Script:
    """The queues lag, and nothing else fails: a burst still has one answer."""
    many = [Update(10 + index, What.QUESTION, 0, chance.choice((0, 0, 1))) for index in range(chance.randint(2, 5))]
    backlog = Step(Act.BACKLOG, seconds=float(chance.choice((20, 45, 120))), times=chance.choice((2, 6, 9)))
    return _script(
        chance,
        "a backlog",
        [backlog, Step(Act.POST, 1, tuple(many)), Step(Act.POST, 2, (Update(2, What.PERSON, 1),))],
        [],
    )


def interrupted(chance: random.Random) -> Script:
    """Something else happens in the middle of one call, mostly while an answer is made."""
    second = chance.choice((What.QUESTION, What.QUESTION, What.QUESTION, What.PERSON, What.STOP, What.ORDER, What.ECHO))
    meanwhile = chance.choices(
        (
            Step(Act.POST, 2, (Update(2, second, age=chance.choice((0.0, 0.0, 5.0))),)),
            Step(Act.TAKE_OVER, 2),
            Step(Act.REPEAT, 1),
        ),
        weights=(6, 2, 1),
    )[0]
    meanwhile = replace(meanwhile, seconds=300.0)  # much later, unless it happens in the middle of a call
    function = chance.choices(_FUNCTIONS, weights=(0, 2, 8, 1, 1))[0]
    call = chance.randrange(2, 9) if function == "reply_handler" else chance.randrange(8)
    strike = chance.choice((Strike.MEANWHILE_NEXT,) * 4 + (Strike.MEANWHILE_TAKE_OVER, Strike.MEANWHILE_TWIN))
    faults = [Fault(function, strike, chance.choice((0, 0, 0, 1)), call)]
    more = [_step(chance, n, few=True) for n in range(3, chance.randint(3, 5))] if chance.random() < 0.4 else []  # noqa: PLR2004 (mostly alone)
    faults += [_fault(chance) for _ in range(chance.choice((0, 0, 1)))]
    return _script(
        chance, "in the middle of a call", [Step(Act.POST, 1, (Update(1, What.QUESTION),)), meanwhile, *more], faults
    )


def offered_again(chance: random.Random) -> Script:
    """Meta refuses for now, and before the next offer, or in the middle of it, something else happens."""
    meanwhile = chance.choice(
        (Step(Act.TAKE_OVER, 2), Step(Act.POST, 2, (Update(2, chance.choice((What.QUESTION, What.ECHO))),)))
    )
    meanwhile = replace(meanwhile, seconds=float(chance.choice((6, 300))))
    strike = chance.choice((Strike.MEANWHILE_TAKE_OVER,) * 3 + (Strike.MEANWHILE_NEXT, Strike.MEANWHILE_TWIN))
    faults = [
        Fault(
            Place.SEND, chance.choice(("131056", "130429", "429", "4", "connect")), 0, 0, chance.choice((1, 2, 4, 9))
        ),
        Fault("reply_handler", strike, chance.choice((1, 1, 2)), chance.choice((0, 1, 1, 1, 2, 3))),
    ]
    what = chance.choice((What.QUESTION, What.QUESTION, What.PERSON))
    return _script(chance, "offered again", [Step(Act.POST, 1, (Update(1, what),)), meanwhile], faults)


def half_queued(chance: random.Random) -> Script:
    """Not all of a body came onto its queue: Meta must send it again."""
    whats = (What.QUESTION, What.STATUS, What.STATUS, What.PERSON, What.ECHO)
    first = tuple(Update(n, chance.choice(whats), n % 2, n % 3) for n in range(1, chance.randint(2, 14)))
    strike = chance.choice((Strike.PARTLY, Strike.PARTLY, Strike.UNAVAILABLE, Strike.CRASH_BEFORE, Strike.CRASH_AFTER))
    faults = [Fault("webhook", strike, 0, chance.randrange(4))]
    return _script(
        chance, "half queued", [Step(Act.POST, 1, first), Step(Act.POST, 2, (Update(30, What.ORDER),))], faults
    )


def topics_down(chance: random.Random) -> Script:
    """Nobody can be told, for longer than any queue tries: the sweeper must tell them."""
    what = chance.choice((What.PERSON, What.ORDER, What.PUZZLE, What.PERSON))
    steps = [
        Step(Act.POST, 1, (Update(1, what),)),
        Step(Act.POST, 2, (Update(2, What.ECHO, 0, 1), Update(3, What.QUESTION, 0, 1))),
    ]
    return _script(chance, "topics down", steps, [Fault(Place.DOWN, "sns", 0, 0, chance.choice((300, 3000, 3000)))])


def stale(chance: random.Random) -> Script:
    """A person decides about what they saw, and it is no longer so."""
    what = chance.choice((What.QUESTION, What.QUESTION, What.PERSON, What.ECHO))
    steps = [
        Step(Act.POST, 1, (Update(1, chance.choice((What.PERSON, What.QUESTION))),)),
        Step(chance.choice((Act.TAKE_OVER, Act.WAIT)), 2, (), 30.0),
        Step(chance.choice((Act.HAND_BACK, Act.RESOLVE, Act.RESOLVE)), 3, (), 30.0, text=STALE),
        Step(Act.POST, 4, (Update(2, what),), 60.0),
        Step(Act.POST, 5, (Update(3, chance.choice((What.PERSON, What.QUESTION))),), 60.0),
    ]
    return _script(chance, "decided on an old view", steps, [_fault(chance) for _ in range(chance.choice((0, 0, 1)))])


def told_at_once(chance: random.Random) -> Script:
    """Statuses of one message at several workers."""
    faults = [Fault(Place.REPORT, "close together"), Fault(Place.SEND, chance.choice(ANSWERS), 0)][
        : chance.choice((1, 1, 2))
    ]
    strike = chance.choice((Strike.MEANWHILE_WORK, Strike.MEANWHILE_WORK, Strike.MEANWHILE_TWIN))
    faults.append(Fault("status_handler", strike, chance.choice((0, 0, 1)), chance.randrange(5)))
    return _script(chance, "told at once", [Step(Act.POST, 1, (Update(1, What.QUESTION),))], faults)


def dying(chance: random.Random) -> Script:
    """One record kills every worker, and lies on the dead-letter queue; an operator puts it back, late."""
    what = chance.choice((What.QUESTION, What.QUESTION, What.PERSON, What.ORDER, What.ECHO, What.PUZZLE))
    steps = [
        Step(Act.POST, 1, (Update(1, What.QUESTION, 0, 1), Update(2, what))),
        Step(Act.POST, 2, (Update(3, What.QUESTION),), chance.choice((0.0, 30.0, 900.0))),
        Step(Act.REDRIVE, 3, (), chance.choice((1800.0, 4000.0, 90_000.0)), 2),
        Step(Act.REDRIVE, 4, (), chance.choice((10.0, 90_000.0)), 1),
    ]
    function = chance.choice(("message_handler", "message_handler", "reply_handler", "reply_handler", "status_handler"))
    strike = chance.choice((Strike.CRASH_BEFORE, Strike.CRASH_AFTER))
    faults = [Fault(function, strike, chance.randrange(3), chance.randrange(9), 9)]
    return _script(
        chance, "a record that kills", steps, [*faults, *(_fault(chance) for _ in range(chance.choice((0, 0, 1))))]
    )


def poisoned(chance: random.Random) -> Script:
    queue = chance.choice(("inbox", "replies", "statuses"))
    steps = [
        Step(Act.POST, 1, tuple(Update(index, What.QUESTION, index % 2, index % 4) for index in range(1, 6))),
        Step(Act.POISON, 2, times=chance.randint(1, 5), text=queue),
        Step(Act.POST, 3, (Update(11, What.QUESTION), Update(12, What.STATUS), Update(13, What.SHAPELESS))),
        Step(Act.REDRIVE, 4, (), 3600.0, 2),
    ]
    return _script(chance, "poison", steps, [])


def many(chance: random.Random) -> Script:
    """Big bodies: a message of a megabyte; three of them; up to a thousand updates."""
    match chance.randrange(4):
        case 0:
            updates = [Update(1, What.HUGE), Update(2, What.QUESTION, 1)]
        case 1:
            updates = [Update(index, What.HUGE, index % 2, index % 4) for index in range(1, 4)]
        case 2:
            updates = [Update(index, What.LONG, index % 2, index % 4) for index in range(1, 5)]
        case _:
            count = chance.choice((120, 250, 1000))
            updates = [
                Update(index, What.QUESTION if index % 20 == 0 else What.STATUS, index % 2, index % 4)
                for index in range(1, count + 1)
            ]
    faults = [_fault(chance) for _ in range(chance.choice((0, 0, 1)))]
    return _script(chance, "big bodies", [Step(Act.POST, 1, tuple(updates)), Step(Act.REPEAT, 1, (), 400.0)], faults)


def disordered(chance: random.Random) -> Script:
    """Messages in the order in which nobody wrote them, at the edge of a month, and words on offers among them."""
    whats = [
        chance.choice((What.QUESTION, What.STOP, What.START, What.QUESTION, What.NO_OFFERS))
        for _ in range(chance.randint(3, 6))
    ]
    ages = [chance.choice((0.0, 4.0, 30.0, 400.0, 5000.0, 90_000.0, 3.0 * _DAY, -600.0)) for _ in whats]
    steps = [
        Step(Act.POST, n, (Update(n, what, 0, 0, age),), float(chance.choice((0, 2, 40))))
        for n, (what, age) in enumerate(zip(whats, ages, strict=True), 1)
    ]
    faults = [Fault(Place.REPORT, chance.choice(REPORTS), nth) for nth in range(3)]
    start = chance.choice((NOON, _MONTHS_EDGE))
    return replace(_script(chance, "out of order", steps, faults), start=start)


_KINDS: dict[Make, float] = {
    anything: 9,
    interrupted: 8,
    dying: 4,
    offered_again: 2,
    half_queued: 1.5,
    topics_down: 1.5,
    stale: 1.5,
    told_at_once: 1.5,
    disordered: 3,
    backlog: 2,
    poisoned: 1,
    many: 0.6,
}
