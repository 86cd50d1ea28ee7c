"""Every log line of the stack, searched for what customers told and for what is secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Private:
    kind: str
    """What it is, in words that may be shown."""
    value: str


@dataclass(frozen=True, slots=True)
class Searched:
    lines: int
    leaks: list[str]
    """Where, and of what kind; never the words themselves."""


@dataclass(frozen=True, slots=True)
class LogSearch:
    functions: tuple[str, ...]
    """Deployed names."""
    log_folder: Path
    """Of the processes of the local stack."""

    def search(self, private: Sequence[Private], since: float) -> Searched:
        """`since` (Unix seconds) bounds the functions' log groups; log files are read whole."""
        pattern, kinds = _needles(private)
        lines, leaks = 0, dict[str, int]()
        for source, line in self._lines(since):
            lines += 1
            for found in pattern.findall(line) if pattern else ():
                where = f"{kinds[found]} in {source}"
                leaks[where] = leaks.get(where, 0) + 1
        return Searched(lines, [f"{where} ({count} ×)" for where, count in leaks.items()])

    def _lines(self, since: float) -> Iterator[tuple[str, str]]:
        for function in self.functions:
            yield from ((f"/aws/lambda/{function}", line) for line in _of_function(function, since))
        for file in sorted(self.log_folder.glob("*.log*")):
            yield from ((file.name, line) for line in file.read_text(errors="replace").splitlines())


def _of_function(function: str, since: float) -> Iterator[str]:
    import boto3

    logs: Any = boto3.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function}", startTime=int(since * 1000)
    )
    return (event["message"] for page in pages for event in page["events"])


def _needles(private: Sequence[Private]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """Each value as it is, and as it looks inside a JSON string, with and without escapes."""
    kinds = {
        form: one.kind
        for one in private
        for form in (one.value, json.dumps(one.value)[1:-1], json.dumps(one.value, ensure_ascii=False)[1:-1])
    }
    longest_first = sorted(kinds, key=len, reverse=True)
    return (re.compile("|".join(map(_needle, longest_first))) if kinds else None), kinds


def _needle(form: str) -> str:
    """A number is looked for as a whole: inside a longer one it is another."""
    return rf"(?<!\d){form}(?!\d)" if form.isdigit() else re.escape(form)
