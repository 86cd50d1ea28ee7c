"""Every address on a page, wherever the API stands: AWS puts the stage before the path (`/prod`), a domain does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from pages.assets import asset

_PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Urls:
    base: str = ""
    """What stands before each path: empty, or `/prod`."""

    def to(self, path: str, **values: str | int | None) -> str:
        """`to("/conversations/{id}", id="a/b", tab="mine")`: what has no place in the path goes into the query.

        Every value is quoted, so none of them leads anywhere else. What is None or empty is left out of the query.
        """
        places = set(_PARAMETER.findall(path))
        filled = _PARAMETER.sub(lambda found: quote(str(values[found[1]]), safe=""), path)
        query = {name: value for name, value in values.items() if name not in places and value not in {None, ""}}
        return f"{self.base}{filled}" + (f"?{urlencode(query)}" if query else "")

    def static(self, name: str) -> str:
        return f"{self.base}/static/{asset(name).name}"
