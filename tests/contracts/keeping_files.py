"""`MediaRecords` and `MediaLibrary`: a file is awaited from when its message is stored, until it is kept or refused."""

from __future__ import annotations

import hashlib
from functools import partial
from io import BytesIO

import pytest

from domain import messages as m
from domain.amendments import Amendments
from domain.conversations import Amended
from domain.customers import CustomerId
from domain.due import DueItem, DueKind
from domain.errors import NotAllowedError
from domain.media import (
    AwaitedMedia,
    Media,
    MediaFile,
    MediaId,
    MediaJob,
    MediaKey,
    MediaKind,
    MediaRefusal,
    MediaState,
    StoredMedia,
    media_of,
)
from domain.messages import Position
from domain.tenants import TenantId
from tests.builders import ACME, ACME_NUMBER, ALICE, GLOBEX, after, every_content, message, recording
from tests.contracts.recording import KEPT, at_once
from tests.contracts.world import World

HERS = ALICE.first_customer_id(ACME)
RECEIPT = m.Document("622684793477189", "application/pdf; x=1", filename="../my receipt.pdf", caption="here")
VOICE = m.Audio("1908647269898587", "audio/ogg; codecs=opus", voice=True)
STORED = StoredMedia(MediaKey(f"{ACME}/{HERS}/622684793477189"), "application/pdf", 1200)
PDF = b"%PDF-1.7\n"


def await_file(world: World, content: m.Content = RECEIPT, message_id: str = "wamid.in.1") -> MediaJob:
    recorded = world.record(recording(message(content, message_id), KEPT))
    return MediaJob(ACME, recorded.customer_id, recorded.position)


def media(world: World, message_id: str = "wamid.in.1") -> Media | None:
    found = world.thread(HERS).message(m.MessageId(message_id))
    assert found is not None
    return found.media


def file(content: bytes = PDF) -> MediaFile:
    return MediaFile("application/pdf", len(content), hashlib.sha256(content).digest(), BytesIO(content))


class MediaRecordsContract:
    def test_a_file_is_awaited_from_when_its_message_is_stored(self, world: World) -> None:
        job = await_file(world)
        assert world.media.awaited(ACME, job) == AwaitedMedia(
            MediaKind.DOCUMENT, MediaId("622684793477189"), ACME_NUMBER
        )
        assert media(world) == Media(
            MediaKind.DOCUMENT, MediaState.AWAITED, "application/pdf; x=1", filename="my receipt.pdf"
        )

    def test_a_voice_note_is_told_from_music(self, world: World) -> None:
        await_file(world, VOICE)
        assert media(world) == Media(MediaKind.AUDIO, MediaState.AWAITED, "audio/ogg; codecs=opus", voice=True)

    def test_what_carries_no_file_awaits_none(self, world: World) -> None:
        for n, content in enumerate(every_content()):
            job = await_file(world, content, f"wamid.{n}")
            carries = media_of(content) is not None
            assert (world.media.awaited(ACME, job) is not None, media(world, f"wamid.{n}") is not None) == (
                carries,
                carries,
            )

    def test_it_is_due_until_it_is_stored(self, world: World) -> None:
        job = await_file(world)
        [item] = world.overdue()
        assert item == DueItem(
            DueKind.MEDIA, ACME, HERS, after(seconds=1), position=job.position, sort_key=item.sort_key
        )
        assert world.media.stored(ACME, job, STORED)
        assert (world.overdue(), world.media.awaited(ACME, job)) == ([], None)
        assert media(world) == Media(
            MediaKind.DOCUMENT,
            MediaState.STORED,
            "application/pdf",
            filename="my receipt.pdf",
            key=STORED.key,
            size=1200,
        )

    def test_or_refused(self, world: World) -> None:
        job = await_file(world)
        world.media.refused(ACME, job, MediaRefusal.TOO_LARGE)
        assert (world.overdue(), world.media.awaited(ACME, job)) == ([], None)
        told = media(world)
        assert told is not None
        assert (told.state, told.refusal, told.key) == (MediaState.REFUSED, MediaRefusal.TOO_LARGE, None)

    def test_a_message_that_also_waits_for_an_answer_is_due_for_both(self, world: World) -> None:
        world.record(recording(message(RECEIPT)))
        assert {item.kind for item in world.overdue()} == {DueKind.MEDIA, DueKind.CONVERSATION}

    def test_the_first_word_holds(self, world: World) -> None:
        stored, refused = await_file(world, message_id="wamid.1"), await_file(world, message_id="wamid.2")
        assert world.media.stored(ACME, stored, STORED)
        world.media.refused(ACME, stored, MediaRefusal.EXPIRED)
        world.media.refused(ACME, refused, MediaRefusal.EXPIRED)
        assert not world.media.stored(ACME, refused, STORED)
        states = [told.state for message_id in ("wamid.1", "wamid.2") if (told := media(world, message_id))]
        assert states == [MediaState.STORED, MediaState.REFUSED]

    def test_stored_twice_it_is_stored(self, world: World) -> None:
        job = await_file(world)
        assert all(at_once([partial(world.media.stored, ACME, job, STORED)] * 4))

    def test_of_a_message_that_is_gone_nothing_is_told(self, world: World) -> None:
        await_file(world)
        gone = MediaJob(ACME, HERS, Position("2026-11-22T11:00:00Z#0000000000001#wamid.gone"))
        assert world.media.awaited(ACME, gone) is None
        assert not world.media.stored(ACME, gone, STORED)
        world.media.refused(ACME, gone, MediaRefusal.GONE)
        world.media.due_again(ACME, gone, after())
        assert len(world.thread(HERS).entries) == len(world.overdue()) == 1

    def test_asked_for_again_it_is_not_due_before_its_time(self, world: World) -> None:
        job = await_file(world)
        world.media.due_again(ACME, job, after(hours=5))
        assert world.overdue(after(hours=5)) == []
        assert [item.due_at for item in world.overdue()] == [after(hours=5)]

    def test_but_not_once_it_is_settled(self, world: World) -> None:
        job = await_file(world)
        world.media.refused(ACME, job, MediaRefusal.GONE)
        world.media.due_again(ACME, job, after(hours=5))
        assert world.overdue() == []

    def test_another_tenant_sees_and_changes_nothing(self, world: World) -> None:
        job = await_file(world)
        assert world.media.awaited(GLOBEX, job) is None
        assert not world.media.stored(GLOBEX, job, STORED)
        world.media.refused(GLOBEX, job, MediaRefusal.GONE)
        assert world.media.awaited(ACME, job) is not None

    def test_a_message_that_was_revoked_shows_its_file_no_longer(self, world: World) -> None:
        job = await_file(world)
        assert world.media.stored(ACME, job, STORED)
        amended = world.amendments.find(ACME, m.MessageId("wamid.in.1"))
        assert isinstance(amended, Amended)
        assert world.amendments.save(ACME, amended, Amendments(revoked_at=after(minutes=1)), None)
        assert media(world) is None

    @pytest.mark.parametrize("message_id", ["wamid.x#answer#y", "wamid.x#y"])
    def test_whatever_its_messages_id_is_like(self, world: World, message_id: str) -> None:
        job = await_file(world, message_id=message_id)
        assert [(item.kind, item.position) for item in world.overdue()] == [(DueKind.MEDIA, job.position)]


class MediaLibraryContract:
    def test_a_file_is_kept_under_its_tenant_and_customer(self, world: World) -> None:
        key = world.library.keep(ACME, HERS, MediaId("133"), file())
        assert key == f"{ACME}/{HERS}/133"
        assert world.look.files() == {key: PDF}

    def test_again_it_is_kept_once(self, world: World) -> None:
        assert world.library.keep(ACME, HERS, MediaId("133"), file()) == world.library.keep(
            ACME, HERS, MediaId("133"), file()
        )
        assert len(world.look.files()) == 1

    def test_the_same_id_at_another_tenant_is_another_file(self, world: World) -> None:
        for tenant_id, content in ((ACME, b"%PDF-a"), (GLOBEX, b"%PDF-b")):
            world.library.keep(tenant_id, CustomerId("c" * 24), MediaId("133"), file(content))
        assert sorted(world.look.files().values()) == [b"%PDF-a", b"%PDF-b"]

    def test_what_is_removed_is_gone(self, world: World) -> None:
        key = world.library.keep(ACME, HERS, MediaId("133"), file())
        world.library.remove(ACME, key)
        world.library.remove(ACME, key)
        assert world.look.files() == {}

    @pytest.mark.parametrize("other", [GLOBEX, TenantId("acm"), TenantId("acme-2")])
    def test_nobody_removes_another_tenants_file(self, world: World, other: TenantId) -> None:
        key = world.library.keep(ACME, HERS, MediaId("133"), file())
        with pytest.raises(NotAllowedError):
            world.library.remove(other, key)
        assert len(world.look.files()) == 1
