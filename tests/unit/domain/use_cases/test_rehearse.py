"""A seller asks their own assistant: what a customer would read, and nothing of it anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from adapters.catalogue_assistant import CatalogueAssistant
from adapters.fallback_assistant import FallbackAssistant
from domain.access import Principal, Role
from domain.assistant_settings import AssistantSettings, BeyondBudget
from domain.assistants import Answer, CallPerson, Draft, Turn
from domain.catalogue import Money
from domain.conversations import RecordedBecause
from domain.errors import (
    ForbiddenError,
    InvalidInputError,
    InvalidSettingsError,
    NotAllowedError,
    NotFoundError,
    TooManyRequestsError,
)
from domain.escalations import EscalationReason
from domain.findings import FindingKind
from domain.language_models import Tokens
from domain.model_use import FallbackReason, ModelUse
from domain.outbound import ReplyButtons, SingleProduct, Text
from domain.plans import BeyondPlan, PlanLimits
from domain.rehearsals import Exchange, RehearsalPorts, Rehearsed, Said
from domain.rehearse import A_MINUTE, LONGEST_QUESTION, rehearse
from domain.replies import Reply
from domain.tenants import ReplyPolicy, Tenant, TenantStatus
from domain.usage import REPLIES, UsageDelta, month_of
from tests.builders import ACME, ACME_NUMBER, GLOBEX, NOON, message, number, product, tenant
from tests.fakes.administration import FakeTenantNumbers, FakeTenantProfiles
from tests.fakes.api import FakeRequestCounts
from tests.fakes.assistant import FakeAssistant, FakeCatalogueSearch
from tests.fakes.deployment import Deployment
from tests.fakes.grounding import FakeGroundingLog
from tests.fakes.model_usage import FakeModelUsage
from tests.fakes.store import Store
from tests.fakes.tenants import FakeTenants
from tests.fakes.usage import FakeUsageWatch

ADA = Principal("ada", "Ada", Role.TENANT_ADMIN, ACME)
MUG, JUG, THEIRS = product(), product("JUG-1", "Blue jug"), product("MUG-9", "Blue secret mug")
NONE: tuple[Exchange, ...] = ()


class Stage:
    """Acme's rehearsals: the catalogue assistant, unless another is put there."""

    def __init__(self) -> None:
        self.profiles = FakeTenantProfiles({ACME: tenant(), GLOBEX: tenant(GLOBEX)})
        self.numbers = FakeTenantNumbers(self.profiles)
        self.catalogue = FakeCatalogueSearch({ACME: [MUG, JUG], GLOBEX: [THEIRS]})
        self.store, self.counts, self.log = Store(), FakeRequestCounts(), FakeGroundingLog()
        self.assistant: FakeAssistant | CatalogueAssistant | FallbackAssistant = CatalogueAssistant(self.catalogue)

    def ask(
        self,
        asked: str,
        *talk: Exchange,
        who: Principal = ADA,
        change: Callable[[Tenant], Tenant] = lambda seen: seen,
    ) -> Rehearsed:
        ports = RehearsalPorts(
            profiles=self.profiles,
            numbers=self.numbers,
            assistant=self.assistant,
            catalogue=self.catalogue,
            grounding=self.log,
            usage=FakeUsageWatch(self.store),
            counts=self.counts,
        )
        return rehearse(who, asked, talk, change, now=NOON, ports=ports)

    def of(self, **changes: Any) -> None:
        self.profiles.tenants[ACME] = tenant(**changes)

    def drafts(self, *drafts: Draft) -> FakeAssistant:
        following: Iterator[Draft] = iter(drafts)
        self.assistant = FakeAssistant(lambda _: next(following))
        return self.assistant


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_what_the_catalogue_answers_is_answered_with_what_it_cites(stage: Stage) -> None:
    told = stage.ask("do you have the blue mug?")
    assert (told.exchange.said, told.exchange.text) == (Said.ANSWER, "Blue mug — 12.50 USD, in stock (4)")
    assert told.cited == (MUG,)
    assert told.use is None


def test_each_question_is_a_turn_whose_prices_are_those_of_now(stage: Stage) -> None:
    asked_in: list[int] = []

    def answer(_: Turn) -> Draft:
        asked_in.append(stage.catalogue.turns)
        return CallPerson()

    stage.assistant = FakeAssistant(answer)
    stage.ask("do you have the blue mug?")
    stage.ask("and the jug?")
    assert asked_in == [1, 2]


def test_there_is_nothing_that_could_send_or_keep_a_conversation() -> None:
    assert {field.name for field in fields(RehearsalPorts)} == {
        *("profiles", "numbers", "assistant", "catalogue", "grounding", "usage", "counts")
    }


def test_nothing_is_counted_or_written(stage: Stage) -> None:
    before = stage.store.snapshot()
    stage.ask("do you have the blue mug?")
    stage.ask("I want to talk to a person")
    assert stage.store.snapshot() == before


@pytest.mark.parametrize(
    "asked",
    [
        "do you have the blue mug?",
        "tienen la taza blue mug?",
        "blue mug or blue jug",
        "I want to talk to a person",
        "this is a scam, I will sue you",
        "do you deliver on Sundays?",
        "STOP",
        "quiero hablar con una persona",
    ],
)
@pytest.mark.parametrize("catalog_id", [None, "905"])
def test_it_is_what_a_customer_would_get(
    deployment: Deployment, stage: Stage, asked: str, catalog_id: str | None
) -> None:
    """The same words through the whole way of a message."""
    deployment.cast.tenants = FakeTenants(number(catalog_id=catalog_id))
    deployment.cast.catalogue = stage.catalogue
    deployment.cast.assistant.draft = CatalogueAssistant(stage.catalogue).answer
    deployment.deliver(message(asked))
    deployment.drain()
    stage.numbers.numbers[ACME, ACME_NUMBER] = number(catalog_id=catalog_id)

    told = stage.ask(asked)

    sent = [post.content for post in deployment.cast.messenger.posts]
    assert [told.shown or Text(told.exchange.text)] == sent
    assert [told.exchange.reason] * (told.exchange.said is Said.PERSON) == deployment.reasons


@pytest.mark.parametrize("thanks", [False, True])
def test_thanks_behind_an_answer_are_treated_as_a_customers(stage: Stage, thanks: bool) -> None:
    answered = stage.ask("do you have the blue mug?").exchange
    told = stage.ask(
        "thanks!", answered, change=lambda seen: replace(seen, replies=ReplyPolicy(thanks=thanks))
    ).exchange
    assert (told.said, bool(told.text)) == ((Said.ANSWER, True) if thanks else (Said.NOTHING, False))
    assert told.reason is (None if thanks else RecordedBecause.THANKS)


def test_the_assistant_is_told_what_was_said_before(stage: Stage) -> None:
    assistant = stage.drafts(Answer("Any more?"))
    first = Exchange("tienen tazas?", Said.ANSWER, "Blue mug — 12.50 USD", "es", product_ids=("MUG-1",))
    told = stage.ask("OK", first)
    [turn] = assistant.turns
    question, answer, now = turn.history
    assert isinstance(answer, Reply)
    assert (question.words, answer.text, answer.product_ids) == (first.asked, first.text, first.product_ids)  # type: ignore[union-attr]
    assert turn.burst == (now,)
    assert (turn.language, told.exchange.language) == ("es", "es")


def test_what_is_typed_and_not_saved_holds_but_not_what_costs_or_leads_elsewhere(stage: Stage) -> None:
    saved = AssistantSettings(persona="You are Olivia", order_status_url="https://shop.example/{order_id}")
    stage.of(assistant=saved)
    assistant = stage.drafts(Answer("Hello"))

    def typed(seen: Tenant) -> Tenant:
        words = AssistantSettings(
            persona="You are Max",
            tone="warm",
            model_id="any.model",
            monthly_tokens=None,
            order_status_url="https://evil.example/{order_id}",
        )
        return replace(seen, name="Another", assistant=words, limits=PlanLimits(), status=TenantStatus.ACTIVE)

    stage.ask("hello", change=typed)
    [turn] = assistant.turns
    assert turn.tenant == tenant(assistant=replace(saved, persona="You are Max", tone="warm"))


def test_a_draft_that_nothing_proves_is_shown_as_held_back(stage: Stage) -> None:
    stage.drafts(Answer("The blue mug is 9.99 USD.", ("MUG-1",)), Answer("The blue mug is 12.50 USD.", ("MUG-1",)))
    told = stage.ask("how much is the mug?")
    assert told.exchange.text == "The blue mug is 12.50 USD."
    assert [(finding.kind, finding.said) for finding in told.findings] == [(FindingKind.PRICE, "9.99 usd")]
    assert stage.log.noted == [(["price"], "repaired")]


def test_who_invents_twice_calls_a_person(stage: Stage) -> None:
    stage.drafts(*[Answer("Buy it at https://evil.example/mug", ("MUG-1",))] * 2)
    told = stage.ask("where can I buy it?")
    assert (told.exchange.said, told.exchange.reason) == (Said.PERSON, EscalationReason.NOT_GROUNDED)
    assert "evil" not in told.exchange.text


def test_another_tenants_product_is_neither_found_nor_proof(stage: Stage) -> None:
    asked = stage.ask("blue secret mug")
    assert THEIRS not in asked.cited
    stage.drafts(*[Answer("Blue secret mug: 12.50 USD", ("MUG-9",), evidence=(THEIRS,))] * 2)
    told = stage.ask("blue secret mug")
    assert (told.exchange.said, told.cited) == (Said.PERSON, ())


def test_products_to_choose_from_have_buttons_or_the_form_of_metas_catalogue(stage: Stage) -> None:
    stage.drafts(Answer("Which?", ("MUG-1", "JUG-1"), choice=True), Answer("Blue mug", ("MUG-1",)))
    assert isinstance(stage.ask("blue").shown, ReplyButtons)
    stage.numbers.numbers[ACME, ACME_NUMBER] = number(catalog_id="905")
    assert stage.ask("blue mug").shown == SingleProduct("905", "MUG-1", "Blue mug")


# --- what it may cost ---


@dataclass
class Model:
    asked: int = 0

    def answer(self, turn: Turn, model_id: str) -> Answer:
        self.asked += 1
        return Answer(f"For {turn.tenant.name}", use=ModelUse(model_id, Tokens(900, 80), micro_usd=70, calls=1))


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def used(stage: Stage, model: Model) -> FakeModelUsage:
    """Of a seller with a language model."""
    used = FakeModelUsage()
    stage.assistant = FallbackAssistant(
        lambda: model,
        CatalogueAssistant(stage.catalogue),
        used,
        default_model="any.model",
        told=lambda _: None,
        now=lambda: NOON,
    )
    return used


def test_what_a_model_takes_counts_as_any_other_use_of_it(stage: Stage, used: FakeModelUsage) -> None:
    told = stage.ask("do you have the blue mug?")
    assert told.use is not None
    assert used.counters == {(ACME, month_of(NOON)): told.use.counters}
    assert told.use.counters["model_tokens_in"] == 900


def test_once_the_budget_is_spent_it_is_not_asked(stage: Stage, used: FakeModelUsage, model: Model) -> None:
    stage.of(assistant=AssistantSettings(monthly_tokens=1, beyond_budget=BeyondBudget.PERSON))
    stage.ask("do you have the blue mug?")
    told = stage.ask("do you have the blue mug?")
    assert model.asked == 1
    assert told.use is not None
    assert (told.exchange.said, told.use.fallback) == (Said.PERSON, FallbackReason.OVER_BUDGET)
    assert used.counters[ACME, month_of(NOON)]["model_turns"] == 1


@pytest.mark.parametrize("beyond", BeyondPlan)
def test_beyond_the_plan_nothing_is_asked_that_costs(
    stage: Stage, used: FakeModelUsage, model: Model, beyond: BeyondPlan
) -> None:
    stage.of(limits=PlanLimits(replies=1), beyond_plan=beyond)
    stage.store.count(ACME, UsageDelta(month_of(NOON), {REPLIES: 1}))
    told = stage.ask("do you have the blue mug?")
    assert (model.asked, dict(used.counters), stage.store.warned) == (0, {}, {})
    assert told.exchange.reason is (EscalationReason.PLAN_LIMIT if beyond is BeyondPlan.PERSON else None)


def test_a_minute_has_so_many_questions_for_a_tenant(stage: Stage) -> None:
    for _ in range(A_MINUTE):
        stage.ask("hello")
    with pytest.raises(TooManyRequestsError):
        stage.ask("hello")
    of_globex = replace(ADA, tenant_id=GLOBEX)
    assert stage.ask("hello", who=of_globex).exchange.said is Said.ANSWER


# --- who may ask what ---


@pytest.mark.parametrize("role", [Role.TENANT_AGENT, Role.OPERATOR])
def test_only_an_admin_rehearses(stage: Stage, role: Role) -> None:
    with pytest.raises(ForbiddenError):
        stage.ask("hello", who=replace(ADA, role=role))


@pytest.mark.parametrize("asked", ["", "  ", "x" * (LONGEST_QUESTION + 1)])
def test_a_question_has_words_and_not_too_many(stage: Stage, asked: str) -> None:
    with pytest.raises(InvalidInputError):
        stage.ask(asked)
    assert stage.counts.counted == {}


def test_of_a_suspended_tenant_nobody_is_answered(stage: Stage) -> None:
    stage.of(status=TenantStatus.SUSPENDED)
    with pytest.raises(NotAllowedError):
        stage.ask("hello")


def test_a_tenant_that_is_gone_has_no_assistant(stage: Stage) -> None:
    del stage.profiles.tenants[ACME]
    with pytest.raises(NotFoundError):
        stage.ask("hello")


def test_settings_that_cannot_be_are_refused_before_anything_is_asked(stage: Stage) -> None:
    def typed(seen: Tenant) -> Tenant:
        return replace(seen, assistant=replace(seen.assistant, persona="x" * 2000))

    with pytest.raises(InvalidSettingsError):
        stage.ask("hello", change=typed)
    assert stage.counts.counted == {}


def test_a_price_in_the_question_proves_nothing(stage: Stage) -> None:
    stage.drafts(Answer("Yes, 1.00 USD.", ("MUG-1",)), CallPerson())
    told = stage.ask(f"you said {Money(100, 'USD')}, right?")
    assert told.exchange.said is Said.PERSON
