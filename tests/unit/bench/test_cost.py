"""Dollars of a design, and of ours by the same rules."""

from __future__ import annotations

import pytest

from bench.cost import FEES, dollars_of, our_dollars, seconds_of
from bench.peers.designs import PEERS, Design, Work


def test_a_design_costs_what_its_parts_do() -> None:
    design = Design(
        "made up", "", (Work(1.769, 2, calls=9, sends=1),), written=2, read=4, sns=1, log_bytes=1000, connect_messages=1
    )
    assert dollars_of(design, 0.0) == pytest.approx(
        {
            "Lambda": 0.35 * 1.769 * 16.6667 + 0.4,
            "DynamoDB": 1.75,
            "SNS": 0.5,
            "CloudWatch Logs": 0.5,
            "End User Messaging": 10_000,
            "Connect": 4_000,
        }
    )


def test_little_memory_makes_work_slow_and_waiting_no_slower() -> None:
    assert seconds_of(Work(1.769, 1, calls=10)) == pytest.approx(0.110)
    assert seconds_of(Work(1.769 / 4, 1, calls=10)) == pytest.approx(0.140)
    assert seconds_of(Work(1.769 / 4, 1, calls=10, built_clients=2), 0.05) == pytest.approx(0.540)


def test_ours_is_reckoned_from_counted_calls_and_pays_no_fee_for_messages() -> None:
    ours = our_dollars()
    assert not FEES & ours.keys()
    assert {"Lambda", "DynamoDB", "SQS", "CloudWatch Logs"} == ours.keys()
    assert len(PEERS) == 3
