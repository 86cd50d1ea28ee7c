from __future__ import annotations

from typing import Any

import pytest

from ops.audit.compare import Difference, NotCompared, compare
from ops.audit.readers import READERS
from ops.audit.readers.policies import statements
from ops.audit.readers.reading import Reader
from ops.declared.intrinsics import Unresolved

PLAIN = Reader(parts=())
WHOLE = Reader(parts=(), whole=frozenset({"Environment"}))


def differences(declared: dict[str, Any], found: dict[str, Any], reader: Reader = PLAIN) -> list[tuple[str, Any, Any]]:
    told = compare(declared, found, reader)
    return [(one.where, one.declared, one.found) for one in told if isinstance(one, Difference)]


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (90, "90"),
        (0, 0.0),
        (True, "true"),
        (["b", "a"], ["a", "b"]),
        (None, ""),
        ([], None),
        ({"a": 1}, {"a": "1", "made_by": "AWS"}),
        (
            [{"Name": "x", "Value": "1"}, {"Name": "y", "Value": "2"}],
            [{"Name": "y", "Value": "2"}, {"Name": "x", "Value": "1"}],
        ),
        (1_209_600, "1209600"),
    ],
)
def test_what_means_the_same_is_the_same(declared: Any, found: Any) -> None:
    assert differences({"It": declared}, {"It": found}) == []


def test_a_property_that_the_service_does_not_tell_is_not_compared() -> None:
    assert differences({"Told": 1, "Untold": 2}, {"Told": 1}) == []


def test_what_is_not_declared_is_as_by_default() -> None:
    reader = Reader(parts=(), defaults={"Enabled": True})

    assert differences({}, {"Enabled": False}, reader) == [("Enabled", True, False)]
    assert differences({}, {"Enabled": True}, reader) == []


def test_one_variable_more_is_found_where_nothing_more_may_be() -> None:
    declared, found = {"Environment": {"A": "1"}}, {"Environment": {"A": "1", "B": "2"}}

    assert differences(declared, found, WHOLE) == [("Environment.B", None, "2")]
    assert differences(declared, found, PLAIN) == []


def test_what_looks_like_a_secret_is_not_shown() -> None:
    found = compare({"Environment": {}}, {"Environment": {"API_TOKEN": "hush"}}, WHOLE)
    [difference] = [one for one in found if isinstance(one, Difference)]

    assert difference.shown == ("", "(not shown)")


def test_what_could_not_be_resolved_is_not_taken_for_equal() -> None:
    assert list(compare({"It": Unresolved("Table.StreamArn")}, {"It": "x"}, PLAIN)) == [
        NotCompared("It", "Table.StreamArn is not known")
    ]


def test_a_policy_may_be_written_in_several_ways() -> None:
    one = {"Statement": {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": ["b", "a"]}}
    other = {"Statement": [{"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["a", "b"]}]}
    reader = Reader(parts=(), whole=frozenset({"Policy"}))

    assert differences({"Policy": statements(one)}, {"Policy": statements(other)}, reader) == []


def test_an_index_that_changed_is_one_difference() -> None:
    def table(projection: str) -> dict[str, Any]:
        keys = [{"AttributeName": "due", "KeyType": "HASH"}]
        return {
            "AttributeDefinitions": [{"AttributeName": "due", "AttributeType": "S"}],
            "GlobalSecondaryIndexes": [
                {"IndexName": "Due", "KeySchema": keys, "Projection": {"ProjectionType": projection}}
            ],
        }

    found = differences(table("KEYS_ONLY"), table("ALL"), READERS["AWS::DynamoDB::Table"])

    assert found == [("GlobalSecondaryIndexes.Due", "due S HASH; KEYS_ONLY", "due S HASH; ALL")]
