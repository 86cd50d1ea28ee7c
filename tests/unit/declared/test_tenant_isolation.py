"""What the functions' policies keep apart. What code keeps apart: tests/unit/handlers/api/test_every_route.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.dynamodb_users import member_of, member_rows
from domain.access import Role
from domain.members import Member
from ops.prove.template import Tag, template
from tests.builders import ACME, NOON

Statement = dict[str, Any]
MEMBERSHIP = {"role", "memberOf"}
MAKE_MEMBERS = {"TenantAdminApiFunction", "AdminGuiFunction"}
SPEAK_TO_META = MAKE_MEMBERS | {"ReplyHandlerFunction", "MediaHandlerFunction"}
WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"}
# Actions that take no key, so that one call reaches every tenant; those that make or change a table's own settings.
REACH_ALL = ("dynamodb:Scan", "dynamodb:PartiQL", "dynamodb:Export", "dynamodb:*", "dynamodb:Restore")
FUNCTIONS = [name for name, one in template()["Resources"].items() if one["Type"] == "AWS::Serverless::Function"]


def statements(function: str) -> Iterator[Statement]:
    for policy in template()["Resources"][function]["Properties"]["Policies"]:
        for given in policy["Statement"]:
            yield from [given] if isinstance(given, dict) else [one for one in given.value if isinstance(one, dict)]


def actions(statement: Statement) -> set[str]:
    given = statement["Action"]
    return {given} if isinstance(given, str) else set(given)


def resources(statement: Statement) -> list[str]:
    given = statement["Resource"]
    return [one.value if isinstance(one, Tag) else one for one in (given if isinstance(given, list) else [given])]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_reads_a_table_without_a_key(function: str) -> None:
    allowed = {action for one in statements(function) for action in actions(one)}
    assert [action for action in allowed if action.startswith(REACH_ALL)] == []


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - MAKE_MEMBERS))
def test_no_other_function_makes_anybody_a_member(function: str) -> None:
    """An operator who views as a seller is noted in their own row, which the condition names by its role."""
    for one in statements(function):
        if actions(one) & WRITES and "TenantsTable.Arn" in resources(one) and one["Sid"] != "ViewAsTenant":
            condition = one["Condition"]["ForAllValues:StringNotEquals"]["dynamodb:Attributes"]
            assert set(condition) == MEMBERSHIP, one["Sid"]


def test_a_row_without_them_makes_nobody_a_member() -> None:
    anna = Member("sub-1", "anna@acme.example", "Anna", Role.TENANT_ADMIN, ACME, NOON)
    for row in member_rows(anna):
        assert member_of(row) == anna
        assert member_of({name: value for name, value in row.items() if name != "memberOf"}).tenant_id is None
        with pytest.raises(KeyError):
            member_of({name: value for name, value in row.items() if name != "role"})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_access_tokens_are_read_by_who_calls_meta_alone(function: str) -> None:
    reads = [
        path
        for one in statements(function)
        if "secretsmanager:GetSecretValue" in actions(one)
        for path in resources(one)
    ]
    every_secret = [path for path in reads if path.endswith("/tenants/*")]
    assert bool(every_secret) is (function in SPEAK_TO_META)
