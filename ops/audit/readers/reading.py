"""How a kind of resource is read: in parts, each one question to its service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.audit.clients import Clients

Properties = Mapping[str, Any]
Part = Callable[[Clients, str, Properties], dict[str, Any]]
"""(clients, physical id, declared properties) to some of the resource's properties, in the template's shape."""

_GONE = {
    "ResourceNotFoundException",
    "ResourceNotFound",
    "NoSuchEntity",
    "NoSuchBucket",
    "NotFound",
    "NotFoundException",
    "404",
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    "WAFNonexistentItemException",
    "ApplicationDoesNotExistException",
    "DeploymentGroupDoesNotExistException",
}


class GoneError(Exception):
    """There is no such resource."""


def same(properties: Properties) -> Properties:
    return properties


@dataclass(frozen=True)
class Reader:
    parts: Sequence[Part]
    """The first one tells whether the resource is there at all."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What a property is that the template does not name; a property without one is compared only where it does."""
    shape: Callable[[Properties], Properties] = same
    """Both sides, so that what means the same looks the same."""
    whole: frozenset[str] = frozenset()
    """Properties in which nothing may be found that is not declared: policies, indexes, variables."""


def is_gone(code: str) -> bool:
    return code in _GONE


def picked(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """None where AWS tells nothing: that too is an answer."""
    return {name: given.get(name) for name in names}


def optional(question: Callable[[], dict[str, Any]], *missing: str) -> dict[str, Any]:
    """Empty where the service answers that there is none."""
    from botocore.exceptions import ClientError

    try:
        return question()
    except ClientError as error:
        if error.response["Error"]["Code"] in missing:
            return {}
        raise
