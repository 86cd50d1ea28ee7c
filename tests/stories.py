"""What customers and Meta do, and what must hold afterwards, whatever happened to the workers meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.assistants import CallPerson, NoReply
from domain.conversations import Disposition, Owner, RecordedBecause, ThreadMessage
from domain.customers import CustomerIdentity
from domain.errors import (
    MessageRefusedError,
    NumberPausedError,
    NumberThrottledError,
    SendThrottledError,
    SendUncertainError,
)
from domain.ownership import Change
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ALICE,
    MONTH,
    UNDELIVERABLE,
    after,
    edit,
    message,
    order,
    reaction,
    revoke,
    status,
)
from tests.fakes.crashes import When
from tests.fakes.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Story:
    """What customers and Meta do."""

    play: Callable[[Deployment], None]
    messages: int
    most_posts: int = 1
    """Of any one reply."""
    opted_out: bool | None = None
    """What holds of offers in the end; None: the customer has said nothing of them."""
    says: tuple[tuple[str, str], ...] = ()
    """Words in the end, by message id, where they are not the first ones."""
    reactions: int = 0
    """That stand with an answer."""


def one_message(deployment: Deployment) -> None:
    deployment.deliver(message())
    deployment.drain()


def burst_of_three(deployment: Deployment) -> None:
    deployment.deliver(*(message(f"line {n}", f"wamid.{n}", at=after(seconds=n)) for n in range(3)))
    deployment.drain()


def duplicates(deployment: Deployment) -> None:
    deployment.deliver(message(), message(received_at=after(hours=1)))
    deployment.drain()
    deployment.cast.reply_jobs.forget()
    deployment.deliver(message(received_at=after(days=6)))
    deployment.drain()


def a_person_is_asked_for(deployment: Deployment) -> None:
    deployment.deliver(message(A_PERSON_PLEASE))
    deployment.drain()


def an_order_in_the_middle(deployment: Deployment) -> None:
    deployment.deliver(message(message_id="wamid.1"), message(order(), "wamid.2", at=after(seconds=2)))
    deployment.drain()


def no_idea(deployment: Deployment) -> None:
    deployment.cast.assistant.draft = CallPerson()
    one_message(deployment)


def thanks(deployment: Deployment) -> None:
    deployment.cast.assistant.draft = NoReply(RecordedBecause.THANKS)
    one_message(deployment)


def throttled_twice(deployment: Deployment) -> None:
    deployment.cast.messenger.fail(*[SendThrottledError(131056, "Pair rate limit hit")] * 2)
    one_message(deployment)


def refused(deployment: Deployment) -> None:
    deployment.cast.messenger.fail(MessageRefusedError(131026, "Message undeliverable"))
    one_message(deployment)


def number_throttled(deployment: Deployment) -> None:
    deployment.cast.messenger.fail(*[NumberThrottledError(130429, "Rate limit hit")] * 2)
    one_message(deployment)


def number_paused(deployment: Deployment) -> None:
    deployment.cast.messenger.fail(NumberPausedError(190, "Access token has expired"))
    one_message(deployment)


def paused_while_it_waits(deployment: Deployment) -> None:
    throttled, paused = SendThrottledError(131056, "Pair rate limit hit"), NumberPausedError(131031, "Account locked")
    deployment.cast.messenger.fail(throttled, paused)
    one_message(deployment)


def uncertain(deployment: Deployment) -> None:
    deployment.cast.messenger.fail(SendUncertainError(None, "Meta gave no answer"))
    one_message(deployment)


def failed_later(deployment: Deployment) -> None:
    one_message(deployment)
    for reply in deployment.replies():
        if reply.state is ReplyState.SENT:
            deployment.tell(status("failed", reply_id=reply.reply_id, failure=UNDELIVERABLE))


def read_later(deployment: Deployment) -> None:
    one_message(deployment)
    for reply in deployment.replies():
        if reply.state is ReplyState.SENT:
            deployment.tell(
                status("read", reply_id=reply.reply_id, billable_category="service"),
                status("delivered", reply_id=reply.reply_id, billable_category="service"),
            )


def no_more_offers(deployment: Deployment) -> None:
    deployment.deliver(message("STOP"), message("STOP", received_at=after(hours=1)))
    deployment.drain()


def offers_again(deployment: Deployment) -> None:
    deployment.deliver(message("STOP", "wamid.1"))
    deployment.drain()
    deployment.deliver(
        message(message_id="wamid.2", at=after(seconds=3)), message("START", "wamid.3", at=after(minutes=1))
    )
    deployment.drain()


def offers_stopped_at_meta(deployment: Deployment) -> None:
    one_message(deployment)
    recipient, failure = CustomerIdentity(phone=ALICE.phone), Failure(131050, "User has stopped")
    deployment.tell(status("failed", "wamid.offer", recipient=recipient, failure=failure))


def edited(deployment: Deployment) -> None:
    deployment.deliver(message(), edit())
    deployment.drain()


def edited_before_it_came(deployment: Deployment) -> None:
    deployment.deliver(edit(), message())
    deployment.drain()


def edited_into_asking_for_a_person(deployment: Deployment) -> None:
    deployment.deliver(message(), edit(A_PERSON_PLEASE))
    deployment.drain()


def revoked(deployment: Deployment) -> None:
    deployment.deliver(message(), edit(), revoke())
    deployment.drain()


def revoked_from_a_burst(deployment: Deployment) -> None:
    second = message("And the bowl?", "wamid.in.2", at=after(seconds=3))
    deployment.deliver(message(), second, revoke(of="wamid.in.2"))
    deployment.drain()


def reacted_to_the_answer(deployment: Deployment) -> None:
    one_message(deployment)
    deployment.deliver(reaction(of="wamid.out.1", at=after(seconds=30)))


STORIES = {
    "one message": Story(one_message, 1),
    "burst of three": Story(burst_of_three, 3),
    "duplicates": Story(duplicates, 1),
    "a person is asked for": Story(a_person_is_asked_for, 1),
    "an order in the middle": Story(an_order_in_the_middle, 2),
    "no idea": Story(no_idea, 1),
    "thanks": Story(thanks, 1),
    "throttled twice": Story(throttled_twice, 1, most_posts=3),
    "number throttled": Story(number_throttled, 1, most_posts=3),
    "number paused": Story(number_paused, 1),
    "paused while it waits": Story(paused_while_it_waits, 1, most_posts=2),
    "refused": Story(refused, 1),
    "uncertain": Story(uncertain, 1),
    "failed later": Story(failed_later, 1),
    "read later": Story(read_later, 1),
    "edited": Story(edited, 2, says=(("wamid.in.1", "Do you have the red mug?"),)),
    "edited before it came": Story(edited_before_it_came, 2, says=(("wamid.in.1", "Do you have the red mug?"),)),
    "edited into asking for a person": Story(
        edited_into_asking_for_a_person, 2, says=(("wamid.in.1", A_PERSON_PLEASE),)
    ),
    "revoked": Story(revoked, 3, says=(("wamid.in.1", ""),)),
    "revoked from a burst": Story(revoked_from_a_burst, 3, says=(("wamid.in.2", ""),)),
    "reacted to the answer": Story(reacted_to_the_answer, 2, reactions=1),
    "no more offers": Story(no_more_offers, 1, opted_out=True),
    "offers again": Story(offers_again, 3, opted_out=False),
    "offers stopped at Meta": Story(offers_stopped_at_meta, 1, opted_out=True),
}


def check(deployment: Deployment, story: Story) -> None:
    where = f"{deployment.doom.when} call {deployment.doom.at_call} of {deployment.doom.calls}"
    entries = deployment.thread().entries
    messages = [entry for entry in entries if isinstance(entry, ThreadMessage)]
    replies = [entry for entry in entries if isinstance(entry, Reply)]
    usage = deployment.world.look.usage(ACME, MONTH)

    # Stored once, counted once.
    assert len(messages) == story.messages, where
    assert usage["messages"] == story.messages, where
    assert usage["customers"] == deployment.world.look.customers(ACME) == 1, where

    # At most one POST per reply, unless the one before was definitely refused for now; at most one answer per message.
    for reply in replies:
        posts = [post for post in deployment.cast.messenger.posts if post.reply_id == reply.reply_id]
        assert len(posts) <= story.most_posts, where
        assert sum(not post.refused for post in posts) <= 1, where
    answered = [answered for reply in replies if reply.taken for answered in reply.answers]
    assert len(answered) == len(set(answered)), where
    assert sum(reply.purpose is ReplyPurpose.HANDOVER_NOTE for reply in replies) <= 1, where
    assert usage.get("replies", 0) <= sum(not post.refused for post in deployment.cast.messenger.posts), where

    # What customers say of offers holds, each word is kept once and confirmed once.
    known = deployment.world.look.opt_out(ACME, ALICE)
    assert (known and known.opted_out) == story.opted_out, where
    words = [word.cause for word in deployment.world.look.opt_outs(ACME, ALICE.first_customer_id(ACME))]
    assert len(words) == len(set(words)), where
    confirmations = sum(reply.purpose is ReplyPurpose.OPT_OUT_NOTE for reply in replies)
    assert confirmations == sum(message.decision.to_be_confirmed for message in messages), where

    # What was said of a message, or of an answer that was sent, stands with it.
    for message_id, said in story.says:
        assert [kept.words for kept in messages if kept.message_id == message_id] == [said], where
    sent_at_last = any(reply.message_id == "wamid.out.1" for reply in replies)
    assert not sent_at_last or sum(len(reply.reactions) for reply in replies) == story.reactions, where

    # Escalated at least once, each stored and counted once, nothing left unpublished.
    published = {(escalation.message_id, escalation.reason) for escalation in deployment.cast.escalations.published}
    assert usage.get("escalations", 0) == len(published), where
    customer_id = deployment.conversation.customer_id
    pending = [
        deployment.world.conversations.pending_escalation(ACME, customer_id, message.position) for message in messages
    ]
    assert not any(pending), where

    # Never silence: each message has a reply that Meta took, a person, or a reason for neither.
    sent = {answered for reply in replies if reply.state is ReplyState.SENT for answered in reply.answers}
    for message_ in messages:
        seen_to = message_.message_id in sent or message_.decision.disposition is Disposition.RECORD
        assert seen_to or deployment.conversation.owner is Owner.WAITING, where
        assert seen_to or published, where
    assert deployment.conversation.awaiting is None, where
    assert not deployment.dead_letters, where
    assert all(reply.state is not ReplyState.READY for reply in replies), where


def check_nobody_is_left_in_silence(deployment: Deployment, story: Story) -> None:
    """What holds in the end though the record of a worker that died was lost: the sweeper's promise."""
    where = f"{deployment.doom.when} call {deployment.doom.at_call} of {deployment.doom.calls}"
    thread = deployment.world.conversations.thread(ACME, ALICE.first_customer_id(ACME))
    if thread is None:
        assert deployment.doom.when is When.BEFORE or not any("record" in call for call in deployment.doom.calls), where
        return  # nothing was ever stored: nobody but the lost record knew of the message
    messages = [entry for entry in thread.entries if isinstance(entry, ThreadMessage)]
    replies = [entry for entry in thread.entries if isinstance(entry, Reply)]
    sent = {answered for reply in replies if reply.state is ReplyState.SENT for answered in reply.answers}
    heard = {escalation.customer_id for escalation in deployment.cast.escalations.published}
    with_person = thread.conversation.owner is Owner.WAITING and thread.conversation.customer_id in heard
    for message_ in messages:
        seen_to = message_.message_id in sent or message_.decision.disposition is Disposition.RECORD
        assert seen_to or with_person, where
    if thread.conversation.owner is Owner.WAITING:
        assert {change.change for change in deployment.cast.notifications.published} == {Change.HANDED_OVER}, where
    for reply in replies:
        posts = [post for post in deployment.cast.messenger.posts if post.reply_id == reply.reply_id]
        assert len(posts) <= story.most_posts, where
        assert sum(not post.refused for post in posts) <= 1, where
    assert deployment.world.overdue() == [], where
    assert deployment.world.look.usage(ACME, MONTH)["messages"] == len(messages), where
