"""Two descriptions of one resource, and where they differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ops.audit.readers.reading import Reader
from ops.declared.intrinsics import Unresolved

_NAMED_BY = ("Id", "Name", "AttributeName", "Key")
_SHOWN = 160
_SECRET = re.compile(r"token|secret|password|credential|api_?key", re.IGNORECASE)
_NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Difference:
    where: str
    declared: Any
    found: Any

    @property
    def shown(self) -> tuple[str, str]:
        """For a report, which others read: a variable that looks like a secret is not told."""
        if _SECRET.search(self.where):
            return tuple("" if one in _NOTHING else "(not shown)" for one in (self.declared, self.found))  # type: ignore[return-value]  # of two
        return _show(self.declared), _show(self.found)


@dataclass(frozen=True, slots=True)
class NotCompared:
    where: str
    why: str


def compare(
    declared: Mapping[str, Any], found: Mapping[str, Any], reader: Reader
) -> Iterator[Difference | NotCompared]:
    """Property by property, of those that the service was asked for."""
    wanted, there = reader.shape({**reader.defaults, **declared}), reader.shape(found)
    for name, actual in there.items():
        if name in wanted:
            yield from _differences(name, wanted[name], actual, whole=name in reader.whole)


def _differences(path: str, declared: Any, found: Any, *, whole: bool) -> Iterator[Difference | NotCompared]:
    if isinstance(declared, Unresolved):
        yield NotCompared(path, f"{declared.reference} is not known")
    elif declared in _NOTHING and found in _NOTHING:
        return
    elif isinstance(declared, Mapping) and isinstance(found, Mapping):
        for name in [*declared, *(name for name in found if whole and name not in declared)]:
            yield from _differences(f"{path}.{name}", declared.get(name), found.get(name), whole=whole)
    elif (one := _by_name(declared)) is not None and (other := _by_name(found)) is not None:
        yield from _differences(path, one, other, whole=whole)
    elif unknown := next(_unresolved(declared), None):
        yield NotCompared(path, f"{unknown.reference} is not known")
    elif _text(declared) != _text(found):
        yield Difference(path, declared, found)


def _by_name(value: Any) -> dict[str, Any] | None:
    """A list of named things, whose order says nothing, as a mapping."""
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        return None
    key = next((name for name in _NAMED_BY if all(name in one for one in value)), None)
    return {str(one[key]): one for one in value} if key else None


def _unresolved(value: Any) -> Iterator[Unresolved]:
    match value:
        case Unresolved():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _unresolved(inner)
        case list():
            for inner in value:
                yield from _unresolved(inner)


def _text(value: Any) -> str:
    return json.dumps(canonical(value), sort_keys=True)


def canonical(value: Any) -> Any:
    """One form for what AWS writes in several: 90 and "90", true and "true", a list in any order."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:g}" if value < 10**6 else str(int(value))
        case Mapping():
            return {name: canonical(inner) for name, inner in value.items() if inner not in _NOTHING}
        case list() | tuple() | set():
            return sorted((canonical(inner) for inner in value), key=lambda one: json.dumps(one, sort_keys=True))
        case _:
            return value


def _show(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, default=str, sort_keys=True)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
