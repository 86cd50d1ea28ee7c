"""Edits, revocations and reactions, as they come: in any order, more than once, and beside the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest

from domain import messages as m
from domain.answer import Answered
from domain.assistants import CallPerson, NoReply
from domain.conversations import Decision, Disposition, Owner, RecordedBecause, ThreadMessage
from domain.errors import SendThrottledError
from domain.receive import Outcome
from domain.replies import Reply, ReplyPurpose, ReplyState
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ALICE,
    BOB,
    MONTH,
    NOON,
    after,
    edit,
    message,
    reaction,
    revoke,
    status,
)
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.deployment import Deployment

QUESTION = "Do you have the blue mug?"
REVOKED = Decision(Disposition.RECORD, RecordedBecause.REVOKED)


def kept(deployment: Deployment, message_id: str = "wamid.in.1") -> ThreadMessage:
    found = deployment.thread().message(m.MessageId(message_id))
    assert found is not None
    return found


def asked(deployment: Deployment) -> list[str]:
    """What the assistant was asked, turn by turn."""
    return [turn.words for turn in deployment.cast.assistant.turns]


def sent(deployment: Deployment) -> list[tuple[m.MessageId, ...]]:
    return [reply.answers for reply in deployment.replies() if reply.state is ReplyState.SENT]


class TestEdit:
    def test_an_unanswered_message_is_answered_in_its_new_words(self, deployment: Deployment) -> None:
        deployment.deliver(message(), edit())
        deployment.drain()
        assert asked(deployment) == ["Do you have the red mug?"]
        assert sent(deployment) == [("wamid.in.1",)]
        assert kept(deployment).first_words == QUESTION

    def test_it_asks_for_a_reply_and_is_counted_as_the_message_it_is(self, deployment: Deployment) -> None:
        deployment.receive(message())
        assert deployment.receive(edit()).outcome is Outcome.REPLY_DUE
        assert deployment.world.look.usage(ACME, MONTH)["messages_edit"] == 1

    def test_an_answer_under_way_to_the_old_words_is_superseded(self, deployment: Deployment) -> None:
        deployment.receive(message())
        draft = deployment.cast.assistant.draft

        def think(_turn: object) -> object:
            deployment.cast.assistant.draft = draft
            deployment.receive(edit())
            return draft

        deployment.cast.assistant.draft = think  # type: ignore[assignment]
        assert deployment.drain() == [Answered.SUPERSEDED, Answered.ANSWERED]
        assert asked(deployment)[-1] == "Do you have the red mug?"
        assert len(deployment.texts) == 1

    def test_what_was_answered_is_not_answered_again(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.drain()
        assert deployment.receive(edit()).outcome is Outcome.RECORDED
        deployment.drain()
        assert (len(deployment.texts), kept(deployment).words) == (1, "Do you have the red mug?")

    def test_the_rest_of_the_burst_is_answered_with_it(self, deployment: Deployment) -> None:
        deployment.deliver(message(), message("And the bowl?", "wamid.in.2", at=after(seconds=3)), edit())
        deployment.drain()
        assert asked(deployment) == ["Do you have the red mug?\nAnd the bowl?"]
        assert sent(deployment) == [("wamid.in.1", "wamid.in.2")]

    def test_the_newest_by_metas_time_counts_whatever_comes_last(self, deployment: Deployment) -> None:
        newest = edit("the green one?", "wamid.edit.2", at=after(seconds=15))
        deployment.deliver(message(), newest, edit(), newest, edit())
        deployment.drain()
        assert asked(deployment) == ["the green one?"]

    def test_of_one_second_the_higher_id_counts(self, deployment: Deployment) -> None:
        deployment.deliver(message(), edit("b", "wamid.edit.b"), edit("a", "wamid.edit.a"))
        assert kept(deployment).words == "b"

    def test_a_picture_gets_its_new_caption(self, deployment: Deployment) -> None:
        picture = m.Image("media-1", "image/jpeg", caption="this one?")
        changed = m.Edit("wamid.in.1", "image", m.Image("media-1", "image/jpeg", caption="that one?"))
        deployment.deliver(message(picture), message(changed, "wamid.edit.1", at=after(seconds=9)))
        assert (kept(deployment).type, kept(deployment).words) == ("image", "that one?")

    def test_another_customers_changes_nothing(self, deployment: Deployment) -> None:
        deployment.deliver(message(), edit(sender=BOB), revoke(sender=BOB))
        assert (kept(deployment).words, kept(deployment).revoked_at) == (QUESTION, None)
        deployment.drain()
        assert asked(deployment) == [QUESTION]

    def test_nor_before_the_message_came(self, deployment: Deployment) -> None:
        deployment.deliver(edit(sender=BOB), revoke(sender=BOB), message())
        deployment.drain()
        assert (asked(deployment), kept(deployment).revoked_at) == ([QUESTION], None)

    def test_what_it_says_now_may_be_of_a_kind_nobody_knows(self, deployment: Deployment) -> None:
        deployment.deliver(
            message(),
            message(m.Edit("wamid.in.1", "hologram", m.Unknown("hologram")), "wamid.edit.1", at=after(seconds=9)),
        )
        assert (kept(deployment).type, kept(deployment).words) == ("unknown", "")
        deployment.cast.assistant.draft = CallPerson()
        deployment.drain()
        assert deployment.reasons == ["no_answer"]

    def test_one_that_waited_is_what_is_answered(self, deployment: Deployment) -> None:
        deployment.deliver(edit(), message())
        deployment.drain()
        assert asked(deployment) == ["Do you have the red mug?"]
        assert sent(deployment) == [("wamid.in.1",)]

    def test_where_a_person_speaks_nobody_else_answers(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.world.look.give_to(ACME, ALICE.first_customer_id(ACME), Owner.PERSON)
        deployment.deliver(edit())
        assert set(deployment.drain()) == {Answered.PERSON_OWNS}
        assert kept(deployment).words == "Do you have the red mug?"

    def test_of_a_reply_that_waits_to_be_offered_again_the_words_stay(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(SendThrottledError(131056, "Pair rate limit hit"))
        deployment.receive(message())
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(SendThrottledError):
            deployment.answer(job)
        deployment.deliver(edit())
        deployment.now += timedelta(minutes=1)
        assert deployment.answer(job) is Answered.ANSWERED
        assert deployment.drain() == []


class TestEditThatMeansMore:
    @pytest.mark.parametrize("before", [[message()], []], ids=["after its message", "before it"])
    def test_asking_for_a_person_calls_one(self, deployment: Deployment, before: list[m.InboundMessage]) -> None:
        deployment.deliver(*before)
        assert deployment.receive(edit(A_PERSON_PLEASE)).outcome is Outcome.ESCALATED
        deployment.deliver(message())
        deployment.drain()
        assert deployment.reasons == ["person_requested"]
        assert deployment.conversation.owner is Owner.WAITING
        assert len(deployment.texts) == 1  # that a person will answer

    def test_also_when_the_message_had_been_answered(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.drain()
        deployment.deliver(edit(A_PERSON_PLEASE))
        assert deployment.reasons == ["person_requested"]

    @pytest.mark.parametrize("edit_first", [False, True])
    def test_stop_ends_offers_and_is_confirmed_once_and_not_answered(
        self, deployment: Deployment, *, edit_first: bool
    ) -> None:
        told = [message(), edit("STOP")]
        deployment.deliver(*(reversed(told) if edit_first else told))
        deployment.drain()
        opt_out = deployment.world.look.opt_out(ACME, ALICE)
        assert opt_out is not None
        assert (opt_out.opted_out, opt_out.cause, opt_out.since) == (True, "wamid.edit.1", after(seconds=10))
        assert kept(deployment).decision == Decision(Disposition.RECORD, RecordedBecause.NO_ANSWER_EXPECTED)
        assert (len(deployment.replies(ReplyPurpose.OPT_OUT_NOTE)), deployment.replies(), asked(deployment)) == (
            1,
            [],
            [],
        )
        assert deployment.conversation.awaiting is None

    def test_with_others_in_the_burst_those_are_answered(self, deployment: Deployment) -> None:
        deployment.deliver(message(), message("And the bowl?", "wamid.in.2", at=after(seconds=3)), edit("STOP"))
        deployment.drain()
        assert (asked(deployment), sent(deployment)) == (["And the bowl?"], [("wamid.in.2",)])
        assert len(deployment.replies(ReplyPurpose.OPT_OUT_NOTE)) == 1

    @pytest.mark.parametrize("taken_back", [edit(), revoke()], ids=["edited", "revoked"])
    @pytest.mark.parametrize(("word", "opted_out"), [("STOP", True), ("START", None)])
    def test_a_word_taken_back_before_it_came_ends_offers_but_brings_none_back(
        self, deployment: Deployment, taken_back: m.InboundMessage, word: str, opted_out: bool | None
    ) -> None:
        deployment.deliver(taken_back, message(word))
        deployment.drain()
        opt_out = deployment.world.look.opt_out(ACME, ALICE)
        assert (opt_out and opt_out.opted_out) == opted_out
        assert deployment.replies(ReplyPurpose.OPT_OUT_NOTE) == []


class TestRevoke:
    def test_what_is_taken_back_unanswered_is_not_answered(self, deployment: Deployment) -> None:
        deployment.deliver(message(), revoke())
        assert deployment.drain() == [Answered.DONE_BEFORE]
        assert (kept(deployment).decision, kept(deployment).words) == (REVOKED, "")
        assert deployment.conversation.awaiting is None
        assert deployment.world.overdue() == []
        assert (deployment.texts, deployment.reasons) == ([], [])

    @pytest.mark.parametrize("of", ["wamid.in.1", "wamid.in.2"])
    def test_the_rest_of_the_burst_still_gets_its_answer(self, deployment: Deployment, of: str) -> None:
        deployment.deliver(message(), message("And the bowl?", "wamid.in.2", at=after(seconds=3)), revoke(of=of))
        deployment.drain()
        other = {"wamid.in.1": "And the bowl?", "wamid.in.2": QUESTION}
        assert asked(deployment) == [other[of]]
        assert len(sent(deployment)) == 1
        assert of not in sent(deployment)[0]

    def test_also_where_its_own_job_had_already_found_itself_superseded(self, deployment: Deployment) -> None:
        deployment.receive(message())
        first = deployment.cast.reply_jobs.take()
        deployment.receive(message("And the bowl?", "wamid.in.2", at=after(seconds=3)))
        assert first is not None
        assert deployment.answer(first) is Answered.SUPERSEDED
        deployment.receive(revoke(of="wamid.in.2"))
        assert deployment.drain() == [Answered.SUPERSEDED, Answered.ANSWERED]
        assert sent(deployment) == [("wamid.in.1",)]

    def test_one_after_another_until_nothing_is_left(self, deployment: Deployment) -> None:
        deployment.deliver(message(), message("And the bowl?", "wamid.in.2", at=after(seconds=3)))
        deployment.deliver(revoke(of="wamid.in.2"), revoke("wamid.revoke.2", at=after(seconds=21)))
        assert Answered.ANSWERED not in deployment.drain()
        assert [kept(deployment, name).decision for name in ("wamid.in.1", "wamid.in.2")] == [REVOKED, REVOKED]
        assert deployment.conversation.awaiting is None

    def test_one_that_came_first_means_that_nothing_is_asked(self, deployment: Deployment) -> None:
        deployment.deliver(revoke())
        assert deployment.receive(message(A_PERSON_PLEASE)).outcome is Outcome.RECORDED
        assert (kept(deployment).decision, kept(deployment).words, deployment.reasons) == (REVOKED, "", [])

    def test_after_the_answer_was_claimed_it_changes_nothing_of_that(self, deployment: Deployment) -> None:
        deployment.doom = Doom(7, When.AFTER)
        deployment.receive(message())
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(Crash):
            deployment.answer(job)
        assert deployment.doom.calls[-1] == "FakeSendLedger.claim"
        deployment.deliver(revoke())
        assert kept(deployment).decision.disposition is Disposition.ANSWER
        assert kept(deployment).revoked_at == after(seconds=20)
        assert deployment.answer(job) is Answered.HANDED_OVER

    def test_between_reading_and_claiming_it_wins(self, deployment: Deployment) -> None:
        deployment.receive(message())
        draft = deployment.cast.assistant.draft

        def think(_turn: object) -> object:
            deployment.receive(revoke())
            return draft

        deployment.cast.assistant.draft = think  # type: ignore[assignment]
        assert deployment.drain() == [Answered.SUPERSEDED]
        assert (deployment.texts, kept(deployment).decision) == ([], REVOKED)

    @pytest.mark.parametrize("draft", [CallPerson(), NoReply(RecordedBecause.THANKS)], ids=["person", "no reply"])
    def test_also_over_what_else_the_assistant_decides(self, deployment: Deployment, draft: object) -> None:
        deployment.receive(message())

        def think(_turn: object) -> object:
            deployment.receive(revoke())
            return draft

        deployment.cast.assistant.draft = think  # type: ignore[assignment]
        assert deployment.drain() == [Answered.SUPERSEDED]
        assert kept(deployment).decision == REVOKED
        assert (deployment.texts, deployment.reasons) == ([], [])

    def test_who_was_called_stays_called(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE), revoke())
        deployment.drain()
        assert deployment.conversation.owner is Owner.WAITING
        assert kept(deployment).decision.disposition is Disposition.ESCALATE
        assert kept(deployment).words == ""
        assert deployment.reasons == ["person_requested"]

    def test_an_edit_does_not_bring_it_back(self, deployment: Deployment) -> None:
        deployment.deliver(message(), revoke(), edit(at=after(seconds=30)))
        assert (kept(deployment).words, kept(deployment).edited_at) == ("", None)
        assert deployment.drain() == [Answered.DONE_BEFORE]

    def test_what_it_said_is_not_told_to_the_assistant_later(self, deployment: Deployment) -> None:
        deployment.deliver(message("my card is 4111"), edit("my card is 4112"), revoke())
        deployment.deliver(message("And the bowl?", "wamid.in.2", at=after(minutes=1)))
        deployment.drain()
        [turn] = deployment.cast.assistant.turns
        assert "4111" not in repr(turn)
        assert all("4112" not in entry.words for entry in turn.history if isinstance(entry, ThreadMessage))


class TestReaction:
    def test_it_stands_with_the_message_and_asks_for_nothing(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        assert deployment.receive(reaction()).outcome is Outcome.RECORDED
        assert [said.emoji for said in kept(deployment).amendments.reactions] == ["👍"]

    def test_the_newest_of_each_person_counts(self, deployment: Deployment) -> None:
        deployment.deliver(
            message(),
            reaction("🎉", "wamid.reaction.2", at=after(seconds=6)),
            reaction(),
            reaction("❤️", "wamid.reaction.3", sender=BOB),
        )
        reactions = {said.by: said.emoji for said in kept(deployment).amendments.reactions}
        assert reactions == {ALICE.first_customer_id(ACME): "🎉", BOB.first_customer_id(ACME): "❤️"}

    def test_removed_it_is_gone_though_it_comes_again(self, deployment: Deployment) -> None:
        deployment.deliver(message(), reaction("", "wamid.reaction.2", at=after(seconds=6)), reaction())
        assert kept(deployment).amendments.reactions == ()

    def test_to_an_answer_it_stands_with_the_answer(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.drain()
        deployment.deliver(reaction(of="wamid.out.1", at=after(seconds=30)))
        [answer] = deployment.replies()
        assert [said.emoji for said in answer.reactions] == ["👍"]
        assert deployment.receive(edit(of="wamid.out.1")).outcome is Outcome.RECORDED
        assert deployment.replies()[0].text == answer.text

    def test_to_a_message_of_other_software_it_is_kept_alone(self, deployment: Deployment) -> None:
        deployment.tell(status("sent", "wamid.foreign", reply_id="order-4711"))
        assert deployment.receive(reaction(of="wamid.foreign")).outcome is Outcome.RECORDED


def everything(deployment: Deployment) -> object:
    conversation = deployment.conversation
    return deployment.thread().entries, conversation.awaiting, deployment.world.look.usage(ACME, MONTH)


def told_in(order: Iterable[m.InboundMessage], times: int = 1) -> Deployment:
    deployment = Deployment()
    for one in order:
        deployment.deliver(*[one] * times)
    return deployment


STORY = (
    message(),
    edit(),
    edit("the green one?", "wamid.edit.2", at=after(seconds=15)),
    revoke(),
    reaction(),
    reaction("", "wamid.reaction.2", at=after(seconds=6)),
)


class TestDisorder:
    def test_whatever_the_order_the_rows_end_the_same(self) -> None:
        in_order = everything(told_in(STORY))
        orders = list(permutations(STORY))
        assert len(orders) == 720
        assert all(everything(told_in(order)) == in_order for order in orders)

    def test_and_whatever_comes_five_times(self) -> None:
        in_order = everything(told_in(STORY))
        for seed in range(30):
            shuffled = list(STORY) * 5
            Random(seed).shuffle(shuffled)  # noqa: S311 (an order, not a secret)
            assert everything(told_in(shuffled)) == in_order
            assert everything(told_in(reversed(STORY), times=5)) == in_order

    def test_unrevoked_it_is_answered_once_in_the_newest_words(self) -> None:
        told = [one for one in STORY if not isinstance(one.content, m.Revoke)]
        for order in permutations(told):
            deployment = told_in(order)
            deployment.drain()
            assert (asked(deployment), sent(deployment)) == (["the green one?"], [("wamid.in.1",)])

    def test_answered_whenever_it_is_answered_at_most_once(self) -> None:
        for order in permutations(STORY):
            deployment = Deployment()
            for one in order:
                deployment.deliver(one)
                deployment.drain()
            assert len(deployment.texts) <= 1
            assert deployment.conversation.awaiting is None
            assert deployment.reasons == []

    def test_of_a_message_that_never_comes_nothing_is_due(self) -> None:
        deployment = told_in(STORY[1:])
        assert deployment.world.overdue() == []
        assert deployment.drain() == []

    def test_a_whole_day_shuffled_ends_in_the_same_rows(self) -> None:
        day = [message(f"line {n}", f"wamid.day.{n}", at=after(minutes=7 * n)) for n in range(40)]
        day += [
            edit(f"line {n}!", f"wamid.edit.{n}", of=f"wamid.day.{n}", at=after(minutes=7 * n + 1)) for n in (3, 20)
        ]
        day += [revoke(f"wamid.revoke.{n}", of=f"wamid.day.{n}", at=after(minutes=7 * n + 2)) for n in (5, 20)]
        day += [reaction(message_id=f"wamid.r.{n}", of=f"wamid.day.{n}", at=after(minutes=300 + n)) for n in range(9)]
        in_order = told_in(sorted(day, key=lambda one: one.timestamp))
        for seed in range(10):
            shuffled = list(day)
            Random(seed).shuffle(shuffled)  # noqa: S311 (an order, not a secret)
            deployment = told_in(shuffled)
            assert deployment.thread().entries == in_order.thread().entries
            assert deployment.world.look.usage(ACME, MONTH) == in_order.world.look.usage(ACME, MONTH)
            assert deployment.conversation.last_inbound_at == in_order.conversation.last_inbound_at

    def test_last_weeks_message_stands_in_its_place_and_is_not_answered_as_new(self, deployment: Deployment) -> None:
        deployment.deliver(message(message_id="wamid.new"))
        deployment.drain()
        last_week = NOON - timedelta(days=6)
        late = message("Are you open today?", "wamid.old", at=last_week, received_at=after(minutes=1))
        assert deployment.receive(late).outcome is Outcome.RECORDED
        first, second, answer = deployment.thread().entries
        assert isinstance(first, ThreadMessage)
        assert isinstance(second, ThreadMessage)
        assert isinstance(answer, Reply)
        assert (first.message_id, second.message_id) == ("wamid.old", "wamid.new")
        assert first.decision.reason is RecordedBecause.LATE
        assert deployment.conversation.last_inbound_at == NOON
        assert deployment.drain() == [Answered.ANSWERED]
        assert len(deployment.texts) == 1


class TestCalls:
    def test_an_ordinary_message_makes_no_call_more(self, deployment: Deployment) -> None:
        deployment.receive(message())
        assert deployment.doom.calls == ["FakeTenants.number", "FakeConversations.record", "FakeReplyJobs.put"]

    def test_a_reaction_reads_its_message_and_writes_once(self, deployment: Deployment) -> None:
        deployment.receive(message())
        deployment.doom.calls.clear()
        deployment.receive(reaction())
        assert deployment.doom.calls[2:] == ["FakeAmendments.find", "FakeAmendments.save"]
