"""What makes a release safe: versions, the alias that leads to one, and CodeDeploy, which moves it."""

from __future__ import annotations

from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.functions import qualified
from ops.audit.readers.reading import Properties, Reader


def _alias(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    named = qualified(physical)
    told = aws("lambda").get_alias(FunctionName=named["FunctionName"], Name=named["Qualifier"])
    weights = told.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    return {"Name": told["Name"], "FunctionVersion": told["FunctionVersion"], "RoutingConfig": weights}


def _version(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    aws("lambda").get_function_configuration(**qualified(physical))
    return {}


def _application(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("codedeploy").get_application(applicationName=physical)["application"]
    return {"ComputePlatform": told.get("computePlatform")}


def _deployment_group(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    told = aws("codedeploy").get_deployment_group(
        applicationName=declared["ApplicationName"], deploymentGroupName=physical
    )["deploymentGroupInfo"]
    alarms, rollback = told.get("alarmConfiguration", {}), told.get("autoRollbackConfiguration", {})
    style = told.get("deploymentStyle", {})
    return {
        "DeploymentConfigName": told.get("deploymentConfigName"),
        "AlarmConfiguration": {
            "Enabled": alarms.get("enabled", False),
            "Alarms": [{"Name": one["name"]} for one in alarms.get("alarms", [])],
        },
        "AutoRollbackConfiguration": {"Enabled": rollback.get("enabled", False), "Events": rollback.get("events", [])},
        "DeploymentStyle": {
            "DeploymentType": style.get("deploymentType"),
            "DeploymentOption": style.get("deploymentOption"),
        },
        "ServiceRoleArn": told.get("serviceRoleArn"),
    }


# Weights are CodeDeploy's while it moves an alias. What it leaves behind is a release that came to no end.
LAMBDA_ALIAS = Reader(parts=(_alias,), defaults={"RoutingConfig": {}}, whole=frozenset({"RoutingConfig"}))
VERSION = Reader(parts=(_version,))
APPLICATION = Reader(parts=(_application,))
DEPLOYMENT_GROUP = Reader(parts=(_deployment_group,), whole=frozenset({"AlarmConfiguration"}))
