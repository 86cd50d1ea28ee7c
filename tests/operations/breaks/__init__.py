"""What people do to a deployment by hand, and what an audit must say of each."""

from __future__ import annotations

from tests.operations.breaks import functions, surroundings, tables
from tests.operations.breaks.registry import BREAKS, Breaker

__all__ = ["BREAKS", "Breaker", "functions", "surroundings", "tables"]
