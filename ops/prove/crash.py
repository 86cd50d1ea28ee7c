"""The end of a worker."""

from __future__ import annotations


class Crash(BaseException):
    """The worker is gone. Nothing catches it, as nothing catches a kill: Powertools cleans up after an `Exception`."""
