"""Static files: each under a name that changes with its bytes, so that a browser may keep it for ever."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_ICONS = Path(__file__).parent / "icons"

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

# One file for the browser, one for each concern for whoever reads it. Later ones win over earlier ones.
_BUNDLES: Mapping[str, tuple[str, ...]] = {
    "app.css": (
        "tokens.css",
        "base.css",
        "forms.css",
        "components.css",
        "shell.css",
        "inbox.css",
        "thread.css",
        "pages.css",
    ),
    "app.js": ("app.js",),
    "htmx.js": ("htmx.min.js",),
    "favicon.svg": ("favicon.svg",),
}

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    """As it is asked for: with the digest of its bytes."""
    content: bytes
    content_type: str
    integrity: str
    """For the `integrity` attribute: a browser runs nothing else under this name."""


@cache
def asset(name: str) -> Asset:
    """By the name that templates use."""
    content = b"\n".join((_FOLDER / part).read_bytes() for part in _BUNDLES[name])
    stem, _, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:_DIGITS]}.{suffix}"
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Asset(hashed, content, _TYPES[f".{suffix}"], f"sha384-{digest}")


def served(hashed: str) -> Asset | None:
    """By the name that browsers ask for. None where there is no such file, or only one of other bytes."""
    stem, _, suffix = hashed.rpartition(".")
    name = f"{stem.rpartition('.')[0]}.{suffix}"
    return asset(name) if name in _BUNDLES and asset(name).name == hashed else None


@cache
def icon(name: str) -> str:
    """What stands inside the `svg` element of one vendored icon."""
    text = (_ICONS / f"{name}.svg").read_text()
    return text.partition("<svg")[2].partition(">")[2].rpartition("</svg>")[0].strip()
