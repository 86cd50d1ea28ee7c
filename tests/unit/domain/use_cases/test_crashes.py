"""A worker dies before or after the n-th call of any port, for every n; then its input comes again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.sweep import Swept
from tests.builders import after
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.stories import STORIES, Story, check, check_nobody_is_left_in_silence, one_message

LONG_AFTER = after(hours=3)
MOST_CALLS_OF_RESCUE = 16
"""What a rescue calls beyond what the story does."""


def fates(story: Story) -> Iterator[Deployment]:
    """The story once for each call at which the worker can die. The first is the one in which nobody dies."""
    healthy = Deployment()
    story.play(healthy)
    yield healthy
    for n in range(len(healthy.doom.calls)):
        for when in When:
            doomed = Deployment(doom=Doom(n, when))
            story.play(doomed)
            yield doomed


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_every_promise_holds_wherever_the_worker_dies(story: Story) -> None:
    for deployment in fates(story):
        check(deployment, story)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_nobody_is_left_in_silence_though_the_record_is_lost(story: Story) -> None:
    """No queue brings it back: then the rows tell the sweeper, and a sweeper that dies is followed by another."""
    healthy = Deployment(loses_records=True)
    story.play(healthy)
    healthy.sweep_until(LONG_AFTER)
    check_nobody_is_left_in_silence(healthy, story)
    for n in range(len(healthy.doom.calls) + MOST_CALLS_OF_RESCUE):
        for when in When:
            doomed = Deployment(doom=Doom(n, when), loses_records=True)
            story.play(doomed)
            doomed.sweep_until(LONG_AFTER)
            check_nobody_is_left_in_silence(doomed, story)


def test_a_message_that_was_stored_and_lost_ends_with_a_person_who_is_announced(deployment: Deployment) -> None:
    deployment.loses_records = True
    deployment.doom = Doom(1, When.AFTER)
    one_message(deployment)
    assert deployment.doom.calls == ["FakeTenants.number", "FakeConversations.record"]
    assert deployment.texts == deployment.reasons == []
    assert deployment.sweep_until(after(minutes=29)) == []
    assert deployment.sweep_until(after(hours=1)) == [Swept.CALLED_PERSON, Swept.SETTLED]  # a wait that nobody minds
    assert deployment.reasons == ["unanswered"]
    assert len(deployment.texts) == 1  # that a person will answer


def test_the_harness_dies_where_it_says() -> None:
    healthy = Deployment()
    one_message(healthy)
    assert healthy.doom.calls == [
        "FakeTenants.number",
        "FakeConversations.record",
        "FakeReplyJobs.put",
        "FakeTenants.number",
        "FakeConversations.thread",
        "FakeMessenger.mark_read",
        "FakeAssistant.answer",
        "FakeCatalogueSearch.product",
        "FakeSendLedger.claim",
        "FakeMessenger.send",
        "FakeSendLedger.settle",
        "FakeUsageWatch.add",
    ]
    after_claim = Deployment(doom=Doom(8, When.AFTER))
    one_message(after_claim)
    assert not after_claim.cast.messenger.posts
    assert after_claim.reasons == ["reply_uncertain"]
