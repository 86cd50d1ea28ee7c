from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from domain.change_owner import change_owner
from domain.conversations import Conversation, Owner
from domain.echo import hear_echo
from domain.errors import ContentionError
from domain.messages import Echo
from domain.ownership import Change, OwnerChange
from domain.replies import ReplyPurpose
from domain.tenants import TenantId
from domain.track import Tracked, keep_event
from tests.builders import A_PERSON_PLEASE, ACME, ACME_NUMBER, BOB, GLOBEX, account_event, after, echo, message
from tests.contracts.recording import at_once
from tests.fakes.conversations import FakeConversations
from tests.fakes.deployment import Deployment
from tests.fakes.store import Store
from tests.fakes.world import fake_world


def hear(deployment: Deployment, of: Echo | None = None, tenant_id: TenantId = ACME) -> bool:
    return hear_echo(
        of or echo(),
        tenant_id,
        ports=deployment.cast.track_ports,
    )


def change(deployment: Deployment, to: Change, person: str | None = None, minutes: float = 5) -> None:
    change_owner(
        deployment.conversation,
        to,
        by="ana",
        reason="asked to",
        now=after(minutes=minutes),
        ports=deployment.cast.track_ports,
        person=person,
    )


def changes(deployment: Deployment) -> list[str]:
    return [str(each.change) for each in deployment.cast.notifications.published]


@pytest.mark.parametrize("words", ["Do you have the blue mug?", A_PERSON_PLEASE])
def test_who_writes_from_the_phone_has_the_conversation(deployment: Deployment, words: str) -> None:
    deployment.deliver(message(words))
    assert hear(deployment)
    assert (deployment.conversation.owner, deployment.conversation.person) == (Owner.PERSON, "phone_app")
    [said] = deployment.replies(ReplyPurpose.PERSON)
    assert said.text == echo().words
    taken = deployment.cast.notifications.published[-1]
    assert (taken.change, taken.by, taken.at) == (Change.TAKEN_OVER, "phone_app", echo().at)


def test_and_the_assistant_is_silent(deployment: Deployment) -> None:
    deployment.deliver(message())
    hear(deployment)
    deployment.deliver(message("Still there?", "wamid.2", at=after(minutes=2)))
    deployment.drain()
    assert deployment.texts == []


def test_told_twice_it_is_taken_over_once(deployment: Deployment) -> None:
    deployment.deliver(message())
    for _ in range(2):
        assert hear(deployment)
    assert changes(deployment) == ["taken_over"]
    assert len(deployment.replies(ReplyPurpose.PERSON)) == 1


def test_whoever_has_it_goes_on_having_it(deployment: Deployment) -> None:
    deployment.deliver(message())
    change(deployment, Change.TAKEN_OVER, "ana", minutes=0.5)
    assert hear(deployment)
    assert deployment.conversation.person == "ana"
    assert changes(deployment) == ["taken_over"]


def test_told_again_after_it_was_given_back_it_changes_nothing(deployment: Deployment) -> None:
    deployment.deliver(message())
    hear(deployment)
    change(deployment, Change.HANDED_BACK)
    assert hear(deployment)
    assert deployment.conversation.owner is Owner.ASSISTANT
    assert changes(deployment) == ["taken_over", "handed_back"]


def test_but_who_writes_again_takes_over_again(deployment: Deployment) -> None:
    deployment.deliver(message())
    hear(deployment)
    change(deployment, Change.HANDED_BACK)
    assert hear(deployment, echo("One thing more", "wamid.echo.2", at=after(minutes=6)))
    assert deployment.conversation.owner is Owner.PERSON


def test_a_resolved_conversation_is_opened_by_it(deployment: Deployment) -> None:
    deployment.deliver(message())
    change(deployment, Change.RESOLVED)
    assert hear(deployment, echo(at=after(minutes=6)))
    assert (deployment.conversation.owner, deployment.conversation.resolved) == (Owner.PERSON, False)


@pytest.mark.parametrize(("recipient", "tenant_id"), [(BOB, ACME), (None, GLOBEX)])
def test_to_a_customer_who_never_wrote_it_changes_nothing(
    deployment: Deployment, recipient: object, tenant_id: TenantId
) -> None:
    deployment.deliver(message())
    before = deployment.world.look.everything()
    of = echo() if recipient is None else replace(echo(), recipient=BOB)
    assert not hear(deployment, of, tenant_id)
    assert deployment.world.look.everything() == before


def test_two_at_once_take_over_once(deployment: Deployment) -> None:
    deployment.deliver(message())
    several = [echo(f"line {n}", f"wamid.echo.{n}") for n in range(4)]
    assert at_once([partial(hear, deployment, each) for each in several]) == [True] * 4
    assert changes(deployment) == ["taken_over"]
    assert len(deployment.replies(ReplyPurpose.PERSON)) == 4


class Restless(FakeConversations):
    """Somebody else is always faster, `times` times."""

    def __init__(self, store: Store, times: int) -> None:
        super().__init__(store)
        self.times = times

    def change_owner(self, tenant_id: TenantId, change: OwnerChange, seen: Conversation) -> bool:
        self.times -= 1
        return self.times < 0 and super().change_owner(tenant_id, change, seen)


@pytest.mark.parametrize(("times", "heard"), [(2, True), (3, False)])
def test_a_lost_race_is_run_again_a_few_times(times: int, *, heard: bool) -> None:
    deployment, store = Deployment(), Store()

    deployment.cast.world = replace(fake_world(store), conversations=Restless(store, times))
    deployment.deliver(message())
    if heard:
        assert hear(deployment)
    else:
        with pytest.raises(ContentionError):
            hear(deployment)


def test_the_update_is_kept_and_each_of_its_echoes_heard(deployment: Deployment) -> None:
    deployment.deliver(message())
    event = account_event(field="smb_message_echoes", phone_number_id=ACME_NUMBER)
    told = keep_event(event, ports=deployment.cast.track_ports, echoes=[echo(), echo("And", "wamid.echo.2")])
    assert told is Tracked.RECORDED
    assert deployment.world.look.account_events(ACME) == ["event-1"]
    assert len(deployment.replies(ReplyPurpose.PERSON)) == 2


def test_of_an_account_that_nobody_claims_none_is_heard(deployment: Deployment) -> None:
    deployment.deliver(message())
    event = account_event(field="smb_message_echoes", waba_id="waba-nobody")
    assert keep_event(event, ports=deployment.cast.track_ports, echoes=[echo()]) is Tracked.QUARANTINED
    assert deployment.conversation.owner is Owner.ASSISTANT
