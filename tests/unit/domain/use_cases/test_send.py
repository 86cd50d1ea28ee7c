"""A person sends, or the seller's system: once, to whom they may, and with an outcome that they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.conversations import Owner, Thread
from domain.customers import CustomerIdentity
from domain.dispatches import Dispatch
from domain.errors import (
    ContentionError,
    ContentRefusedError,
    CustomerOptedOutError,
    MarketingRefusedError,
    MessageRefusedError,
    NotAllowedError,
    NotFoundError,
    NumberPausedError,
    OutboundRefusedError,
    OutsideWindowError,
    SendError,
    SendThrottledError,
    SendUncertainError,
    TemplateRefusedError,
)
from domain.learn_templates import learn
from domain.messages import MessageId
from domain.outbound import Image, List, MediaFile, Parameter, Reaction, Row, Section, Template, Text
from domain.own_files import content_of
from domain.ownership import Change
from domain.replies import Failure, Reply, ReplyPurpose, ReplyState
from domain.send import send
from domain.sweep import Swept
from domain.tenants import SendingPause, TenantStatus
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ALICE,
    BOB,
    GLOBEX,
    MONTH,
    UNDELIVERABLE,
    after,
    echo,
    message,
    number,
    opt_out,
    status,
    template_news,
    tenant,
)
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.tenants import FakeTenants

CUSTOMER = ALICE.first_customer_id(ACME)
TWO = (Parameter("Rui"), Parameter("B-17"))
READY_TEMPLATE = Template("order_ready", "en_US", body=TWO)


def dispatch(content: Any = None, **changes: Any) -> Dispatch:
    return replace(Dispatch("key-00000001", "ana", content or Text("It has arrived")), **changes)


class Desk:
    """Ana's, in a deployment in which Alice has written."""

    def __init__(self) -> None:
        self.deployment = Deployment()
        self.deployment.deliver(message())
        self.deployment.now = after(minutes=1)

    def send(self, of: Dispatch | None = None) -> Reply:
        deployment = self.deployment
        ports = deployment.doom.watch_all(deployment.cast.send_ports)
        return send(ACME, CUSTOMER, of or dispatch(), now=deployment.now, ports=ports)

    def learn(self, **told: Any) -> None:
        learn(template_news(**told), ACME, ports=self.deployment.cast.send_ports)

    def opt_out(self) -> None:
        self.deployment.world.opt_outs.keep(ACME, ALICE, opt_out())

    @property
    def posts(self) -> list[str]:
        """What Meta was asked to send, beside what the assistant says."""
        return [post.text for post in self.deployment.cast.messenger.posts if post.reply_id.endswith("|send")]

    @property
    def rows(self) -> list[Reply]:
        return self.deployment.replies(ReplyPurpose.SEND)

    @property
    def told(self) -> list[tuple[Change, str]]:
        return [(change.change, change.by) for change in self.deployment.cast.notifications.published]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_it_is_sent_and_its_row_says_by_whom(desk: Desk) -> None:
    sent = desk.send()
    assert (sent.state, sent.text, sent.by) == (ReplyState.SENT, "It has arrived", "ana")
    assert desk.rows == [sent]
    [post] = desk.deployment.cast.messenger.posts
    assert (post.content, post.reply_id) == (Text("It has arrived"), sent.reply_id)
    assert (post.recipient.phone, post.recipient.user_id) == (ALICE.phone, ALICE.user_id)


def test_who_writes_has_taken_the_conversation_over(desk: Desk) -> None:
    desk.send()
    assert (desk.deployment.conversation.owner, desk.deployment.conversation.person) == (Owner.PERSON, "ana")
    assert desk.told == [(Change.TAKEN_OVER, "ana")]
    desk.deployment.drain()
    assert desk.deployment.texts == ["It has arrived"]  # the assistant says nothing any more


def test_also_where_it_waits_for_a_person(desk: Desk) -> None:
    desk.deployment.deliver(message(A_PERSON_PLEASE, "wamid.in.2", at=after(seconds=30)))
    desk.send()
    assert desk.deployment.conversation.person == "ana"


def test_once_it_is_hers_nothing_more_is_told(desk: Desk) -> None:
    desk.send()
    desk.send(dispatch(key="key-00000002"))
    assert desk.told == [(Change.TAKEN_OVER, "ana")]
    assert desk.posts == ["It has arrived"] * 2


def test_nobody_talks_over_another(desk: Desk) -> None:
    desk.send()
    with pytest.raises(NotAllowedError, match="ana has this conversation: take it over first"):
        desk.send(dispatch(key="key-00000002", by="ben"))
    assert len(desk.posts) == 1


def test_nor_over_who_writes_from_the_phone_app(desk: Desk) -> None:
    desk.deployment.cast.world.ledger.note_person(ACME, CUSTOMER, echo())
    desk.deployment.world.look.give_to(ACME, CUSTOMER, Owner.PERSON)
    store_person(desk, "phone_app")
    with pytest.raises(NotAllowedError, match="phone_app"):
        desk.send()


def store_person(desk: Desk, person: str) -> None:
    ledger: Any = desk.deployment.world.ledger
    ledger._store.change_conversation((ACME, CUSTOMER), person=person)


def test_who_takes_it_over_while_she_writes_wins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversations: Any = desk.deployment.world.conversations
    change_owner = conversations.change_owner

    def beaten(*_: Any) -> bool:
        monkeypatch.setattr(conversations, "change_owner", change_owner)
        desk.deployment.world.look.give_to(ACME, CUSTOMER, Owner.PERSON)
        store_person(desk, "ben")
        return False

    monkeypatch.setattr(conversations, "change_owner", beaten)
    with pytest.raises(NotAllowedError, match="ben has this conversation"):
        desk.send()
    assert not desk.posts
    assert not desk.rows


def test_a_conversation_that_never_rests_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.deployment.world.ledger), "claim_send", lambda *_: False)
    with pytest.raises(ContentionError):
        desk.send()
    assert desk.posts == []


# --- once ---


def test_the_same_key_sends_once_and_tells_the_same(desk: Desk) -> None:
    first = desk.send()
    desk.deployment.now = after(hours=30)  # even when it could not be sent any more
    assert desk.send() == first
    assert desk.posts == ["It has arrived"]


def test_on_a_page_that_was_opened_before_a_merge_the_same_key_sends_once(desk: Desk) -> None:
    stranger = CustomerIdentity(user_id="US.9")
    desk.deployment.deliver(message("Me, too", "wamid.in.2", at=after(seconds=20), sender=stranger))
    tied = replace(ALICE, user_id="US.9")
    desk.deployment.deliver(message("It is me", "wamid.in.3", at=after(seconds=30), sender=tied))
    merged_away = stranger.first_customer_id(ACME)
    assert merged_away != CUSTOMER
    ports = desk.deployment.cast.send_ports
    sent = [send(ACME, who, dispatch(), now=desk.deployment.now, ports=ports) for who in (merged_away, CUSTOMER) * 2]
    assert {one.state for one in sent} == {ReplyState.SENT}
    assert len({one.reply_id for one in sent}) == 1
    assert desk.posts == ["It has arrived"]


def test_a_key_of_another_message_is_refused(desk: Desk) -> None:
    desk.send()
    for other in (dispatch(Text("Something else")), dispatch(in_reply_to=MessageId("wamid.in.1"))):
        with pytest.raises(NotAllowedError, match="key"):
            desk.send(other)
    assert len(desk.posts) == 1


@pytest.mark.parametrize("key", ["", "short", "with space in it", "a" * 65, "wamid#hash-1", "ключ-12345"])
def test_a_key_has_a_form(key: str) -> None:
    with pytest.raises(ContentRefusedError) as raised:
        dispatch(key=key)
    assert raised.value.field == "key"


@pytest.mark.parametrize("when", list(When))
def test_wherever_the_worker_dies_it_is_sent_at_most_once_and_nobody_is_left_in_doubt(when: When) -> None:
    healthy = Desk()
    healthy.send()
    calls = list(healthy.deployment.doom.calls)[healthy.deployment.doom.calls.index("FakeSendLedger.sent_under") :]
    for n in range(len(calls)):
        desk = Desk()
        start = len(desk.deployment.doom.calls)
        desk.deployment.doom.at_call, desk.deployment.doom.when = start + n, when
        with pytest.raises(Crash):
            desk.send()
        again = desk.send()
        assert len(desk.posts) <= 1
        if again.state is ReplyState.SENDING:  # nobody knows: the sweeper says so, and calls nobody
            desk.deployment.sweep_until(after(minutes=45))
            assert desk.send().state is ReplyState.UNCERTAIN
            assert desk.deployment.reasons == []
        else:
            assert again.state is ReplyState.SENT
            assert desk.posts == ["It has arrived"]
        assert len(desk.rows) == 1
        assert desk.deployment.conversation.person == "ana"


# --- what becomes of it ---

REFUSALS: list[SendError] = [
    MessageRefusedError(131026, "Message undeliverable", "details"),
    NumberPausedError(190, "Token expired"),
    SendThrottledError(130429, "Rate limit hit"),
]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: str(error.code))
def test_refused_it_says_so_with_metas_words_and_calls_nobody(desk: Desk, error: SendError) -> None:
    desk.deployment.cast.messenger.fail(error)
    failed = desk.send()
    assert (failed.state, failed.failure) == (ReplyState.FAILED, Failure(error.code, error.title, error.details))
    assert desk.send() == failed  # the same key sends nothing
    assert len(desk.posts) == 1
    desk.deployment.sweep_until(after(hours=2))
    assert desk.deployment.reasons == []
    assert desk.deployment.conversation.person == "ana"
    assert "sends" not in desk.deployment.world.look.usage(ACME, MONTH)


def test_without_an_answer_it_is_uncertain_until_a_status_tells(desk: Desk) -> None:
    desk.deployment.cast.messenger.fail(SendUncertainError(None, "Meta gave no answer"))
    unclear = desk.send()
    assert unclear.state is ReplyState.UNCERTAIN
    desk.deployment.tell(status("sent", reply_id=unclear.reply_id), status("read", reply_id=unclear.reply_id))
    settled = desk.send()
    assert (settled.state, settled.delivery, settled.message_id) == (ReplyState.SENT, "read", "wamid.out.1")
    assert len(desk.posts) == 1
    assert desk.deployment.world.look.usage(ACME, MONTH)["sends"] == 1


def test_uncertain_for_good_it_stays_so_and_calls_nobody(desk: Desk) -> None:
    desk.deployment.cast.messenger.fail(SendUncertainError(None, "Meta gave no answer"))
    desk.send()
    assert desk.deployment.sweep_until(after(hours=3)) == [Swept.SETTLED]
    assert desk.send().state is ReplyState.UNCERTAIN
    assert desk.deployment.reasons == []


def test_a_send_that_lies_far_back_is_settled_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.send()
    desk.deployment.doom = Doom(at_call=3, when=When.AFTER)
    with pytest.raises(Crash, match="claim_send"):
        desk.send(dispatch(key="key-00000002"))
    conversations = type(desk.deployment.world.conversations)
    whole = conversations.thread
    monkeypatch.setattr(conversations, "thread", lambda *of: replace(_known(whole(*of)), entries=()))
    desk.deployment.sweep_until(after(hours=1))
    monkeypatch.undo()
    assert desk.send(dispatch(key="key-00000002")).state is ReplyState.UNCERTAIN
    assert len(desk.posts) == 1


def _known(thread: Thread | None) -> Thread:
    assert thread is not None
    return thread


def test_a_status_that_says_failed_shows_and_calls_nobody(desk: Desk) -> None:
    sent = desk.send()
    desk.deployment.tell(status("failed", str(sent.message_id), reply_id=sent.reply_id, failure=UNDELIVERABLE))
    failed = desk.send()
    assert (failed.state, failed.failure) == (ReplyState.FAILED, UNDELIVERABLE)
    desk.deployment.sweep_until(after(hours=3))
    assert desk.deployment.reasons == []


def test_refused_as_opted_out_is_remembered(desk: Desk) -> None:
    desk.deployment.cast.messenger.fail(CustomerOptedOutError(131050, "User has stopped"))
    failed = desk.send()
    kept = desk.deployment.world.opt_outs.current(ACME, ALICE)
    assert kept is not None
    assert (kept.opted_out, kept.cause) == (True, failed.reply_id)


# --- the window, templates, opt-out ---


@pytest.mark.parametrize(
    "content",
    [
        Text("hello"),
        Image(MediaFile(id="1")),
        List("Which?", "Choose", (Section((Row("1", "One"),)),)),
        Reaction(MessageId("wamid.in.1"), "👍"),
    ],
    ids=lambda content: type(content).__name__,
)
def test_outside_the_window_nothing_free_leaves_the_house(desk: Desk, content: Any) -> None:
    desk.learn()
    desk.learn(name="hello", language="pt_BR")
    desk.learn(name="offer", category="MARKETING")
    desk.learn(name="bad", quality="RED")
    desk.learn(name="waiting", status="PENDING")
    desk.opt_out()
    desk.deployment.now = after(hours=24)
    before = len(desk.told)
    with pytest.raises(OutsideWindowError) as raised:
        desk.send(dispatch(content))
    assert raised.value.code == "window_closed"
    assert raised.value.templates == (("order_ready", "en_US"), ("hello", "pt_BR"))
    assert "order_ready (en_US), hello (pt_BR)" in str(raised.value)
    assert not desk.posts
    assert not desk.rows
    assert len(desk.told) == before  # and nobody has taken anything over


def test_a_second_earlier_it_is_open(desk: Desk) -> None:
    desk.deployment.now = after(hours=23, minutes=59, seconds=59)
    assert desk.send().state is ReplyState.SENT


def test_without_a_catalogue_the_error_says_what_to_do(desk: Desk) -> None:
    desk.deployment.now = after(days=2)
    with pytest.raises(OutsideWindowError, match="synchronise"):
        desk.send()


def test_a_template_goes_at_any_hour(desk: Desk) -> None:
    desk.learn()
    desk.deployment.now = after(days=40)
    assert desk.send(dispatch(READY_TEMPLATE)).text == "order_ready\nRui\nB-17"
    [post] = [post for post in desk.deployment.cast.messenger.posts if post.content == READY_TEMPLATE]
    assert post.in_reply_to is None


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "not in the catalogue"),
        ({"status": "PAUSED"}, "is PAUSED"),
        ({"status": "REJECTED", "rejected_reason": "INVALID_FORMAT"}, r"is REJECTED \(INVALID_FORMAT\)"),
        ({"status": "DELETED"}, "is DELETED"),
        ({"language": "en_GB"}, "not in the catalogue"),
        ({"waba_id": "waba-other"}, "not in the catalogue"),
    ],
)
def test_a_template_that_meta_would_refuse(desk: Desk, told: dict[str, Any] | None, words: str) -> None:
    if told is not None:
        desk.learn(**told)
    with pytest.raises(TemplateRefusedError, match=words):
        desk.send(dispatch(READY_TEMPLATE))
    assert not desk.posts
    assert not desk.told


def test_a_template_with_other_parameters(desk: Desk) -> None:
    desk.learn()
    with pytest.raises(ContentRefusedError, match="asks for 2 parameters"):
        desk.send(dispatch(Template("order_ready", "en_US")))
    assert desk.posts == []


@pytest.mark.parametrize("category", ["MARKETING", "LOYALTY"])
def test_no_marketing_to_who_opted_out(desk: Desk, category: str) -> None:
    desk.learn(category=category)
    desk.opt_out()
    with pytest.raises(MarketingRefusedError) as raised:
        desk.send(dispatch(READY_TEMPLATE))
    assert raised.value.code == "opted_out"
    assert desk.posts == []


@pytest.mark.parametrize("category", ["UTILITY", "AUTHENTICATION"])
def test_what_belongs_to_an_order_still_comes(desk: Desk, category: str) -> None:
    desk.learn(category=category)
    desk.opt_out()
    assert desk.send(dispatch(READY_TEMPLATE)).state is ReplyState.SENT


def test_who_wants_offers_again_gets_them(desk: Desk) -> None:
    desk.learn(category="MARKETING")
    desk.opt_out()
    desk.deployment.world.opt_outs.keep(ACME, ALICE, opt_out(False, since=after(hours=1), cause="event-2"))
    assert desk.send(dispatch(READY_TEMPLATE)).state is ReplyState.SENT


# --- the seller's system ---


def test_a_system_informs_and_takes_nothing_over(desk: Desk) -> None:
    desk.learn()
    sent = desk.send(dispatch(READY_TEMPLATE, by="shop", person=False))
    assert (sent.state, sent.by) == (ReplyState.SENT, "shop")
    assert desk.deployment.conversation.owner is Owner.ASSISTANT
    assert desk.told == []


def test_also_while_a_person_has_the_conversation(desk: Desk) -> None:
    desk.learn()
    desk.send()
    shop = dispatch(READY_TEMPLATE, key="key-00000002", by="shop", person=False)
    assert desk.send(shop).state is ReplyState.SENT
    assert desk.deployment.conversation.person == "ana"


def test_but_it_does_not_talk(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="templates alone"):
        desk.send(dispatch(by="shop", person=False))


# --- to whom, from where ---


def test_a_reply_names_its_message(desk: Desk) -> None:
    sent = desk.send(dispatch(in_reply_to=MessageId("wamid.in.1")))
    assert sent.reply_to == "wamid.in.1"
    [post] = desk.deployment.cast.messenger.posts
    assert post.in_reply_to == "wamid.in.1"


def test_a_reaction_is_no_reply() -> None:
    with pytest.raises(ContentRefusedError, match="reaction"):
        dispatch(Reaction(MessageId("wamid.in.1"), "👍"), in_reply_to=MessageId("wamid.in.1"))


def test_who_never_wrote_cannot_be_written_to(desk: Desk) -> None:
    ports = desk.deployment.cast.send_ports
    with pytest.raises(NotFoundError, match="no conversation"):
        send(ACME, BOB.first_customer_id(ACME), dispatch(), now=after(minutes=1), ports=ports)
    with pytest.raises(NotFoundError, match="no conversation"):
        send(GLOBEX, CUSTOMER, dispatch(), now=after(minutes=1), ports=ports)


@pytest.mark.parametrize(
    "numbers",
    [
        FakeTenants(),
        FakeTenants(number(tenant(status=TenantStatus.SUSPENDED))),
        FakeTenants(number(tenant(GLOBEX))),
    ],
    ids=["unknown", "suspended", "another tenant's"],
)
def test_nothing_is_sent_from_a_number_that_is_not_the_sellers(desk: Desk, numbers: FakeTenants) -> None:
    ports = replace(desk.deployment.cast.send_ports, tenants=numbers)
    with pytest.raises(NotAllowedError, match="not active"):
        send(ACME, CUSTOMER, dispatch(), now=after(minutes=1), ports=ports)


def test_while_a_number_is_paused_meta_is_not_asked(desk: Desk) -> None:
    pause = SendingPause(after(seconds=30), 190, "Access token has expired")
    assert desk.deployment.world.number_states.pause(ACME, number(), pause)
    with pytest.raises(NotAllowedError, match=r"paused.*\(190: Access token has expired\)"):
        desk.send()
    assert not desk.posts
    assert not desk.rows


def test_every_refusal_has_a_code_of_its_own() -> None:
    def below(error: type[OutboundRefusedError]) -> list[type[OutboundRefusedError]]:
        return [error, *(deeper for one in error.__subclasses__() for deeper in below(one))]

    code: Callable[[type[OutboundRefusedError]], str] = lambda error: error.code  # noqa: E731
    codes = list(map(code, below(OutboundRefusedError)))
    assert len(set(codes)) == len(codes) == 5


# --- a file of the seller's own ---

BILL = content_of(b"%PDF-1.7 made up", "application/pdf", "bill.pdf", "")


def test_a_file_goes_once_under_its_key_and_another_is_another_message(desk: Desk) -> None:
    first = desk.send(dispatch(BILL))
    assert desk.send(dispatch(BILL)) == first
    assert (first.state, first.text, desk.posts) == (ReplyState.SENT, "bill.pdf", ["bill.pdf"])
    with pytest.raises(NotAllowedError):
        desk.send(dispatch(content_of(b"%PDF-1.7 another", "application/pdf", "bill.pdf", "")))


def test_where_the_window_is_closed_no_file_comes_near_meta(desk: Desk) -> None:
    desk.deployment.now = after(hours=25)
    with pytest.raises(OutsideWindowError):
        desk.send(dispatch(BILL))
    assert (desk.posts, desk.rows) == ([], [])
