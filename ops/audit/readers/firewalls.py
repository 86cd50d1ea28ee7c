"""AWS WAF: web ACLs, and what they stand before."""

from __future__ import annotations

from typing import Any

from ops.audit.clients import Clients
from ops.audit.readers.reading import GoneError, Properties, Reader, picked

_NAMES = ("Name", "Description", "DefaultAction", "Rules", "VisibilityConfig")


def _web_acl(aws: Clients, physical: str, _: Properties) -> dict[str, Any]:
    """`physical`: name, id and scope, as CloudFormation puts them together."""
    name, own_id, scope = physical.split("|")
    told = aws("wafv2").get_web_acl(Name=name, Id=own_id, Scope=scope)["WebACL"]
    return {**picked(told, _NAMES), "Scope": scope}


def _shape(properties: Properties) -> Properties:
    """An action says by its name what it does, `{"Count": {}}`: its being empty is not its being absent."""
    return {name: _plain(value) for name, value in properties.items()}


def _plain(value: Any) -> Any:
    match value:
        case dict() if len(value) == 1 and next(iter(value.values())) == {}:
            return next(iter(value))
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case bytes():  # a blob of WAF's, a text of CloudFormation's
            return value.decode()
        case _:
            return value


def _association(aws: Clients, _: str, declared: Properties) -> dict[str, Any]:
    told = aws("wafv2").get_web_acl_for_resource(ResourceArn=declared["ResourceArn"])
    if "WebACL" not in told:
        raise GoneError
    return {"WebACLArn": told["WebACL"]["ARN"]}


WEB_ACL = Reader(parts=(_web_acl,), shape=_shape, whole=frozenset({"Rules"}))
WEB_ACL_ASSOCIATION = Reader(parts=(_association,))
