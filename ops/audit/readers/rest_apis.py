"""API Gateway: the one origin of pages and API."""

from __future__ import annotations

from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import Properties, Reader

_VERBS = frozenset("GET PUT POST PATCH DELETE HEAD OPTIONS ANY".split())
_ANY = {"x-amazon-apigateway-any-method": "ANY"}


def _api(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    told = aws("apigateway").get_rest_api(restApiId=physical)
    return {"Name": told["name"], "DisableExecuteApiEndpoint": told.get("disableExecuteApiEndpoint", False)}


def _routes(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    """Which paths answer to which verbs; what stands behind them, each function's own permission says."""
    pages = aws("apigateway").get_paginator("get_resources").paginate(restApiId=physical)
    found = {one["path"]: sorted(one.get("resourceMethods", {})) for page in pages for one in page["items"]}
    return {"Body": {path: verbs for path, verbs in found.items() if verbs}}


def _api_shape(properties: Properties) -> Properties:
    body = properties.get("Body")
    if not isinstance(body, dict) or "paths" not in body:
        return properties
    return {**properties, "Body": {path: _verbs(one) for path, one in body["paths"].items()}}


def _verbs(path: Properties) -> list[str]:
    """A path of OpenAPI holds more than its verbs."""
    return sorted({_ANY.get(name, name).upper() for name in path} & _VERBS)


def _stage(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    told = aws("apigateway").get_stage(restApiId=declared["RestApiId"], stageName=declared.get("StageName", physical))
    return {
        "StageName": told["stageName"],
        "DeploymentId": told.get("deploymentId"),
        "Variables": told.get("variables"),
    }


def _deployment(aws: Clients, physical: str, declared: Properties) -> dict[str, Any]:
    aws("apigateway").get_deployment(restApiId=declared["RestApiId"], deploymentId=physical)
    return {}


REST_API = Reader(
    parts=(_api, _routes), defaults={"DisableExecuteApiEndpoint": False}, shape=_api_shape, whole=frozenset({"Body"})
)
STAGE = Reader(parts=(_stage,), defaults={"Variables": None})
DEPLOYMENT = Reader(parts=(_deployment,))
