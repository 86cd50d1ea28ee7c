"""Which files are accepted: none that a browser could run, whatever they are called."""

from __future__ import annotations

import base64
import hashlib

import pytest

from domain.errors import MediaRefusedError
from domain.media import MediaKind, MediaRefusal
from domain.media_rules import EXTENSIONS, REFUSED_FROM, accepted_type, require_digest, require_size, require_type

OFFICE = "application/vnd.openxmlformats-officedocument"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"

GENUINE = [
    (MediaKind.IMAGE, "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
    (
        MediaKind.IMAGE,
        "image/jpeg",
        b'\xff\xd8\xff\xe1 http://ns.adobe.com/xap/1.0/\x00<?xpacket begin=""?><x:xmpmeta>',
    ),
    (MediaKind.IMAGE, "image/png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    (MediaKind.STICKER, "image/webp", b"RIFF\x00\x01\x00\x00WEBPVP8 "),
    (MediaKind.AUDIO, "audio/ogg", b"OggS\x00\x02OpusHead"),
    (MediaKind.AUDIO, "audio/aac", b"\xff\xf1\x50\x80"),
    (MediaKind.AUDIO, "audio/amr", b"#!AMR\n"),
    (MediaKind.AUDIO, "audio/mpeg", b"ID3\x04"),
    (MediaKind.AUDIO, "audio/mpeg", b"\xff\xfb\x90\x00"),
    (MediaKind.AUDIO, "audio/mp4", b"\x00\x00\x00\x20ftypM4A "),
    (MediaKind.VIDEO, "video/mp4", MP4),
    (MediaKind.VIDEO, "video/3gpp", b"\x00\x00\x00\x14ftyp3gp5"),
    (MediaKind.DOCUMENT, "application/pdf", b"%PDF-1.7\n"),
    (MediaKind.DOCUMENT, "application/msword", OLD_OFFICE),
    (MediaKind.DOCUMENT, "application/vnd.ms-excel", OLD_OFFICE),
    (MediaKind.DOCUMENT, f"{OFFICE}.wordprocessingml.document", b"PK\x03\x04[Content_Types].xml"),
    (MediaKind.DOCUMENT, "text/plain", "Größe: 3 < 4\n\tJa!".encode()),
    (MediaKind.DOCUMENT, "text/plain", "مرحبا".encode("cp1256")),
]


@pytest.mark.parametrize(("kind", "mime_type", "head"), GENUINE)
def test_what_is_what_its_type_says_is_accepted(kind: MediaKind, mime_type: str, head: bytes) -> None:
    assert accepted_type(kind, mime_type) == mime_type
    require_type(kind, mime_type, head)


@pytest.mark.parametrize("told", ["audio/ogg; codecs=opus", "Audio/OGG", " audio/ogg ;x"])
def test_a_types_parameters_and_case_do_not_matter(told: str) -> None:
    assert accepted_type(MediaKind.AUDIO, told) == "audio/ogg"


@pytest.mark.parametrize(
    ("kind", "mime_type"),
    [
        (MediaKind.IMAGE, "image/svg+xml"),
        (MediaKind.IMAGE, "image/gif"),
        (MediaKind.IMAGE, "text/html"),
        (MediaKind.IMAGE, "application/pdf"),
        (MediaKind.IMAGE, "image/webp"),
        (MediaKind.STICKER, "image/png"),
        (MediaKind.AUDIO, "video/mp4"),
        (MediaKind.DOCUMENT, "image/svg+xml"),
        (MediaKind.DOCUMENT, "text/html"),
        (MediaKind.DOCUMENT, "application/xhtml+xml"),
        (MediaKind.DOCUMENT, "text/xml"),
        (MediaKind.DOCUMENT, "application/xml"),
        (MediaKind.DOCUMENT, "application/javascript"),
        (MediaKind.DOCUMENT, "application/x-msdownload"),
        (MediaKind.DOCUMENT, "application/octet-stream"),
        (MediaKind.DOCUMENT, "application/zip"),
        (MediaKind.DOCUMENT, ""),
        (MediaKind.DOCUMENT, "text/plain, text/html"),
    ],
)
def test_other_types_are_not_accepted(kind: MediaKind, mime_type: str) -> None:
    with pytest.raises(MediaRefusedError) as refused:
        accepted_type(kind, mime_type)
    assert refused.value.reason is MediaRefusal.TYPE_NOT_ACCEPTED


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">'


@pytest.mark.parametrize(
    ("kind", "mime_type", "head"),
    [
        (MediaKind.IMAGE, "image/png", SVG),
        (MediaKind.IMAGE, "image/jpeg", b"\x89PNG\r\n\x1a\n"),
        (MediaKind.IMAGE, "image/jpeg", b"<html>"),
        (MediaKind.IMAGE, "image/png", b""),
        # Two things at once.
        (MediaKind.IMAGE, "image/png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rtEXt" + SVG),
        (MediaKind.IMAGE, "image/jpeg", b"\xff\xd8\xff\xfe\x01\x00< SVG onload=alert(1)>"),
        (MediaKind.IMAGE, "image/jpeg", b"\xff\xd8\xff\xfe\x01\x00*/=1;</script><ScRiPt>alert(1)"),
        (MediaKind.STICKER, "image/webp", b"RIFF/*\x00\x00WEBP*/<!DOCTYPE html><body>"),
        (MediaKind.STICKER, "image/webp", b"RIFF\x00\x00\x00\x00WAVE"),
        (MediaKind.AUDIO, "audio/mpeg", b"ID3\x04<iframe src=//evil.example>"),
        (MediaKind.AUDIO, "audio/mpeg", b"\xff\xf1\x50\x80"),
        (MediaKind.AUDIO, "audio/ogg", MP4),
        (MediaKind.DOCUMENT, "application/pdf", b"%!PS <html>"),
        (MediaKind.DOCUMENT, "application/pdf", b"MZ\x90\x00%PDF-1.7"),
        (MediaKind.DOCUMENT, "application/pdf", b"%PDF-1.7\n<script>alert(1)</script>"),
        (MediaKind.DOCUMENT, f"{OFFICE}.spreadsheetml.sheet", OLD_OFFICE),
        (MediaKind.DOCUMENT, "text/plain", b"  \n<?xml version='1.0'?><x/>"),
        (MediaKind.DOCUMENT, "text/plain", b"\xef\xbb\xbf<svg>"),
        (MediaKind.DOCUMENT, "text/plain", b"hello <script>alert(1)</script>"),
        (MediaKind.DOCUMENT, "text/plain", b"MZ\x90\x00\x03"),
        (MediaKind.DOCUMENT, "text/plain", "<script>".encode("utf-16")),
    ],
)
def test_bytes_that_are_something_else_or_something_more_are_refused(
    kind: MediaKind, mime_type: str, head: bytes
) -> None:
    with pytest.raises(MediaRefusedError) as refused:
        require_type(kind, mime_type, head)
    assert refused.value.reason is MediaRefusal.TYPE_MISMATCH


@pytest.mark.parametrize("kind", MediaKind)
def test_a_hundred_megabytes_are_refused_of_every_kind(kind: MediaKind) -> None:
    require_size(kind, REFUSED_FROM[kind] - 1)
    for size in (REFUSED_FROM[kind], 100_000_000, 100 * 1024 * 1024):
        with pytest.raises(MediaRefusedError) as refused:
            require_size(kind, size)
        assert refused.value.reason is MediaRefusal.TOO_LARGE


def test_either_way_of_writing_a_digest_is_read() -> None:
    found = hashlib.sha256(b"a picture").digest()
    require_digest(found.hex(), found)
    require_digest(found.hex().upper(), found)
    require_digest(base64.b64encode(found).decode(), found)


@pytest.mark.parametrize("told", ["", "00" * 32, "no digest", base64.b64encode(bytes(32)).decode(), "é"])
def test_another_digest_or_none_is_refused(told: str) -> None:
    with pytest.raises(MediaRefusedError) as refused:
        require_digest(told, hashlib.sha256(b"a picture").digest())
    assert refused.value.reason is MediaRefusal.DAMAGED


def test_every_accepted_type_has_an_extension() -> None:
    assert {mime_type for _, mime_type, _ in GENUINE} <= set(EXTENSIONS)
