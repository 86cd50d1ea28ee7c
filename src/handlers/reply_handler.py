"""Lambda on the replies queue: answers a burst once, or finds that there is nothing to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from domain.answer import TIME_TO_SEND, answer, await_burst
from domain.errors import BurstIncompleteError, SendThrottledError, SendUncertainError
from domain.pacing import seconds_until_received_again
from handlers import bootstrap, reply_metrics
from handlers.batches import Record, ends_at, process_records
from handlers.observability import correlated, described, failed, invocation, logger, told

_STATUS_WAIT_SECONDS = 60  # for the status that settles an unclear send; then a person gets the conversation


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        answer_by = ends_at(context) - TIME_TO_SEND
        return process_records(event, partial(handle, services=bootstrap.reply_handler(), answer_by=answer_by))


def handle(record: Record, services: bootstrap.ReplyHandler, answer_by: datetime | None = None) -> None:
    """Raises where the record is to come back; a send that Meta refused for now, or left unclear, says when."""
    job = services.parse_job(record.body)
    with correlated(job.message_id, tenant_id=job.tenant_id):
        try:
            asked_at, now = record.sent_at, datetime.now(UTC)
            await_burst(job, asked_at=asked_at, now=now)
            answered = answer(job, now=now, ports=services.ports, asked_at=asked_at, answer_by=answer_by)
        except BurstIncompleteError as error:
            _come_back(record, services, error.seconds, error)
        except SendThrottledError as error:
            received = record.received
            _come_back(record, services, seconds_until_received_again(received, error.retry_after), error)
        except SendUncertainError as error:
            _come_back(record, services, _STATUS_WAIT_SECONDS, error)
        except Exception as error:
            failed("not_answered", error)
            raise
        else:
            reply_metrics.settled(job, answered)
            told("answered", outcome=answered)


def _come_back(record: Record, services: bootstrap.ReplyHandler, seconds: int, error: Exception) -> None:
    """The queue keeps the job, in its conversation's order, until then."""
    reply_metrics.held_up(error)
    logger().warning("deferred", extra={"seconds": seconds, **described(error)})
    services.reply_jobs.come_back(record.receipt_handle, seconds)
    raise error
