"""Customers who write, move and change their ids in every disorder: nobody is two, nothing is lost, all is counted."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from domain.conversations import OwnedBy, Recorded, Recording, ThreadMessage, TwoCustomers
from domain.customers import CustomerId, CustomerIdentity
from tests.builders import ACME, MONTH, after, message, recording
from tests.contracts.identifying import merged, moved
from tests.contracts.world import World
from tests.fakes.world import fake_world

PHONES = ["12025550101", "12025550102", "12025550103"]
USER_IDS = ["US.1", "US.2", "US.3"]
IDENTITIES = [CustomerIdentity(phone=phone) for phone in PHONES] + [CustomerIdentity(user_id=id_) for id_ in USER_IDS]


class Chance(random.Random):
    def sender(self) -> CustomerIdentity:
        phone, user_id = self.choice([*PHONES, None]), self.choice([*USER_IDS, None])
        return CustomerIdentity(phone, user_id) if phone or user_id else CustomerIdentity(PHONES[0])

    def recording(self, n: int) -> Recording:
        """Most in order, some late; a question, or a notice of a change with or without a number."""
        at, ids = after(minutes=self.choice([n, n, n, max(0, n - 5)])), self.sample(USER_IDS, 2)
        change = {"user_id": ids[0], "previous_user_id": ids[1]}
        match self.choice(["question", "question", "question", "number", "user id"]):
            case "number":
                change = change if self.random() < 0.5 else {}
                return moved(n, self.sender(), at, wa_id=self.choice(PHONES), **change)
            case "user id":
                return moved(n, CustomerIdentity(user_id=ids[0]), at, type="user_changed_user_id", **change)
            case _:
                return recording(message(f"line {n}", f"wamid.{n}", at=at, sender=self.sender()))


def recorded(world: World, of: Recording) -> Recorded:
    for _ in range(9):
        match world.conversations.record(ACME, of):
            case Recorded() as stored:
                return stored
            case TwoCustomers() as two:
                merged(world, two, of.message.message_id)
            case OwnedBy() as otherwise:
                raise AssertionError(otherwise)
    raise AssertionError("never recorded")


def customers(world: World) -> set[CustomerId]:
    return {found for identity in IDENTITIES if (found := world.customers.find(ACME, identity))}


def stored(world: World, of: set[CustomerId]) -> list[str]:
    entries = [entry for customer_id in of for entry in world.thread(customer_id).entries]
    return sorted(entry.message_id for entry in entries if isinstance(entry, ThreadMessage))


def check(world: World, history: Sequence[Recording]) -> None:
    found, usage = customers(world), world.look.usage(ACME, MONTH)
    assert len(found) == world.look.customers(ACME) == usage["customers"]
    assert stored(world, found) == sorted(of.message.message_id for of in history)
    assert usage["messages"] == len(history)
    for customer_id in found:
        thread = world.thread(customer_id)
        assert thread.conversation.customer_id == customer_id
        assert bool(thread.unanswered()) is (thread.conversation.awaiting is not None)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_comes_in_whatever_order(seed: int) -> None:
    chance, world, history = Chance(seed), fake_world(), []
    for n in range(14):
        of = chance.recording(n)
        assert recorded(world, of).new
        history.append(of)
        check(world, history)
    before = world.look.everything()
    for of in history:
        assert not recorded(world, of).new
    assert world.look.everything() == before
