"""What the adapters do not write today, and others of DynamoDB's language."""

from __future__ import annotations

from typing import Any

import pytest

from ops.prove.aws.expressions import Env, ExpressionError, holds, update

ITEM: dict[str, Any] = {
    "a": {"N": "5"},
    "s": {"S": "middle"},
    "set": {"SS": ["x", "y"]},
    "m": {"M": {"deep": {"L": [{"S": "first"}]}}},
}
VALUES: dict[str, Any] = {
    ":five": {"N": "5.0"},
    ":ten": {"N": "10"},
    ":x": {"S": "x"},
    ":mid": {"S": "mid"},
    ":first": {"S": "first"},
    ":set": {"SS": ["x", "z"]},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = :five", True),
        ("a < :ten AND NOT a > :ten", True),
        ("a BETWEEN :five AND :ten", True),
        ("a IN (:ten, :five)", True),
        ("a = :x", False),
        ("a <> :x", True),
        ("missing = :x OR attribute_not_exists(missing)", True),
        ("missing <> :x", False),
        ("contains(set, :x) AND begins_with(s, :mid)", True),
        ("m.deep[0] = :first AND attribute_not_exists(m.deep[1])", True),
        ("(a > :ten OR a > :five) AND attribute_exists(a)", False),
        ("size(set) < :five", True),
    ],
)
def test_conditions(text: str, expected: bool) -> None:
    assert holds(text, Env(ITEM, {}, VALUES)) is expected


@pytest.mark.parametrize(
    ("text", "attribute", "expected"),
    [
        ("SET b = if_not_exists(a, :ten)", "b", {"N": "5"}),
        ("SET a = a + :ten", "a", {"N": "15"}),
        ("ADD a :ten", "a", {"N": "15"}),
        ("ADD set :set", "set", {"SS": ["x", "y", "z"]}),
        ("DELETE set :set", "set", {"SS": ["y"]}),
        ("REMOVE a SET s = :x", "a", None),
        ("SET m.other = :x", "m", {"M": {"deep": {"L": [{"S": "first"}]}, "other": {"S": "x"}}}),
    ],
)
def test_updates_change_a_copy(text: str, attribute: str, expected: Any) -> None:
    changed, before = dict(ITEM), repr(ITEM)
    for assignment in update(text):
        assignment(Env(ITEM, {}, VALUES), changed)
    assert changed.get(attribute) == expected
    assert repr(ITEM) == before


@pytest.mark.parametrize("text", ["a =", "a ~ :x", "(a = :x", "a = :x b", "frobnicate(a) = :x", "a = :unknown"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        holds(text, Env(ITEM, {}, VALUES))
