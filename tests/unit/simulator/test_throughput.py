import pytest

from ops.simulator.graph_errors import GraphError
from ops.simulator.throughput import Throughput


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_pair_recovers_one_message_every_six_seconds() -> None:
    clock = Clock()
    throughput = Throughput(clock)
    for _ in range(45):
        throughput.spend("number", "customer")
    clock.seconds = 5.9
    with pytest.raises(GraphError) as refused:
        throughput.spend("number", "customer")
    assert refused.value.code == 131056
    clock.seconds = 6.1
    throughput.spend("number", "customer")


def test_a_number_sends_eighty_messages_a_second() -> None:
    clock = Clock()
    throughput = Throughput(clock)
    for customer in range(80):
        throughput.spend("number", str(customer))
    with pytest.raises(GraphError) as refused:
        throughput.spend("number", "one more")
    assert refused.value.code == 130429
    clock.seconds = 1
    throughput.spend("number", "one more")
