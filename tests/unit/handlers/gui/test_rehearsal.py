"""The test chat on the settings page."""

from __future__ import annotations

import re

import pytest

from domain.access import Principal, Role
from domain.assistants import Answer, CallPerson
from domain.errors import ForbiddenError, ServiceUnavailableError
from domain.language_models import Tokens
from domain.model_use import FallbackReason, ModelUse
from domain.rehearse import A_MINUTE
from tests.builders import GLOBEX
from tests.unit.handlers.gui.conftest import Answered, Seller

_PATH = "/settings/assistant/rehearsal"


def ask(admin: Seller, question: str, talk: str = "", **typed: str) -> Answered:
    return admin.post(_PATH, question=question, talk=talk, **typed)


def talk_in(answer: Answered) -> str:
    found = re.search(r'name="talk" value="([^"]*)"', answer.html)
    assert found
    return found[1]


def test_the_answer_stands_on_the_page_with_what_it_cites(admin: Seller) -> None:
    answer = ask(admin, "Do you have the <blue> mug?")
    assert answer.status == 200
    assert "Do you have the &lt;blue&gt; mug?" in answer.html
    assert "Blue mug: 12.50 USD, in stock (4)" in answer.html
    assert "/prod/catalogue/products?id=MUG-1" in answer.html
    assert "No language model was asked" in answer.html
    assert admin.shop.desk.cast.messenger.posts == []


def test_what_is_typed_above_holds_stays_and_is_not_saved(admin: Seller) -> None:
    version = re.search(r'name="version" value="([0-9a-f]+)"', admin.get("/settings/assistant").html)
    assert version
    answer = ask(admin, "Hello", persona="You are Max", version=version[1], thanks="on")
    [turn] = admin.shop.assistant.turns
    assert turn.tenant.assistant.persona == "You are Max"
    assert "You are Max</textarea>" in answer.html
    assert f'name="version" value="{version[1]}"' in answer.html
    assert "You are Max" not in admin.get("/settings/assistant").html


def test_the_talk_goes_on_with_the_form_and_begins_anew(admin: Seller) -> None:
    first = ask(admin, "Do you have mugs?")
    second = ask(admin, "And in red?", talk_in(first))
    assert "Do you have mugs?" in second.html
    assert len(admin.shop.assistant.turns[-1].history) == 3
    anew = admin.post(_PATH, talk=talk_in(second), anew="1")
    assert "Do you have mugs?" not in anew.html
    assert talk_in(anew) == ""


def test_a_talk_of_another_tenant_or_made_up_is_none(admin: Seller) -> None:
    theirs = Seller(admin.shop, Principal("gus", "Gus", Role.TENANT_ADMIN, GLOBEX))
    for talk in (talk_in(ask(theirs, "Hello")), "made-up"):
        asked = len(admin.shop.assistant.turns)
        refused = ask(admin, "Hello", talk)
        assert (refused.status, talk_in(refused)) == (422, "")
        assert len(admin.shop.assistant.turns) == asked


def test_why_a_person_would_be_called_is_said(admin: Seller) -> None:
    answer = ask(admin, "I want to talk to a person")
    assert "Asked for a person" in answer.html
    admin.shop.assistant.draft = CallPerson()
    again = ask(admin, "Do you deliver?", talk_in(answer))
    assert "Asked for a person" in again.html
    assert "The assistant had no truthful answer" in again.html


def test_what_a_model_took_is_said_and_why_it_was_not_used(admin: Seller) -> None:
    use = ModelUse("some.model", Tokens(900, 80), calls=1)
    admin.shop.assistant.draft = Answer("Hello", use=use)
    assert "some.model was asked: 980 tokens" in ask(admin, "Hello").html
    over = ModelUse("some.model", fallback=FallbackReason.OVER_BUDGET)
    admin.shop.assistant.draft = Answer("Hello", use=over)
    assert "budget for the language model is spent" in ask(admin, "Hello").html


def test_what_was_asked_is_not_lost_where_it_is_refused(admin: Seller) -> None:
    refused = ask(admin, "Hello", persona="x" * 2000)
    assert 'role="alert"' in refused.html
    assert ">Hello</textarea>" in refused.html
    admin.shop.assistant.draft = ServiceUnavailableError("search: ThrottlingException")
    assert "did not answer" in ask(admin, "Hello").html
    for _ in range(A_MINUTE):
        ask(admin, "Hello")
    assert "too often" in ask(admin, "Hello").html


def test_only_an_admin_has_it(admin: Seller, agent: Seller, viewer: Seller) -> None:
    assert "Try it out" in admin.get("/settings/assistant").html
    for other in (agent, viewer):
        assert "Try it out" not in other.get("/settings/assistant").html
        assert ask(other, "Hello").status == 403
    assert ask(admin, "Hello").status == 200
    with pytest.raises(ForbiddenError):
        admin.post(_PATH, origin="https://evil.example", question="Hello")
    assert admin.get(_PATH).location == "/prod/settings/assistant"
