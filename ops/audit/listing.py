"""Everything in the account that bears our name, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ops.audit.clients import Clients
from ops.declared.attributes import last_part

Listing = Callable[[Clients, str], Iterator[str]]
"""The names that begin with a prefix."""

_LOGS = "/aws/lambda/"


def _paged(aws: Clients, service: str, question: str, key: str, **asked: Any) -> Iterator[Any]:
    for page in aws(service).get_paginator(question).paginate(**asked):
        yield from page.get(key, [])


def _tables(aws: Clients, prefix: str) -> Iterator[str]:
    return (name for name in _paged(aws, "dynamodb", "list_tables", "TableNames") if name.startswith(prefix))


def _queues(aws: Clients, prefix: str) -> Iterator[str]:
    return (last_part(url) for url in _paged(aws, "sqs", "list_queues", "QueueUrls", QueueNamePrefix=prefix))


def _topics(aws: Clients, prefix: str) -> Iterator[str]:
    names = (last_part(one["TopicArn"]) for one in _paged(aws, "sns", "list_topics", "Topics"))
    return (name for name in names if name.startswith(prefix))


def _functions(aws: Clients, prefix: str) -> Iterator[str]:
    names = (one["FunctionName"] for one in _paged(aws, "lambda", "list_functions", "Functions"))
    return (name for name in names if name.startswith(prefix))


def _buckets(aws: Clients, prefix: str) -> Iterator[str]:
    """Of this region alone: S3 tells those of all regions, and a deployment elsewhere has its own audit."""
    asked = {"Prefix": prefix, "BucketRegion": aws("s3").meta.region_name}
    return (one["Name"] for one in _paged(aws, "s3", "list_buckets", "Buckets", **asked))


def _log_groups(aws: Clients, prefix: str) -> Iterator[str]:
    asked = {"logGroupNamePrefix": f"{_LOGS}{prefix}"}
    return (one["logGroupName"] for one in _paged(aws, "logs", "describe_log_groups", "logGroups", **asked))


def _alarms(aws: Clients, prefix: str) -> Iterator[str]:
    found = _paged(aws, "cloudwatch", "describe_alarms", "MetricAlarms", AlarmNamePrefix=prefix)
    return (one["AlarmName"] for one in found)


def _dashboards(aws: Clients, prefix: str) -> Iterator[str]:
    """A deployment's bears its names' first and last part alone, with one dash between them."""
    asked = {"DashboardNamePrefix": prefix.removesuffix("-")}
    names = (one["DashboardName"] for one in _paged(aws, "cloudwatch", "list_dashboards", "DashboardEntries", **asked))
    return (name for name in names if name == prefix.removesuffix("-") or name.startswith(prefix))


def _schedules(aws: Clients, prefix: str) -> Iterator[str]:
    return (one["Name"] for one in _paged(aws, "scheduler", "list_schedules", "Schedules", NamePrefix=prefix))


LISTINGS: Mapping[str, Listing] = {
    "AWS::DynamoDB::Table": _tables,
    "AWS::SQS::Queue": _queues,
    "AWS::SNS::Topic": _topics,
    "AWS::Lambda::Function": _functions,
    "AWS::S3::Bucket": _buckets,
    "AWS::Logs::LogGroup": _log_groups,
    "AWS::CloudWatch::Alarm": _alarms,
    "AWS::CloudWatch::Dashboard": _dashboards,
    "AWS::Scheduler::Schedule": _schedules,
}


def event_sources(aws: Clients, function: str) -> Iterator[Mapping[str, Any]]:
    """What calls a function, whoever has put it there."""
    return _paged(aws, "lambda", "list_event_source_mappings", "EventSourceMappings", FunctionName=function)
