"""The crash test of the use cases (tests/unit/domain/use_cases/test_crashes.py), on the real tables."""

from __future__ import annotations

import pytest

from tests.builders import after, number
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.world import Cast
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
