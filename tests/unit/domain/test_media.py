from __future__ import annotations

import pytest

from domain.media import MEDIA_LIFE, MediaKind, clean_name, due_again, expired, media_of
from domain.messages import position_of
from tests.builders import after, every_content, message

RECEIVED = after(seconds=1)
POSITION = position_of(message(), after())
HOUR = after(hours=1) - after()


def test_what_carries_a_file_is_known_by_its_form() -> None:
    sent = [(media.kind, media.media_id) for media in map(media_of, every_content()) if media]
    assert sent == [
        (MediaKind.IMAGE, "media-1"),
        (MediaKind.VIDEO, "media-2"),
        (MediaKind.AUDIO, "media-3"),
        (MediaKind.DOCUMENT, "media-4"),
        (MediaKind.STICKER, "media-5"),
    ]


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("receipt.pdf", "receipt.pdf"),
        ("Größe 2 🙂.pdf", "Größe 2 🙂.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\x.pdf", "x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"; filename="evil.html', "a filename=evil.html"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie x"),
        ("\x00\ud800", ""),
        ("...", ""),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_files_name_is_fit_to_be_shown_and_saved(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_meta_keeps_a_file_for_seven_days() -> None:
    assert not expired(POSITION, after(days=7))
    assert expired(POSITION, after(days=7, seconds=1))


def test_each_wait_is_as_long_as_all_before_it() -> None:
    now, asked = after(hours=1), 0
    while not expired(POSITION, now):
        due_at = due_again(POSITION, now, HOUR)
        assert due_at >= now
        now, asked = due_at + HOUR, asked + 1
    assert asked <= 10
    assert now <= RECEIVED + MEDIA_LIFE + HOUR
