"""The template against one stack: which resources that deployment is to have, and with what properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ops.declared.attributes import NAME_PROPERTY, Place, attribute, reference
from ops.declared.intrinsics import Resolver, Unresolved
from ops.declared.stack import Stack
from ops.declared.transform import stable_id, transformed

Ask = Callable[[str, str, str], Any]
"""An attribute that only the service knows: (resource type, physical id, attribute); None where it does not tell."""


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    """Resolved; `Unresolved` where a value could not be."""
    physical_id: str | None
    """The stack's; else what its declared name makes of it; None where AWS gives the name."""
    in_stack: bool
    deletion_policy: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        named = self.properties.get(NAME_PROPERTY.get(self.type, ""))
        return str(named) if isinstance(named, str) else self.logical_id


@dataclass(frozen=True)
class Model:
    template: Mapping[str, Any]
    """After the transform."""
    stack: Stack
    ask: Ask = lambda *_: None

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The stack's; for those that it does not know yet, the template's defaults."""
        declared = self.template.get("Parameters", {})
        given = {name: self.stack.parameters.get(name, one.get("Default", "")) for name, one in declared.items()}
        lists = {name for name, one in declared.items() if "List" in one["Type"]}
        parameters = {name: value.split(",") if name in lists else value for name, value in given.items()}
        return {**parameters, **self.stack.pseudo_parameters}

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(
            self.parameters, self.template.get("Conditions", {}), self.template.get("Mappings", {}), self._look
        )

    @cached_property
    def _written(self) -> dict[str, Mapping[str, Any]]:
        """Those whose condition holds, by their lasting names."""
        return {
            stable_id(logical_id, one["Type"]): one
            for logical_id, one in self.template["Resources"].items()
            if "Condition" not in one or self.resolver.holds(one["Condition"])
        }

    def resources(self) -> Iterator[DeclaredResource]:
        for logical_id, one in self._written.items():
            yield DeclaredResource(
                logical_id=logical_id,
                type=one["Type"],
                properties=self.resolver.resolve(one.get("Properties", {})),
                physical_id=self._physical(logical_id),
                in_stack=logical_id in self.stack.resources,
                deletion_policy=one.get("DeletionPolicy"),
                metadata=one.get("Metadata", {}),
            )

    def _physical(self, logical_id: str) -> str | None:
        if logical_id in self.stack.resources:
            return self.stack.resources[logical_id].physical_id
        one = self._written.get(logical_id)
        written = (one or {}).get("Properties", {}).get(NAME_PROPERTY.get((one or {}).get("Type", ""), ""))
        name = self.resolver.resolve(written)
        return reference(one["Type"], name, self.place) if one and isinstance(name, str) else None

    @property
    def place(self) -> Place:
        return self.stack.place

    def _look(self, logical_id: str, name: str | None) -> Any:
        known = self._lasting(logical_id)
        physical = self._physical(known)
        if physical is None or known not in self._written:
            return Unresolved(f"{logical_id}{f'.{name}' if name else ''}")
        if name is None:
            return physical
        resource_type = self._written[known]["Type"]
        computed = attribute(resource_type, physical, name, self.place)
        if not isinstance(computed, Unresolved):
            return computed
        return self.ask(resource_type, physical, name) or Unresolved(f"{logical_id}.{name}")

    def _lasting(self, logical_id: str) -> str:
        one = self.template["Resources"].get(logical_id)
        return stable_id(logical_id, one["Type"]) if one else logical_id


def model(template: Path, stack: Stack, ask: Ask = lambda *_: None) -> Model:
    # ministack gives the SAM transform no parameters: what that resolves itself, a layer's name, bears the defaults.
    parameters = {} if stack.local else stack.parameters
    written = transformed(template, parameters, stack.place.region, aliases=not stack.local)
    return Model(written, stack, ask)
