"""Delta debugging: what of a sequence it takes to fail. After Zeller and Hildebrandt, "Simplifying and isolating
failure-inducing input" (2002)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable


def shrunk(parts: Iterable[int], fails: Callable[[Collection[int]], bool]) -> list[int]:
    """The fewest parts found that still fail, in their order: of these, none can be left out alone."""
    kept, pieces = list(parts), 2
    while len(kept) > 1:
        size = -(-len(kept) // pieces)
        chunks = [kept[start : start + size] for start in range(0, len(kept), size)]
        smaller = next(
            (rest for chunk in chunks if fails(rest := [part for part in kept if part not in chunk])),
            None,
        )
        if smaller is not None:
            kept, pieces = smaller, max(pieces - 1, 2)
        elif size == 1:
            break
        else:
            pieces = min(len(kept), pieces * 2)
    return kept
