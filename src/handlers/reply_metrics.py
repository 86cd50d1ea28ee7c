"""What is counted of a reply job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.answer import Answered
from domain.conversations import ReplyJob
from domain.errors import AccessTokenUnreadableError, SendUncertainError
from domain.messages import received_at_of
from domain.plans import Threshold
from handlers.observability import count, took

_METRICS = {Answered.ANSWERED: ["RepliesSent"], Answered.HANDED_OVER: ["Escalations"]}
_METRICS[Answered.NUMBER_PAUSED] = ["Escalations", "SendingPaused"]


def settled(job: ReplyJob, answered: Answered) -> None:
    """Of an answer, how long its customer waited: since the burst's last message was at the webhook."""
    count("RepliesSettled")
    for metric in _METRICS.get(answered, ()):
        count(metric)
    if answered is Answered.ANSWERED:
        waited = datetime.now(UTC) - received_at_of(job.position)
        took("ReplyTime", round(waited / timedelta(milliseconds=1)))


def plan_used_up_to(threshold: Threshold) -> None:
    count("PlansNearLimit" if threshold is Threshold.NEAR else "PlansUsedUp")


def held_up(error: Exception) -> None:
    if isinstance(error, SendUncertainError):
        count("SendsUncertain")
    elif isinstance(error, AccessTokenUnreadableError):
        count("TokensUnreadable")
