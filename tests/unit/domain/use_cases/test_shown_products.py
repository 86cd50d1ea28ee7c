"""Products in an answer: the form it is sent in, once, again, or not at all; and what the customer chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.catalogue_assistant import CatalogueAssistant
from domain import messages as m
from domain.answer import Answered
from domain.assistants import Answer
from domain.choices import choice_of
from domain.errors import MessageRefusedError, SendThrottledError, SendUncertainError, WindowClosedError
from domain.outbound import Content, ProductList, ReplyButtons, SingleProduct, Text
from domain.replies import ReplyState
from tests.builders import ACME, GLOBEX, after, message, number, product
from tests.fakes.assistant import FakeCatalogueSearch
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.fakes.messenger import FakeMessenger
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import fake_world

WORDS = "The blue mug is 12.50 USD."
THROTTLED = SendThrottledError(131056, "Pair rate limit hit")
NO_SUCH_PRODUCT = MessageRefusedError(131009, "Parameter value is not valid", "Products not found in FB Catalog")
OF_THE_CATALOGUE = SingleProduct("905", "MUG-1", WORDS)


@pytest.fixture
def selling(deployment: Deployment) -> Deployment:
    """A number with a catalogue at Meta."""
    deployment.cast.tenants = FakeTenants(number(catalog_id="905"))
    deployment.cast.catalogue = FakeCatalogueSearch(
        {ACME: [product(), product("JUG-1", "Blue jug")], GLOBEX: [product("MUG-9", "Blue secret mug")]}
    )
    deployment.cast.assistant.draft = Answer(WORDS, ("MUG-1",))
    return deployment


def sent(deployment: Deployment) -> list[Content]:
    return [post.content for post in deployment.cast.messenger.posts]


def test_the_product_is_shown_with_the_words(selling: Deployment) -> None:
    selling.deliver(message())
    assert selling.drain() == [Answered.ANSWERED]
    assert sent(selling) == [OF_THE_CATALOGUE]
    [reply] = selling.replies()
    assert (reply.text, reply.shown, reply.product_ids) == (WORDS, OF_THE_CATALOGUE, ("MUG-1",))


def test_what_is_offered_again_is_the_same(selling: Deployment) -> None:
    selling.cast.messenger.fail(THROTTLED)
    selling.deliver(message())
    selling.drain()
    selling.cast.assistant.draft = Answer("Other words")
    assert sent(selling) == [OF_THE_CATALOGUE, OF_THE_CATALOGUE]
    assert len(selling.cast.assistant.turns) == 1


@pytest.mark.parametrize("code", [100, 131008, 131009])
def test_where_meta_does_not_know_the_product_the_words_are_sent(selling: Deployment, code: int) -> None:
    selling.cast.messenger.fail(MessageRefusedError(code, "Invalid"))
    selling.deliver(message())
    assert selling.drain() == [Answered.ANSWERED]
    assert sent(selling) == [OF_THE_CATALOGUE, Text(WORDS)]
    [reply] = selling.replies()
    assert (reply.state, reply.shown) == (ReplyState.SENT, None)
    assert selling.texts == [WORDS]  # the first was refused, and is not charged


def test_the_words_are_offered_again_where_they_are_refused_for_now(selling: Deployment) -> None:
    selling.cast.messenger.fail(NO_SUCH_PRODUCT, THROTTLED, NO_SUCH_PRODUCT)
    selling.deliver(message())
    assert selling.drain() == [Answered.ANSWERED]
    assert selling.texts == [WORDS]


def test_words_that_may_have_been_sent_are_not_sent_again(selling: Deployment) -> None:
    selling.cast.messenger.fail(NO_SUCH_PRODUCT, SendUncertainError(None, "Meta gave no answer"))
    selling.deliver(message())
    assert selling.drain() == [Answered.HANDED_OVER]
    assert len(sent(selling)) == 2
    assert selling.reasons == ["reply_uncertain"]


@pytest.mark.parametrize("refusal", [WindowClosedError(131047, "Re-engagement"), MessageRefusedError(131026, "No")])
def test_a_refusal_of_the_message_itself_is_one(selling: Deployment, refusal: MessageRefusedError) -> None:
    selling.cast.messenger.fail(refusal)
    selling.deliver(message())
    assert selling.drain() == [Answered.HANDED_OVER]
    assert sent(selling) == [OF_THE_CATALOGUE]


def test_another_sellers_product_never_leaves(selling: Deployment) -> None:
    selling.cast.assistant.draft = Answer("Here it is.", ("MUG-9",))
    selling.deliver(message())
    assert selling.drain() == [Answered.HANDED_OVER]
    assert all(isinstance(content, Text) for content in sent(selling))
    assert "MUG-9" not in str(sent(selling))


def test_a_product_that_went_while_the_assistant_thought_is_not_shown(selling: Deployment) -> None:
    selling.cast.catalogue = FakeCatalogueSearch({ACME: [product("MUG-1", active=False), product("JUG-1", "Blue jug")]})
    selling.cast.assistant.draft = lambda turn: Answer("Blue jug?", ("JUG-1",) if turn.rejected else ("MUG-1", "JUG-1"))
    selling.deliver(message())
    selling.drain()
    assert sent(selling) == [SingleProduct("905", "JUG-1", "Blue jug?")]


def test_several_products_are_one_message(selling: Deployment) -> None:
    selling.cast.assistant.draft = Answer("Blue mug 12.50 USD, blue jug 12.50 USD", ("MUG-1", "JUG-1"))
    selling.deliver(message())
    selling.drain()
    [content] = sent(selling)
    assert isinstance(content, ProductList)
    assert selling.world.look.usage(ACME, "2026-11")["replies"] == 1


@pytest.mark.parametrize("reply", [m.ButtonReply, m.ListReply])
def test_what_the_customer_chooses_is_the_product_itself(
    selling: Deployment, reply: type[m.ButtonReply | m.ListReply]
) -> None:
    selling.cast.assistant.draft = Answer("A blue mug or a blue jug?", ("MUG-1", "JUG-1"), choice=True)
    selling.deliver(message())
    selling.drain()
    [content] = sent(selling)
    assert isinstance(content, ReplyButtons)
    mug, jug = content.buttons
    assert (mug.title, jug.title) == ("Blue mug", "Blue jug")
    selling.deliver(message(reply(jug.id, jug.title), "wamid.in.2", at=after(minutes=1)))
    selling.cast.assistant.draft = Answer("The blue jug is 12.50 USD.", ("JUG-1",))
    selling.drain()
    [chosen] = selling.cast.assistant.turns[-1].burst
    assert (chosen.words, chosen.referred_product_id) == ("Blue jug", "JUG-1")


def test_a_title_that_sounds_like_a_call_for_a_person_is_none(selling: Deployment) -> None:
    selling.deliver(message(m.ButtonReply(choice_of("JUG-1"), "Customer service bell")))
    selling.drain()
    assert selling.reasons == []
    selling.deliver(message(m.ButtonReply("other-software", "Customer service"), "wamid.in.2", at=after(minutes=1)))
    selling.drain()
    assert selling.reasons == ["person_requested"]


@pytest.mark.parametrize("forged", ["product:", "JUG-1", "", "tenant:globex"])
def test_what_is_no_button_of_ours_means_no_product(selling: Deployment, forged: str) -> None:
    selling.deliver(message(m.ButtonReply(forged, "Blue jug")))
    selling.drain()
    [chosen] = selling.cast.assistant.turns[-1].burst
    assert chosen.referred_product_id is None


def test_a_forged_choice_of_another_sellers_product_is_none_of_this_one(selling: Deployment) -> None:
    selling.cast.assistant.draft = CatalogueAssistant(selling.cast.catalogue).answer
    selling.deliver(message(m.ListReply(choice_of("MUG-9"), "Blue jug")))
    selling.drain()
    assert sent(selling) == [SingleProduct("905", "JUG-1", "Blue jug — 12.50 USD, in stock (4)")]


@pytest.mark.parametrize("when", When)
def test_wherever_a_worker_dies_there_is_one_message_at_most(selling: Deployment, when: When) -> None:
    for n in range(60):
        cast = replace(selling.cast, world=fake_world(), messenger=FakeMessenger())
        deployment = Deployment(cast=cast, doom=Doom(n, when))
        cast.messenger.fail(NO_SUCH_PRODUCT)
        deployment.deliver(message())
        deployment.drain()
        assert len(deployment.texts) <= 1
        if n >= len(deployment.doom.calls):
            return
    pytest.fail("it makes more calls than that")
