"""WCAG 2.2: 1.4.3 (4.5:1 for text) and 1.4.11 (3:1 for what one must see to use a field), computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_TOKENS = (Path(__file__).parents[3] / "src" / "pages" / "static" / "tokens.css").read_text()
_COLOUR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
_COLOURS = {name: (light, dark) for name, light, dark in _COLOUR.findall(_TOKENS)}

_GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "selected")
_TEXTS = [(text, ground) for text in ("text", "muted") for ground in _GROUNDS]
_ON_SOFT = [
    (tone, f"{tone}-soft") for tone in ("accent", "info", "good", "warn", "bad", *(f"tone-{n}" for n in range(8)))
]
_ON_SURFACE = [(tone, ground) for tone in ("accent", "bad", "info") for ground in ("surface", "canvas", "selected")]
_OTHERS = [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("text", "accent-soft"),
    ("text", "warn-soft"),
    ("muted", "warn-soft"),
    ("text", "bad-soft"),
    ("text", "bubble-in"),
    ("muted", "bubble-in"),
    ("on-bubble-out", "bubble-out"),
    ("canvas", "warn"),
]
_SEEN = [("outline", ground) for ground in ("surface", "canvas")] + [("accent", ground) for ground in _GROUNDS]


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*_TEXTS, *_ON_SOFT, *_ON_SURFACE, *_OTHERS])
def test_text_can_be_read(text: str, ground: str, scheme: int) -> None:
    assert _contrast(_COLOURS[text][scheme], _COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), _SEEN)
def test_the_edge_of_a_field_can_be_seen(line: str, ground: str, scheme: int) -> None:
    assert _contrast(_COLOURS[line][scheme], _COLOURS[ground][scheme]) >= 3
