"""The crash test of the use cases (tests/unit/domain/use_cases/test_crashes.py), on the real tables."""

from __future__ import annotations

import pytest

from domain.conversations import ThreadMessage
from domain.media import MediaState
from domain.messages import Image
from tests.builders import after, message, number
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.media import PICTURE
from tests.fakes.world import Cast
from tests.identity_stories import IDENTITY_STORIES, check_is_one
from tests.integration.aws_world import aws_world
from tests.integration.template_resources import TemplateResources
from tests.stories import STORIES, check, check_nobody_is_left_in_silence


def deployment(doom: Doom) -> Deployment:
    """Each with tables of its own."""
    resources = TemplateResources({"Suffix": f"-{doom.when}-{doom.at_call}"}).create_tables()
    world = aws_world(resources)
    world.tenants.put(number())
    return Deployment(Cast(world, world.tenants), doom)


@pytest.mark.parametrize(
    "name",
    [
        "burst of three",
        "failed later",
        "uncertain",
        "offers again",
        "edited",
        "edited before it came",
        "revoked from a burst",
        "number paused",
    ],
)
def test_every_promise_holds_wherever_the_worker_dies(name: str) -> None:
    story = STORIES[name]
    healthy = deployment(Doom())
    story.play(healthy)
    check(healthy, story)
    for n in range(len(healthy.doom.calls)):
        for when in When:
            doomed = deployment(Doom(n, when))
            story.play(doomed)
            check(doomed, story)


def test_two_who_are_one_are_one_wherever_the_worker_dies() -> None:
    story = IDENTITY_STORIES["two who are one"]
    healthy = deployment(Doom())
    story.play(healthy)
    check_is_one(healthy, story)
    of_identities = [n for n, call in enumerate(healthy.doom.calls) if "Identities" in call or "record" in call]
    assert len(of_identities) > 5
    for n in of_identities:
        for when in When:
            doomed = deployment(Doom(n, when))
            story.play(doomed)
            check_is_one(doomed, story)


@pytest.mark.parametrize("name", ["failed later", "a person is asked for", "paused while it waits"])
def test_nobody_is_left_in_silence_though_the_record_is_lost(name: str) -> None:
    story = STORIES[name]
    healthy = deployment(Doom())
    story.play(healthy)
    for n in range(len(healthy.doom.calls)):
        doomed = deployment(Doom(n, When.AFTER))
        doomed.loses_records = True
        story.play(doomed)
        doomed.sweep_until(after(hours=1))
        check_nobody_is_left_in_silence(doomed, story)


def test_a_file_ends_in_the_library_once_wherever_the_worker_dies() -> None:
    picture = message(Image("1003383421387256", "image/png"))

    def play(deployed: Deployment) -> None:
        deployed.deliver(picture)
        deployed.drain()
        deployed.drain_media()

    healthy = deployment(Doom())
    play(healthy)
    first = healthy.doom.calls.index("DynamoMediaRecords.awaited")
    for n in range(first, len(healthy.doom.calls)):
        for when in When:
            doomed = deployment(Doom(n, when))
            play(doomed)
            [media] = [entry.media for entry in doomed.thread().entries if isinstance(entry, ThreadMessage)]
            assert media is not None
            assert media.state is MediaState.STORED
            assert doomed.world.look.files() == {media.key: PICTURE}
            assert doomed.world.overdue() == []
