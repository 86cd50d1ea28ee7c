"""A log line for people."""

from __future__ import annotations

import json
from typing import Any

from ops.logs.lines import LogLine


def show(line: LogLine) -> str:
    told = " ".join(f"{name}={_plain(value)}" for name, value in line.fields.items())
    return f"{line.at:%H:%M:%S.%f}"[:-3] + f"  {line.function:<16} {line.level:<7} {line.message} {told}".rstrip()


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
