"""Lambda on the replies queue: answers a burst once, or finds that there is nothing to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from domain.answer import Answered, answer, await_burst
from domain.errors import BurstIncompleteError, SendThrottledError, SendUncertainError
from handlers import bootstrap
from handlers.batches import ends_at, process_records, sent_at
from handlers.observability import correlated, count, described, invocation, logger

_PAUSE_BASE_SECONDS = 4
_LONGEST_PAUSE_SECONDS = 900
_TIME_TO_SEND = timedelta(seconds=12)
"""What is kept of the function's time for the claim, the call to Meta and what comes of it."""
_STATUS_WAIT_SECONDS = 60
"""How long the status that settles an unclear send is awaited before a person gets the conversation."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        answer_by = ends_at(context) - _TIME_TO_SEND
        return process_records(event, partial(handle, services=bootstrap.reply_handler(), answer_by=answer_by), context)


def handle(record: SQSRecord, services: bootstrap.ReplyHandler, answer_by: datetime | None = None) -> None:
    """Raises where the record is to come back; a send that Meta refused for now, or left unclear, says when."""
    job = services.parse_job(record.body)
    with correlated(job.message_id, tenant_id=job.tenant_id):
        try:
            await_burst(job, asked_at=sent_at(record), now=datetime.now(UTC))
            answered = answer(job, now=datetime.now(UTC), ports=services.ports, answer_by=answer_by)
        except BurstIncompleteError as error:
            _come_back(record, services, error.seconds, error)
        except SendThrottledError as error:
            attempt = int(record.attributes.approximate_receive_count)
            _come_back(record, services, min(_PAUSE_BASE_SECONDS**attempt, _LONGEST_PAUSE_SECONDS), error)
        except SendUncertainError as error:
            _come_back(record, services, _STATUS_WAIT_SECONDS, error)
        except Exception as error:
            logger().error("not_answered", extra=described(error))
            raise
        else:
            count("RepliesSettled")
            if answered in {Answered.ANSWERED, Answered.HANDED_OVER}:
                count("RepliesSent" if answered is Answered.ANSWERED else "Escalations")
            logger().info("answered", extra={"outcome": answered})


def _come_back(record: SQSRecord, services: bootstrap.ReplyHandler, seconds: int, error: Exception) -> None:
    """Meta asks for 4^n seconds between offers (error 131056); the queue keeps the job, in its order, until then."""
    logger().warning("deferred", extra={"seconds": seconds, **described(error)})
    services.reply_jobs.come_back(record.receipt_handle, seconds)
    raise error
