"""One job of the indexing queue."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.sqs_index_jobs import parse_index_job
from handlers import bootstrap, indexer
from tests.builders import ACME, product
from tests.fakes.pipeline import FakePipeline
from tests.unit.handlers.conftest import Log
from tests.unit.handlers.records import event, failures, record

BODY = json.dumps({"tenant_id": ACME})


def run(pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, body: str = BODY, milliseconds: int = 300_000) -> Any:
    services = bootstrap.Indexer(parse_index_job, pipeline.index_ports)
    monkeypatch.setattr(bootstrap, "indexer", lambda: services)
    context = SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: milliseconds)
    return indexer.handler(event(record(body)), context)


@pytest.fixture
def pipeline() -> FakePipeline:
    made = FakePipeline()
    made.products.put(ACME, [product("P-1"), product("P-2")])
    return made


def test_a_catalogue_becomes_an_index(pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    assert failures(run(pipeline, monkeypatch)) == []
    assert len(pipeline.indexes.searched(ACME)) == 2
    [line] = log.lines
    assert (line["message"], line["tenant_id"], line["products"], line["embedded"]) == ("indexed", ACME, 2, 2)


def test_a_job_whose_model_fails_comes_back(pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    pipeline.model.fails = True
    assert failures(run(pipeline, monkeypatch)) == ["sqs-1"]
    [line] = log.lines
    assert (line["message"], line["sqs_message_id"]) == ("not_indexed", "sqs-1")  # by which `dlq list` finds it


@pytest.mark.usefixtures("log")
def test_with_little_time_left_nothing_is_embedded(pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failures(run(pipeline, monkeypatch, milliseconds=150_000)) == []
    assert pipeline.model.texts == []
    assert pipeline.index_jobs.take() == [ACME]


def test_a_malformed_job_comes_back_and_ends_on_the_dead_letter_queue(
    pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    assert failures(run(pipeline, monkeypatch, body="{}")) == ["sqs-1"]
    assert [line["message"] for line in log.lines] == ["malformed_record"]
