"""Versions, aliases and deployment groups, as the services tell of them: the local AWS has none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ops.audit.compare import compare
from ops.audit.findings import Finding, Unread
from ops.audit.live import live_versions
from ops.audit.readers import READERS
from ops.audit.reading import Reading, read
from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource

PLACE = Place("aws", "eu-west-1", "123456789012")
FUNCTION = PLACE.arn("lambda", "function:shop-webhook")
UUID = "14e0db71-5d35-4eb5-b481-8945cf9d10c2"
NAMED = {"FunctionName": "shop-webhook", "Qualifier": "live"}
GROUP = {
    "ApplicationName": "shop",
    "DeploymentConfigName": "CodeDeployDefault.LambdaCanary10Percent5Minutes",
    "AutoRollbackConfiguration": {"Enabled": True, "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]},
    "AlarmConfiguration": {"Enabled": True, "Alarms": [{"Name": "shop-release-webhook"}]},
    "DeploymentStyle": {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
    "ServiceRoleArn": "arn:aws:iam::123456789012:role/deploys",
}
TOLD_OF_THE_GROUP = {
    "deploymentConfigName": GROUP["DeploymentConfigName"],
    "autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_FAILURE"]},
    "alarmConfiguration": {
        "enabled": True,
        "ignorePollAlarmFailure": False,
        "alarms": [{"name": "shop-release-webhook"}],
    },
    "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
    "serviceRoleArn": GROUP["ServiceRoleArn"],
}


class Aws:
    """Real clients, that answer what they are told to, and only when asked just so."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none", "region_name": PLACE.region}
        self._clients: dict[str, Any] = {name: boto3.client(name, **keys) for name in ("lambda", "codedeploy")}  # type: ignore[call-overload]  # by names
        self._stubs = {name: Stubber(client) for name, client in self._clients.items()}
        for stub in self._stubs.values():
            stub.activate()

    def __call__(self, service: str) -> Any:
        return self._clients[service]

    def answers(self, service: str, operation: str, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        self._stubs[service].add_response(operation, answer, asked)

    def fails(self, service: str, operation: str, code: str) -> None:
        self._stubs[service].add_client_error(operation, code)

    def was_asked_everything(self) -> None:
        for stub in self._stubs.values():
            stub.assert_no_pending_responses()


@pytest.fixture
def aws() -> Iterator[Aws]:
    made = Aws()
    yield made
    made.was_asked_everything()


def resource(kind: str, physical_id: str, **properties: Any) -> DeclaredResource:
    return DeclaredResource(f"A{kind.rpartition(':')[2]}", kind, properties, physical_id, in_stack=True)


def differences(one: DeclaredResource, aws: Any) -> list[str]:
    reading = read(one, aws)
    assert reading.unread == []
    assert reading.there
    return [found.where for found in compare(one.properties, reading.found, READERS[one.type])]


def alias(version: str = "7") -> DeclaredResource:
    return resource(
        "AWS::Lambda::Alias", f"{FUNCTION}:live", Name="live", FunctionName="shop-webhook", FunctionVersion=version
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"FunctionVersion": "7"}, []),
        ({"FunctionVersion": "6"}, ["FunctionVersion"]),
        ({"FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": {"6": 0.9}}}, ["RoutingConfig.6"]),
    ],
)
def test_an_alias_leads_to_the_version_of_the_stack_with_all_its_weight(
    aws: Aws, told: dict[str, Any], expected: list[str]
) -> None:
    aws.answers("lambda", "get_alias", {"FunctionName": "shop-webhook", "Name": "live"}, {"Name": "live", **told})

    assert differences(alias(), aws) == expected


def test_a_version_is_there_or_not(aws: Aws) -> None:
    version = resource("AWS::Lambda::Version", f"{FUNCTION}:7", FunctionName="shop-webhook")
    asked = {"FunctionName": "shop-webhook", "Qualifier": "7"}
    aws.answers("lambda", "get_function_configuration", asked, {"Version": "7"})
    assert differences(version, aws) == []

    aws.fails("lambda", "get_function_configuration", "ResourceNotFoundException")
    assert read(version, aws).there is False  # type: ignore[arg-type]  # what it is asked for, it answers


def test_a_deployment_group_with_an_alarm_less_is_named(aws: Aws) -> None:
    group = resource("AWS::CodeDeploy::DeploymentGroup", "shop-group", **GROUP)
    asked = {"applicationName": "shop", "deploymentGroupName": "shop-group"}
    aws.answers("codedeploy", "get_deployment_group", asked, {"deploymentGroupInfo": TOLD_OF_THE_GROUP})
    assert differences(group, aws) == []

    silenced = {**TOLD_OF_THE_GROUP, "alarmConfiguration": {"enabled": False, "alarms": []}}
    aws.answers("codedeploy", "get_deployment_group", asked, {"deploymentGroupInfo": silenced})
    assert differences(group, aws) == ["AlarmConfiguration.Enabled", "AlarmConfiguration.Alarms"]


def test_codedeploys_own_words_for_what_is_gone(aws: Aws) -> None:
    application = resource("AWS::CodeDeploy::Application", "shop", ComputePlatform="Lambda")
    aws.answers(
        "codedeploy", "get_application", {"applicationName": "shop"}, {"application": {"computePlatform": "Lambda"}}
    )
    assert differences(application, aws) == []

    aws.fails("codedeploy", "get_application", "ApplicationDoesNotExistException")
    aws.fails("codedeploy", "get_deployment_group", "DeploymentGroupDoesNotExistException")
    group = resource("AWS::CodeDeploy::DeploymentGroup", "shop-group", **GROUP)
    assert [read(one, aws).there for one in (application, group)] == [False, False]  # type: ignore[arg-type]  # as above


def test_what_calls_an_alias_is_told_apart_from_what_calls_its_function(aws: Aws) -> None:
    mapping = resource("AWS::Lambda::EventSourceMapping", UUID, FunctionName=f"{FUNCTION}:live")
    for called, expected in ((f"{FUNCTION}:live", []), (FUNCTION, ["FunctionName"])):
        told = {"FunctionArn": called, "State": "Enabled"}
        aws.answers("lambda", "get_event_source_mapping", {"UUID": UUID}, told)
        assert differences(mapping, aws) == expected


def test_a_url_and_a_permission_are_the_aliases(aws: Aws) -> None:
    url = resource("AWS::Lambda::Url", f"{FUNCTION}:live", TargetFunctionArn=f"{FUNCTION}:live", AuthType="NONE")
    times = {"CreationTime": "2026-11-22", "LastModifiedTime": "2026-11-22"}
    address = "https://abcdefghijklmnop.lambda-url.eu-west-1.on.aws/"
    told = {
        "FunctionArn": f"{FUNCTION}:live",
        "FunctionUrl": address,
        "AuthType": "NONE",
        "InvokeMode": "BUFFERED",
        **times,
    }
    aws.answers("lambda", "get_function_url_config", NAMED, told)
    assert differences(url, aws) == []

    permission = resource("AWS::Lambda::Permission", "a-sid", FunctionName=f"{FUNCTION}:live", Principal="*")
    policy = '{"Statement": [{"Sid": "a-sid", "Action": "lambda:InvokeFunctionUrl", "Principal": "*"}]}'
    aws.answers("lambda", "get_policy", NAMED, {"Policy": policy})
    assert differences(permission, aws) == []


def test_a_live_version_that_is_not_what_the_template_says_is_a_finding(aws: Aws) -> None:
    function = resource("AWS::Lambda::Function", "shop-webhook", FunctionName="shop-webhook", Timeout=20)
    readings = [Reading(function, there=True), Reading(alias(), there=True)]
    for time_out, expected in ((20, []), (15, [("Timeout", "20", "15")])):
        live = {"Timeout": time_out, "MemorySize": 128, "Architectures": ["x86_64"], "EphemeralStorage": {"Size": 512}}
        aws.answers("lambda", "get_function_configuration", NAMED, live)
        assert told(live_versions(readings, aws, [])) == expected  # type: ignore[arg-type]  # as above

    aws.fails("lambda", "get_function_configuration", "AccessDeniedException")
    unread: list[Unread] = []
    assert list(live_versions(readings, aws, unread)) == []  # type: ignore[arg-type]  # as above
    assert [one.what for one in unread] == ["the version that is live"]


def told(findings: Iterator[Finding]) -> list[tuple[str, str, str]]:
    return [(one.where, one.declared, one.found) for one in findings]
