"""Letters grouped by cause."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from adapters.dead_letters.letters import Letter
from adapters.dead_letters.queues import QueueName
from domain.ports import Tenants
from domain.tenants import PhoneNumberId

Why = Callable[[Letter], str]


@dataclass(frozen=True, slots=True)
class Group:
    fingerprint: str
    queue: QueueName
    kind: str
    type: str
    why: str
    letters: tuple[Letter, ...]


def fingerprint(letter: Letter, why: str) -> str:
    """Short enough to be typed. The same cause has the same one tomorrow, as long as its line of code stays."""
    return hashlib.sha256(f"{letter.queue}|{letter.kind}|{letter.type}|{why}".encode()).hexdigest()[:8]


def grouped(letters: Iterable[Letter], why: Why) -> list[Group]:
    """The largest first. A group's letters stay in the order in which they were given."""
    causes: defaultdict[str, list[Letter]] = defaultdict(list)
    words: dict[str, str] = {}
    for letter in letters:
        reason = why(letter)
        name = fingerprint(letter, reason)
        causes[name].append(letter)
        words[name] = reason
    groups = [
        Group(name, some[0].queue, some[0].kind, some[0].type, words[name], tuple(some))
        for name, some in causes.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.letters), group.fingerprint))


def tenant_of(letter: Letter, tenants: Tenants) -> str:
    """Empty where nobody, or more than one, is known under the letter's number or account."""
    if letter.tenant_id:
        return letter.tenant_id
    if letter.phone_number_id:
        number = tenants.number(PhoneNumberId(letter.phone_number_id))
        return number.tenant.tenant_id if number else ""
    return tenants.of_waba(letter.waba_id) or ""
