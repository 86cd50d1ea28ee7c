"""CloudFormation's intrinsic functions, resolved as it would itself."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """What only AWS knows, and could not be asked for."""

    reference: str


class _NoValue:
    """What `AWS::NoValue` leaves of a property: nothing."""


NO_VALUE = _NoValue()

Look = Callable[[str, str | None], Any]
"""What a resource's `Ref` (None), or its attribute, is; Unresolved where that cannot be known."""


@dataclass(frozen=True)
class Resolver:
    parameters: Mapping[str, Any]
    """Of the deployment, the pseudo parameters (`AWS::Region`) among them."""
    conditions: Mapping[str, Any]
    mappings: Mapping[str, Any]
    look: Look

    def resolve(self, value: Any) -> Any:
        match value:
            case dict() if len(value) == 1 and (function := _FUNCTIONS.get(next(iter(value)))):
                return function(self, next(iter(value.values())))
            case dict():
                resolved = {name: self.resolve(inner) for name, inner in value.items()}
                return {name: inner for name, inner in resolved.items() if inner is not NO_VALUE}
            case list():
                return [inner for inner in map(self.resolve, value) if inner is not NO_VALUE]
            case _:
                return value

    def holds(self, condition: str) -> bool:
        return bool(self.resolve(self.conditions[condition]))

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.parameters[name] if name in self.parameters else self.look(name, None)

    def get_att(self, path: str | Sequence[str]) -> Any:
        logical_id, _, attribute = (path if isinstance(path, str) else ".".join(path)).partition(".")
        return self.look(logical_id, attribute)

    def sub(self, given: str | Sequence[Any]) -> Any:
        text: str = given if isinstance(given, str) else given[0]
        own: Any = {} if isinstance(given, str) else given[1]
        parts = {name: self._variable(name, own) for literal, name in _VARIABLE.findall(text) if not literal}
        unknown = next((part for part in parts.values() if isinstance(part, Unresolved)), None)
        if unknown:
            return unknown
        return _VARIABLE.sub(lambda found: f"${{{found[2]}}}" if found[1] else str(parts[found[2]]), text)

    def _variable(self, name: str, own: Mapping[str, Any]) -> Any:
        if name in own:
            return self.resolve(own[name])
        return self.get_att(name) if "." in name else self.ref(name)

    def if_(self, given: Sequence[Any]) -> Any:
        condition, then, otherwise = given
        return self.resolve(then if self.holds(condition) else otherwise)

    def join(self, given: Sequence[Any]) -> Any:
        separator, parts = given[0], self.resolve(given[1])
        unknown = next((part for part in parts if isinstance(part, Unresolved)), None)
        return unknown or separator.join(map(str, parts))

    def select(self, given: Sequence[Any]) -> Any:
        index, parts = self.resolve(given[0]), self.resolve(given[1])
        return parts if isinstance(parts, Unresolved) else parts[int(index)]

    def split(self, given: Sequence[Any]) -> Any:
        text = self.resolve(given[1])
        return text if isinstance(text, Unresolved) else text.split(given[0])

    def find_in_map(self, given: Sequence[Any]) -> Any:
        name, first, second = (self.resolve(part) for part in given[:3])
        return self.mappings[name][first][second]

    def equals(self, given: Sequence[Any]) -> bool:
        left, right = map(self.resolve, given)
        return _text(left) == _text(right)

    def base64(self, given: Any) -> Any:
        text = self.resolve(given)
        return text if isinstance(text, Unresolved) else base64.b64encode(text.encode()).decode()


def _text(value: Any) -> str:
    """Parameters are texts, whatever their type says: 0 equals "0"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(name: str) -> Callable[[Resolver, Any], Any]:
    return lambda _, given: Unresolved(f"{name} {json.dumps(given, default=str)}")


_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    "Ref": Resolver.ref,
    "Fn::GetAtt": Resolver.get_att,
    "Fn::Sub": Resolver.sub,
    "Fn::If": Resolver.if_,
    "Fn::Join": Resolver.join,
    "Fn::Select": Resolver.select,
    "Fn::Split": Resolver.split,
    "Fn::FindInMap": Resolver.find_in_map,
    "Fn::Base64": Resolver.base64,
    "Fn::Equals": Resolver.equals,
    "Fn::Not": lambda self, given: not self.resolve(given[0]),
    "Fn::And": lambda self, given: all(self.resolve(part) for part in given),
    "Fn::Or": lambda self, given: any(self.resolve(part) for part in given),
    "Condition": lambda self, given: self.holds(given) if isinstance(given, str) else given,
    **{name: _unknown(name) for name in ("Fn::ImportValue", "Fn::GetAZs", "Fn::Cidr", "Fn::Transform")},
}
