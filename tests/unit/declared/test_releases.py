"""How the template deploys a new version: every function by an alias that CodeDeploy moves, and moves back."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any

import pytest

from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource, Model
from ops.declared.stack import Stack
from ops.declared.transform import transformed
from ops.local.places import REPOSITORY
from ops.local.project import Project, parse_overrides

PLACE = Place("aws", "eu-west-1", "123456789012")
CANARY = "Canary10Percent5Minutes"
PROD = {"Stage": "prod", "DeploymentPreferenceType": CANARY, "Release": "0123456789abcdef"}
FUNCTION, ALIAS, VERSION, GROUP = (
    *("AWS::Lambda::Function", "AWS::Lambda::Alias"),
    *("AWS::Lambda::Version", "AWS::CodeDeploy::DeploymentGroup"),
)
MOST_ALARMS = 10
"""Of a deployment group: CodeDeploy's limit."""


@cache
def written(**parameters: str) -> dict[str, Any]:
    return transformed(REPOSITORY / "template.yaml", parameters, PLACE.region)


def declared(**parameters: str) -> list[DeclaredResource]:
    """As the first deployment would find it."""
    return list(Model(written(**parameters), Stack("shop", PLACE, "", parameters, {}, {})).resources())


def of(kind: str, resources: list[DeclaredResource]) -> dict[str, DeclaredResource]:
    return {one.logical_id: one for one in resources if one.type == kind}


def versions(**parameters: str) -> set[str]:
    return {name for name, one in written(**parameters)["Resources"].items() if one["Type"] == VERSION}


def test_every_function_has_a_version_an_alias_and_a_deployment_group_with_alarms() -> None:
    resources = declared(**PROD)
    functions = set(of(FUNCTION, resources))
    alarms = {one.properties["AlarmName"] for one in resources if one.type == "AWS::CloudWatch::Alarm"}

    assert {name.removesuffix("Aliaslive") for name in of(ALIAS, resources)} == functions
    assert {name.removesuffix("Version") for name in of(VERSION, resources)} == functions
    groups = of(GROUP, resources)
    assert {name.removesuffix("DeploymentGroup") for name in groups} == functions
    for group in groups.values():
        assert group.properties["DeploymentConfigName"] == f"CodeDeployDefault.Lambda{CANARY}"
        assert group.properties["AutoRollbackConfiguration"]["Enabled"] is True
        watching = {one["Name"] for one in group.properties["AlarmConfiguration"]["Alarms"]}
        assert 0 < len(watching) <= MOST_ALARMS
        assert watching <= alarms


def test_an_alias_moves_only_by_its_deployment_group() -> None:
    for name, one in written(**PROD)["Resources"].items():
        if one["Type"] == ALIAS:
            update = one["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
            assert update["DeploymentGroupName"] == {"Ref": f"{name.removesuffix('Aliaslive')}DeploymentGroup"}


def test_whatever_calls_a_function_calls_its_alias() -> None:
    resources = written(**PROD)["Resources"]
    functions = {name for name, one in resources.items() if one["Type"] == FUNCTION}
    callers = ("EventSourceMapping", "Permission", "Url", "Schedule", "RestApi")
    calling = [one for one in resources.values() if one["Type"].endswith(callers)]
    roles = [one for name, one in resources.items() if name.endswith("ScheduleRole")]

    said = json.dumps([*calling, *roles])

    assert len(calling) > len(functions)
    for function in functions:
        assert f'"{function}"' not in said
        assert f"{{{function}}}" not in said
        assert f"{function}.Arn" not in said


def test_the_errors_that_are_watched_are_every_functions() -> None:
    resources = declared(**PROD)
    alarms = [
        one.properties for one in resources if one.logical_id.startswith("Release") and "Metrics" in one.properties
    ]
    dimensions = [
        {one["Name"]: one["Value"] for one in metric["MetricStat"]["Metric"]["Dimensions"]}
        for alarm in alarms
        for metric in alarm["Metrics"]
        if "MetricStat" in metric
    ]

    names = {one.properties["FunctionName"] for one in of(FUNCTION, resources).values()}
    assert {one["FunctionName"] for one in dimensions} == names
    assert {one["Resource"] for one in dimensions} == {f"{name}:live" for name in names}


def test_a_release_publishes_every_function_again_also_where_parameters_alone_have_changed() -> None:
    before, after = versions(**PROD), versions(**{**PROD, "Release": "fedcba9876543210"})

    assert before & after == set()
    # The transform looks at no parameter but this one: that is why there is one.
    assert before == versions(**{**PROD, "LogLevel": "DEBUG"})


@pytest.mark.parametrize(
    ("stage", "preference"), [("dev", "AllAtOnce"), ("staging", CANARY), ("prod", CANARY), ("local", "none")]
)
def test_each_stage_says_how_it_is_deployed(stage: str, preference: str) -> None:
    config = tomllib.loads((REPOSITORY / "samconfig.toml").read_text(encoding="utf-8"))
    overrides = config[stage]["deploy"]["parameters"]["parameter_overrides"]

    parameters = {"DeploymentPreferenceType": "none"} | parse_overrides(overrides)

    assert f"Stage={stage} " in overrides  # behind which deploy.yml puts the Release
    assert parameters["Stage"] == stage
    assert parameters["DeploymentPreferenceType"] == preference


def test_without_a_preference_the_alias_moves_at_once() -> None:
    resources = declared(Stage="dev")

    assert len(of(ALIAS, resources)) == len(of(FUNCTION, resources))
    assert not [one for one in resources if one.type.startswith("AWS::CodeDeploy::")]
    assert not [one for one in resources if one.logical_id.startswith("Release")]


def test_the_local_aws_knows_neither_versions_nor_aliases() -> None:
    local = Stack("shop", PLACE, "", {"Stage": "local"}, {}, {})
    template = transformed(REPOSITORY / "template.yaml", {}, PLACE.region, aliases=False)

    kinds = {one.type for one in Model(template, local).resources()}

    assert kinds & {ALIAS, VERSION, GROUP, "AWS::CodeDeploy::Application"} == set()
    assert "AutoPublish" not in Project().template()
