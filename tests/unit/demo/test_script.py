"""The day, and the order in which it is played."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from adapters.dynamodb_keys import Key
from ops.demo import script
from ops.demo.casting import cast
from ops.errors import OpsError

DAY = script.read()
ROUNDS = script.rounds(DAY)


def test_every_step_is_played_once() -> None:
    played = [step for bursts in ROUNDS for burst in bursts for step in burst]
    assert sorted(played, key=DAY.index) == DAY


@pytest.mark.parametrize("bursts", ROUNDS, ids=lambda bursts: f"{len(bursts)} bursts")
def test_a_round_has_one_burst_of_each_chat(bursts: list[script.Burst]) -> None:
    chats = [burst[0].chat for burst in bursts]
    assert len(set(chats)) == len(chats)


def test_each_chat_is_played_in_its_order() -> None:
    played = [step for bursts in ROUNDS for burst in bursts for step in burst]
    for chat in {step.chat for step in DAY}:
        assert [step for step in played if step.chat == chat] == [step for step in DAY if step.chat == chat]


def test_a_burst_stays_together() -> None:
    assert [len(burst) for bursts in ROUNDS for burst in bursts if burst[0].burst] == [3]


def test_a_customer_is_known_by_the_id_that_stays() -> None:
    nameless = [step for step in DAY if step.customer.user_id == "US.40718822635190074412"]
    assert len({step.chat for step in nameless}) == 1
    assert len({step.customer.wa_id for step in nameless}) == 2


def known_up_to(runs: int) -> set[str]:
    """What the customers table holds after so many runs."""
    stored: set[str] = set()

    def known(keys: Iterable[Key]) -> bool:
        return any(key["phoneNumber"] in stored for key in keys)

    for _ in range(runs):
        steps = cast(DAY, known)
        stored |= {f"{step.tenant}#{step.customer.wa_id or step.customer.user_id}" for step in steps}
    return stored


def test_each_run_has_customers_of_its_own() -> None:
    assert len(known_up_to(3)) == 3 * len(known_up_to(1))


def test_numbers_stay_in_the_range_of_fiction() -> None:
    stored = known_up_to(5)
    assert all("55501" in key for key in stored if key.split("#")[1].startswith("1") and len(key.split("#")[1]) == 11)


def test_the_first_run_is_the_day_as_written() -> None:
    assert cast(DAY, lambda _: False) == DAY


def test_no_customers_left() -> None:
    def all_known(_: Iterable[Key]) -> bool:
        return True

    with pytest.raises(OpsError, match="used up"):
        cast(DAY, all_known)
