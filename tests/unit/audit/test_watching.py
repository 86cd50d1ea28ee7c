"""Saved queries, which the local AWS does not know: read as CloudWatch Logs tells of them."""

from __future__ import annotations

from typing import Any

import pytest

from ops.audit.compare import Difference, compare
from ops.audit.readers import READERS
from ops.audit.readers.reading import GoneError

SAVED = {
    "queryDefinitionId": "id-2",
    "name": "shop/one-message",
    "queryString": "fields @timestamp\n| limit 5",
    "logGroupNames": ["/aws/lambda/b", "/aws/lambda/a"],
}
DECLARED = {
    "Name": "shop/one-message",
    "QueryString": "fields @timestamp\n| limit 5\n",
    "LogGroupNames": ["/aws/lambda/a", "/aws/lambda/b"],
}


class Logs:
    """Two pages of everybody's saved queries."""

    def describe_query_definitions(self, nextToken: str = "") -> dict[str, Any]:  # noqa: N803 (AWS's name)
        if not nextToken:
            return {"queryDefinitions": [{**SAVED, "queryDefinitionId": "id-1"}], "nextToken": "second"}
        return {"queryDefinitions": [SAVED]}


def read(physical_id: str) -> dict[str, Any]:
    clients: Any = lambda service: {"logs": Logs()}[service]  # noqa: E731
    [part] = READERS["AWS::Logs::QueryDefinition"].parts
    return part(clients, physical_id, {})


def differences(found: dict[str, Any]) -> list[str]:
    told = compare(DECLARED, found, READERS["AWS::Logs::QueryDefinition"])
    return [one.where for one in told if isinstance(one, Difference)]


def test_a_saved_query_is_found_on_any_page_and_is_as_declared() -> None:
    assert differences(read("id-2")) == []


@pytest.mark.parametrize(
    ("name", "value"), [("Name", "renamed"), ("QueryString", "fields @message"), ("LogGroupNames", ["/aws/lambda/a"])]
)
def test_what_somebody_changed_is_named(name: str, value: object) -> None:
    assert differences({**read("id-2"), name: value}) == [name]


def test_one_that_was_deleted_is_gone() -> None:
    with pytest.raises(GoneError):
        read("id-3")


@pytest.mark.parametrize(
    ("body", "where"), [('{\n"widgets": [1]}\n', []), ('{"widgets": []}', ["DashboardBody.widgets"])]
)
def test_a_dashboard_is_compared_by_what_it_shows(body: str, where: list[str]) -> None:
    told = compare(
        {"DashboardBody": '{"widgets": [1]}'}, {"DashboardBody": body}, READERS["AWS::CloudWatch::Dashboard"]
    )
    assert [one.where for one in told if isinstance(one, Difference)] == where
