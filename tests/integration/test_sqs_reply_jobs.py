from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from adapters.aws_clients import client
from adapters.sqs_reply_jobs import SqsReplyJobs, parse_job
from domain.conversations import ReplyJob
from domain.errors import MalformedRecordError, ServiceUnavailableError
from tests.builders import ALICE, NOON, job
from tests.contracts.reading import ReplyJobsContract
from tests.integration.template_resources import TemplateResources


@pytest.fixture
def url() -> str:
    """The template's queue, but for its delay."""
    return TemplateResources({"ReplyDelaySeconds": 0}).create().queues["RepliesQueue"]


@pytest.fixture
def reply_jobs(url: str) -> SqsReplyJobs:
    return SqsReplyJobs(url)


def receive(url: str) -> list[Any]:
    found = client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], WaitTimeSeconds=0
    )
    return list(found.get("Messages", []))


class TestReplyJobs(ReplyJobsContract):
    @pytest.fixture
    def waiting(self, url: str) -> Callable[[], list[ReplyJob]]:
        def take() -> list[ReplyJob]:
            taken = []
            while messages := receive(url):
                taken += [parse_job(message["Body"]) for message in messages]
                for message in messages:
                    client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return taken

        return take


def test_a_conversation_is_a_group_and_neither_says_who_it_is(url: str, reply_jobs: SqsReplyJobs) -> None:
    reply_jobs.put(job())
    message = receive(url)[0]
    for name in ("MessageGroupId", "MessageDeduplicationId"):
        assert len(message["Attributes"][name]) <= 128
    assert ALICE.phone is not None
    assert ALICE.phone not in str(message)


def test_the_queue_delays_each_job() -> None:
    delayed = TemplateResources({"ReplyDelaySeconds": 1}).create().queues["RepliesQueue"]
    with time_machine.travel(NOON, tick=False) as traveller:
        SqsReplyJobs(delayed).put(job())
        assert receive(delayed) == []
        traveller.shift(1.1)
        assert len(receive(delayed)) == 1


def test_a_job_that_fails_comes_back_when_it_is_told_to(url: str, reply_jobs: SqsReplyJobs) -> None:
    reply_jobs.put(job())
    message = receive(url)[0]
    assert receive(url) == []
    reply_jobs.come_back(message["ReceiptHandle"], 0)
    assert parse_job(receive(url)[0]["Body"]) == job()


def test_a_handle_that_the_queue_does_not_know_is_an_error_of_ours(reply_jobs: SqsReplyJobs) -> None:
    with pytest.raises(ServiceUnavailableError):
        reply_jobs.come_back("not-a-handle", 4)


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"tenant_id": "acme"}', "null", '"text"'])
def test_what_is_no_job_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRecordError):
        parse_job(text)
