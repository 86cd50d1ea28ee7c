"""Dollars that a million answered messages cost on AWS, of our design and of the peers', reckoned alike.

Ours from the calls that `ops/capacity/counted.py` counts, the peers' from what their sources call
(`bench/peers/designs.py`), each with three statuses of its answer; prices are those of `ops/capacity/quotas.py`. How
long a function works is reckoned the same way for all: nobody waits for a model.
"""

from __future__ import annotations

import time
from collections import Counter
from statistics import median

import boto3

from bench.figures import Bar, Figure, Measurement, Plot
from bench.peers.designs import PEERS, Design, Work
from ops.capacity import quotas
from ops.capacity.counted import ANSWERED, RECEIVED, STATUSES
from ops.capacity.model import GB, MONTH_SECONDS, Load, monthly_dollars

_CALL_SECONDS, _SEND_SECONDS = 0.010, 0.250
"""Of waiting: for AWS in the same Region, and for Meta. Assumed, for all alike."""
_CALL_CPU_SECONDS = 0.001
"""Of boto3 and of httpx, for one call."""
_GB_OF_A_CPU = 1.769
"""docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
_ARM64_SHARE = 0.8
_SOCIAL_FEE, _CONNECT_FEE = 0.005, 0.004
"""Dollars for a message, in or out: AWS End User Messaging, and Amazon Connect chat.

aws.amazon.com/end-user-messaging/pricing and aws.amazon.com/connect/pricing, as connect-chat's README.md:109-110 tells
them; what is billed as a message: docs.aws.amazon.com/social-messaging/latest/userguide/billing.html
"""
FEES = frozenset({"End User Messaging", "Connect"})

Dollars = dict[str, float]
"""By service."""


def measure() -> Measurement:
    client_seconds = _seconds_to_build_a_client()
    ours, peers = our_dollars(), {peer.name: dollars_of(peer, client_seconds) for peer in PEERS}
    whole = 100 * sum(ours.values()) / median(sum(peer.values()) for peer in peers.values())
    without = 100 * _without_fees(ours) / median(map(_without_fees, peers.values()))
    unit = "% of the median peer's"
    composed = f"ours {_composed(ours)}; " + "; ".join(f"{name} {_composed(peer)}" for name, peer in peers.items())
    fees = "AWS takes of each peer for every message in or out what ours, calling Meta itself, does not pay"
    return Measurement(
        figures=(
            Figure("12", "AWS's bill of a million answered texts", whole, 50, unit, told=composed),
            Figure("12", "the same without AWS's fees for messages", without, 50, unit, told=fees),
        ),
        plots=(
            Plot(
                "cost",
                "AWS's bill of a million answered texts, without AWS's fees for messages",
                "dollars",
                (
                    Bar("ours, exactly once, metered, with a send ledger", _without_fees(ours)),
                    *(Bar(name, _without_fees(peer)) for name, peer in peers.items()),
                ),
            ),
        ),
        versions={"AWS's prices": quotas.PRICES_OF},
    )


def _without_fees(dollars: Dollars) -> float:
    return sum(amount for service, amount in dollars.items() if service not in FEES)


def _composed(dollars: Dollars) -> str:
    parts = ", ".join(
        f"{service} {amount:,.1f}" for service, amount in sorted(dollars.items(), key=lambda one: -one[1])
    )
    return f"${sum(dollars.values()):,.1f} ({parts})"


def our_dollars() -> Dollars:
    """A message a month a million times, each answered; none handed to a person."""
    calls: Counter[str] = RECEIVED + ANSWERED + STATUSES
    seconds = {function: seconds_of(_work_of(function, calls)) for function in GB}
    load = Load(quotas.MILLION / MONTH_SECONDS, 1, 1.0, handed_over_share=0, seconds=seconds)
    dollars = monthly_dollars(load)
    del dollars["Secrets Manager"]  # by the month and the seller, not by the message
    return {service: amount for service, amount in dollars.items() if amount}


def _work_of(function: str, calls: Counter[str]) -> Work:
    """Of one invocation of ours."""
    made = {call: n for call, n in calls.items() if call.startswith(f"{function} ")}
    invocations = made.pop(f"{function} lambda Invoke")
    sends = sum(n for call, n in made.items() if " graph " in call)
    return Work(GB[function], 1, (sum(made.values()) - sends) / invocations, sends)


def seconds_of(work: Work, client_seconds: float = 0.0) -> float:
    """All invocations together: waiting, and working on the share of a CPU that the memory brings."""
    waits = work.calls * _CALL_SECONDS + work.sends * _SEND_SECONDS
    works = (work.calls + work.sends) * _CALL_CPU_SECONDS + work.built_clients * client_seconds
    return waits + works / min(1.0, work.gb / _GB_OF_A_CPU)


def dollars_of(design: Design, client_seconds: float) -> Dollars:
    gb_seconds = sum(
        one.gb * seconds_of(one, client_seconds) * (_ARM64_SHARE if one.arm64 else 1) for one in design.work
    )
    invocations = sum(one.invocations for one in design.work)
    million = quotas.MILLION
    dollars = {
        "Lambda": gb_seconds * quotas.LAMBDA_GB_SECOND * million + invocations * quotas.LAMBDA_REQUESTS,
        "DynamoDB": design.written * quotas.DYNAMODB_WRITES + design.read * quotas.DYNAMODB_READS,
        "SNS": design.sns * quotas.SNS_PUBLISHES,
        "CloudWatch Logs": design.log_bytes * million / 1e9 * quotas.LOGS_GB,
        "End User Messaging": design.social_messages * _SOCIAL_FEE * million,
        "Connect": design.connect_messages * _CONNECT_FEE * million,
    }
    return {service: amount for service, amount in dollars.items() if amount}


def _seconds_to_build_a_client() -> float:
    """Of CPU, for who makes one with each message; the best of a few, so that nothing is loaded for the first time."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106
        best = min(best, time.process_time() - began)
    return best
