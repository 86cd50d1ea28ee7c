"""What tells how it goes: alarms, dashboards, logs, saved queries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import GoneError, Properties, Reader, picked

_ALARM = (
    *("AlarmDescription", "AlarmActions", "OKActions", "InsufficientDataActions", "ActionsEnabled", "Namespace"),
    *("MetricName", "Dimensions", "Metrics", "Statistic", "ExtendedStatistic", "Period", "EvaluationPeriods"),
    *("DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData", "Unit"),
)


def _alarm(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    found = aws("cloudwatch").describe_alarms(AlarmNames=[physical], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    if not found:
        raise GoneError
    return picked(found[0], _ALARM)


def _alarm_shape(properties: Properties) -> Properties:
    """Written over several lines, a description ends with a line break that AWS does not keep."""
    return {name: value.strip() if name == "AlarmDescription" else value for name, value in properties.items()}


def _dashboard(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    return {"DashboardBody": aws("cloudwatch").get_dashboard(DashboardName=physical)["DashboardBody"]}


def _dashboard_shape(properties: Properties) -> Properties:
    body = properties.get("DashboardBody")
    return {**properties, "DashboardBody": json.loads(body)} if isinstance(body, str) else properties


def _log_group(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    pages = aws("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=physical)
    found = next((one for page in pages for one in page["logGroups"] if one["logGroupName"] == physical), None)
    if found is None:
        raise GoneError
    return {
        "RetentionInDays": found.get("retentionInDays"),
        "KmsKeyId": found.get("kmsKeyId"),
        "LogGroupClass": found.get("logGroupClass", "STANDARD"),
    }


def _query(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    found = next((one for one in _queries(aws) if one["queryDefinitionId"] == physical), None)
    if found is None:
        raise GoneError
    return {
        "Name": found["name"],
        "QueryString": found["queryString"],
        "LogGroupNames": found.get("logGroupNames", []),
    }


def _queries(aws: Clients) -> Iterator[dict[str, Any]]:
    """All of the account's: one that was renamed is still the stack's. boto3 has no paginator for them."""
    token: dict[str, str] = {}
    while True:
        told = aws("logs").describe_query_definitions(**token)
        yield from told["queryDefinitions"]
        if not told.get("nextToken"):
            return
        token = {"nextToken": told["nextToken"]}


def _query_shape(properties: Properties) -> Properties:
    """Written over several lines, a query ends with a line break that says nothing."""
    return {name: value.strip() if name == "QueryString" else value for name, value in properties.items()}


ALARM = Reader(
    parts=(_alarm,), defaults={"ActionsEnabled": True, "AlarmActions": [], "OKActions": []}, shape=_alarm_shape
)
DASHBOARD = Reader(parts=(_dashboard,), shape=_dashboard_shape)
QUERY = Reader(parts=(_query,), shape=_query_shape)
LOG_GROUP = Reader(
    parts=(_log_group,), defaults={"RetentionInDays": None, "KmsKeyId": None, "LogGroupClass": "STANDARD"}
)
