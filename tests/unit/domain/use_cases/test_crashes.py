"""A worker dies before or after the n-th call of any port, for every n; then its input comes again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.stories import STORIES, Story, check, one_message


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
        "FakeSendLedger.claim",
        "FakeMessenger.send_text",
        "FakeSendLedger.settle",
    ]
    after_claim = Deployment(doom=Doom(7, When.AFTER))
    one_message(after_claim)
    assert not after_claim.cast.messenger.posts
    assert after_claim.reasons == ["reply_uncertain"]
