"""What a person may send from a page: by its bytes, whatever its name and type say."""

from __future__ import annotations

import pytest

from domain.errors import ContentRefusedError, MediaRefusedError
from domain.media import MediaRefusal
from domain.outbound import Audio, Content, Document, Image, MediaFile, Video
from domain.own_files import MOST_BYTES, TYPES, NewFile, content_of

PNG, PDF = b"\x89PNG\r\n\x1a\n" + bytes(20), b"%PDF-1.7 made up"
MP4, OGG = bytes(4) + b"ftypisom", b"OggS" + bytes(20)


@pytest.mark.parametrize(
    ("data", "mime_type", "form"),
    [
        (PNG, "image/png", Image),
        (PDF, "application/pdf", Document),
        (MP4, "video/mp4", Video),
        (OGG, "audio/ogg; codecs=opus", Audio),
        (b"plain words", "text/plain", Document),
    ],
)
def test_the_form_follows_from_the_type(data: bytes, mime_type: str, form: type[Content]) -> None:
    content = content_of(data, mime_type, "file", "")
    assert isinstance(content, form)
    assert isinstance(content.file, NewFile)
    assert content.file.data == data


def test_a_document_keeps_its_name_without_what_is_not_seen_in_it() -> None:
    content = content_of(PDF, "application/pdf", "..\\bills/\u202einvoice 7.pdf", "Here it is")
    assert isinstance(content, Document)
    assert (content.filename, content.caption) == ("invoice 7.pdf", "Here it is")


@pytest.mark.parametrize(
    ("data", "mime_type", "reason"),
    [
        (bytes(MOST_BYTES + 1), "image/png", MediaRefusal.TOO_LARGE),
        (PDF, "image/png", MediaRefusal.TYPE_MISMATCH),
        (b"%PDF-1.7 <html>", "application/pdf", MediaRefusal.TYPE_MISMATCH),
        (b"MZ", "application/x-msdownload", MediaRefusal.TYPE_NOT_ACCEPTED),
        (b"<svg/>", "image/svg+xml", MediaRefusal.TYPE_NOT_ACCEPTED),
        (b"<p>", "text/html", MediaRefusal.TYPE_NOT_ACCEPTED),
        (b"RIFF0000WEBP", "image/webp", MediaRefusal.TYPE_NOT_ACCEPTED),
    ],
)
def test_what_is_refused(data: bytes, mime_type: str, reason: MediaRefusal) -> None:
    with pytest.raises(MediaRefusedError) as raised:
        content_of(data, mime_type, "file", "")
    assert raised.value.reason is reason


def test_an_empty_file_and_too_long_a_caption_are_refused() -> None:
    with pytest.raises(ContentRefusedError):
        content_of(b"", "text/plain", "empty.txt", "")
    with pytest.raises(ContentRefusedError):
        content_of(PNG, "image/png", "x.png", "x" * 1025)


def test_its_bytes_stand_in_no_words_and_its_digest_tells_it_from_others() -> None:
    one, other = content_of(PDF, "application/pdf", "a.pdf", ""), content_of(PDF + b"!", "application/pdf", "a.pdf", "")
    assert "made up" not in repr(one)
    assert repr(one) != repr(other)


def test_what_was_known_before_files_could_be_sent_reads_as_it_did() -> None:
    """The fingerprints of earlier sends are made of these words."""
    assert repr(MediaFile(id="1")) == "MediaFile(id='1', link='', mime_type='', size=None)"


def test_what_the_page_offers_is_what_is_taken() -> None:
    assert {"image/jpeg", "image/png", "application/pdf"} <= set(TYPES)
    assert not {"image/svg+xml", "text/html", "image/webp"} & set(TYPES)
