"""template.yaml, read and resolved: what each resource is made with, and each function's environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
REGION, ACCOUNT = "eu-west-1", "123456789012"

_PSEUDO = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A `!Name value` of CloudFormation."""

    name: str
    value: Any


class _Loader(yaml.SafeLoader):
    pass


def _tag(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> Tag:
    match node:
        case yaml.ScalarNode():
            return Tag(name, loader.construct_scalar(node))
        case yaml.SequenceNode():
            return Tag(name, loader.construct_sequence(node, deep=True))
        case yaml.MappingNode():
            return Tag(name, loader.construct_mapping(node, deep=True))
    raise TypeError(f"!{name} of {node}")


_Loader.add_multi_constructor("!", _tag)


@cache
def template() -> Mapping[str, Any]:
    return dict(yaml.load(TEMPLATE.read_text(), Loader=_Loader))  # noqa: S506 (a SafeLoader with CloudFormation's tags)


@dataclass(slots=True)
class ResolvedTemplate:
    """Physical names by logical id: of tables, buckets and queues (their URLs) and topics (their ARNs)."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    buckets: dict[str, str] = field(default_factory=dict)

    def environment(self, function: str) -> dict[str, str]:
        """The variables that the template sets for a function, as a worker would find them."""
        variables = template()["Resources"][function]["Properties"]["Environment"]["Variables"]
        made = {**self.tables, **self.queues, **self.topics, **self.buckets}
        return {
            name: made[value.value]
            if isinstance(value, Tag) and value.name == "Ref" and value.value in made
            else str(self.resolve(value))
            for name, value in variables.items()
        }

    def resolve(self, value: Any) -> Any:  # noqa: PLR0911 (one line for each form of a value)
        match value:
            case Tag("Ref", name):
                return self._ref(name)
            case Tag("Sub", [text, names]):
                given = {name: str(self.resolve(inner)) for name, inner in names.items()}
                return re.sub(r"\$\{([\w:.]+)\}", lambda found: given.get(found[1]) or self._substitute(found[1]), text)
            case Tag("Sub", text):
                return re.sub(r"\$\{([\w:.]+)\}", lambda found: self._substitute(found[1]), text)
            case Tag("GetAtt", path):
                return self._attribute(*path.split("."))
            case Tag("If", [condition, then, otherwise]):
                return self.resolve(then if self._holds(Tag("Condition", condition)) else otherwise)
            case Tag():
                return self._holds(value)
            case dict():
                resolved = {name: self.resolve(inner) for name, inner in value.items()}
                return {name: inner for name, inner in resolved.items() if inner is not None}
            case list():
                return [inner for inner in map(self.resolve, value) if inner is not None]
            case _:
                return value

    def _holds(self, condition: Any) -> bool:
        match condition:
            case Tag("Condition", name):
                return self._holds(template()["Conditions"][name])
            case Tag("Not", [inner]):
                return not self._holds(inner)
            case Tag("Or", parts):
                return any(map(self._holds, parts))
            case Tag("And", parts):
                return all(map(self._holds, parts))
            case Tag("Equals", [left, right]):
                return bool(self.resolve(left) == self.resolve(right))
        raise NotImplementedError(f"condition {condition}")

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return None
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in template()["Parameters"]:
            return self.parameters.get(name, template()["Parameters"][name].get("Default"))
        return self._name(name)

    def _substitute(self, name: str) -> str:
        logical_id, _, attribute = name.partition(".")
        return self._attribute(logical_id, attribute) if attribute else str(self._ref(name))

    def _name(self, logical_id: str) -> str:
        """What `!Ref` gives, for resources whose reference is their name."""
        properties = template()["Resources"][logical_id]["Properties"]
        names = ("TableName", "QueueName", "TopicName", "BucketName", "UserPoolName", "ClientName", "Name")
        named = next(key for key in names if key in properties)
        return str(self.resolve(properties[named]))

    def _attribute(self, logical_id: str, attribute: str) -> str:
        service = template()["Resources"][logical_id]["Type"].split("::")[1].lower()
        name = self._name(logical_id)
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}" if attribute == "Arn" else name

    def of_type(self, resource_type: str) -> list[tuple[str, dict[str, Any]]]:
        return [
            (logical_id, self.resolve(resource["Properties"]))
            for logical_id, resource in template()["Resources"].items()
            if resource["Type"] == resource_type
            and ("Condition" not in resource or self._holds(Tag("Condition", resource["Condition"])))
        ]
