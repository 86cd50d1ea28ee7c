from __future__ import annotations

from datetime import time, timedelta

import pytest

from domain import messages as m
from domain import wording
from domain.answer import Answered, answer
from domain.assistants import Answer, CallPerson, NoReply, Turn
from domain.catalogue import Money
from domain.conversations import Disposition, Owner, RecordedBecause, ReplyJob, ThreadMessage
from domain.errors import (
    CustomerOptedOutError,
    MediaRefusedError,
    MessageRefusedError,
    NumberPausedError,
    SendThrottledError,
    SendUncertainError,
    ServiceUnavailableError,
    WindowClosedError,
)
from domain.escalations import EscalationReason
from domain.language_models import Tokens
from domain.media import MediaKind, MediaRefusal
from domain.messages import Audio, Image
from domain.model_use import ModelUse
from domain.opening_hours import WEEKDAYS, OpeningHours, Span
from domain.pacing import MOST_OFFERS
from domain.replies import Reply, ReplyPurpose, ReplyState
from domain.tenants import TenantStatus
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ALICE,
    GLOBEX,
    MONTH,
    NAMELESS,
    NOON,
    after,
    job,
    message,
    number,
    order,
    product,
    reply,
    status,
    tenant,
)
from tests.fakes.assistant import FakeCatalogueSearch
from tests.fakes.deployment import Deployment
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world

ANSWER = "Blue mug: 12.50 USD, in stock (4)"
ORDER_NOTE = """Thank you, we have received your order:
2 × Blue mug — 25.00 USD
Total: 25.00 USD
A colleague will confirm it here."""
HIS = ALICE.first_customer_id(ACME)
THROTTLED = SendThrottledError(131056, "Pair rate limit hit")
UNCERTAIN = SendUncertainError(None, "Meta gave no answer")


def first_job(deployment: Deployment) -> ReplyJob:
    taken = deployment.cast.reply_jobs.take()
    assert taken is not None
    return taken


class TestAnswer:
    def test_the_answer_is_sent_and_stands_behind_its_message(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        assert deployment.drain() == [Answered.ANSWERED]
        asked, answered = deployment.thread().entries
        assert isinstance(asked, ThreadMessage)
        assert isinstance(answered, Reply)
        assert (answered.state, answered.text, answered.product_ids) == (ReplyState.SENT, ANSWER, ("MUG-1",))
        assert answered.answers == (asked.message_id,)
        assert answered.created_at == deployment.now
        post = deployment.cast.messenger.posts[0]
        assert (post.reply_id, post.recipient.phone) == (answered.reply_id, ALICE.phone)
        assert deployment.conversation.awaiting is None
        assert deployment.world.look.usage(ACME, MONTH)["replies"] == 1

    @pytest.mark.parametrize("words", ["x" * 4097, "", " ", "half \ud83d"])
    def test_what_no_text_can_carry_goes_to_a_person(self, deployment: Deployment, words: str) -> None:
        deployment.cast.assistant.draft = Answer(words)
        deployment.deliver(message())
        assert deployment.drain() == [Answered.HANDED_OVER]
        assert deployment.reasons == ["no_answer"]
        assert deployment.replies() == []
        assert len(deployment.texts) == 1  # that a person will answer

    def test_read_and_typing_are_shown_first(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.drain()
        assert deployment.cast.messenger.read == ["wamid.in.1"]

    def test_a_read_receipt_that_fails_stops_nothing(self, deployment: Deployment) -> None:
        deployment.cast.messenger.read_fails = THROTTLED
        deployment.deliver(message())
        assert deployment.drain() == [Answered.ANSWERED]

    def test_a_customer_without_a_phone_is_answered_by_user_id(self, deployment: Deployment) -> None:
        deployment.deliver(message(sender=NAMELESS))
        assert deployment.drain() == [Answered.ANSWERED]
        recipient = deployment.cast.messenger.posts[0].recipient
        assert (recipient.phone, recipient.user_id) == (None, NAMELESS.user_id)

    def test_the_assistant_sees_tenant_language_burst_and_history(self, deployment: Deployment) -> None:
        deployment.deliver(message(message_id="wamid.1"))
        deployment.drain()
        deployment.deliver(message("¿Cuánto cuesta?", "wamid.2", at=after(minutes=1)))
        deployment.drain()
        turn = deployment.cast.assistant.turns[-1]
        assert turn.tenant.tenant_id == ACME
        assert turn.language == "es"
        assert [asked.message_id for asked in turn.burst] == ["wamid.2"]
        assert len(turn.history) == 3
        assert deployment.conversation.language == "es"

    def test_words_that_tell_no_language_keep_the_one_spoken_so_far(self, deployment: Deployment) -> None:
        deployment.deliver(message("¿Cuánto cuesta la taza?", "wamid.1"))
        deployment.drain()
        deployment.deliver(message("MUG-1", "wamid.2", at=after(minutes=1)))
        deployment.drain()
        assert deployment.cast.assistant.turns[-1].language == "es"

    def test_at_first_it_is_the_tenants(self, deployment: Deployment) -> None:
        deployment.cast.tenants = FakeTenants(number(tenant(language="pt")))
        deployment.deliver(message("MUG-1"))
        deployment.drain()
        assert deployment.cast.assistant.turns[-1].language == "pt"

    def test_what_a_model_was_asked_is_kept_with_the_reply(self, deployment: Deployment) -> None:
        use = ModelUse("amazon.nova-lite-v1:0", Tokens(900, 40), micro_usd=64, calls=1, stop_reason="end_turn")
        deployment.deliver(message())
        deployment.cast.assistant.draft = Answer(ANSWER, ("MUG-1",), use=use)
        of = first_job(deployment)
        deployment.answer(of)
        assert deployment.world.reply(of).use == use

    def test_the_assistant_knows_how_long_it_may_think(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        of = first_job(deployment)
        answer(of, now=deployment.now, ports=deployment.cast.answer_ports, answer_by=after(seconds=20))
        assert deployment.cast.assistant.turns[-1].answer_by == after(seconds=20)

    @pytest.mark.parametrize("reason", [EscalationReason.PERSON_REQUESTED, EscalationReason.COMPLAINT])
    def test_why_the_assistant_calls_a_person_is_told(self, deployment: Deployment, reason: EscalationReason) -> None:
        use = ModelUse("amazon.nova-lite-v1:0", Tokens(900, 40), calls=1, tools=("hand_over_to_person",))
        deployment.deliver(message())
        deployment.cast.assistant.draft = CallPerson(reason, use)
        of = first_job(deployment)
        assert deployment.answer(of) is Answered.HANDED_OVER
        assert [escalation.reason for escalation in deployment.cast.escalations.published] == [reason]
        assert deployment.world.reply(of, ReplyPurpose.HANDOVER_NOTE).use == use

    def test_an_assistant_that_breaks_is_asked_again(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.cast.assistant.draft = ServiceUnavailableError("no model")
        of = first_job(deployment)
        with pytest.raises(ServiceUnavailableError):
            deployment.answer(of)
        deployment.cast.assistant.draft = Answer(ANSWER, ("MUG-1",))
        assert deployment.answer(of) is Answered.ANSWERED


class TestNothingToDo:
    def test_a_job_that_comes_twice_answers_once(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        of = first_job(deployment)
        assert deployment.answer(of) is Answered.ANSWERED
        before = deployment.world.look.everything()
        assert deployment.answer(of) is Answered.DONE_BEFORE
        assert deployment.world.look.everything() == before
        assert deployment.texts == [ANSWER]

    def test_three_quick_messages_get_one_answer(self, deployment: Deployment) -> None:
        deployment.deliver(*(message(f"line {n}", f"wamid.{n}", at=after(seconds=n)) for n in range(3)))
        assert deployment.drain() == [Answered.SUPERSEDED, Answered.SUPERSEDED, Answered.ANSWERED]
        assert deployment.replies()[0].answers == ("wamid.0", "wamid.1", "wamid.2")
        assert deployment.cast.assistant.turns[0].words == "line 0\nline 1\nline 2"
        assert deployment.texts == [ANSWER]

    def test_in_whatever_order_their_jobs_run(self, deployment: Deployment) -> None:
        deployment.deliver(*(message(f"line {n}", f"wamid.{n}", at=after(seconds=n)) for n in range(3)))
        deployment.cast.reply_jobs.waiting.reverse()
        assert deployment.drain() == [Answered.ANSWERED, Answered.DONE_BEFORE, Answered.DONE_BEFORE]
        assert deployment.texts == [ANSWER]

    def test_a_message_that_comes_while_the_assistant_thinks_takes_the_burst_over(self, deployment: Deployment) -> None:
        def think(turn: Turn) -> Answer:
            if len(turn.burst) == 1:
                deployment.deliver(message("and the red one?", "wamid.2", at=after(seconds=9)))
            return Answer(f"{len(turn.burst)} questions")

        deployment.cast.assistant.draft = think
        deployment.deliver(message(message_id="wamid.1"))
        assert deployment.drain() == [Answered.SUPERSEDED, Answered.ANSWERED]
        assert deployment.texts == ["2 questions"]

    @pytest.mark.parametrize("owner", [Owner.WAITING, Owner.PERSON])
    def test_while_a_person_owns_the_conversation_nothing_is_said(self, deployment: Deployment, owner: Owner) -> None:
        deployment.deliver(message())
        deployment.world.look.give_to(ACME, HIS, owner)
        assert deployment.drain() == [Answered.PERSON_OWNS]
        assert not deployment.cast.assistant.turns
        assert not deployment.texts

    def test_nor_when_a_person_takes_over_while_the_assistant_thinks(self, deployment: Deployment) -> None:
        def think(_: Turn) -> Answer:
            deployment.world.look.give_to(ACME, HIS, Owner.PERSON)
            return Answer(ANSWER)

        deployment.cast.assistant.draft = think
        deployment.deliver(message())
        assert deployment.drain() == [Answered.SUPERSEDED]
        assert not deployment.cast.messenger.posts
        assert not deployment.replies()

    @pytest.mark.parametrize("draft", [CallPerson(), NoReply(RecordedBecause.THANKS)])
    def test_nor_handed_over_or_closed_then(self, deployment: Deployment, draft: CallPerson | NoReply) -> None:
        def think(_: Turn) -> CallPerson | NoReply:
            deployment.world.look.give_to(ACME, HIS, Owner.PERSON)
            deployment.deliver(message(message_id="wamid.2", at=after(seconds=9)))
            return draft

        deployment.cast.assistant.draft = think
        deployment.deliver(message())
        assert deployment.answer(first_job(deployment)) is Answered.SUPERSEDED
        assert not deployment.reasons

    def test_thanks_need_no_reply_and_say_why(self, deployment: Deployment) -> None:
        deployment.cast.assistant.draft = NoReply(RecordedBecause.THANKS)
        deployment.deliver(message("thanks"))
        assert deployment.drain() == [Answered.NO_REPLY]
        entry = deployment.thread().entries[0]
        assert isinstance(entry, ThreadMessage)
        assert entry.decision.disposition is Disposition.RECORD
        assert entry.decision.reason is RecordedBecause.THANKS
        assert deployment.conversation.awaiting is None
        assert not deployment.cast.messenger.posts

    @pytest.mark.parametrize("numbers", [(), (number(tenant(status=TenantStatus.SUSPENDED)),)])
    def test_a_tenant_that_is_gone_or_suspended_says_nothing(self, deployment: Deployment, numbers: tuple[()]) -> None:
        deployment.deliver(message())
        deployment.cast.tenants = FakeTenants(*numbers)
        assert deployment.drain() == [Answered.TENANT_INACTIVE]
        assert not deployment.cast.messenger.posts

    def test_what_a_seller_left_when_suspended_is_recorded_with_the_reason(self, deployment: Deployment) -> None:
        deployment.deliver(message())
        deployment.cast.tenants = FakeTenants(number(tenant(status=TenantStatus.SUSPENDED)))
        deployment.drain()
        [entry] = deployment.thread().entries
        assert isinstance(entry, ThreadMessage)
        assert entry.decision.reason is RecordedBecause.TENANT_SUSPENDED
        assert deployment.conversation.awaiting is None

    def test_of_a_conversation_that_is_not_there_nothing_is_said(self, deployment: Deployment) -> None:
        assert deployment.answer(job()) is Answered.DONE_BEFORE


class TestCallingAPerson:
    def test_while_nobody_is_there_the_customer_is_told_when_somebody_will_be(self) -> None:
        hours = OpeningHours("UTC", {WEEKDAYS[(NOON + timedelta(days=1)).weekday()]: (Span(time(9), time(17)),)})
        closed = FakeTenants(number(tenant(opening_hours=hours)))
        deployment = Deployment(Cast(fake_world(), closed))
        deployment.deliver(message(A_PERSON_PLEASE))
        deployment.drain()
        [text] = deployment.texts
        assert text.startswith(wording.HANDOVER_NOTE["en"])
        assert f"{NOON + timedelta(days=1):%Y-%m-%d} at 09:00" in text

    def test_no_idea_hands_over_and_tells_the_customer(self, deployment: Deployment) -> None:
        deployment.cast.assistant.draft = CallPerson()
        deployment.deliver(message())
        assert deployment.drain() == [Answered.HANDED_OVER]
        assert deployment.reasons == ["no_answer"]
        assert deployment.conversation.owner is Owner.WAITING
        assert deployment.texts == [wording.HANDOVER_NOTE["en"]]
        assert deployment.world.look.usage(ACME, MONTH)["escalations"] == 1

    def test_outside_the_window_nobody_is_told(self, deployment: Deployment) -> None:
        deployment.cast.assistant.draft = CallPerson()
        deployment.deliver(message())
        deployment.now = NOON + timedelta(hours=25)
        assert deployment.drain() == [Answered.HANDED_OVER]
        assert deployment.reasons == ["no_answer"]
        assert not deployment.cast.messenger.posts

    @pytest.mark.parametrize(
        ("content", "note"),
        [
            (A_PERSON_PLEASE, wording.HANDOVER_NOTE["en"]),
            (order(), ORDER_NOTE),
            (m.Order("catalog-1", ()), wording.ORDER_NOTE["en"]),
        ],
    )
    def test_whom_a_rule_handed_over_is_told_once(self, deployment: Deployment, content: str, note: str) -> None:
        deployment.deliver(message(content))
        of = first_job(deployment)
        assert deployment.answer(of) is Answered.NOTE_SENT
        assert deployment.answer(of) is Answered.DONE_BEFORE
        assert deployment.texts == [note]
        assert deployment.replies(ReplyPurpose.HANDOVER_NOTE)[0].state is ReplyState.SENT

    def test_an_order_is_confirmed_once_with_what_has_changed(self, deployment: Deployment) -> None:
        deployment.cast.catalogue = FakeCatalogueSearch({ACME: [product(price=Money(1300, "USD"), stock=1)]})
        deployment.deliver(message(order()))
        deployment.drain()
        [text] = deployment.texts
        assert text.splitlines()[1:3] == [
            "2 × Blue mug (only 1 available) — 13.00 USD (one is now 13.00 USD)",
            "Total of what is available now: 13.00 USD",
        ]
        [note] = deployment.replies(ReplyPurpose.HANDOVER_NOTE)
        assert note.order is not None
        assert note.order.total == Money(1300, "USD")
        assert deployment.reasons == ["order"]

    def test_an_order_is_priced_in_the_sellers_own_catalogue_alone(self, deployment: Deployment) -> None:
        deployment.cast.catalogue = FakeCatalogueSearch({GLOBEX: [product()]})
        deployment.deliver(message(order()))
        deployment.drain()
        assert deployment.texts[0].splitlines()[1] == "2 × MUG-1: not in our catalogue now"

    def test_in_the_language_in_which_they_asked(self, deployment: Deployment) -> None:
        deployment.deliver(message("Quiero hablar con una persona"))
        deployment.drain()
        assert deployment.texts == [wording.HANDOVER_NOTE["es"]]

    def test_from_then_on_the_assistant_is_silent(self, deployment: Deployment) -> None:
        deployment.deliver(message(A_PERSON_PLEASE, "wamid.1"))
        deployment.drain()
        deployment.deliver(message("hello?", "wamid.2", at=after(minutes=1)))
        deployment.deliver(message(A_PERSON_PLEASE, "wamid.3", at=after(minutes=2)))
        deployment.deliver(message(order(), "wamid.4", at=after(minutes=3)))
        assert deployment.drain() == [Answered.NOTE_SENT] + 3 * [Answered.PERSON_OWNS]
        assert len(deployment.texts) == 1

    def test_a_note_refused_for_now_is_offered_again(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED, THROTTLED)
        deployment.deliver(message(A_PERSON_PLEASE))
        assert deployment.drain() == [Answered.NOTE_SENT]
        assert deployment.texts == [wording.HANDOVER_NOTE["en"]]
        assert deployment.replies(ReplyPurpose.HANDOVER_NOTE)[0].attempts == 3

    def test_a_note_that_no_idea_brought_is_offered_again_too(self, deployment: Deployment) -> None:
        deployment.cast.assistant.draft = CallPerson()
        deployment.cast.messenger.fail(THROTTLED)
        deployment.deliver(message())
        assert deployment.drain() == [Answered.NOTE_SENT]
        assert deployment.texts == [wording.HANDOVER_NOTE["en"]]
        assert deployment.reasons == ["no_answer"]

    @pytest.mark.parametrize("error", [UNCERTAIN, NumberPausedError(190, "Token expired")])
    def test_a_note_that_fails_otherwise_is_not_repeated(
        self, deployment: Deployment, error: SendUncertainError
    ) -> None:
        deployment.cast.messenger.fail(error)
        deployment.deliver(message(A_PERSON_PLEASE))
        deployment.drain()
        assert len(deployment.cast.messenger.posts) == 1
        assert deployment.reasons == ["person_requested"]
        assert not deployment.dead_letters

    def test_an_escalation_that_was_not_published_is_now(self, deployment: Deployment) -> None:
        deployment.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            deployment.receive(message(A_PERSON_PLEASE))
        deployment.cast.escalations.down = False
        assert deployment.drain() == [Answered.NOTE_SENT]
        assert deployment.reasons == ["person_requested"]

    def test_a_hand_over_whose_publishing_failed_is_published_when_the_job_returns(
        self, deployment: Deployment
    ) -> None:
        deployment.cast.assistant.draft = CallPerson()
        deployment.deliver(message())
        of = first_job(deployment)
        deployment.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            deployment.answer(of)
        deployment.cast.escalations.down = False
        assert deployment.answer(of) is Answered.NOTE_SENT
        assert deployment.reasons == ["no_answer"]


class TestRefusals:
    def test_throttled_is_offered_again_until_it_is_sent(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED, THROTTLED)
        deployment.deliver(message())
        of = first_job(deployment)
        for attempts in (1, 2):
            with pytest.raises(SendThrottledError) as raised:
                deployment.answer(of)
            deployment.now += timedelta(seconds=raised.value.retry_after)
            stored = deployment.replies()[0]
            assert (stored.state, stored.attempts) == (ReplyState.READY, attempts)
            assert stored.failure is not None
            assert stored.failure.code == 131056
        assert deployment.answer(of) is Answered.ANSWERED
        assert deployment.texts == [ANSWER]
        assert len(deployment.cast.assistant.turns) == 1
        assert not deployment.reasons

    def test_throttled_too_often_a_person_gets_it(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(*[THROTTLED] * 20)
        deployment.deliver(message())
        assert deployment.drain() == [Answered.HANDED_OVER]
        assert len(deployment.cast.messenger.posts) == MOST_OFFERS
        assert deployment.replies()[0].state is ReplyState.FAILED
        assert deployment.reasons == ["send_failed"]
        assert not deployment.dead_letters

    def test_while_it_waits_a_newer_message_takes_the_burst_over(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED)
        deployment.deliver(message(message_id="wamid.1"))
        of = first_job(deployment)
        with pytest.raises(SendThrottledError):
            deployment.answer(of)
        deployment.deliver(message(message_id="wamid.2", at=after(seconds=9)))
        assert deployment.answer(of) is Answered.SUPERSEDED
        assert deployment.drain() == [Answered.ANSWERED]
        assert deployment.replies()[-1].answers == ("wamid.1", "wamid.2")
        assert deployment.texts == [ANSWER]

    def test_while_it_waits_a_person_may_take_over(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED)
        deployment.deliver(message())
        of = first_job(deployment)
        with pytest.raises(SendThrottledError):
            deployment.answer(of)
        deployment.world.look.give_to(ACME, HIS, Owner.PERSON)
        assert deployment.answer(of) is Answered.PERSON_OWNS
        assert not deployment.texts

    @pytest.mark.parametrize(
        "error",
        [
            MessageRefusedError(131026, "Message undeliverable"),
            WindowClosedError(131047, "Re-engagement message"),
            CustomerOptedOutError(131050, "User has stopped"),
        ],
    )
    def test_refused_for_good_a_person_gets_it_and_meta_is_not_asked_again(
        self, deployment: Deployment, error: MessageRefusedError
    ) -> None:
        deployment.cast.messenger.fail(error)
        deployment.deliver(message())
        of = first_job(deployment)
        assert deployment.answer(of) is Answered.HANDED_OVER
        stored = deployment.replies()[0]
        assert stored.state is ReplyState.FAILED
        assert stored.failure is not None
        assert (stored.failure.code, stored.failure.title) == (error.code, error.title)
        assert deployment.reasons == ["send_failed"]
        deployment.answer(of)
        assert len(deployment.cast.messenger.posts) == 1
        assert deployment.reasons == ["send_failed"]


class TestUncertain:
    def test_a_person_gets_it_when_no_status_has_settled_it(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(UNCERTAIN)
        deployment.deliver(message())
        of = first_job(deployment)
        with pytest.raises(SendUncertainError):
            deployment.answer(of)
        assert deployment.replies()[0].state is ReplyState.UNCERTAIN
        assert not deployment.reasons
        assert deployment.answer(of) is Answered.HANDED_OVER
        assert deployment.reasons == ["reply_uncertain"]
        assert len(deployment.cast.messenger.posts) == 1

    def test_a_status_that_came_in_time_settles_it(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(UNCERTAIN)
        deployment.deliver(message())
        of = first_job(deployment)
        with pytest.raises(SendUncertainError):
            deployment.answer(of)
        deployment.tell(status("sent", reply_id=deployment.replies()[0].reply_id))
        assert deployment.answer(of) is Answered.DONE_BEFORE
        assert deployment.replies()[0].state is ReplyState.SENT
        assert not deployment.reasons
        assert deployment.world.look.usage(ACME, MONTH)["replies"] == 1

    def test_a_status_that_it_failed_calls_a_person_once(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(UNCERTAIN)
        deployment.deliver(message())
        of = first_job(deployment)
        with pytest.raises(SendUncertainError):
            deployment.answer(of)
        deployment.tell(status("failed", reply_id=deployment.replies()[0].reply_id))
        deployment.answer(of)
        assert deployment.reasons == ["send_failed"]
        assert len(deployment.cast.messenger.posts) == 1

    def test_messages_that_come_meanwhile_are_answered_without_it(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(UNCERTAIN)
        deployment.deliver(message(message_id="wamid.1"))
        of = first_job(deployment)
        with pytest.raises(SendUncertainError):
            deployment.answer(of)
        deployment.deliver(message(message_id="wamid.2", at=after(seconds=9)))
        assert deployment.drain() == [Answered.ANSWERED]
        assert deployment.replies()[-1].answers == ("wamid.2",)
        assert deployment.answer(of) is Answered.HANDED_OVER
        assert deployment.reasons == ["reply_uncertain"]

    def test_while_one_of_these_waits_a_person_gets_both(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(UNCERTAIN)
        deployment.deliver(message(message_id="wamid.1"))
        of = first_job(deployment)
        with pytest.raises(SendUncertainError):
            deployment.answer(of)
        deployment.deliver(message(message_id="wamid.2", at=after(seconds=9)))
        assert deployment.answer(of) is Answered.HANDED_OVER
        assert deployment.reasons == ["reply_uncertain"]
        assert deployment.drain() == [Answered.PERSON_OWNS]

    def test_its_escalation_is_published_though_the_topic_was_down(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(UNCERTAIN)
        deployment.deliver(message())
        of = first_job(deployment)
        with pytest.raises(SendUncertainError):
            deployment.answer(of)
        deployment.cast.escalations.down = True
        with pytest.raises(ServiceUnavailableError):
            deployment.answer(of)
        deployment.cast.escalations.down = False
        deployment.answer(of)
        assert deployment.reasons == ["reply_uncertain"]


def test_a_worker_that_died_while_sending_left_an_unclear_reply(deployment: Deployment) -> None:
    deployment.deliver(message())
    of = first_job(deployment)
    claimed = reply(of)
    assert deployment.world.ledger.claim(ACME, of, claimed, "en")
    assert deployment.answer(of) is Answered.HANDED_OVER
    stored = deployment.replies()[0]
    assert stored.state is ReplyState.UNCERTAIN
    assert stored.failure is not None
    assert stored.failure.code is None
    assert not deployment.cast.messenger.posts
    assert deployment.reasons == [EscalationReason.REPLY_UNCERTAIN]


class TestAttachments:
    """A picture is offered to an assistant that takes pictures, once it is in the library."""

    PHOTO = Image("1003383421387256", "image/jpeg", caption="Do you have this one?")
    NOTE = Audio("1908647269898587", "audio/ogg", voice=True)

    def offered(self, deployment: Deployment, *kinds: MediaKind) -> list[MediaKind]:
        deployment.cast.assistant.takes = frozenset(kinds)
        deployment.drain()
        [turn] = deployment.cast.assistant.turns
        assert all(media.key for media in turn.attachments)
        return [media.kind for media in turn.attachments]

    def test_what_the_assistant_takes_is_offered(self, deployment: Deployment) -> None:
        deployment.deliver(message(self.PHOTO, "wamid.1"), message(self.NOTE, "wamid.2", at=after(seconds=1)))
        deployment.drain_media()
        assert self.offered(deployment, MediaKind.IMAGE, MediaKind.AUDIO) == [MediaKind.IMAGE, MediaKind.AUDIO]

    def test_and_nothing_else(self, deployment: Deployment) -> None:
        deployment.deliver(message(self.PHOTO, "wamid.1"), message(self.NOTE, "wamid.2", at=after(seconds=1)))
        deployment.drain_media()
        assert self.offered(deployment, MediaKind.IMAGE) == [MediaKind.IMAGE]

    def test_to_one_that_takes_none_none_is(self, deployment: Deployment) -> None:
        deployment.deliver(message(self.PHOTO))
        deployment.drain_media()
        assert self.offered(deployment) == []

    def test_what_is_not_there_yet_or_was_refused_is_not(self, deployment: Deployment) -> None:
        deployment.deliver(message(self.PHOTO, "wamid.1"), message(self.NOTE, "wamid.2", at=after(seconds=1)))
        deployment.cast.media_source.fail(MediaRefusedError(MediaRefusal.TYPE_MISMATCH))
        job = deployment.cast.media_jobs.take()
        assert job is not None
        deployment.fetch(job)
        assert self.offered(deployment, *MediaKind) == []

    def test_a_picture_of_an_earlier_burst_is_history(self, deployment: Deployment) -> None:
        deployment.deliver(message(self.PHOTO, "wamid.1"))
        deployment.drain_media()
        deployment.drain()
        deployment.cast.assistant.turns.clear()
        deployment.deliver(message("And in red?", "wamid.2", at=after(minutes=1)))
        assert self.offered(deployment, MediaKind.IMAGE) == []
