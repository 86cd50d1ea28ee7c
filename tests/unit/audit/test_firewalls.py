"""The web ACL before pages and API, as WAF tells it, against the template."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ops.audit.reading import Reading
from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource, Model
from ops.declared.stack import Stack, StackResource
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY
from tests.unit.audit.stubbed import differences, reading_of

PLACE = Place("aws", "eu-west-1", "123456789012")
ARN = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/ai-marketplace-console-prod/0f1e"
STAGE = "arn:aws:apigateway:eu-west-1::/restapis/api1/stages/prod"
PARAMETERS = {"Stage": "prod", "Suffix": "-prod", "WafEnabled": "true"}
HELD = {
    "ConsoleWebAcl": ("AWS::WAFv2::WebACL", "ai-marketplace-console-prod|0f1e|REGIONAL"),
    "ConsoleWebAclAssociation": ("AWS::WAFv2::WebACLAssociation", f"{ARN}|{STAGE}"),
    "ConsoleApi": ("AWS::ApiGateway::RestApi", "api1"),
    "ConsoleApiStage": ("AWS::ApiGateway::Stage", "prod"),
}
STACK = Stack(
    *("shop", PLACE, "UPDATE_COMPLETE", PARAMETERS, {}),
    {logical: StackResource(logical, kind, physical, "UPDATE_COMPLETE") for logical, (kind, physical) in HELD.items()},
)


@pytest.fixture(scope="module")
def declared() -> dict[str, DeclaredResource]:
    written = transformed(REPOSITORY / "template.yaml", PARAMETERS, PLACE.region)
    return {one.logical_id: one for one in Model(written, STACK).resources() if "WebAcl" in one.logical_id}


def _told(properties: Any) -> dict[str, Any]:
    """As WAF answers: a text to look for is bytes, and there is more than was asked for."""
    acl = copy.deepcopy(dict(properties))
    for part in acl["Rules"][0]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["AndStatement"]["Statements"]:
        part["ByteMatchStatement"]["SearchString"] = part["ByteMatchStatement"]["SearchString"].encode()
    for rule in acl["Rules"]:
        limit = rule["Statement"].get("RateBasedStatement", {})
        limit |= {"Limit": int(limit["Limit"])} if limit else {}
    del acl["Scope"]
    return acl | {"Id": "0f1e", "ARN": ARN, "Capacity": 730, "ManagedByFirewallManager": False}


def _asked(
    resource: DeclaredResource, operation: str, answer: dict[str, Any] | str, expected: dict[str, str]
) -> Reading:
    return reading_of(resource, "wafv2", [(operation, expected, answer)])


def _acl(declared: dict[str, DeclaredResource], change: Callable[[Any], object] = lambda _: None) -> Reading:
    told = _told(declared["ConsoleWebAcl"].properties)
    change(told)
    expected = {"Name": "ai-marketplace-console-prod", "Id": "0f1e", "Scope": "REGIONAL"}
    return _asked(declared["ConsoleWebAcl"], "get_web_acl", {"WebACL": told, "LockToken": "0"}, expected)


def test_a_web_acl_as_it_is_declared(declared: dict[str, DeclaredResource]) -> None:
    reading = _acl(declared)
    assert reading.there
    assert differences(reading) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda acl: acl["DefaultAction"].update(Block=acl["DefaultAction"].pop("Allow")), "DefaultAction"),
        (lambda acl: acl["Rules"].pop(1), "Rules.RequestsOfOneAddress"),
        (lambda acl: acl["Rules"].append({**acl["Rules"][1], "Name": "Another"}), "Rules.Another"),
        (lambda acl: acl["Rules"][0].update(Action={"Count": {}}), "Rules.LogInsOfOneAddress.Action"),
        (
            lambda acl: acl["Rules"][1]["Statement"]["RateBasedStatement"].update(Limit=1_000_000),
            "Rules.RequestsOfOneAddress.Statement.RateBasedStatement.Limit",
        ),
        (lambda acl: acl["Rules"][2].update(OverrideAction={"Count": {}}), "Rules.CommonRuleSet.OverrideAction"),
        (
            lambda acl: acl["Rules"][2]["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"].pop(),
            "Rules.CommonRuleSet.Statement.ManagedRuleGroupStatement.RuleActionOverrides.CrossSiteScripting_BODY",
        ),
    ],
    ids=["default", "a rule gone", "a rule more", "counts only", "a higher limit", "group counts", "an override gone"],
)
def test_what_somebody_changed_by_hand(
    declared: dict[str, DeclaredResource], change: Callable[[Any], object], where: str
) -> None:
    assert differences(_acl(declared, change)) == [where]


def test_a_web_acl_that_is_gone(declared: dict[str, DeclaredResource]) -> None:
    expected = {"Name": "ai-marketplace-console-prod", "Id": "0f1e", "Scope": "REGIONAL"}
    assert _asked(declared["ConsoleWebAcl"], "get_web_acl", "WAFNonexistentItemException", expected).there is False


@pytest.mark.parametrize(
    ("answer", "there", "where"),
    [
        ({"WebACL": {"Name": "x", "Id": "0f1e", "ARN": ARN}}, True, []),
        ({"WebACL": {"Name": "x", "Id": "other", "ARN": ARN[:-4] + "other"}}, True, ["WebACLArn"]),
        ({}, False, None),
    ],
    ids=["ours", "another", "none"],
)
def test_what_stands_before_the_stage(
    declared: dict[str, DeclaredResource], answer: dict[str, Any], there: bool, where: list[str] | None
) -> None:
    if "WebACL" in answer:
        unread = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": _told_visibility()}
        answer = {"WebACL": answer["WebACL"] | unread}
    reading = _asked(declared["ConsoleWebAclAssociation"], "get_web_acl_for_resource", answer, {"ResourceArn": STAGE})
    assert reading.there is there
    assert where is None or differences(reading) == where


def _told_visibility() -> dict[str, Any]:
    return {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": "x"}
