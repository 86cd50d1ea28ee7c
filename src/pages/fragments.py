"""Parts of a page that a browser asks for again and again: whether there is anything new in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pages.rendering import render
from pages.visit import Visit

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Fragment:
    html: Markup
    seen: str
    """Stands in the address under which it is asked for next: the same again is not sent again."""


def fragment(outer: str, inner: str, visit: Visit, **view: Any) -> Fragment:
    """`outer` gets the rendered `inner` as `body`, and its digest as `seen`."""
    body = rendered(inner, visit, **view)
    seen = hashlib.sha256(body.encode()).hexdigest()[:_DIGITS]
    return Fragment(rendered(outer, visit, body=body, seen=seen, **view), seen)


def rendered(template: str, visit: Visit, **view: Any) -> Markup:
    """To stand in another template: it has been escaped."""
    return Markup(render(template, visit, **view))  # noqa: S704 (what our own templates have escaped)
