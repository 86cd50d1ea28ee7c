"""A number that cannot send: one refusal is enough, nobody is left in silence, the seller is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.account_alerts import AlertKind, Severity
from domain.answer import Answered
from domain.conversations import Owner
from domain.customers import CustomerIdentity
from domain.due import DueKind
from domain.errors import NumberPausedError, SendThrottledError, ServiceUnavailableError
from domain.ports import AccountEvent
from domain.replies import Failure, ReplyPurpose, ReplyState
from domain.sweep import Swept
from domain.tenants import SendingPause
from domain.track import keep_event, track_status
from tests.builders import (
    A_PERSON_PLEASE,
    ACME,
    ACME_NUMBER,
    MONTH,
    NOON,
    account_event,
    after,
    message,
    number,
    status,
)
from tests.fakes.crashes import Doom, When
from tests.fakes.deployment import Deployment
from tests.stories import number_paused

EXPIRED = NumberPausedError(190, "Access token has expired")
EXPIRED.token_fingerprint = "fingerprint-1"
LOCKED = NumberPausedError(131031, "Business Account locked")
THROTTLED = SendThrottledError(131056, "Pair rate limit hit")
PAUSE = SendingPause(NOON, 190, "Access token has expired", "fingerprint-1")


def pause(deployment: Deployment, of: SendingPause = PAUSE) -> None:
    alert = deployment.world.number_states.pause(ACME, number(), of)
    assert alert is not None
    deployment.world.number_states.told(ACME, alert)


def paused(deployment: Deployment) -> SendingPause | None:
    found = deployment.cast.answer_ports.tenants.number(ACME_NUMBER)
    assert found is not None
    return found.sending_pause


def kinds(deployment: Deployment) -> list[AlertKind]:
    return [alert.kind for alert in deployment.cast.account_alerts.published]


class TestPausing:
    def test_a_hundred_customers_cost_one_call_and_each_gets_a_person(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(*[EXPIRED] * 100)
        for n in range(100):
            sender = CustomerIdentity(phone=f"120255501{n:02}")
            deployment.deliver(message(message_id=f"wamid.{n}", at=after(seconds=n), sender=sender))
        assert deployment.drain() == [Answered.NUMBER_PAUSED] * 100
        assert len(deployment.cast.messenger.posts) == 1
        assert len(deployment.cast.messenger.read) == 1
        assert len(deployment.cast.assistant.turns) == 1
        assert deployment.reasons == ["number_paused"] * 100
        usage = deployment.world.look.usage(ACME, MONTH)
        assert (usage["messages"], usage["customers"], usage["escalations"]) == (100, 100, 100)
        assert kinds(deployment) == [AlertKind.SENDING_PAUSED]
        # The one answer that was refused stays due until the sweeper has seen that a person was called.
        assert [item.kind for item in deployment.world.overdue()] == [DueKind.REPLY]

    def test_why_and_since_when_stands_on_the_number(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(EXPIRED)
        deployment.deliver(message())
        deployment.drain()
        assert paused(deployment) == SendingPause(
            deployment.now, 190, "Access token has expired", token_fingerprint="fingerprint-1"
        )
        [failed] = deployment.replies()
        assert (failed.state, failed.failure) == (ReplyState.FAILED, Failure(190, "Access token has expired"))

    def test_the_seller_is_told_what_to_look_for(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(LOCKED)
        deployment.deliver(message())
        deployment.drain()
        [alert] = deployment.cast.account_alerts.published
        assert (alert.tenant_id, alert.phone_number_id, alert.waba_id) == (ACME, ACME_NUMBER, "waba-acme")
        assert (alert.severity, alert.code, alert.at) == (Severity.CRITICAL, 131031, deployment.now)

    def test_who_asks_for_a_person_gets_one_and_no_note(self, deployment: Deployment) -> None:
        pause(deployment)
        deployment.deliver(message(A_PERSON_PLEASE))
        deployment.drain()
        assert deployment.reasons == ["person_requested"]
        [note] = deployment.replies(ReplyPurpose.HANDOVER_NOTE)
        assert (note.state, note.failure) == (ReplyState.FAILED, Failure(190, "Access token has expired"))
        assert not deployment.cast.messenger.posts

    def test_a_word_on_offers_holds_though_it_is_not_confirmed(self, deployment: Deployment) -> None:
        pause(deployment)
        deployment.deliver(message("STOP"))
        assert deployment.drain() == [Answered.NOTE_REFUSED]
        assert not deployment.cast.messenger.posts
        assert not deployment.reasons
        assert deployment.world.overdue() == []

    def test_what_waits_to_be_offered_again_goes_to_a_person(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(THROTTLED)
        deployment.deliver(message())
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(SendThrottledError):
            deployment.answer(job)
        pause(deployment)
        assert deployment.answer(job) is Answered.NUMBER_PAUSED
        assert len(deployment.cast.messenger.posts) == 1
        assert deployment.replies()[0].state is ReplyState.FAILED
        assert deployment.reasons == ["number_paused"]

    def test_the_customer_is_with_a_person_though_the_seller_could_not_be_told(self, deployment: Deployment) -> None:
        deployment.cast.messenger.fail(EXPIRED)
        deployment.cast.account_alerts.down = True
        deployment.deliver(message())
        job = deployment.cast.reply_jobs.take()
        assert job is not None
        with pytest.raises(ServiceUnavailableError):
            deployment.answer(job)
        assert deployment.conversation.owner is Owner.WAITING
        assert deployment.reasons == ["number_paused"]
        deployment.cast.account_alerts.down = False
        assert Swept.PUBLISHED in deployment.sweep_until(after(minutes=30))
        assert kinds(deployment) == [AlertKind.SENDING_PAUSED]

    def test_a_sweeper_that_comes_second_tells_nobody(self, deployment: Deployment) -> None:
        alert = deployment.world.number_states.pause(ACME, number(), PAUSE)
        assert alert is not None
        [item] = deployment.world.overdue()
        deployment.world.number_states.told(ACME, alert)
        assert deployment.sweep(item, after(hours=1)) is Swept.SETTLED
        assert not deployment.cast.account_alerts.published


class TestCrashes:
    def test_wherever_a_worker_dies_the_seller_is_told_of_every_pause(self) -> None:
        healthy = Deployment()
        number_paused(healthy)
        assert kinds(healthy) == [AlertKind.SENDING_PAUSED]
        for n in range(len(healthy.doom.calls)):
            for when in When:
                for loses_records in (False, True):
                    doomed = Deployment(doom=Doom(n, when), loses_records=loses_records)
                    number_paused(doomed)
                    doomed.sweep_until(after(hours=3))
                    marked = paused(doomed) is not None
                    where = f"{when} {healthy.doom.calls[n]}"
                    assert (len(set(doomed.cast.account_alerts.published)) == 1) is marked, where
                    assert len(doomed.cast.account_alerts.published) <= 2, where
                    assert len(doomed.cast.messenger.posts) <= 1, where
                    assert doomed.world.overdue() == [], where

    def test_and_of_every_resumption(self) -> None:
        def play(deployment: Deployment) -> None:
            pause(deployment)
            deployment.cast.access_tokens.current = "fingerprint-2"
            deployment.deliver(message())
            deployment.drain()

        healthy = Deployment()
        play(healthy)
        for n in range(len(healthy.doom.calls)):
            for when in When:
                doomed = Deployment(doom=Doom(n, when))
                play(doomed)
                doomed.sweep_until(after(hours=3))
                assert paused(doomed) is None
                assert set(kinds(doomed)) == {AlertKind.SENDING_RESUMED}
                assert len(doomed.cast.messenger.delivered) <= 1


class TestResuming:
    def test_a_token_that_was_replaced_resumes_with_the_next_message(self, deployment: Deployment) -> None:
        pause(deployment)
        deployment.cast.access_tokens.current = "fingerprint-2"
        deployment.deliver(message())
        assert deployment.drain() == [Answered.ANSWERED]
        assert paused(deployment) is None
        assert kinds(deployment) == [AlertKind.SENDING_RESUMED]

    def test_one_that_is_refused_too_pauses_again(self, deployment: Deployment) -> None:
        pause(deployment)
        deployment.cast.access_tokens.current = "fingerprint-2"
        deployment.now += timedelta(minutes=1)
        deployment.cast.messenger.fail(EXPIRED)
        deployment.deliver(message())
        assert deployment.drain() == [Answered.NUMBER_PAUSED]
        assert len(deployment.cast.messenger.posts) == 1

    @pytest.mark.parametrize(
        "of",
        [
            replace(PAUSE, code=131031),
            replace(PAUSE, code=None),
            replace(PAUSE, token_fingerprint=None),
            replace(PAUSE, token_fingerprint="fingerprint-2"),
        ],
    )
    def test_nothing_else_resumes_by_itself(self, deployment: Deployment, of: SendingPause) -> None:
        pause(deployment, of)
        deployment.cast.access_tokens.current = "fingerprint-2"
        deployment.deliver(message())
        assert deployment.drain() == [Answered.NUMBER_PAUSED]
        assert paused(deployment) == of

    def test_nor_does_a_secret_that_cannot_be_read(self, deployment: Deployment) -> None:
        pause(deployment)
        deployment.cast.access_tokens.down = True
        deployment.deliver(message())
        assert deployment.drain() == [Answered.NUMBER_PAUSED]


class TestStatuses:
    def tell(self, deployment: Deployment, code: int, minutes: float = 1) -> None:
        update = status("failed", "wamid.out.9", at=after(minutes=minutes), failure=Failure(code, "words"))
        track_status(update, ACME_NUMBER, {}, now=after(hours=1), ports=deployment.cast.track_ports)

    def test_a_refusal_that_comes_later_pauses_too(self, deployment: Deployment) -> None:
        self.tell(deployment, 131042)
        assert paused(deployment) == SendingPause(after(minutes=1), 131042, "words")
        self.tell(deployment, 131042, minutes=2)
        assert kinds(deployment) == [AlertKind.SENDING_PAUSED]

    def test_one_of_a_single_message_does_not(self, deployment: Deployment) -> None:
        self.tell(deployment, 131026)
        assert paused(deployment) is None

    def test_an_old_one_does_not_pause_what_was_resumed_since(self, deployment: Deployment) -> None:
        self.tell(deployment, 131042)
        at_hand = deployment.cast.track_ports.tenants.number(ACME_NUMBER)
        assert at_hand is not None
        assert deployment.world.number_states.resume(ACME, at_hand, after(minutes=30))
        self.tell(deployment, 131042, minutes=5)
        assert paused(deployment) is None


DISABLED = account_event(
    field="account_update", value={"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}
)


class TestWebhooks:
    @pytest.mark.parametrize(
        ("field", "value", "event", "severity"),
        [
            ("account_update", DISABLED.value, "DISABLED_UPDATE", Severity.CRITICAL),
            (
                "account_update",
                {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}},
                "REINSTATE",
                Severity.INFORMATION,
            ),
            ("account_update", {"event": "ACCOUNT_RESTRICTION"}, "ACCOUNT_RESTRICTION", Severity.CRITICAL),
            ("account_update", {"event": "VERIFIED_ACCOUNT"}, "VERIFIED_ACCOUNT", Severity.INFORMATION),
            ("account_update", {}, "UNKNOWN", Severity.INFORMATION),
            ("account_update", {"event": "Call +12025550143!"}, "UNKNOWN", Severity.INFORMATION),
            ("account_update", {"event": "A" * 65, "ban_info": []}, "UNKNOWN", Severity.INFORMATION),
            ("phone_number_quality_update", {"event": "FLAGGED"}, "FLAGGED", Severity.WARNING),
            ("phone_number_quality_update", {"event": "UPGRADE"}, "UPGRADE", Severity.INFORMATION),
            (
                "account_alerts",
                {"alert_info": {"alert_severity": "CRITICAL", "alert_type": "PROFILE_PICTURE_LOST"}},
                "PROFILE_PICTURE_LOST",
                Severity.CRITICAL,
            ),
            ("account_alerts", {"alert_info": "nonsense"}, "UNKNOWN", Severity.INFORMATION),
        ],
    )
    def test_what_meta_says_of_an_account_is_told(
        self, deployment: Deployment, field: str, value: dict[str, object], event: str, severity: Severity
    ) -> None:
        keep_event(account_event(field=field, value=value), ports=deployment.cast.track_ports)
        [alert] = deployment.cast.account_alerts.published
        assert (alert.kind, alert.event, alert.severity) == (field, event, severity)
        assert paused(deployment) is None  # a word pauses nothing: what Meta takes, it takes
        assert deployment.world.overdue() == []

    @pytest.mark.parametrize("field", ["message_template_status_update", "history", "user_preferences", "of_tomorrow"])
    def test_nothing_else_is(self, deployment: Deployment, field: str) -> None:
        keep_event(account_event(field=field), ports=deployment.cast.track_ports)
        assert not deployment.cast.account_alerts.published

    def test_told_once_a_day(self, deployment: Deployment) -> None:
        for hours in (0, 1, 11, 24):
            keep_event(replace(DISABLED, received_at=after(hours=hours)), ports=deployment.cast.track_ports)
        assert [alert.at for alert in deployment.cast.account_alerts.published] == [NOON, after(hours=24)]

    def test_the_record_that_comes_back_tells_what_the_first_worker_could_not(self, deployment: Deployment) -> None:
        deployment.cast.account_alerts.down = True
        event: AccountEvent = DISABLED
        with pytest.raises(ServiceUnavailableError):
            keep_event(event, ports=deployment.cast.track_ports)
        deployment.cast.account_alerts.down = False
        keep_event(event, ports=deployment.cast.track_ports)
        assert kinds(deployment) == [AlertKind.ACCOUNT_UPDATE]
