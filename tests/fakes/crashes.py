"""Workers that die: before or after the n-th call of any port, and the same input again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from domain.pacing import NumberPace

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Port = TypeVar("Port")
Ports = TypeVar("Ports", bound="DataclassInstance")


_OWN_MEMORY = frozenset({"begin_turn"})
"""What calls nothing outside the worker: nothing is half done where it dies there."""


class Crash(BaseException):
    """The worker is gone. Nothing catches it, as nothing catches a kill: Powertools cleans up after an `Exception`."""


class When(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class Doom:
    """Counts the calls of every port that it watches, and kills the worker once, at the n-th."""

    at_call: int | None = None
    when: When = When.BEFORE
    calls: list[str] = field(default_factory=list)

    def watch(self, port: Port) -> Port:
        return cast("Port", _Watched(port, self))

    def watch_all(self, ports: Ports) -> Ports:
        """A use case's own bundle of ports. What a worker keeps in mind is no call of anything outside it."""
        given = {field.name: getattr(ports, field.name) for field in fields(ports)}
        watched = {name: self.watch(port) for name, port in given.items() if not isinstance(port, NumberPace)}
        return replace(ports, **watched)

    def call(self, name: str, run: Callable[[], Any]) -> Any:
        self.calls.append(name)
        doomed = len(self.calls) - 1 == self.at_call
        if doomed and self.when is When.BEFORE:
            raise Crash(name)
        result = run()
        if doomed:
            raise Crash(name)
        return result


class _Watched:
    def __init__(self, port: Any, doom: Doom) -> None:
        self._port = port
        self._doom = doom

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method) or name in _OWN_MEMORY:
            return method  # what a port is or keeps in mind, not what it does
        owner = type(self._port).__name__
        return lambda *args, **kwargs: self._doom.call(f"{owner}.{name}", lambda: method(*args, **kwargs))
