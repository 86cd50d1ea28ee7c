from __future__ import annotations

from typing import Any

import pytest

from ops.declared.intrinsics import Resolver, Unresolved

PARAMETERS = {"Prefix": "shop", "Count": "0", "Stage": "prod", "AWS::Region": "eu-west-1"}
CONDITIONS = {
    "Counted": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Count"}, 0]}]},
    "Guarded": {"Fn::Or": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, {"Condition": "Counted"}]},
    "Both": {"Fn::And": [{"Condition": "Guarded"}, {"Condition": "Counted"}]},
}


def look(logical_id: str, attribute: str | None) -> Any:
    known = {("Queue", None): "https://queue", ("Queue", "Arn"): "arn:queue"}
    return known.get((logical_id, attribute), Unresolved(f"{logical_id}.{attribute}"))


RESOLVER = Resolver(PARAMETERS, CONDITIONS, {"Sizes": {"prod": {"memory": 512}}}, look)


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ({"Ref": "Prefix"}, "shop"),
        ({"Ref": "Queue"}, "https://queue"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:queue"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:queue"),
        ({"Fn::Sub": "${Prefix}-${AWS::Region}-${Queue.Arn}-${!kept}"}, "shop-eu-west-1-arn:queue-${kept}"),
        ({"Fn::Sub": ["${Prefix}-${own}", {"own": {"Ref": "Stage"}}]}, "shop-prod"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Prefix"}]]}, "a-shop"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::If": ["Guarded", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "memory"]}, 512),
        ({"Fn::Base64": {"Ref": "Prefix"}}, "c2hvcA=="),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
    ],
)
def test_a_function_gives_what_cloudformation_gives(written: Any, resolved: Any) -> None:
    assert RESOLVER.resolve(written) == resolved


@pytest.mark.parametrize(
    "written",
    [
        {"Fn::GetAtt": ["Table", "StreamArn"]},
        {"Fn::Sub": "x-${Table.StreamArn}"},
        {"Fn::Join": ["", ["x", {"Fn::GetAtt": ["Table", "StreamArn"]}]]},
    ],
)
def test_what_cannot_be_known_is_said_and_not_made_up(written: Any) -> None:
    assert RESOLVER.resolve(written) == Unresolved("Table.StreamArn")


def test_a_value_of_another_stack_is_not_known() -> None:
    assert isinstance(RESOLVER.resolve({"Fn::ImportValue": "elsewhere"}), Unresolved)
