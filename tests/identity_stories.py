"""Stories of one customer who writes under several identities, each to be played with a worker that dies anywhere."""

from __future__ import annotations

from domain import messages as m
from domain.conversations import Disposition, Owner, ThreadMessage
from domain.customers import CustomerIdentity
from domain.errors import SendError, SendThrottledError
from domain.messages import InboundMessage
from domain.replies import Reply, ReplyState
from tests.builders import A_PERSON_PLEASE, ACME, ALICE, MONTH, after, message
from tests.fakes.crashes import Crash
from tests.fakes.deployment import Deployment
from tests.stories import Story

BY_PHONE = CustomerIdentity(phone=ALICE.phone)
BY_USER_ID = CustomerIdentity(user_id=ALICE.user_id)
NEW_PHONE = "12025550188"


def said(n: int, sender: CustomerIdentity, words: m.Content | str = "Do you have the blue mug?") -> InboundMessage:
    return message(words, f"wamid.{n}", at=after(seconds=n), sender=sender)


def two_who_are_one(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID), said(3, ALICE))
    deployment.drain()


def known_after_both_were_answered(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID))
    deployment.drain()
    deployment.deliver(said(3, ALICE), said(3, ALICE))
    deployment.drain()


def one_of_them_waits_for_a_person(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID, A_PERSON_PLEASE), said(3, ALICE))
    deployment.drain()


def merged_while_both_wait(deployment: Deployment) -> None:
    """What names the two as one awaits nothing itself."""
    deployment.deliver(said(1, BY_PHONE), said(2, BY_USER_ID), said(3, ALICE, m.Sticker("media-1", "image/webp")))
    deployment.drain()


def merged_while_an_answer_is_offered_again(deployment: Deployment) -> None:
    deployment.deliver(said(1, BY_PHONE))
    deployment.drain()
    deployment.deliver(said(2, BY_USER_ID))
    deployment.cast.messenger.fail(SendThrottledError(131056, "Pair rate limit hit"))
    job = deployment.cast.reply_jobs.take()
    if job is not None:
        try:
            deployment.outcomes.append(deployment.answer(job))
        except (Crash, SendError):
            deployment.cast.reply_jobs.forget()
            deployment.cast.reply_jobs.put(job)  # it stays on its queue
    deployment.deliver(said(3, ALICE, m.Sticker("media-1", "image/webp")))
    deployment.drain()


def a_number_changes(deployment: Deployment) -> None:
    notice = m.System("user_changed_number", wa_id=NEW_PHONE)
    deployment.deliver(said(1, BY_PHONE), said(2, CustomerIdentity(phone=NEW_PHONE)), said(3, BY_PHONE, notice))
    deployment.drain()


IDENTITY_STORIES = {
    "two who are one": Story(two_who_are_one, 3),
    "known after both were answered": Story(known_after_both_were_answered, 3),
    "one of them waits for a person": Story(one_of_them_waits_for_a_person, 3),
    "merged while both wait": Story(merged_while_both_wait, 3),
    "merged while an answer is offered again": Story(merged_while_an_answer_is_offered_again, 3, most_posts=2),
    "a number changes": Story(a_number_changes, 3),
}


def check_is_one(deployment: Deployment, story: Story) -> None:
    """One customer, one conversation, one answer to a burst, and nobody in silence."""
    where = f"{deployment.doom.when} call {deployment.doom.at_call} of {deployment.doom.calls}"
    usage = deployment.world.look.usage(ACME, MONTH)
    assert (usage["messages"], usage["customers"]) == (story.messages, 1), where
    assert deployment.world.look.customers(ACME) == 1, where
    replies = [entry for entry in deployment.thread().entries if isinstance(entry, Reply)]
    answered = [answered for reply in replies if reply.taken for answered in reply.answers]
    assert len(answered) == len(set(answered)), where
    waiting = deployment.conversation.owner is Owner.WAITING
    assert waiting or deployment.conversation.awaiting is None, where
    assert waiting or all(reply.state is not ReplyState.READY for reply in replies), where
    assert not deployment.dead_letters, where
    published = {(escalation.message_id, escalation.reason) for escalation in deployment.cast.escalations.published}
    assert usage.get("escalations", 0) == len(published), where
    assert not waiting or published, where
    check_each_is_seen_to(deployment, rested=False)


def check_each_is_seen_to(deployment: Deployment, *, rested: bool = True) -> None:
    """What holds though the record of a worker that died was lost, and perhaps the one that names the two as one.

    `rested`: the sweeper has done its work as well.
    """
    where = f"{deployment.doom.when} call {deployment.doom.at_call} of {deployment.doom.calls}"
    forms = (BY_PHONE, BY_USER_ID, CustomerIdentity(phone=NEW_PHONE))
    found = {customer_id for form in forms if (customer_id := deployment.world.customers.find(ACME, form))}
    assert len(found) == deployment.world.look.customers(ACME), where
    stored = 0
    for customer_id in found:
        thread = deployment.world.thread(customer_id)
        replies = [entry for entry in thread.entries if isinstance(entry, Reply)]
        sent = {answered for reply in replies if reply.state is ReplyState.SENT for answered in reply.answers}
        for entry in thread.entries:
            if isinstance(entry, ThreadMessage):
                stored += 1
                recorded = entry.decision.disposition is Disposition.RECORD
                assert recorded or entry.message_id in sent or thread.conversation.owner is Owner.WAITING, where
        for reply in replies:
            posts = [post for post in deployment.cast.messenger.posts if post.reply_id == reply.reply_id]
            assert sum(not post.refused for post in posts) <= 1, where
    assert deployment.world.look.usage(ACME, MONTH)["messages"] == stored, where
    assert not rested or deployment.world.overdue() == [], where
