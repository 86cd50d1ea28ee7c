"""Faults of media that a test or a demo orders: what Meta, or whoever stands in its place, gives out instead."""

from collections.abc import Collection
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class MediaFaultKind(StrEnum):
    # Of the look-up.
    UNAVAILABLE = "unavailable"
    WRONG_SHA256 = "wrong_sha256"
    # `mime_type` in place of its own.
    WRONG_MIME_TYPE = "wrong_mime_type"
    # `url` in place of its own.
    FOREIGN_URL = "foreign_url"
    # Of the download.
    # To `url`.
    REDIRECT = "redirect"
    # `size` bytes, whatever the look-up said.
    TOO_LARGE = "too_large"
    # Silence for `seconds`, then the file.
    HANG = "hang"
    # The file over `seconds`, a byte now and then.
    DRIP = "drip"


LOOK_UP = {
    MediaFaultKind.UNAVAILABLE,
    MediaFaultKind.WRONG_SHA256,
    MediaFaultKind.WRONG_MIME_TYPE,
    MediaFaultKind.FOREIGN_URL,
}
DOWNLOAD = set(MediaFaultKind) - LOOK_UP


class MediaFault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: MediaFaultKind
    # Not given: the next file, whichever it is.
    media_id: str | None = None
    times: int = Field(default=1, ge=1)
    mime_type: str = "image/svg+xml"
    url: str = "http://169.254.169.254/latest/meta-data/"
    size: int = Field(default=100_000_000, ge=0, le=200_000_000)
    seconds: float = Field(default=30, ge=0, le=600)


class MediaFaults:
    def __init__(self) -> None:
        self._faults: list[MediaFault] = []

    def all(self) -> list[MediaFault]:
        return list(self._faults)

    def add(self, fault: MediaFault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, kinds: Collection[MediaFaultKind], media_id: str) -> MediaFault | None:
        """The first fault of these kinds that strikes this file, one use of it spent."""
        struck = next(
            (fault for fault in self._faults if fault.kind in kinds and fault.media_id in {None, media_id}), None
        )
        if struck:
            struck.times -= 1
            self._faults = [fault for fault in self._faults if fault.times > 0]
        return struck
