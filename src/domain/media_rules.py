"""Which files are accepted: by type, by size, and by whether their bytes are what their type says.

Types: "Supported media types" of Meta's WhatsApp Cloud API reference. Nothing that a browser could run is among them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping

from domain.errors import MediaRefusedError
from domain.media import MediaKind, MediaRefusal

_MB = 1_000_000

REFUSED_FROM: Mapping[MediaKind, int] = {
    MediaKind.IMAGE: 16 * _MB,
    MediaKind.AUDIO: 32 * _MB,
    MediaKind.VIDEO: 100 * _MB,
    MediaKind.DOCUMENT: 100 * _MB,
    MediaKind.STICKER: 1 * _MB,
}
"""In bytes. Customers' phones send more than a business may (5 MB, 16 MB); beyond 100 MB Meta hands nothing over."""

HEAD = 2048
"""So many of the first bytes tell the type. Browsers look at 1,445 (WHATWG, MIME sniffing)."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Check = Callable[[bytes], bool]


def _begins(*signatures: bytes) -> Check:
    return lambda head: head.startswith(signatures)


def _base_media(head: bytes) -> bool:
    """ISO/IEC 14496-12: the first box of MP4, M4A and 3GPP."""
    return head[4:8] == b"ftyp"


def _webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _adts(head: bytes) -> bool:
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0  # noqa: PLR2004 (the sync word, layer 0)


def _mpeg(head: bytes) -> bool:
    """A frame of MPEG audio, layer III, II or I; or the tag before the first."""
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0  # noqa: PLR2004
    return frame or head.startswith(b"ID3")


def _text(head: bytes) -> bool:
    """In whatever encoding, but text, and no mark-up."""
    return not any(byte < 0x20 and byte not in b"\t\n\r\f" for byte in head) and not _MARK_UP_FIRST.match(head)  # noqa: PLR2004


_MARK_UP_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_PAGE = re.compile(rb"<\s*(?:svg|html|script|iframe|!doctype)", re.IGNORECASE)

_ACCEPTED: Mapping[MediaKind, Mapping[str, Check]] = {
    MediaKind.IMAGE: {"image/jpeg": _begins(b"\xff\xd8\xff"), "image/png": _begins(b"\x89PNG\r\n\x1a\n")},
    MediaKind.STICKER: {"image/webp": _webp},
    MediaKind.AUDIO: {
        "audio/ogg": _begins(b"OggS"),
        "audio/opus": _begins(b"OggS"),
        "audio/aac": _adts,
        "audio/amr": _begins(b"#!AMR"),
        "audio/mpeg": _mpeg,
        "audio/mp4": _base_media,
    },
    MediaKind.VIDEO: {"video/mp4": _base_media, "video/3gpp": _base_media, "video/3gp": _base_media},
    MediaKind.DOCUMENT: {
        "application/pdf": _begins(b"%PDF-"),
        "application/msword": _begins(_OLD_OFFICE),
        "application/vnd.ms-excel": _begins(_OLD_OFFICE),
        "application/vnd.ms-powerpoint": _begins(_OLD_OFFICE),
        f"{_OFFICE}.wordprocessingml.document": _begins(b"PK\x03\x04"),
        f"{_OFFICE}.spreadsheetml.sheet": _begins(b"PK\x03\x04"),
        f"{_OFFICE}.presentationml.presentation": _begins(b"PK\x03\x04"),
        "text/plain": _text,
    },
}

EXTENSIONS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "video/3gp": "3gp",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.presentationml.presentation": "pptx",
    "text/plain": "txt",
}


def accepted_types(kind: MediaKind) -> Iterable[str]:
    return _ACCEPTED[kind]


def kind_of(mime_type: str, kinds: Iterable[MediaKind]) -> MediaKind:
    """The first of these of which files of that type are accepted. Raises `MediaRefusedError`."""
    plain = _plain(mime_type)
    found = next((kind for kind in kinds if plain in _ACCEPTED[kind]), None)
    if found is None:
        raise MediaRefusedError(MediaRefusal.TYPE_NOT_ACCEPTED)
    return found


def accepted_type(kind: MediaKind, mime_type: str) -> str:
    """The type without its parameters (`audio/ogg; codecs=opus`). Raises `MediaRefusedError`."""
    plain = _plain(mime_type)
    if plain not in _ACCEPTED[kind]:
        raise MediaRefusedError(MediaRefusal.TYPE_NOT_ACCEPTED)
    return plain


def _plain(mime_type: str) -> str:
    return mime_type.partition(";")[0].strip().lower()


def require_size(kind: MediaKind, size: int) -> None:
    """Of what is announced, and of what has come so far. Raises `MediaRefusedError`."""
    if size >= REFUSED_FROM[kind]:
        raise MediaRefusedError(MediaRefusal.TOO_LARGE)


def require_type(kind: MediaKind, mime_type: str, head: bytes) -> None:
    """Whether a file that begins so is of that accepted type, and nothing else beside. Raises `MediaRefusedError`."""
    if not _ACCEPTED[kind][mime_type](head) or _PAGE.search(head):
        raise MediaRefusedError(MediaRefusal.TYPE_MISMATCH)


def require_digest(told: str, found: bytes) -> None:
    """Meta writes SHA-256 in hexadecimal where media are looked up, and in base64 in webhooks; either is taken.

    Raises `MediaRefusedError`.
    """
    if found not in _digests(told):
        raise MediaRefusedError(MediaRefusal.DAMAGED)


def _digests(told: str) -> list[bytes]:
    readings = []
    for read in (bytes.fromhex, lambda text: base64.b64decode(text, validate=True)):
        try:
            readings.append(read(told))
        except (ValueError, binascii.Error):
            continue
    return readings
