"""What customers send beside words: pictures, voice notes, films, files. What becomes of each, and by what name.

awaited ─▶ stored       its bytes were what Meta said they were, and lie in the library
        └▶ refused      they never will; the reason is kept, and shown
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import BinaryIO, NewType

from domain.customers import CustomerId
from domain.messages import Audio, Content, Document, Image, Position, Sticker, Video, received_at_of
from domain.tenants import PhoneNumberId, TenantId

MediaId = NewType("MediaId", str)
"""Meta's id of a file that a customer sent."""

MediaKey = NewType("MediaKey", str)
"""Where the library keeps it: begins with the tenant."""

MEDIA_LIFE = timedelta(days=7)
"""How long Meta keeps what a customer sent."""

_LONGEST_NAME = 100


class MediaKind(StrEnum):
    """Meta's names of the message types that carry a file."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"


class MediaState(StrEnum):
    AWAITED = "awaited"
    STORED = "stored"
    REFUSED = "refused"


class MediaRefusal(StrEnum):
    """Why a file will never be in the library."""

    FOREIGN_HOST = "foreign_host"
    """Meta's answer, or a redirect, led away from Meta's hosts."""
    TOO_LARGE = "too_large"
    TYPE_NOT_ACCEPTED = "type_not_accepted"
    """Not a type that Meta documents for this kind of message."""
    TYPE_MISMATCH = "type_mismatch"
    """Its bytes are not what its type says, or a browser could take them for a page."""
    DAMAGED = "damaged"
    """Its bytes are not those whose digest Meta gives."""
    GONE = "gone"
    """Meta does not have it, or not for this number."""
    EXPIRED = "expired"
    """It could not be had for as long as Meta keeps it."""


@dataclass(frozen=True, slots=True)
class SentMedia:
    """As the message tells of it."""

    kind: MediaKind
    media_id: MediaId
    mime_type: str
    filename: str = ""
    voice: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """As the conversation keeps it, for pages to show."""

    kind: MediaKind
    state: MediaState
    mime_type: str
    """What the customer's phone said; once it is stored, what it is."""
    filename: str = ""
    voice: bool = False
    """Spoken into the phone, not a file of music."""
    key: MediaKey | None = None
    size: int | None = None
    """In bytes."""
    refusal: MediaRefusal | None = None


@dataclass(frozen=True, slots=True)
class AwaitedMedia:
    """What has to be fetched, and of which number Meta gives it out."""

    kind: MediaKind
    media_id: MediaId
    phone_number_id: PhoneNumberId


@dataclass(frozen=True, slots=True)
class MediaFile:
    """What was fetched, and found to be what Meta said."""

    mime_type: str
    size: int
    sha256: bytes
    content: BinaryIO
    """At its beginning."""


@dataclass(frozen=True, slots=True)
class StoredMedia:
    key: MediaKey
    mime_type: str
    size: int


@dataclass(frozen=True, slots=True)
class MediaJob:
    """Asks for the file of one message: its row says all else."""

    tenant_id: TenantId
    customer_id: CustomerId
    position: Position


def media_of(content: Content) -> SentMedia | None:
    match content:
        case Image(id=media_id, mime_type=mime_type):
            return SentMedia(MediaKind.IMAGE, MediaId(media_id), mime_type)
        case Video(id=media_id, mime_type=mime_type):
            return SentMedia(MediaKind.VIDEO, MediaId(media_id), mime_type)
        case Audio(id=media_id, mime_type=mime_type, voice=voice):
            return SentMedia(MediaKind.AUDIO, MediaId(media_id), mime_type, voice=voice)
        case Document(id=media_id, mime_type=mime_type, filename=filename):
            return SentMedia(MediaKind.DOCUMENT, MediaId(media_id), mime_type, filename=clean_name(filename))
        case Sticker(id=media_id, mime_type=mime_type):
            return SentMedia(MediaKind.STICKER, MediaId(media_id), mime_type)
        case _:
            return None


def clean_name(filename: str) -> str:
    """Without folders, quotes, and characters that are not seen: one that turns the direction makes `gpj.exe` of it."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        character for character in last if unicodedata.category(character)[0] not in "CZ" or character == " "
    )
    return seen.translate({ord(character): None for character in "\"';:*?<>|%"}).strip(" .")[:_LONGEST_NAME]


def expired(position: Position, now: datetime) -> bool:
    return now - received_at_of(position) >= MEDIA_LIFE


def due_again(position: Position, now: datetime, patience: timedelta) -> datetime:
    """From when on it is due again after it was asked for once more: each wait is as long as all before it together.

    So an outage of days brings a handful of calls, not one each minute. The last is due when Meta's keeping ends.
    """
    received_at = received_at_of(position)
    last = received_at + MEDIA_LIFE - patience
    return max(now, min(now + (now - received_at), last))
