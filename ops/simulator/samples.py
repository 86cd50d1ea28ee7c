"""Small sample files, so that a customer's picture or voice message can really be downloaded."""

import struct
import zlib
from functools import cache
from pathlib import Path

_STICKER = Path(__file__).with_name("sticker.webp")
# The first page of an Ogg stream: enough to be recognised as one.
_VOICE = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(10)
# The first box of an MP4 file.
_VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
_DOCUMENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_PICTURE_WIDTH, _PICTURE_HEIGHT = 320, 240


def sample(message_type: str) -> tuple[str, bytes]:
    """MIME type and bytes of a sample for a media message type."""
    if message_type == "image":
        return "image/png", _picture()
    return {
        "video": ("video/mp4", _VIDEO),
        "audio": ("audio/ogg; codecs=opus", _VOICE),
        "document": ("application/pdf", _DOCUMENT),
        "sticker": ("image/webp", _STICKER.read_bytes()),
    }[message_type]


@cache
def _picture() -> bytes:
    """A PNG of an evening sky over dark hills."""
    rows = b"".join(b"\x00" + b"".join(_pixel(x, y) for x in range(_PICTURE_WIDTH)) for y in range(_PICTURE_HEIGHT))
    header = struct.pack(">IIBBBBB", _PICTURE_WIDTH, _PICTURE_HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _pixel(x: int, y: int) -> bytes:
    hill = 150 + ((x - 90) ** 2) // 260
    far_hill = 130 + ((x - 250) ** 2) // 420
    if y > hill:
        return bytes((28, 44, 56))
    if y > far_hill:
        return bytes((52, 74, 92))
    if (x - 215) ** 2 + (y - 78) ** 2 < 26**2:
        return bytes((255, 236, 190))
    return bytes((90 + y * 3 // 4, 110 + y * 3 // 10, 168 - y // 6))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
