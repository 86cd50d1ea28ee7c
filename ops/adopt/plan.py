"""What would be adopted, what would not and why, and what the deployment after it would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.adopt.kinds import KINDS, ImportKind
from ops.audit.clients import Clients
from ops.audit.compare import Difference, canonical, compare
from ops.audit.readers import READERS
from ops.audit.reading import Reading, read_all
from ops.declared.attributes import NAME_PROPERTY
from ops.declared.model import DeclaredResource, Model

_INDEXES = "GlobalSecondaryIndexes"
_ONE_AT_A_TIME = (
    "several of its indexes are otherwise than declared, and CloudFormation makes or removes one in each deployment: "
    "put them right by hand first"
)


@dataclass(frozen=True, slots=True)
class Adoption:
    resource: DeclaredResource
    identifier: Mapping[str, str]
    properties: Mapping[str, Any]
    """As it is: the next deployment changes what it finds otherwise in the template."""
    to_change: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Refusal:
    resource: DeclaredResource
    why: str


@dataclass
class Plan:
    adoptions: list[Adoption] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def plan(declared: Model, aws: Clients, done: Callable[[], None]) -> Plan:
    """Of what the template declares, the stack lacks, and the account has."""
    candidates = [one for one in declared.resources() if not one.in_stack and one.physical_id]
    made = Plan()
    for reading in read_all(candidates, aws, done):
        if reading.unread:
            unread = reading.unread[0]
            made.refusals.append(Refusal(reading.resource, f"{unread.what} cannot be read: {unread.why}"))
        elif reading.there:
            _decide(reading, aws, made)
    return made


def _decide(reading: Reading, aws: Clients, made: Plan) -> None:
    resource = reading.resource
    kind = KINDS.get(resource.type)
    why = "holds nothing: remove it, and deploy" if kind is None else next(_refused(reading, kind), None)
    if kind is None or why:
        made.refusals.append(Refusal(resource, why or ""))
        return
    differences = [one for one in _differences(reading) if not kind.as_declared]
    made.adoptions.append(
        Adoption(
            resource,
            {kind.identifier: kind.identify(resource, aws)},
            resource.properties if kind.as_declared else _as_it_is(reading),
            differences,
        )
    )


def _differences(reading: Reading) -> Iterator[Difference]:
    reader = READERS[reading.resource.type]
    found = compare(reading.resource.properties, reading.found, reader)
    return (one for one in found if isinstance(one, Difference))


def _refused(reading: Reading, kind: ImportKind) -> Iterator[str]:
    for one in _differences(reading):
        if one.where.split(".")[0] in kind.fixed:
            wanted, found = one.shown
            yield (
                f"its {one.where} is {found or 'not there'}, declared is {wanted}, and neither can be changed: "
                "`ai-marketplace migrate` copies its rows into a new one"
            )
    if sum(one.where.startswith(_INDEXES) for one in _differences(reading)) > 1:
        yield _ONE_AT_A_TIME


def _as_it_is(reading: Reading) -> dict[str, Any]:
    """Where it is as declared, in the words of the template, so that the next deployment sees no change."""
    declared, reader = reading.resource.properties, READERS[reading.resource.type]
    told = {name: value for name, value in reading.found.items() if value not in (None, "", [], {})}
    kept = {
        name: declared[name] if name in declared and canonical(declared[name]) == canonical(value) else value
        for name, value in told.items()
        if name in declared or canonical(reader.defaults.get(name)) != canonical(value)
    }
    name = NAME_PROPERTY.get(reading.resource.type)
    return {**kept, name: declared[name]} if name and name in declared else kept
