from __future__ import annotations

from dataclasses import replace

import pytest

from domain.change_owner import change_owner
from domain.conversations import Conversation, Owner
from domain.errors import ContentionError, NotAllowedError, ServiceUnavailableError
from domain.ownership import Change, OwnerChange, check
from tests.builders import A_PERSON_PLEASE, after, message
from tests.fakes.deployment import Deployment


@pytest.fixture(autouse=True)
def _one_message(deployment: Deployment) -> None:
    deployment.deliver(message())


def change(
    deployment: Deployment, to: Change, of: Conversation | None = None, person: str | None = None
) -> OwnerChange:
    return change_owner(
        of or deployment.conversation,
        to,
        by="ana",
        reason="asked to",
        now=after(minutes=5),
        ports=deployment.cast.track_ports,
        person=person,
    )


def test_who_takes_over_has_it_and_everybody_hears_of_it(deployment: Deployment) -> None:
    made = change(deployment, Change.TAKEN_OVER, person="ana")
    assert (deployment.conversation.owner, deployment.conversation.person) == (Owner.PERSON, "ana")
    assert deployment.cast.notifications.published == [made]
    assert (made.owner, made.by, made.reason, made.at) == (Owner.PERSON, "ana", "asked to", after(minutes=5))
    assert deployment.world.overdue() == []


def test_given_back_the_assistant_answers_the_next_message(deployment: Deployment) -> None:
    change(deployment, Change.TAKEN_OVER, person="ana")
    change(deployment, Change.HANDED_BACK)
    deployment.deliver(message("And the red one?", "wamid.2", at=after(minutes=6)))
    deployment.drain()
    [answered] = deployment.replies()
    assert answered.answers == ("wamid.2",)
    assert [each.change for each in deployment.cast.notifications.published] == ["taken_over", "handed_back"]


def test_a_job_of_before_finds_that_a_person_has_seen_to_it(deployment: Deployment) -> None:
    change(deployment, Change.TAKEN_OVER, person="ana")
    change(deployment, Change.HANDED_BACK)
    assert [str(outcome) for outcome in deployment.drain()] == ["done_before"]
    assert deployment.texts == []


def test_resolved_a_new_message_opens_it_again(deployment: Deployment) -> None:
    change(deployment, Change.RESOLVED)
    assert deployment.conversation.resolved
    deployment.deliver(message("One more thing", "wamid.2", at=after(minutes=6)))
    assert not deployment.conversation.resolved
    assert [each.change for each in deployment.cast.notifications.published] == ["resolved", "reopened"]
    deployment.drain()
    assert [reply.answers for reply in deployment.replies()] == [("wamid.2",)]
    assert deployment.world.overdue() == []


def test_told_of_the_same_message_twice_it_is_opened_once(deployment: Deployment) -> None:
    change(deployment, Change.RESOLVED)
    deployment.deliver(*[message("One more thing", "wamid.2", at=after(minutes=6))] * 2)
    assert [each.change for each in deployment.cast.notifications.published] == ["resolved", "reopened"]


def test_who_asks_for_a_person_opens_it_for_them(deployment: Deployment) -> None:
    change(deployment, Change.RESOLVED)
    deployment.deliver(message(A_PERSON_PLEASE, "wamid.2", at=after(minutes=6)))
    assert (deployment.conversation.owner, deployment.conversation.resolved) == (Owner.WAITING, False)
    assert [each.change for each in deployment.cast.notifications.published] == ["resolved", "handed_over"]


@pytest.mark.parametrize("seen", ["another version", "a message more"])
def test_what_has_changed_is_to_be_read_again(deployment: Deployment, seen: str) -> None:
    old = deployment.conversation
    if seen == "another version":
        change(deployment, Change.TAKEN_OVER, person="ben")
    else:
        deployment.deliver(message(message_id="wamid.2", at=after(seconds=9)))
    with pytest.raises(ContentionError, match="read it again"):
        change(deployment, Change.RESOLVED, old)
    assert not deployment.conversation.resolved


def test_a_topic_that_is_down_loses_no_change(deployment: Deployment) -> None:
    deployment.cast.notifications.down = True
    with pytest.raises(ServiceUnavailableError):
        change(deployment, Change.TAKEN_OVER, person="ana")
    assert deployment.conversation.person == "ana"
    assert [str(item.kind) for item in deployment.world.overdue()] == ["owner_change"]


ALLOWED = {
    (Owner.ASSISTANT, Change.HANDED_OVER),
    (Owner.ASSISTANT, Change.TAKEN_OVER),
    (Owner.ASSISTANT, Change.RESOLVED),
    (Owner.ASSISTANT, Change.REOPENED),
    (Owner.WAITING, Change.TAKEN_OVER),
    (Owner.WAITING, Change.HANDED_BACK),
    (Owner.WAITING, Change.RESOLVED),
    (Owner.PERSON, Change.TAKEN_OVER),
    (Owner.PERSON, Change.HANDED_BACK),
    (Owner.PERSON, Change.RESOLVED),
}


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("to", Change)
def test_the_drawn_transitions_are_allowed_and_no_others(deployment: Deployment, owner: Owner, to: Change) -> None:
    person, resolved = "ben" if owner is Owner.PERSON else None, to is Change.REOPENED
    of = replace(deployment.conversation, owner=owner, person=person, resolved=resolved)
    if (owner, to) in ALLOWED:
        check(to, of, "ana")
    else:
        with pytest.raises(NotAllowedError, match=r"cannot be .*; "):
            check(to, of, "ana")


@pytest.mark.parametrize(
    ("changes", "to", "person", "says"),
    [
        ({"owner": Owner.PERSON, "person": "ana"}, Change.TAKEN_OVER, "ana", "ana has this conversation already"),
        ({}, Change.TAKEN_OVER, None, "say by whom"),
        ({}, Change.REOPENED, None, "this conversation is open"),
        ({"resolved": True}, Change.RESOLVED, None, "a new message opens it again"),
        ({}, Change.HANDED_BACK, None, "the assistant has cannot be handed back; take it over first"),
    ],
)
def test_a_refusal_says_what_to_do(
    deployment: Deployment, changes: dict[str, object], to: Change, person: str | None, says: str
) -> None:
    before = deployment.world.look.everything()
    with pytest.raises(NotAllowedError, match=says):
        change(deployment, to, replace(deployment.conversation, **changes), person)  # type: ignore[arg-type]  # fields by name
    assert deployment.world.look.everything() == before
    assert not deployment.cast.notifications.published
