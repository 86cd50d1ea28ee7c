"""What is counted of a reply job: how long its customer waited, and what held it up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.answer import Answered
from domain.conversations import ReplyJob
from domain.customers import CustomerId
from domain.errors import AccessTokenUnreadableError, SendError, SendThrottledError, SendUncertainError
from domain.messages import MessageId, Position
from domain.plans import Threshold
from domain.tenants import PhoneNumberId, TenantId
from handlers import reply_metrics
from handlers.observability import metrics
from tests.builders import NOON


def job_received(ago: timedelta) -> ReplyJob:
    at = NOON - ago
    position = Position(f"{at:%Y-%m-%dT%H:%M:%SZ}#{round(at.timestamp() * 1000)}#wamid.1")
    return ReplyJob(TenantId("acme"), PhoneNumberId("106"), CustomerId("c-1"), MessageId("wamid.1"), position)


def counted() -> dict[str, list[float]]:
    return {name: metric["Value"] for name, metric in metrics().metric_set.items()}


def test_an_answer_counts_with_the_time_since_its_message_was_at_the_webhook() -> None:
    reply_metrics.settled(job_received(timedelta(seconds=5)), Answered.ANSWERED)
    assert counted() == {"RepliesSettled": [1], "RepliesSent": [1], "ReplyTime": [5_000]}


@pytest.mark.parametrize("answered", sorted(set(Answered) - {Answered.ANSWERED}))
def test_what_is_no_answer_has_no_time(answered: Answered) -> None:
    reply_metrics.settled(job_received(timedelta(seconds=5)), answered)
    assert "ReplyTime" not in counted()


@pytest.mark.parametrize(
    ("error", "names"),
    [
        (SendUncertainError(None, "no answer"), {"SendsUncertain"}),
        (AccessTokenUnreadableError(None, "no secret"), {"TokensUnreadable"}),
        (SendThrottledError(131056, "pair rate"), set[str]()),
    ],
)
def test_what_held_a_job_up_is_counted_where_somebody_has_to_look(error: SendError, names: set[str]) -> None:
    reply_metrics.held_up(error)
    assert set(counted()) == names


@pytest.mark.parametrize(
    ("threshold", "name"), [(Threshold.NEAR, "PlansNearLimit"), (Threshold.REACHED, "PlansUsedUp")]
)
def test_a_plan_that_runs_out_is_counted(threshold: Threshold, name: str) -> None:
    reply_metrics.plan_used_up_to(threshold)
    assert counted() == {name: [1]}


def test_the_time_taken_is_told_in_milliseconds() -> None:
    reply_metrics.settled(job_received(timedelta(seconds=5)), Answered.ANSWERED)
    written: Any = metrics().serialize_metric_set()
    units = {metric["Name"]: metric["Unit"] for metric in written["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert units["ReplyTime"] == "Milliseconds"
