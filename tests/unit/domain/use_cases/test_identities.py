"""One customer under several identities, from the first message to the answer, wherever a worker dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from domain import messages as m
from domain.answer import Answered
from domain.conversations import Owner
from domain.echo import hear_echo
from domain.errors import NotAllowedError
from domain.ownership import Change
from domain.replies import ReplyPurpose, ReplyState
from domain.unite import SplitPorts, split
from tests.builders import A_PERSON_PLEASE, ACME, ALICE, BOB, after, echo
from tests.contracts.identifying import moved, written
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.deployment import Deployment
from tests.identity_stories import (
    BY_PHONE,
    BY_USER_ID,
    IDENTITY_STORIES,
    NEW_PHONE,
    check_each_is_seen_to,
    check_is_one,
    said,
    two_who_are_one,
)
from tests.stories import Story

FIRST, SECOND = BY_PHONE.first_customer_id(ACME), BY_USER_ID.first_customer_id(ACME)


def dooms(story: Story, more: int = 0) -> Iterator[Doom]:
    healthy = Deployment()
    story.play(healthy)
    yield Doom()
    for n in range(len(healthy.doom.calls) + more):
        yield from (Doom(n, when) for when in When)


@pytest.mark.parametrize("story", IDENTITY_STORIES.values(), ids=IDENTITY_STORIES.keys())
def test_every_promise_holds_wherever_the_worker_dies(story: Story) -> None:
    for doom in dooms(story):
        deployment = Deployment(doom=doom)
        story.play(deployment)
        check_is_one(deployment, story)


@pytest.mark.parametrize("story", IDENTITY_STORIES.values(), ids=IDENTITY_STORIES.keys())
def test_nobody_is_left_in_silence_though_the_record_is_lost(story: Story) -> None:
    for doom in dooms(story, more=10):
        deployment = Deployment(doom=doom, loses_records=True)
        story.play(deployment)
        deployment.sweep_until(after(hours=3))
        check_each_is_seen_to(deployment)


def test_a_burst_of_both_gets_one_answer(deployment: Deployment) -> None:
    two_who_are_one(deployment)
    [answer] = deployment.replies()
    assert set(answer.answers) == {"wamid.1", "wamid.2", "wamid.3"}
    assert len(deployment.texts) == 1
    assert deployment.outcomes.count(Answered.ANSWERED) == 1


def test_it_goes_to_the_number_where_one_is_known(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_USER_ID), said(2, ALICE))
    deployment.drain()
    [post] = deployment.cast.messenger.posts
    assert post.recipient.phone == ALICE.phone


def test_after_a_change_to_the_new_one(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), moved(1, BY_PHONE, after(seconds=2), wa_id=NEW_PHONE).message)
    deployment.drain()
    [post] = deployment.cast.messenger.posts
    assert post.recipient.phone == NEW_PHONE


def test_who_is_merged_into_a_conversation_with_a_person_is_the_persons(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE))
    deployment.drain()
    assert hear_echo(echo(recipient=BY_PHONE), ACME, ports=deployment.cast.track_ports)
    deployment.deliver(said(2, BY_USER_ID), said(3, ALICE))
    before = len(deployment.texts)
    deployment.drain()
    assert deployment.conversation.owner is Owner.PERSON
    assert len(deployment.texts) == before
    assert deployment.outcomes[-1] is Answered.PERSON_OWNS


def test_an_echo_to_the_user_id_of_a_customer_filed_by_phone_takes_over(deployment: Deployment) -> None:
    deployment.deliver(said(1, ALICE))
    assert hear_echo(echo(recipient=BY_USER_ID), ACME, ports=deployment.cast.track_ports)
    assert deployment.conversation.owner is Owner.PERSON


def test_a_person_who_was_called_has_the_merged_conversation_and_that_is_told(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID, A_PERSON_PLEASE), said(3, ALICE))
    deployment.drain()
    assert deployment.conversation.owner is Owner.WAITING
    told = [(change.customer_id, change.change) for change in deployment.cast.notifications.published]
    assert (FIRST, Change.HANDED_OVER) in told
    assert [note.state for note in deployment.replies(ReplyPurpose.HANDOVER_NOTE)] == [ReplyState.SENT]


def split_ports(deployment: Deployment) -> SplitPorts:
    return deployment.doom.watch_all(
        SplitPorts(deployment.world.identities, deployment.world.conversations, deployment.cast.reply_jobs)
    )


def test_who_is_split_off_is_answered(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE))
    deployment.drain()
    deployment.deliver(said(2, BY_USER_ID), said(3, ALICE))
    deployment.cast.reply_jobs.forget()
    while deployment.cast.reply_jobs.take():
        pass
    assert split(ACME, SECOND, by="ana", now=after(minutes=1), ports=split_ports(deployment)) is not None
    assert split(ACME, SECOND, by="ana", now=after(minutes=2), ports=split_ports(deployment)) is None
    deployment.drain()
    for customer_id, answered in ((FIRST, "wamid.3"), (SECOND, "wamid.2")):
        thread = deployment.world.thread(customer_id)
        assert thread.conversation.awaiting is None
        assert any(answered in getattr(entry, "answers", ()) for entry in thread.entries)


def test_a_worker_that_dies_while_it_splits_leaves_nobody_in_silence() -> None:
    for n in range(8):
        for when in When:
            deployment = Deployment(loses_records=True)
            deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID), said(3, ALICE))
            deployment.cast.reply_jobs.forget()
            while deployment.cast.reply_jobs.take():
                pass
            deployment.doom = Doom(n, when)
            with suppress(Crash):
                split(ACME, SECOND, by="ana", now=after(minutes=1), ports=split_ports(deployment))
            deployment.doom = Doom()
            split(ACME, SECOND, by="ana", now=after(minutes=1), ports=split_ports(deployment))
            deployment.sweep_until(after(hours=3))
            assert deployment.world.look.customers(ACME) == 2
            check_each_is_seen_to(deployment)


def test_a_survivor_that_was_merged_itself_is_split_last(deployment: Deployment) -> None:
    older = written(-5, type(ALICE)(phone=NEW_PHONE)).message
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID), said(3, ALICE), older)
    deployment.deliver(moved(1, BY_PHONE, after(seconds=9), wa_id=NEW_PHONE).message)
    ports = split_ports(deployment)
    with pytest.raises(NotAllowedError, match="undo that merge first"):
        split(ACME, SECOND, by="ana", now=after(minutes=1), ports=ports)
    assert split(ACME, FIRST, by="ana", now=after(minutes=1), ports=ports)
    assert split(ACME, SECOND, by="ana", now=after(minutes=1), ports=ports)
    assert deployment.world.look.customers(ACME) == 3


def test_a_message_of_the_conversation_that_went_is_revoked_by_whatever_name(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE))
    deployment.drain()
    deployment.deliver(said(2, BY_USER_ID), said(3, ALICE, m.Sticker("media-1", "image/webp")))
    deployment.deliver(said(4, BY_PHONE, m.Revoke("wamid.2")))
    deployment.drain()
    assert deployment.thread().unanswered() == ()
    assert deployment.conversation.awaiting is None
    assert len(deployment.texts) == 1  # to the first message


def test_it_is_answered_in_its_new_words(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID), said(3, ALICE, m.Sticker("media-1", "image/webp")))
    deployment.deliver(said(4, BY_USER_ID, m.Edit("wamid.2", "text", m.Text("the red mug?"))))
    assert deployment.conversation.awaiting == "wamid.4"
    deployment.drain()
    [answer] = deployment.replies()
    assert set(answer.answers) == {"wamid.1", "wamid.2"}
    assert deployment.conversation.awaiting is None


def test_nobody_revokes_what_another_customer_wrote(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BOB, m.Revoke("wamid.1")))
    assert [message.message_id for message in deployment.thread().unanswered()] == ["wamid.1"]


def test_an_edit_that_waits_for_its_answer_is_answered_after_a_split(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID))
    deployment.deliver(said(3, BY_USER_ID, m.Edit("wamid.2", "text", m.Text("the red mug?"))))
    deployment.deliver(said(4, ALICE, m.Sticker("media-1", "image/webp")))
    deployment.cast.reply_jobs.forget()
    while deployment.cast.reply_jobs.take():
        pass
    assert split(ACME, SECOND, by="ana", now=after(minutes=1), ports=split_ports(deployment)) is not None
    assert deployment.world.conversation(SECOND).awaiting == "wamid.3"
    deployment.drain()
    for customer_id in (FIRST, SECOND):
        assert deployment.world.thread(customer_id).unanswered() == ()
        assert deployment.world.conversation(customer_id).awaiting is None
