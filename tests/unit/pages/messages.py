"""What the templates and the code of the pages say, as Babel extracts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

_PAGES = Path(__file__).parents[3] / "src" / "pages"
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "said": None, "ngettext": (1, 2)}


def extracted() -> Iterator[str | tuple[str, str]]:
    """One message each; of a plural, singular and plural."""
    found = extract_from_dir(
        _PAGES,
        method_map=[("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": {"trimmed": "true", "silent": "false"}},
        keywords=_KEYWORDS,
    )
    for _, _, message, _, _ in found:
        yield message if isinstance(message, str) else (str(message[0]), str(message[1]))
