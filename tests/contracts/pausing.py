"""`NumberStates`: one pause, one resumption, each with an alert that is due until it is told."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from domain.account_alerts import AccountAlert, AlertKind, Severity
from domain.due import PATIENCE, DueKind
from domain.tenants import SendingPause, WhatsAppNumber
from tests.builders import ACME, ACME_NUMBER, GLOBEX, NOON, after, number, recording, tenant
from tests.contracts.administering import entry
from tests.contracts.recording import at_once
from tests.contracts.world import World

PAUSE = SendingPause(NOON, 190, "Access token has expired", token_fingerprint="0123456789abcdef")
PAUSED = number(sending_pause=PAUSE)
FLAGGED = AccountAlert(
    alert_id="event-1-2026-11-22",
    tenant_id=ACME,
    kind=AlertKind.ACCOUNT_UPDATE,
    severity=Severity.CRITICAL,
    at=NOON,
    waba_id="waba-acme",
    event="DISABLED_UPDATE",
)


def stored(world: World) -> WhatsAppNumber:
    """ACME's number, as the table has it."""
    world.tenants.put(number())
    return number()


def found(world: World) -> WhatsAppNumber:
    at_hand = world.tenants.number(ACME_NUMBER)
    assert at_hand is not None
    return at_hand


class PauseContract:
    def test_it_stands_on_the_number_until_it_is_taken_off(self, world: World) -> None:
        known = stored(world)
        alert = world.number_states.pause(ACME, known, PAUSE)
        assert alert is not None
        assert (alert.kind, alert.severity, alert.code) == (AlertKind.SENDING_PAUSED, Severity.CRITICAL, 190)
        assert (alert.tenant_id, alert.phone_number_id, alert.at) == (ACME, ACME_NUMBER, NOON)
        assert found(world) == PAUSED
        resumed = world.number_states.resume(ACME, PAUSED, after(hours=1))
        assert resumed is not None
        assert (resumed.kind, resumed.at, resumed.code) == (AlertKind.SENDING_RESUMED, after(hours=1), 190)
        assert found(world) == known

    def test_what_a_person_takes_off_stands_in_the_audit_trail_once(self, world: World) -> None:
        known, done = stored(world), entry("number.resumed")
        assert world.number_states.pause(ACME, known, PAUSE)
        assert world.number_states.resume(ACME, PAUSED, after(hours=1), done) is not None
        assert world.number_states.resume(ACME, PAUSED, after(hours=1), done) is None
        assert world.look.trail(ACME) == ["number.resumed"]

    def test_a_pause_without_a_code_is_one_too(self, world: World) -> None:
        known = stored(world)
        pause = SendingPause(NOON, None, "")
        assert world.number_states.pause(ACME, known, pause)
        assert found(world).sending_pause == pause

    def test_the_first_to_learn_of_it_alone_has_to_tell(self, world: World) -> None:
        known = stored(world)
        pauses = [replace(PAUSE, at=after(seconds=n)) for n in range(6)]
        calls = [partial(world.number_states.pause, ACME, known, pause) for pause in pauses]
        [told] = [alert for alert in at_once(calls) if isinstance(alert, AccountAlert)]
        assert found(world).sending_pause == replace(PAUSE, at=told.at)
        assert len(world.overdue()) == 1

    def test_what_was_called_before_it_was_resumed_pauses_nothing(self, world: World) -> None:
        known = stored(world)
        assert world.number_states.pause(ACME, known, PAUSE)
        assert world.number_states.resume(ACME, PAUSED, after(hours=1))
        before = world.look.everything()
        assert world.number_states.pause(ACME, known, replace(PAUSE, at=after(minutes=59))) is None
        assert world.look.everything() == before
        assert world.number_states.pause(ACME, known, replace(PAUSE, at=after(minutes=61)))

    def test_who_resumes_another_pause_than_they_saw_resumes_nothing(self, world: World) -> None:
        known = stored(world)
        assert world.number_states.pause(ACME, known, PAUSE)
        other = number(sending_pause=replace(PAUSE, at=after(hours=2)))
        before = world.look.everything()
        assert world.number_states.resume(ACME, other, after(hours=3)) is None
        assert world.number_states.resume(ACME, known, after(hours=3)) is None
        assert world.look.everything() == before

    def test_resumed_once(self, world: World) -> None:
        known = stored(world)
        assert world.number_states.pause(ACME, known, PAUSE)
        resumed = at_once([lambda: world.number_states.resume(ACME, PAUSED, after(hours=1))] * 4)
        assert sum(alert is not None for alert in resumed) == 1

    def test_a_seller_that_is_stored_anew_stays_paused(self, world: World) -> None:
        known = stored(world)
        assert world.number_states.pause(ACME, known, PAUSE)
        world.tenants.put(number(tenant(name="Acme & Sons")))
        assert found(world) == replace(PAUSED, tenant=tenant(name="Acme & Sons"))


class OwedAlertContract:
    def test_it_is_due_until_it_is_told(self, world: World) -> None:
        known = stored(world)
        alert = world.number_states.pause(ACME, known, PAUSE)
        assert alert is not None
        assert world.overdue(NOON) == []
        [item] = world.overdue(NOON + PATIENCE[DueKind.ACCOUNT_ALERT])
        assert (item.kind, item.tenant_id, item.alert_id) == (DueKind.ACCOUNT_ALERT, ACME, alert.alert_id)
        assert world.number_states.pending(ACME, item.alert_id) == alert
        world.number_states.told(ACME, alert)
        assert world.overdue() == []
        assert world.number_states.pending(ACME, item.alert_id) is None

    def test_of_another_tenant_there_is_none(self, world: World) -> None:
        known = stored(world)
        alert = world.number_states.pause(ACME, known, PAUSE)
        assert alert is not None
        assert world.number_states.pending(GLOBEX, alert.alert_id) is None
        assert world.number_states.pending(ACME, "another") is None

    def test_what_is_settled_without_being_told_is_found_no_more(self, world: World) -> None:
        known = stored(world)
        assert world.number_states.pause(ACME, known, PAUSE)
        [item] = world.overdue()
        world.due.settled(ACME, item)
        assert world.overdue() == []

    def test_it_stands_beside_what_else_is_due(self, world: World) -> None:
        known = stored(world)
        world.record(recording())
        assert world.number_states.pause(ACME, known, PAUSE)
        assert {item.kind for item in world.overdue()} == {DueKind.CONVERSATION, DueKind.ACCOUNT_ALERT}

    def test_what_meta_says_is_kept_once(self, world: World) -> None:
        stored(world)
        world.number_states.flag(ACME, FLAGGED)
        assert world.number_states.pending(ACME, FLAGGED.alert_id) == FLAGGED
        world.number_states.told(ACME, FLAGGED)
        before = world.look.everything()
        world.number_states.flag(ACME, FLAGGED)
        assert world.look.everything() == before
