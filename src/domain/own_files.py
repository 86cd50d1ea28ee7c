"""Files that the seller's people send: checked as customers' files are, before anything is written or Meta is asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from domain.errors import ContentRefusedError, MediaRefusedError
from domain.media import MediaKind, MediaRefusal, clean_name
from domain.media_rules import HEAD, accepted_type, accepted_types, kind_of, require_type
from domain.outbound import Audio, Document, Image, MediaFile, Video

MOST_BYTES = 4_000_000
"""What a page takes: a function gets 6 MB at most, in base64, with all around it. Meta takes more of each kind."""

_KINDS = (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.DOCUMENT)
TYPES = tuple(mime_type for kind in _KINDS for mime_type in accepted_types(kind))


@dataclass(frozen=True, slots=True)
class NewFile(MediaFile):
    """Handed to Meta in the moment of sending. Its digest tells it from another that is sent under the same key."""

    sha256: str = ""
    data: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        """It has neither id nor link: Meta gives the one for the bytes."""


def content_of(data: bytes, mime_type: str, filename: str, caption: str) -> Image | Video | Audio | Document:
    """`mime_type`: as the browser says; the bytes must agree. Raises `MediaRefusedError`, `ContentRefusedError`."""
    if not data:
        raise ContentRefusedError("media", "the file is empty", limit=1, size=0)
    if len(data) > MOST_BYTES:
        raise MediaRefusedError(MediaRefusal.TOO_LARGE)
    kind = kind_of(mime_type, _KINDS)
    plain = accepted_type(kind, mime_type)
    require_type(kind, plain, data[:HEAD])
    file = NewFile(mime_type=plain, size=len(data), sha256=hashlib.sha256(data).hexdigest(), data=data)
    match kind:
        case MediaKind.IMAGE:
            return Image(file, caption)
        case MediaKind.VIDEO:
            return Video(file, caption)
        case MediaKind.AUDIO:
            return Audio(file)
        case _:
            return Document(file, caption, clean_name(filename))
