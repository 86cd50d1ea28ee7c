from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.sqs_media_jobs import SqsMediaJobs, parse_media_job
from domain.errors import MalformedRecordError, ServiceUnavailableError
from domain.media import MediaJob
from tests.builders import ACME, ALICE, job
from tests.integration.template_resources import TemplateResources

JOB = MediaJob(ACME, ALICE.first_customer_id(ACME), job().position)


@pytest.fixture
def url(resources: TemplateResources) -> str:
    return resources.queues["MediaQueue"]


def receive(url: str) -> list[Any]:
    return list(client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=0).get("Messages", []))


def test_a_job_arrives_as_it_was_put(url: str) -> None:
    SqsMediaJobs(url).put(JOB)
    [message] = receive(url)
    assert parse_media_job(message["Body"]) == JOB


def test_it_says_of_nobody_who_it_is(url: str) -> None:
    SqsMediaJobs(url).put(JOB)
    assert ALICE.phone is not None
    assert ALICE.phone not in str(receive(url))


def test_deferred_it_comes_back_when_it_should(url: str) -> None:
    jobs = SqsMediaJobs(url)
    jobs.put(JOB)
    [message] = receive(url)
    jobs.come_back(message["ReceiptHandle"], 0)
    assert len(receive(url)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        json.dumps({"tenant_id": "acme", "customer_id": "c"}),
        json.dumps({"tenant_id": "acme", "customer_id": "c", "position": "no position"}),
        json.dumps({"tenant_id": "acme", "customer_id": "c", "position": 7}),
    ],
)
def test_what_is_no_media_job_is_malformed(body: str) -> None:
    with pytest.raises(MalformedRecordError):
        parse_media_job(body)


def test_a_queue_that_is_not_there_is_an_error_of_the_one_tree(url: str) -> None:
    with pytest.raises(ServiceUnavailableError):
        SqsMediaJobs(f"{url}-of-yesterday").put(JOB)
