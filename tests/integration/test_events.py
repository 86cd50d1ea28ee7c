"""What the topics carry is what docs/events.md and its schemas promise."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from adapters.sns_account_alerts import SnsAccountAlerts
from adapters.sns_escalations import SnsEscalations
from adapters.sns_handoff_notifications import SnsHandoffNotifications
from domain.account_alerts import AccountAlert, AlertKind, Severity, alert_of
from domain.catalogue import Money
from domain.conversations import Owner
from domain.errors import ServiceUnavailableError
from domain.escalations import PRIORITIES, EscalationReason, Priority
from domain.hand_over import handed_over
from domain.messages import Order, OrderItem
from domain.orders import priced_at
from domain.ownership import Change, OwnerChange, reopening
from domain.pausing import paused_alert, resumed_alert
from domain.plans import Threshold
from domain.tenants import SendingPause
from domain.waiting import USUAL_TIMES, WaitingStep
from domain.watch_usage import usage_alert
from tests.builders import (
    ACME,
    ACME_NUMBER,
    ALICE,
    NOON,
    account_event,
    after,
    escalation,
    job,
    number,
    product,
    tenant,
)
from tests.integration.template_resources import TemplateResources
from tests.integration.test_sns_escalations import heard, subscribe

DOCS = Path(__file__).parents[2] / "docs"
HIS = ALICE.first_customer_id(ACME)


def _values(of: Draft202012Validator, name: str) -> set[str]:
    read: Any = of.schema
    return set(read["properties"][name]["enum"])


def schema(name: str) -> Draft202012Validator:
    read = json.loads((DOCS / "schemas" / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(read)
    return Draft202012Validator(read, format_checker=FormatChecker())


ESCALATION, HANDOFF = schema("escalation-1.json"), schema("handoff-1.json")
ALERT = schema("account-alert-1.json")


def change(of: Change, person: str | None = None, by: str = "ana") -> OwnerChange:
    return OwnerChange(ACME, HIS, ACME_NUMBER, of, by, "asked to", after(minutes=5), cause="v0", person=person)


_REMINDED = {"repeatedAs": "reminder", "waitingSince": "2026-11-22T12:00:00.000000Z"}

CHANGES = [
    handed_over(escalation(job(), EscalationReason.PERSON_REQUESTED)),
    change(Change.TAKEN_OVER, "ana"),
    change(Change.TAKEN_OVER, "phone_app", by="phone_app"),
    change(Change.HANDED_BACK),
    change(Change.RESOLVED),
    reopening(ACME, HIS, ACME_NUMBER, job().position, after(hours=1)),
]


def body(told: dict[str, Any]) -> dict[str, Any]:
    read = json.loads(told["Message"])
    assert isinstance(read, dict)
    return read


def attributes(told: dict[str, Any]) -> dict[str, str]:
    given = told["MessageAttributes"]
    assert {attribute["Type"] for attribute in given.values()} == {"String"}
    return {name: attribute["Value"] for name, attribute in given.items()}


@pytest.mark.parametrize("reason", EscalationReason)
def test_every_escalation_is_of_the_schema(resources: TemplateResources, reason: EscalationReason) -> None:
    topic = resources.topics["EscalationsTopic"]
    everybody = subscribe(topic, "everybody")
    SnsEscalations(topic).publish(escalation(job(), reason))
    [told] = heard(everybody)
    ESCALATION.validate(body(told))
    expected = {"version": "1", "tenantId": ACME, "reason": str(reason), "priority": str(PRIORITIES[reason])}
    assert attributes(told) == expected
    assert {name: body(told)[name] for name in expected} == expected


CART = Order(
    "catalog-1",
    (
        OrderItem("MUG-1", 6, Decimal("11.00"), "USD"),
        OrderItem("FAN-1", 1, Decimal(1200), "JPY"),
        OrderItem("GONE-1", 1),
    ),
)


def test_an_order_is_told_with_what_it_comes_to(resources: TemplateResources) -> None:
    topic = resources.topics["EscalationsTopic"]
    everybody = subscribe(topic, "everybody")
    fan = product("FAN-1", "Fan", price=Money(1200, "JPY"), stock=None)
    order = priced_at(CART, [product(), fan], after(seconds=1))
    SnsEscalations(topic).publish(escalation(job(), EscalationReason.ORDER, order=order))
    [told] = heard(everybody)
    ESCALATION.validate(body(told))
    cart = body(told)["order"]
    assert (cart["lineCount"], cart["asSeen"], cart["total"]) == (3, False, None)  # dollars and yen have no sum
    assert cart["lines"][0] == {
        "productId": "MUG-1",
        "title": "Blue mug",
        "quantity": 6,
        "available": 4,
        "price": {"amount": "12.50", "currency": "USD"},
        "seenPrice": {"amount": "11.00", "currency": "USD"},
        "total": {"amount": "50.00", "currency": "USD"},
        "differences": ["price_changed", "too_few"],
    }
    assert (cart["lines"][1]["price"], cart["lines"][1]["differences"]) == ({"amount": "1200", "currency": "JPY"}, [])
    assert (cart["lines"][2]["title"], cart["lines"][2]["differences"]) == (None, ["unknown"])


def test_an_order_of_any_size_can_be_published(resources: TemplateResources) -> None:
    topic = resources.topics["EscalationsTopic"]
    everybody = subscribe(topic, "everybody")
    ids = [f"{'م' * 90}{n}" for n in range(200)]
    cart = Order("catalog-1", tuple(OrderItem(product_id, 10**17, Decimal("0.10"), "KWD") for product_id in ids))
    order = priced_at(cart, [product(product_id, "ش" * 300) for product_id in ids], after(seconds=1))
    SnsEscalations(topic).publish(escalation(job(), EscalationReason.ORDER, order=order))
    [told] = heard(everybody)
    ESCALATION.validate(body(told))
    assert len(told["Message"].encode()) < 256 * 1024
    assert (len(body(told)["order"]["lines"]), body(told)["order"]["lineCount"]) == (100, 200)


@pytest.mark.parametrize("reason", EscalationReason)
@pytest.mark.parametrize("step", [WaitingStep.REMINDER, WaitingStep.URGENT])
def test_every_repetition_is_too(resources: TemplateResources, reason: EscalationReason, step: WaitingStep) -> None:
    topic = resources.topics["EscalationsTopic"]
    everybody, firsts = subscribe(topic, "everybody"), subscribe(topic, "firsts", repeatedAs=[{"exists": False}])
    SnsEscalations(topic).publish(escalation(job(), reason, repeated_as=step, waiting_since=after(seconds=5)))
    [told] = heard(everybody)
    ESCALATION.validate(body(told))
    priority = "urgent" if step is WaitingStep.URGENT else str(PRIORITIES[reason])
    repeated = {"priority": priority, "repeatedAs": str(step)}
    assert attributes(told) == {"version": "1", "tenantId": ACME, "reason": str(reason), **repeated}
    assert {name: body(told)[name] for name in repeated} == repeated
    assert body(told)["waitingSince"] == "2026-11-22T12:00:05.000000Z"
    assert heard(firsts) == []


@pytest.mark.parametrize(
    "broken",
    [{"repeatedAs": "note"}, {"repeatedAs": "reminder"}, {"priority": "urgent"}, {"priority": "urgent", **_REMINDED}],
    ids=str,
)
def test_the_schema_refuses_what_is_no_repetition(broken: dict[str, Any]) -> None:
    [example] = [e for e in _examples() if "priority" in e and "order" not in e]
    ESCALATION.validate(example | _REMINDED)
    with pytest.raises(ValidationError):
        ESCALATION.validate(example | broken)


@pytest.mark.parametrize("made", CHANGES, ids=lambda made: f"{made.change} by {made.by}")
def test_every_change_of_owner_is_of_the_schema(resources: TemplateResources, made: OwnerChange) -> None:
    topic = resources.topics["HandoffNotificationsTopic"]
    everybody = subscribe(topic, "everybody")
    SnsHandoffNotifications(topic).publish(made)
    [told] = heard(everybody)
    HANDOFF.validate(body(told))
    expected = {"version": "1", "tenantId": ACME, "change": str(made.change), "owner": str(made.owner)}
    assert attributes(told) == expected
    assert body(told) == {
        **expected,
        "conversationId": f"{ACME}#{HIS}",
        "phoneNumberId": ACME_NUMBER,
        "person": made.person,
        "by": made.by,
        "reason": made.reason,
        "at": f"{made.at:%Y-%m-%dT%H:%M:%S.%fZ}",
    }


def test_no_change_is_left_out_here() -> None:
    assert {made.change for made in CHANGES} == set(Change)


def test_subscribers_filter_by_tenant_change_and_owner(resources: TemplateResources) -> None:
    topic = resources.topics["HandoffNotificationsTopic"]
    acmes, globexs = subscribe(topic, "acmes", tenantId=["acme"]), subscribe(topic, "globexs", tenantId=["globex"])
    taken, people = subscribe(topic, "taken", change=["taken_over"]), subscribe(topic, "people", owner=["person"])
    for made in CHANGES:
        SnsHandoffNotifications(topic).publish(made)
    assert [len(heard(url)) for url in (acmes, globexs, taken, people)] == [6, 0, 2, 2]


def test_a_topic_that_is_not_there_is_an_error_of_ours(resources: TemplateResources) -> None:
    with pytest.raises(ServiceUnavailableError):
        SnsHandoffNotifications(f"{resources.topics['HandoffNotificationsTopic']}-of-nobody").publish(CHANGES[0])


@pytest.mark.parametrize(
    "broken",
    [
        {"version": "2"},
        {"tenantId": "acme#x"},
        {"conversationId": "acme#12025550143"},
        {"change": "given_away"},
        {"owner": "person"},
        {"person": "ana"},
        {"at": "yesterday"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_the_schema_refuses_what_breaks_its_promises(broken: dict[str, Any]) -> None:
    [example] = [e for e in _examples() if "change" in e]
    resolved = {**example, "change": "resolved", "owner": "assistant", "person": None}
    HANDOFF.validate(resolved)
    with pytest.raises(ValidationError):
        HANDOFF.validate(resolved | broken)


def _examples() -> list[dict[str, Any]]:
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


def test_the_examples_of_the_page_are_of_the_schemas() -> None:
    escalated, ordered, handed, alerted = _examples()
    ESCALATION.validate(escalated)
    ESCALATION.validate(ordered)
    HANDOFF.validate(handed)
    ALERT.validate(alerted)


def test_the_page_explains_every_reason_change_and_owner() -> None:
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    missing = [word for word in (*EscalationReason, *Change, *Owner, *AlertKind, *Severity) if f"`{word}`" not in text]
    assert missing == []


def test_the_page_tells_each_reasons_priority() -> None:
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (normal|high) \|", text, re.MULTILINE))
    assert told == {str(reason): str(priority) for reason, priority in PRIORITIES.items()}


def test_the_page_tells_the_usual_times_of_each_repetition() -> None:
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    told = {
        step: int(minutes)
        for step, minutes in re.findall(r"^\| `(\w+)` \| .* \| after (\d+) minutes", text, re.MULTILINE)
    }
    assert told == {"reminder": USUAL_TIMES.reminder, "urgent": USUAL_TIMES.urgent}


def test_the_schemas_name_what_the_code_knows() -> None:
    assert _values(ESCALATION, "reason") == set(EscalationReason)
    assert _values(ESCALATION, "priority") == set(Priority)
    assert _values(ESCALATION, "repeatedAs") == set(WaitingStep) - {WaitingStep.NOTE}
    assert _values(HANDOFF, "change") == set(Change)
    assert _values(HANDOFF, "owner") == set(Owner)
    assert _values(ALERT, "kind") == set(AlertKind)
    assert _values(ALERT, "severity") == set(Severity)


def _told_by_meta(field: str, value: dict[str, Any]) -> AccountAlert:
    alert = alert_of(account_event(field=field, value=value), ACME)
    assert alert is not None
    return alert


PAUSED = number(sending_pause=SendingPause(after(minutes=1), 190, "Token of +1 202-555-0143 has expired"))
ALERTS = [
    paused_alert(ACME, PAUSED, SendingPause(after(minutes=1), 190, "Token of +1 202-555-0143 has expired")),
    paused_alert(ACME, PAUSED, SendingPause(after(minutes=1), None, "")),
    resumed_alert(ACME, PAUSED, after(minutes=5)),
    _told_by_meta("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
    _told_by_meta("phone_number_quality_update", {"event": "FLAGGED", "display_phone_number": "12025550143"}),
    _told_by_meta("account_alerts", {"alert_info": {"alert_description": "Call +12025550143", "alert_type": 7}}),
    usage_alert(number(tenant(plan="small")), "2026-11", Threshold.NEAR, NOON),
    usage_alert(number(tenant(plan="small")), "2026-11", Threshold.REACHED, NOON),
]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.kind} {alert.event or alert.code}")
def test_every_alert_is_of_the_schema_and_names_nobody(resources: TemplateResources, alert: AccountAlert) -> None:
    topic = resources.topics["AccountAlertsTopic"]
    everybody = subscribe(topic, "everybody")
    SnsAccountAlerts(topic).publish(alert)
    [told] = heard(everybody)
    ALERT.validate(body(told))
    expected = {"version": "1", "tenantId": ACME, "kind": str(alert.kind), "severity": str(alert.severity)}
    assert attributes(told) == expected
    assert body(told) == {
        **expected,
        "alertId": alert.alert_id,
        "wabaId": alert.waba_id,
        "phoneNumberId": alert.phone_number_id,
        "event": alert.event,
        "code": alert.code,
        "at": f"{alert.at:%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    assert "555" not in told["Message"]


def test_no_kind_of_alert_is_left_out_here() -> None:
    assert {alert.kind for alert in ALERTS} == set(AlertKind)


def test_subscribers_filter_alerts_by_tenant_and_severity(resources: TemplateResources) -> None:
    topic = resources.topics["AccountAlertsTopic"]
    globexs, urgent = (
        subscribe(topic, "globexs", tenantId=["globex"]),
        subscribe(topic, "urgent", severity=["critical"]),
    )
    for alert in ALERTS:
        SnsAccountAlerts(topic).publish(alert)
    assert [len(heard(url)) for url in (globexs, urgent)] == [0, 4]
