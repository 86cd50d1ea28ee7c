"""`ai-marketplace numbers`: what an operator sees of the numbers, and how one sends again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from adapters.aws_clients import client
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.secrets_manager import SecretsManagerAccessTokens
from adapters.whatsapp_numbers import WhatsAppNumbers
from domain.account_alerts import AccountAlert, alert_of
from domain.errors import NumberPausedError, ServiceUnavailableError
from domain.tenants import PhoneNumberId, SendingPause
from ops import target
from ops.errors import OpsError
from ops.numbers import wiring
from ops.numbers.commands import app
from ops.target import Target
from tests.builders import ACME, ACME_NUMBER, GLOBEX, GLOBEX_NUMBER, NOON, account_event, after, number, tenant
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources
from tests.integration.test_sns_escalations import heard, subscribe

PAUSE = SendingPause(NOON, 190, "Access token has [expired]")
SECOND = PhoneNumberId("106540352242999")


@dataclass
class Graph:
    """The Graph API's answer to a look at a number."""

    answer: Callable[[], httpx.Response] = lambda: httpx.Response(200, json={"id": ACME_NUMBER, "status": "CONNECTED"})
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer()

    @property
    def numbers(self) -> WhatsAppNumbers:
        return WhatsAppNumbers(
            "https://graph.example", "v26.0", SecretsManagerAccessTokens(), httpx.MockTransport(self)
        )


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch, resources: TemplateResources) -> Graph:
    """Also makes the stack's tables the command's target."""
    made, names = Graph(), {"tenants": "TenantsTable", "conversations": "ConversationsTable"}
    found = Target(
        stack_name="stack",
        local=True,
        tables={name: resources.tables[logical] for name, logical in names.items()},
        queues={},
        topics={"account-alerts": resources.topics["AccountAlertsTopic"]},
        buckets={},
        functions={},
    )
    monkeypatch.setattr(target, "find", lambda *_: found)
    monkeypatch.setattr(wiring, "meta", lambda _: made.numbers)
    client("secretsmanager").create_secret(Name=number().access_token_secret, SecretString="EAAG-token")
    return made


@pytest.fixture
def paused(world: World) -> World:
    world.tenants.put(number())
    world.tenants.put(number(tenant(GLOBEX), GLOBEX_NUMBER))
    assert world.number_states.pause(ACME, number(), PAUSE)
    return world


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=answer)


def listed(*arguments: str) -> list[dict[str, Any]]:
    result = run("list", "--output", "json", *arguments)
    assert result.exit_code == 0
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def is_paused(world: World) -> bool:
    found = world.tenants.number(ACME_NUMBER)
    assert found is not None
    return found.sending_pause is not None


@pytest.mark.usefixtures("graph", "paused")
def test_every_number_is_listed_with_why_it_cannot_send() -> None:
    acmes, globexs = listed()
    assert (acmes["tenant"], acmes["phone_number_id"], acmes["code"]) == (ACME, ACME_NUMBER, 190)
    assert acmes["paused_at"] == "2026-11-22T12:00:00.000000Z"
    assert (globexs["tenant"], globexs["paused_at"], globexs["code"]) == (GLOBEX, None, None)
    assert [number["tenant"] for number in listed("--paused")] == [ACME]


@pytest.mark.usefixtures("graph", "paused")
def test_for_people_in_a_table() -> None:
    shown = run("list").stdout
    assert "paused since 2026-11-22T12:00:00Z, code 190" in shown
    assert "Access token has [expired]" in shown
    assert "15550100001" not in shown  # the sellers' own numbers are not needed here


@pytest.mark.usefixtures("graph")
def test_no_numbers_at_all() -> None:
    assert "No numbers" in run("list").stdout
    assert listed() == []


@pytest.mark.usefixtures("graph")
def test_resumed_it_sends_again_the_seller_is_told_and_it_is_recorded(
    paused: World, resources: TemplateResources
) -> None:
    desk = subscribe(resources.topics["AccountAlertsTopic"], "desk", kind=["sending_resumed"])
    result = run("resume", ACME_NUMBER, "--yes", "--reason", "new token", "--output", "json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["resumed"], report["was_paused"], report["dry_run"], report["code"]) == (True, True, False, 190)
    assert not is_paused(paused)
    [told] = heard(desk)
    assert json.loads(told["Message"])["phoneNumberId"] == ACME_NUMBER
    [action] = DynamoOperatorLog(resources.tables["ConversationsTable"]).newest(10)
    assert (action.command, action.subject, action.state) == ("numbers resume", ACME_NUMBER, "done")
    assert (action.reason, action.counts) == ("new token", {"resumed": 1})


@pytest.mark.usefixtures("graph")
def test_a_dry_run_changes_nothing(paused: World, look: AwsLook) -> None:
    before = look.everything()
    result = run("resume", ACME_NUMBER, "--dry-run")
    assert (result.exit_code, "would be resumed" in result.stdout) == (0, True)
    assert look.everything() == before
    assert is_paused(paused)


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize(("answer", "code", "still"), [("n\n", 1, True), ("y\n", 0, False)])
def test_it_asks_first(paused: World, answer: str, code: int, still: bool) -> None:
    assert run("resume", ACME_NUMBER, answer=answer).exit_code == code
    assert is_paused(paused) is still


@pytest.mark.usefixtures("graph", "paused")
def test_what_is_not_paused_is_left_alone(look: AwsLook) -> None:
    before = look.everything()
    result = run("resume", GLOBEX_NUMBER, "--yes")
    assert (result.exit_code, "not paused" in result.stdout) == (0, True)
    assert look.everything() == before


@pytest.mark.usefixtures("graph", "paused")
def test_a_number_that_nobody_has_is_an_error() -> None:
    result = run("resume", "999", "--yes")
    assert result.exit_code == 1
    assert isinstance(result.exception, OpsError)


def test_checked_first_meta_is_asked_and_nothing_is_sent(graph: Graph, paused: World) -> None:
    result = run("resume", ACME_NUMBER, "--check", "--yes")
    assert (result.exit_code, "CONNECTED" in result.stdout) == (0, True)
    [request] = graph.requests
    assert (request.method, request.url.path) == ("GET", f"/v26.0/{ACME_NUMBER}")
    assert request.headers["authorization"] == "Bearer EAAG-token"
    assert not is_paused(paused)


def refused() -> httpx.Response:
    return httpx.Response(401, json={"error": {"code": 190, "message": "expired"}})


def _unreachable() -> httpx.Response:
    raise httpx.ConnectError("nobody there")


@pytest.mark.parametrize(
    "answer",
    [
        refused,
        lambda: httpx.Response(200, json={"status": "BANNED"}),
        lambda: httpx.Response(503, text="busy"),
        _unreachable,
    ],
)
def test_and_where_it_would_be_refused_it_stays_paused(
    graph: Graph, paused: World, answer: Callable[[], httpx.Response]
) -> None:
    graph.answer = answer
    result = run("resume", ACME_NUMBER, "--check", "--yes")
    assert result.exit_code == 1
    assert isinstance(result.exception, OpsError)
    assert is_paused(paused)


@pytest.mark.parametrize("answer", [httpx.Response(200, json={}), httpx.Response(200, text="[]")])
def test_a_status_that_meta_does_not_give_is_none(graph: Graph, answer: httpx.Response) -> None:
    graph.answer = lambda: answer
    assert graph.numbers.status(number()) is None


def test_metas_refusals_are_of_the_one_tree(graph: Graph) -> None:
    graph.answer = refused
    with pytest.raises(NumberPausedError):
        graph.numbers.status(number())
    graph.answer = _unreachable
    with pytest.raises(ServiceUnavailableError):
        graph.numbers.status(number())


# --- what Meta says of them ---


def alert(field: str, value: dict[str, Any], **changes: Any) -> AccountAlert:
    made = alert_of(account_event(field=field, value=value, **changes), ACME)
    assert made is not None
    return made


DISABLED = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}


@pytest.mark.usefixtures("graph")
def test_metas_words_stand_on_the_numbers_that_they_are_about(paused: World) -> None:
    paused.tenants.put(number(phone_number_id=SECOND, display_phone_number="+1 555-010-0002"))
    other = PhoneNumberId("106540352242888")
    paused.tenants.put(number(phone_number_id=other, display_phone_number="15550100003", waba_id="waba-other"))
    paused.number_states.flag(ACME, alert("account_update", DISABLED))
    quality = {"event": "FLAGGED", "display_phone_number": "15550100002"}
    paused.number_states.flag(ACME, alert("phone_number_quality_update", quality, event_id="event-2"))
    of = {row["phone_number_id"]: (row["account_update"], row["quality_update"]) for row in listed()}
    assert of == {
        ACME_NUMBER: ("DISABLED_UPDATE", None),
        SECOND: ("DISABLED_UPDATE", "FLAGGED"),
        other: (None, None),
        GLOBEX_NUMBER: (None, None),
    }
    assert is_paused(paused)  # as before: and what was not, is not


@pytest.mark.usefixtures("graph")
def test_an_older_word_does_not_hide_a_newer_one(paused: World) -> None:
    restored = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
    newer = alert("account_update", restored, event_id="event-2", received_at=after(hours=1))
    paused.number_states.flag(ACME, newer)
    paused.number_states.flag(ACME, alert("account_update", DISABLED))
    assert listed()[0]["account_update"] == "REINSTATE"


def test_alerts_are_forgotten_after_400_days(paused: World, look: AwsLook) -> None:
    paused.number_states.flag(ACME, alert("account_update", DISABLED))
    kept = [row for row in look.rows("ConversationsTable") if row["sk"].startswith("a#")]
    assert {int(row["expiresAt"]) for row in kept} == {int((NOON + timedelta(days=400)).timestamp())}
