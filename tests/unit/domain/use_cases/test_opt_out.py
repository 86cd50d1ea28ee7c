"""A customer wants no more offers: recorded, confirmed once, and no question to the assistant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import messages as m
from domain import wording
from domain.answer import Answered
from domain.conversations import Disposition, Owner, RecordedBecause, ThreadMessage
from domain.customers import CustomerIdentity
from domain.errors import (
    CustomerOptedOutError,
    NumberPausedError,
    SendThrottledError,
    SendUncertainError,
    ServiceUnavailableError,
)
from domain.messages import MessageId
from domain.opt_out import OptOut, OptOutSource
from domain.ports import AccountEvent
from domain.receive import Outcome, Received
from domain.replies import Failure, ReplyPurpose, ReplyState
from domain.tenants import TenantId
from domain.track import Tracked, keep_event
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    MONTH,
    NAMELESS,
    NOON,
    UNDELIVERABLE,
    account_event,
    after,
    message,
    number,
    opt_out,
    status,
    tenant,
)
from tests.fakes.deployment import Deployment
from tests.fakes.opt_outs import FakeOptOuts
from tests.fakes.tenants import FakeTenants

HERS = ALICE.first_customer_id(ACME)
NO_MORE, AGAIN = wording.OPTED_OUT_NOTE, wording.OPTED_IN_NOTE
STOPPED = Failure(131050, "User has stopped receiving marketing messages")
REFUSED = CustomerOptedOutError(131050, "User has stopped receiving marketing messages")


def notes(deployment: Deployment) -> list[tuple[str, ReplyState]]:
    return [(note.text, note.state) for note in deployment.replies(ReplyPurpose.OPT_OUT_NOTE)]


def holds(deployment: Deployment, of: CustomerIdentity = ALICE) -> OptOut | None:
    return deployment.world.look.opt_out(ACME, of)


class TestWord:
    def test_it_is_recorded_with_its_source_and_asks_for_its_confirmation(self, deployment: Deployment) -> None:
        assert deployment.receive(message("STOP")) == Received(Outcome.OPT_OUT_CHANGED, ACME)
        word = OptOut(True, NOON, after(seconds=1), OptOutSource.WORD, "wamid.in.1")
        assert holds(deployment) == word
        assert deployment.world.look.opt_outs(ACME, HERS) == [word]
        [kept] = deployment.thread().entries
        assert isinstance(kept, ThreadMessage)
        assert (kept.decision.disposition, kept.decision.reason) == (Disposition.RECORD, RecordedBecause.OPTED_OUT)
        assert [job.message_id for job in deployment.cast.reply_jobs.waiting] == ["wamid.in.1"]

    def test_the_customer_is_told_once_and_the_assistant_is_not_asked(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP"), message("STOP", received_at=after(hours=1)))
        assert deployment.drain() == [Answered.NOTE_SENT]
        assert deployment.texts == [NO_MORE["en"]]
        assert notes(deployment) == [(NO_MORE["en"], ReplyState.SENT)]
        assert not deployment.cast.assistant.turns
        assert not deployment.reasons
        assert deployment.conversation.owner is Owner.ASSISTANT
        assert deployment.conversation.awaiting is None

    def test_a_job_that_comes_again_says_nothing_more(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP"))
        of = deployment.cast.reply_jobs.waiting[0]
        deployment.drain()
        before = deployment.world.look.everything()
        assert deployment.answer(of) is Answered.DONE_BEFORE
        assert deployment.world.look.everything() == before
        assert len(deployment.texts) == 1

    def test_start_takes_it_back(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP", "wamid.1"))
        deployment.drain()
        deployment.deliver(message("START", "wamid.2", at=after(minutes=1)))
        deployment.drain()
        assert deployment.texts == [NO_MORE["en"], AGAIN["en"]]
        known = holds(deployment)
        assert known is not None
        assert not known.opted_out
        assert [word.opted_out for word in deployment.world.look.opt_outs(ACME, HERS)] == [True, False]

    def test_of_several_quick_words_the_newest_is_confirmed(self, deployment: Deployment) -> None:
        words = ["STOP", "START", "STOP"]
        deployment.deliver(*(message(word, f"wamid.{n}", at=after(seconds=n)) for n, word in enumerate(words)))
        assert deployment.drain() == [Answered.SUPERSEDED, Answered.SUPERSEDED, Answered.NOTE_SENT]
        assert deployment.texts == [NO_MORE["en"]]
        assert len(deployment.world.look.opt_outs(ACME, HERS)) == 3

    def test_an_older_word_that_comes_late_is_not_confirmed(self, deployment: Deployment) -> None:
        deployment.deliver(message("START", "wamid.2", at=after(minutes=1)))
        deployment.drain()
        deployment.deliver(message("STOP", "wamid.1"))
        assert deployment.drain()[-1] is Answered.SUPERSEDED
        known = holds(deployment)
        assert known is not None
        assert not known.opted_out

    def test_a_question_beside_it_is_answered_as_ever(self, deployment: Deployment) -> None:
        deployment.deliver(message(message_id="wamid.1"), message("STOP", "wamid.2", at=after(seconds=1)))
        assert deployment.drain() == [Answered.ANSWERED, Answered.NOTE_SENT]
        assert deployment.replies()[0].answers == ("wamid.1",)
        deployment.deliver(message(message_id="wamid.3", at=after(minutes=1)))
        assert deployment.drain()[-1] is Answered.ANSWERED

    @pytest.mark.parametrize(
        ("words", "spoken", "text"),
        [
            ("STOP", "pt", NO_MORE["pt"]),
            ("BAJA", "en", NO_MORE["es"]),
            ("Abmelden", "de", NO_MORE["de"]),
            ("إيقاف", "en", NO_MORE["ar"]),
            ("Arrêter", "en", NO_MORE["fr"]),
            ("Wieder anmelden", "en", AGAIN["de"]),
        ],
    )
    def test_in_the_customers_language(self, deployment: Deployment, words: str, spoken: str, text: str) -> None:
        deployment.cast.tenants = FakeTenants(number(tenant(language=spoken)))
        deployment.deliver(message(words))
        deployment.drain()
        assert deployment.texts == [text]

    def test_which_is_the_one_spoken_so_far(self, deployment: Deployment) -> None:
        deployment.deliver(message("¿Cuánto cuesta la taza?", "wamid.1"))
        deployment.drain()
        deployment.deliver(message("STOP", "wamid.2", at=after(minutes=1)))
        deployment.drain()
        assert deployment.texts[-1] == NO_MORE["es"]

    def test_a_templates_button_is_a_word_too(self, deployment: Deployment) -> None:
        deployment.deliver(message(m.TemplateButton("Unsubscribe", "campaign-7")))
        deployment.drain()
        assert deployment.texts == [NO_MORE["en"]]

    def test_words_on_offers_come_before_every_other_rule(self, deployment: Deployment) -> None:
        keen = number(tenant(escalation_keywords=("stop", "baja")))
        deployment.cast.tenants = FakeTenants(keen)
        for n, words in enumerate(["STOP", "baja"]):
            received = deployment.receive(message(words, f"wamid.{n}", at=after(seconds=n)))
            assert received.outcome is Outcome.OPT_OUT_CHANGED
        assert not deployment.reasons

    @pytest.mark.parametrize("words", ["stop by the shop?", "Please stop sending me broken mugs, I want a refund"])
    def test_what_only_holds_one_is_no_word(self, deployment: Deployment, words: str) -> None:
        assert deployment.receive(message(words)).outcome is not Outcome.OPT_OUT_CHANGED
        assert holds(deployment) is None

    def test_in_a_group_it_is_only_kept(self, deployment: Deployment) -> None:
        assert deployment.receive(message("STOP", group_id="group-1")).outcome is Outcome.RECORDED
        assert holds(deployment) is None
        assert not deployment.cast.reply_jobs.waiting

    def test_to_a_number_of_nobody_it_changes_nothing(self, deployment: Deployment) -> None:
        deployment.cast.tenants = FakeTenants()
        assert deployment.receive(message("STOP")).outcome is Outcome.QUARANTINED
        assert holds(deployment) is None

    def test_it_counts_as_a_message_and_its_confirmation_as_a_reply(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP"))
        deployment.drain()
        usage = {"messages": 1, "messages_text": 1, "customers": 1, "replies": 1}
        assert deployment.world.look.usage(ACME, MONTH) == usage


class TestConfirmation:
    def test_not_where_a_person_speaks(self, deployment: Deployment) -> None:
        deployment.deliver(message(message_id="wamid.1"))
        deployment.world.look.give_to(ACME, HERS, Owner.PERSON)
        deployment.deliver(message("STOP", "wamid.2", at=after(seconds=1)))
        assert deployment.drain() == [Answered.PERSON_OWNS, Answered.PERSON_OWNS]
        assert not deployment.texts
        known = holds(deployment)
        assert known is not None
        assert known.opted_out

    def test_nor_where_one_has_just_taken_over(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP"))
        deployment.cast.messenger.fail(SendThrottledError(131056, "Pair rate limit hit"))
        of = deployment.cast.reply_jobs.waiting.pop()
        with pytest.raises(SendThrottledError):
            deployment.answer(of)
        deployment.world.look.give_to(ACME, HERS, Owner.PERSON)
        assert deployment.answer(of) is Answered.PERSON_OWNS
        assert not deployment.texts

    def test_who_waits_for_a_person_is_told_and_waits_on(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE, "wamid.1"))
        deployment.drain()
        deployment.deliver(message("STOP", "wamid.2", at=after(minutes=1)))
        assert deployment.drain()[-1] is Answered.NOTE_SENT
        assert deployment.texts[-1] == NO_MORE["en"]
        assert deployment.conversation.owner is Owner.WAITING
        assert deployment.reasons == ["person_requested"]

    def test_not_after_the_window_has_closed(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP", received_at=after(days=2)))
        deployment.now = after(days=2)
        assert deployment.drain() == [Answered.NO_REPLY]
        assert holds(deployment) is not None

    def test_refused_for_now_it_comes_back_and_is_sent_once(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(*[SendThrottledError(131056, "Pair rate limit hit")] * 2)
        deployment.deliver(message("STOP"))
        assert deployment.drain() == [Answered.NOTE_SENT]
        assert deployment.texts == [NO_MORE["en"]]

    @pytest.mark.parametrize("error", [NumberPausedError(190, "Access token has expired"), REFUSED])
    def test_refused_for_good_it_calls_nobody(self, deployment: Deployment, error: Any) -> None:
        deployment.cast.messenger.fail(error)
        deployment.deliver(message("STOP"))
        assert deployment.drain() == [Answered.NOTE_REFUSED]
        assert notes(deployment) == [(NO_MORE["en"], ReplyState.FAILED)]
        assert not deployment.reasons
        assert deployment.conversation.owner is Owner.ASSISTANT

    def test_unclear_it_is_not_repeated_and_calls_nobody(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(SendUncertainError(None, "Meta gave no answer"))
        deployment.deliver(message("STOP"))
        assert deployment.drain() == [Answered.DONE_BEFORE]
        assert notes(deployment) == [(NO_MORE["en"], ReplyState.UNCERTAIN)]
        assert len(deployment.cast.messenger.posts) == 1
        assert not deployment.reasons

    def test_a_status_that_it_failed_calls_nobody(self, deployment: Deployment) -> None:
        deployment.deliver(message("STOP"))
        deployment.drain()
        note = deployment.replies(ReplyPurpose.OPT_OUT_NOTE)[0]
        assert deployment.track(status("failed", reply_id=note.reply_id, failure=UNDELIVERABLE)) is Tracked.MOVED
        assert not deployment.reasons


class TestPreference:
    """What a customer has told WhatsApp itself."""

    def keep(self, deployment: Deployment, of: OptOut, identity: CustomerIdentity = ALICE) -> Tracked:
        event = preference(of, identity)
        return keep_event(event, ports=deployment.cast.track_ports)

    def test_it_holds_and_the_event_is_kept_too(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        for _ in range(2):
            assert self.keep(deployment, opt_out()) is Tracked.RECORDED
        assert holds(deployment) == opt_out()
        assert deployment.world.look.opt_outs(ACME, HERS) == [opt_out()]
        assert deployment.world.look.account_events(ACME) == ["event-1"]

    def test_nothing_is_said_to_the_customer(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.drain()
        self.keep(deployment, opt_out())
        assert not deployment.cast.reply_jobs.waiting
        assert len(deployment.texts) == 1

    def test_of_somebody_who_never_wrote_it_holds_when_they_do(self, deployment: Deployment) -> None:
        self.keep(deployment, opt_out(), NAMELESS)
        assert deployment.world.look.customers(ACME) == 0
        deployment.deliver(message(sender=NAMELESS))
        assert deployment.drain() == [Answered.ANSWERED]
        assert holds(deployment, NAMELESS) == opt_out()
        assert deployment.world.look.customers(ACME) == 1

    def test_it_is_of_the_tenant_that_the_account_belongs_to(self, deployment: Deployment) -> None:
        self.keep(deployment, opt_out())
        assert deployment.world.look.opt_out(GLOBEX, ALICE) is None

    def test_of_an_account_of_nobody_it_is_quarantined(self, deployment: Deployment) -> None:
        deployment.cast.tenants = FakeTenants()
        assert self.keep(deployment, opt_out()) is Tracked.QUARANTINED
        assert holds(deployment) is None

    @given(st.permutations(range(4)))
    def test_words_and_preferences_in_any_order_come_to_the_same(self, order: list[int]) -> None:
        deployment = Deployment()
        steps: list[Callable[[], object]] = [
            lambda: deployment.deliver(message("STOP", "wamid.1")),
            lambda: self.keep(deployment, opt_out(False, since=after(minutes=1), cause="event-2")),
            lambda: deployment.deliver(message("stop", "wamid.3", at=after(minutes=2))),
            lambda: self.keep(deployment, opt_out(False, since=after(minutes=3), cause="event-4")),
        ]
        for index in order:
            steps[index]()
        words = deployment.world.look.opt_outs(ACME, HERS)
        assert [word.cause for word in words] == ["wamid.1", "event-2", "wamid.3", "event-4"]
        assert holds(deployment) == words[-1]


def preference(of: OptOut, identity: CustomerIdentity = ALICE) -> AccountEvent:
    value = {"user_preferences": [{"value": "stop"}]}
    return account_event(of.cause, field="user_preferences", value=value, opt_outs=((identity, of),))


class TestRefusal:
    """Error 131050: Meta knows of an opt-out before we do."""

    def test_of_an_answer_it_marks_the_customer_and_a_person_gets_it(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(REFUSED)
        deployment.deliver(message())
        assert deployment.drain() == [Answered.HANDED_OVER]
        answer = deployment.replies()[0]
        refused = OptOut(True, deployment.now, deployment.now, OptOutSource.SEND_REFUSED, answer.reply_id)
        assert holds(deployment) == refused
        assert deployment.reasons == ["send_failed"]

    def test_a_start_of_the_same_second_is_newer(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(REFUSED)
        deployment.now = after(seconds=5.9)
        deployment.deliver(message(message_id="wamid.1"))
        deployment.drain()
        deployment.deliver(message("START", "wamid.2", at=after(seconds=5), received_at=after(seconds=6)))
        known = holds(deployment)
        assert known is not None
        assert not known.opted_out

    def test_another_refusal_does_not(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(NumberPausedError(190, "Access token has expired"))
        deployment.deliver(message())
        deployment.drain()
        assert holds(deployment) is None

    def test_a_customer_without_a_phone_is_marked_too(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(REFUSED)
        deployment.deliver(message(sender=NAMELESS))
        deployment.drain()
        assert holds(deployment, NAMELESS) is not None

    def test_where_it_cannot_be_kept_at_once_it_is_when_the_job_comes_back(self, deployment: Deployment) -> None:
        deployment.cast.world = with_broken_opt_outs(deployment)
        deployment.cast.messenger.fail(REFUSED)
        deployment.deliver(message())
        assert deployment.drain() == [Answered.HANDED_OVER]
        assert holds(deployment) is not None
        assert deployment.reasons == ["send_failed"]
        assert len(deployment.cast.messenger.posts) == 1

    def failed(self, **changes: Any) -> Any:
        return status("failed", recipient=CustomerIdentity(phone=ALICE.phone), failure=STOPPED, **changes)

    def test_as_a_status_it_marks_the_customer_once_whoever_sent_it(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        for _ in range(3):
            deployment.track(self.failed())
        refused = opt_out(since=after(seconds=5), source=OptOutSource.SEND_REFUSED, cause="wamid.out.1")
        assert holds(deployment) == refused, "at its own time, and not after now"
        assert deployment.world.look.opt_outs(ACME, HERS) == [refused]
        assert not deployment.reasons

    def test_of_our_answer_a_person_is_called_too(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.drain()
        deployment.track(self.failed(reply_id=deployment.replies()[0].reply_id))
        assert holds(deployment) is not None
        assert deployment.reasons == ["send_failed"]

    def test_of_what_was_delivered_it_means_nothing(self, deployment: Deployment) -> None:
        deployment.track(status("delivered"))
        deployment.track(self.failed())
        assert holds(deployment) is None

    def test_a_status_that_failed_otherwise_or_names_nobody_marks_nobody(self, deployment: Deployment) -> None:
        deployment.track(status("failed", "wamid.out.1", recipient=ALICE, failure=UNDELIVERABLE))
        deployment.track(status("failed", "wamid.out.2", failure=STOPPED))
        assert holds(deployment) is None

    def test_it_is_kept_though_the_table_was_down(self, deployment: Deployment) -> None:
        deployment.cast.world = with_broken_opt_outs(deployment)
        deployment.tell(self.failed(), self.failed(message_id=MessageId("wamid.out.2")))
        causes = [word.cause for word in deployment.world.look.opt_outs(ACME, HERS)]
        assert causes == ["wamid.out.1", "wamid.out.2"]

    def test_a_start_of_later_takes_it_back(self, deployment: Deployment) -> None:
        deployment.track(self.failed())
        deployment.deliver(message("START", at=after(minutes=1)), message(message_id="wamid.2", sender=BOB))
        known = holds(deployment)
        assert known is not None
        assert not known.opted_out
        assert holds(deployment, BOB) is None


class BrokenOnce(FakeOptOuts):
    """Fails the first time."""

    broken = True

    def keep(self, tenant_id: TenantId, identity: CustomerIdentity, opt_out: OptOut) -> None:
        if self.broken:
            self.broken = False
            raise ServiceUnavailableError("the table is down")
        super().keep(tenant_id, identity, opt_out)


def with_broken_opt_outs(deployment: Deployment) -> Any:
    world: Any = deployment.world
    changed = {name: getattr(world, name) for name in world.__slots__}
    return type(world)(**{**changed, "opt_outs": BrokenOnce(world.look.store)})
