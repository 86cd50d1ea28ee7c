"""What Meta refuses for now is deferred: not dead-lettered, not amplified, and nobody else's wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from adapters.aws_clients import client
from domain.customers import CustomerIdentity
from domain.due import PATIENCE as SWEEPERS
from domain.due import DueKind
from domain.pacing import MOST_OFFERS, PATIENCE
from domain.replies import Reply, ReplyState
from tests.builders import ACME, ACME_NUMBER, NOON, number
from tests.integration.lambda_on_sqs import TOKEN, Clock, Line, Meta
from tests.integration.template_resources import TemplateResources, template
from tests.integration.test_sns_escalations import heard, subscribe
from tests.unit.domain.test_pacing import MOST_RECEIVES, VISIBILITY

ANNA, BERT = "12025550101", "12025550102"
PAIR_RATE, NUMBER_RATE, EXPIRED = 131056, 130429, 190
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], int | None], int], Line]:
    def make(refuses: Callable[[str], int | None], workers: int = 1) -> Line:
        clock = Clock()
        made = Line(TemplateResources().create(), clock, Meta(refuses, clock), monkeypatch)
        made.add_workers(workers)
        return made

    return make


def reply_to(line: Line, phone: str) -> Reply | None:
    thread = line.world.thread(CustomerIdentity(phone=phone).first_customer_id(ACME))
    replies = [entry for entry in thread.entries if isinstance(entry, Reply)]
    assert len(replies) <= 1
    return replies[0] if replies else None


def owner(line: Line, phone: str) -> str:
    return line.world.conversation(CustomerIdentity(phone=phone).first_customer_id(ACME)).owner


Make = Callable[..., Line]


def test_the_queue_is_as_the_schedule_assumes() -> None:
    queue = template()["Resources"]["RepliesQueue"]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == MOST_RECEIVES
    assert timedelta(seconds=queue["VisibilityTimeout"]) == VISIBILITY
    timeout = template()["Resources"]["ReplyHandlerFunction"]["Properties"]["Timeout"]
    assert timedelta(seconds=6 * timeout) <= VISIBILITY
    assert SWEEPERS[DueKind.CONVERSATION] > VISIBILITY * MOST_RECEIVES


@pytest.mark.parametrize("refusals", [1, 3, MOST_OFFERS - 1])
def test_a_customer_who_is_throttled_is_answered_once_when_it_ends(line: Make, refusals: int) -> None:
    left = {ANNA: refusals}

    def refuses(phone: str) -> int | None:
        left[phone] = left.get(phone, 0) - 1
        return PAIR_RATE if left[phone] >= 0 else None

    made = line(refuses)
    made.write(ANNA, BERT)
    made.work(until=HALF_AN_HOUR)
    assert len(made.meta.to(ANNA)) == refusals + 1
    pauses = [later - at for at, later in zip(made.meta.to(ANNA), made.meta.to(ANNA)[1:], strict=False)]
    for n, pause in enumerate(pauses, 1):
        least = min(4**n, 256)
        assert least <= pause <= 1.25 * least + 2
    sent = reply_to(made, ANNA)
    assert sent is not None
    assert (sent.state, sent.attempts) == (ReplyState.SENT, refusals + 1)
    assert made.dead == 0
    # Nobody waits for her: the queue's delay, and that is all.
    [bert] = made.meta.to(BERT)
    assert bert <= 6


def test_one_who_is_throttled_for_long_gets_a_person(line: Make) -> None:
    made = line(lambda phone: PAIR_RATE if phone == ANNA else None)
    made.write(ANNA)
    made.work(until=HALF_AN_HOUR)
    assert len(made.meta.to(ANNA)) == MOST_OFFERS
    assert timedelta(minutes=9) <= timedelta(seconds=made.meta.to(ANNA)[-1]) <= PATIENCE
    failed = reply_to(made, ANNA)
    assert failed is not None
    assert (failed.state, failed.failure and failed.failure.code) == (ReplyState.FAILED, PAIR_RATE)
    assert owner(made, ANNA) == "waiting_for_person"
    assert made.dead == 0


def test_what_she_writes_meanwhile_is_answered_with_it(line: Make) -> None:
    made: Line = line(lambda _: PAIR_RATE if len(made.meta.posts) <= 3 else None)
    made.write(ANNA)
    made.work(until=timedelta(seconds=30))
    made.write(ANNA, message_id="wamid.more")
    made.work(until=HALF_AN_HOUR)
    entries = made.world.thread(CustomerIdentity(phone=ANNA).first_customer_id(ACME)).entries
    sent = [entry for entry in entries if isinstance(entry, Reply) and entry.state is ReplyState.SENT]
    assert [reply.answers for reply in sent] == [(f"wamid.in.{ANNA}", f"wamid.more.{ANNA}")]
    assert made.dead == 0


@pytest.mark.parametrize(("customers", "workers"), [(100, 1), (20, 3)])
def test_however_many_wait_a_worker_makes_seventeen_calls_to_a_throttled_number(
    line: Make, customers: int, workers: int
) -> None:
    most = 17 * workers
    made = line(lambda _: NUMBER_RATE, workers)
    phones = [f"120255501{n:02}" for n in range(customers)]
    made.write(*phones)
    made.work(until=HALF_AN_HOUR)
    assert 2 <= len(made.meta.posts) <= most
    assert made.meta.reads <= most
    assert {owner(made, phone) for phone in phones} == {"waiting_for_person"}
    assert made.dead == 0
    assert max(made.receives.values()) < MOST_RECEIVES


def test_when_it_ends_all_of_them_are_answered_once(line: Make) -> None:
    made: Line = line(lambda _: NUMBER_RATE if made.clock.now - NOON < timedelta(minutes=1) else None, 2)
    phones = [f"120255501{n:02}" for n in range(20)]
    made.write(*phones)
    made.work(until=HALF_AN_HOUR)
    refused = len(made.meta.posts) - len(phones)
    assert 0 < refused <= 2 * 6  # of each worker, in the first minute: after 0, 2, 6, 14, 30 and 62 seconds
    for phone in phones:
        sent = reply_to(made, phone)
        assert sent is not None
        assert sent.state is ReplyState.SENT
    assert made.dead == 0


class TestPausedNumber:
    def test_each_worker_learns_of_it_by_one_call_at_most(self, line: Make) -> None:
        made = line(lambda _: EXPIRED, 3)
        desk = subscribe(made.resources.topics["AccountAlertsTopic"], "desk", tenantId=["acme"])
        made.meta.refuses = lambda _: None
        made.write(*(f"120255502{n:02}" for n in range(3)))  # all three have read the number, and go on believing it
        made.work(until=HALF_AN_HOUR)
        before = len(made.meta.posts)
        made.meta.refuses = lambda _: EXPIRED
        phones = [f"120255501{n:02}" for n in range(30)]
        made.write(*phones)
        made.work(until=HALF_AN_HOUR)
        assert len(made.meta.posts) - before <= 3
        assert {owner(made, phone) for phone in phones} == {"waiting_for_person"}
        assert len(heard(desk)) == 1
        assert made.dead == 0

    def test_a_worker_that_begins_later_makes_none(self, line: Make) -> None:
        made = line(lambda _: EXPIRED)
        made.write(ANNA)
        made.work(until=HALF_AN_HOUR)
        assert len(made.meta.posts) == 1
        made.workers.clear()
        made.add_workers(1)
        made.write(BERT)
        made.work(until=HALF_AN_HOUR)
        assert len(made.meta.posts) == 1
        assert owner(made, BERT) == "waiting_for_person"

    def test_a_new_token_resumes_it(self, line: Make) -> None:
        made = line(lambda _: EXPIRED)
        made.write(ANNA)
        made.work(until=HALF_AN_HOUR)
        client("secretsmanager").put_secret_value(SecretId=number().access_token_secret, SecretString=f"{TOKEN}-next")
        made.workers[0].ports.access_tokens.token(number().access_token_secret, fresh=True)  # type: ignore[attr-defined]  # five minutes have passed
        made.meta.refuses = lambda _: None
        made.write(BERT)
        made.work(until=HALF_AN_HOUR)
        sent = reply_to(made, BERT)
        assert sent is not None
        assert sent.state is ReplyState.SENT
        found = made.world.tenants.number(ACME_NUMBER)
        assert found is not None
        assert found.sending_pause is None
