"""What a measurement says: a figure, the aim it is held to, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    number: str
    """Of the aim, as docs/performance.md lists them."""
    what: str
    value: float
    aim: float
    unit: str = "×"
    at_least: bool = False
    """Whether more is better; a ratio or a count is to stay at or below its aim otherwise."""
    told: str = ""
    """The figures behind a ratio."""

    @property
    def met(self) -> bool:
        return self.value >= self.aim if self.at_least else self.value <= self.aim


@dataclass(frozen=True)
class Bar:
    label: str
    value: float


@dataclass(frozen=True)
class Plot:
    """Horizontal bars, as the report draws them."""

    name: str
    title: str
    unit: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Measurement:
    figures: tuple[Figure, ...]
    plots: tuple[Plot, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)


class NotMeasuredError(Exception):
    """What is missing on this machine, and how to get it."""
