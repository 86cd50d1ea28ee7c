"""One file: stored once, or refused with its reason, wherever a worker dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from domain import messages as m
from domain.conversations import Owner, ThreadMessage
from domain.errors import MediaRefusedError, MediaUnavailableError, ServiceUnavailableError
from domain.fetch_media import Fetched
from domain.media import Media, MediaJob, MediaRefusal, MediaState
from domain.sweep import Swept
from domain.tenants import TenantStatus, WhatsAppNumber
from tests.builders import ACME, ACME_NUMBER, ALICE, GLOBEX, after, message, number, tenant
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.media import PICTURE
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world

PHOTO = m.Image("1003383421387256", "image/jpeg", caption="This one?")
HERS = ALICE.first_customer_id(ACME)
KEY = f"{ACME}/{HERS}/{PHOTO.id}"
REFUSED = MediaRefusedError(MediaRefusal.TYPE_MISMATCH)
LATER = MediaUnavailableError("Meta gave no answer")


def media(deployment: Deployment) -> Media:
    [found] = [entry for entry in deployment.thread().entries if isinstance(entry, ThreadMessage) and entry.media]
    assert found.media is not None
    return found.media


def sent(deployment: Deployment, **changes: object) -> MediaJob:
    deployment.deliver(message(PHOTO, **changes))  # type: ignore[arg-type]  # of a message's own fields
    [job] = deployment.cast.media_jobs.waiting
    return job


def test_a_picture_is_fetched_with_its_own_number_and_kept(deployment: Deployment) -> None:
    job = sent(deployment)
    assert deployment.fetch(job) is Fetched.STORED
    [(asked_of, awaited)] = deployment.cast.media_source.asked
    assert (asked_of.phone_number_id, awaited.media_id) == (ACME_NUMBER, PHOTO.id)
    assert deployment.world.look.files() == {KEY: PICTURE}
    told = media(deployment)
    assert (told.state, told.key, told.mime_type, told.size) == (MediaState.STORED, KEY, "image/png", len(PICTURE))


def test_a_job_that_comes_twice_fetches_once(deployment: Deployment) -> None:
    job = sent(deployment)
    assert [deployment.fetch(job), deployment.fetch(job)] == [Fetched.STORED, Fetched.DONE_BEFORE]
    assert len(deployment.cast.media_source.asked) == 1


def test_a_message_that_comes_twice_asks_again_and_that_does_no_harm(deployment: Deployment) -> None:
    deployment.deliver(message(PHOTO), message(PHOTO, received_at=after(hours=1)))
    assert deployment.drain_media() == [Fetched.STORED, Fetched.DONE_BEFORE]


@pytest.mark.parametrize("content", ["Hello", m.Location(1, 2), m.Reaction("wamid.out.1", "👍")])
def test_what_carries_no_file_asks_for_none(deployment: Deployment, content: m.Content | str) -> None:
    deployment.deliver(message(content))
    assert deployment.cast.media_jobs.waiting == []


def test_a_sticker_that_nobody_answers_is_kept_all_the_same(deployment: Deployment) -> None:
    deployment.deliver(message(m.Sticker("5", "image/webp")))
    assert deployment.drain_media() == [Fetched.STORED]


def test_what_is_refused_is_told_with_its_reason_and_not_asked_for_again(deployment: Deployment) -> None:
    deployment.cast.media_source.fail(REFUSED)
    job = sent(deployment)
    assert [deployment.fetch(job), deployment.fetch(job)] == [Fetched.REFUSED, Fetched.DONE_BEFORE]
    assert (media(deployment).state, media(deployment).refusal) == (MediaState.REFUSED, MediaRefusal.TYPE_MISMATCH)
    assert deployment.world.look.files() == {}


def test_what_may_be_had_later_stays_awaited(deployment: Deployment) -> None:
    deployment.cast.media_source.fail(LATER)
    job = sent(deployment)
    with pytest.raises(MediaUnavailableError):
        deployment.fetch(job)
    assert media(deployment).state is MediaState.AWAITED
    assert deployment.fetch(job) is Fetched.STORED


@pytest.mark.parametrize(
    "owner", [None, number(tenant(status=TenantStatus.SUSPENDED)), number(tenant(GLOBEX), ACME_NUMBER)], ids=str
)
def test_of_a_number_that_is_not_this_tenants_to_use_now_nothing_is_fetched(
    deployment: Deployment, owner: WhatsAppNumber | None
) -> None:
    job = sent(deployment)
    deployment.cast.tenants = FakeTenants(*([owner] if owner else []))
    assert deployment.fetch(job) is Fetched.POSTPONED
    assert (deployment.cast.media_source.asked, media(deployment).state) == ([], MediaState.AWAITED)


def test_of_a_message_that_was_erased_meanwhile_no_file_stays(deployment: Deployment) -> None:
    job = sent(deployment)
    store = deployment.world.look.store  # type: ignore[attr-defined]  # of the fake
    keep = deployment.world.library.keep

    def erased_meanwhile(*given: object) -> object:
        key = keep(*given)  # type: ignore[arg-type]
        del store.entries[ACME, HERS][job.position]
        del store.awaited_media[ACME, HERS, job.position]
        return key

    deployment.world.library.keep = erased_meanwhile  # type: ignore[method-assign, assignment]
    assert deployment.fetch(job) is Fetched.ERASED
    assert deployment.world.look.files() == {}


def test_the_assistant_is_not_kept_waiting_for_it(deployment: Deployment) -> None:
    deployment.deliver(message(PHOTO))
    deployment.drain()
    assert len(deployment.texts) == 1
    assert deployment.conversation.owner is Owner.ASSISTANT


# --- the sweeper ---


def test_the_sweeper_asks_again_for_what_nobody_fetched(deployment: Deployment) -> None:
    sent(deployment)
    deployment.drain()
    deployment.cast.media_jobs.waiting.clear()
    assert deployment.sweep_until(after(minutes=59)) == []
    assert deployment.sweep_until(after(hours=1, minutes=20)) == [Swept.ASKED_AGAIN]
    assert media(deployment).state is MediaState.STORED
    assert deployment.world.overdue() == []


def test_a_meta_that_is_down_for_days_is_asked_a_handful_of_times(deployment: Deployment) -> None:
    deployment.cast.media_source.fail(*[LATER] * 10_000)
    sent(deployment)
    deployment.drain()
    deployment.cast.media_jobs.waiting.clear()
    swept = deployment.sweep_until(after(days=9))
    assert swept[-1] is Swept.SETTLED
    assert swept.count(Swept.ASKED_AGAIN) <= 10
    assert (media(deployment).state, media(deployment).refusal) == (MediaState.REFUSED, MediaRefusal.EXPIRED)
    assert deployment.world.overdue() == []


def test_an_outage_ends_and_the_file_is_there(deployment: Deployment) -> None:
    deployment.cast.media_source.fail(*[LATER] * 30)
    sent(deployment)
    deployment.drain()
    deployment.drain_media()
    deployment.sweep_until(after(days=3))
    assert media(deployment).state is MediaState.STORED


# --- a worker dies at each call ---


@dataclass(frozen=True, slots=True)
class Story:
    errors: tuple[Exception, ...]
    ends: MediaState


STORIES = {
    "stored": Story((), MediaState.STORED),
    "refused": Story((REFUSED, REFUSED), MediaState.REFUSED),
    "later": Story((LATER, ServiceUnavailableError("S3")), MediaState.STORED),
}


def fates(play: Callable[[Deployment], None], *, loses_records: bool) -> Iterator[Deployment]:
    healthy = Deployment(loses_records=loses_records)
    play(healthy)
    yield healthy
    for n in range(len(healthy.doom.calls) + 4):
        for when in When:
            doomed = Deployment(Cast(fake_world(), FakeTenants(number())), Doom(n, when), loses_records)
            play(doomed)
            yield doomed


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
@pytest.mark.parametrize("loses_records", [False, True])
def test_it_ends_stored_once_or_refused_wherever_a_worker_dies(story: Story, *, loses_records: bool) -> None:
    def play(deployment: Deployment) -> None:
        deployment.cast.media_source.fail(*story.errors)
        deployment.deliver(message(PHOTO))
        deployment.drain()
        deployment.drain_media()
        deployment.sweep_until(after(hours=12))

    for deployment in fates(play, loses_records=loses_records):
        where = f"{deployment.doom.when} call {deployment.doom.at_call} of {deployment.doom.calls}"
        if deployment.world.conversations.thread(ACME, HERS) is None:
            assert loses_records, where
            continue  # nothing was ever stored: nobody but the lost record knew of the message
        assert media(deployment).state is story.ends, where
        kept = {KEY: PICTURE} if story.ends is MediaState.STORED else {}
        assert deployment.world.look.files() == kept, where
        assert deployment.world.overdue() == [], where
