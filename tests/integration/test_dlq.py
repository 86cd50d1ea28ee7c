"""Dead letters on moto's queues: back to work in order, once, and away without being lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dead_letters import queues as queues_module
from adapters.dead_letters.causes import NOTHING_LOGGED
from adapters.dead_letters.groups import fingerprint
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.moving import Act, Moved
from adapters.dead_letters.queues import DeadLetters, Held, QueueName, dead_letter_queues
from adapters.dead_letters.redriving import Redriving
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_values import unpack
from domain.conversations import Owner
from domain.operator_log import ActionState
from ops.dlq.desk import Desk, Order, Who
from ops.dlq.discarding import Discarding
from ops.dlq.progress import DlqProgress
from ops.dlq.report import MoveReport
from ops.errors import OpsError
from tests.builders import ACME, after, job, number, recording
from tests.contracts.world import World
from tests.fakes.queues import FakeEscalations, FakeHandoffNotifications
from tests.integration.aws_world import AwsLook, aws_world
from tests.integration.template_resources import TemplateResources
from tests.unit.dlq.dead import media_job_body, message_body, status_body

INBOX, REPLIES, STATUSES = QueueName.INBOX, QueueName.REPLIES, QueueName.STATUSES
LOGICAL = {
    "inbox": "InboxQueue",
    "inbox-dlq": "InboxDeadLetterQueue",
    "replies": "RepliesQueue",
    "replies-dlq": "RepliesDeadLetterQueue",
    "statuses": "StatusesQueue",
    "statuses-dlq": "StatusesDeadLetterQueue",
    "media": "MediaQueue",
    "media-dlq": "MediaDeadLetterQueue",
}


@dataclass(slots=True)
class Post:
    """The stack's queues, and an operator's desk at them."""

    resources: TemplateResources
    now: datetime = field(default_factory=lambda: after(seconds=10))
    escalations: FakeEscalations = field(default_factory=FakeEscalations)

    @property
    def urls(self) -> dict[str, str]:
        return {name: self.resources.queues[logical] for name, logical in LOGICAL.items()}

    def put(self, name: str, body: Any, group: str = "alice") -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        fifo: Any = {"MessageGroupId": group, "MessageDeduplicationId": hashlib.sha256(text.encode()).hexdigest()}
        ordered: Any = fifo if self.urls[name].endswith(".fifo") else {}
        client("sqs").send_message(QueueUrl=self.urls[name], MessageBody=text, **ordered)

    def drain(self, name: str) -> list[Any]:
        """Takes everything off a queue, as a function would."""
        taken: list[Any] = []
        while True:
            received = client("sqs").receive_message(
                QueueUrl=self.urls[name],
                MaxNumberOfMessages=10,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
                WaitTimeSeconds=0,
            )
            if not received.get("Messages"):
                return taken
            taken += received["Messages"]
            for message in received["Messages"]:
                client("sqs").delete_message(QueueUrl=self.urls[name], ReceiptHandle=message["ReceiptHandle"])

    def ids(self, name: str) -> list[str]:
        return [json.loads(message["Body"])["message"]["id"] for message in self.drain(name)]

    @property
    def log(self) -> DynamoOperatorLog:
        return DynamoOperatorLog(self.resources.tables["ConversationsTable"])

    @property
    def redriving(self) -> Redriving:
        world = aws_world(self.resources)
        return Redriving(world.conversations, self.escalations, FakeHandoffNotifications(), lambda: self.now)

    def desk(self, only: QueueName | None = None) -> Desk:
        queues = dead_letter_queues(self.urls, only, wait_seconds=0)
        tenants = DynamoTenants(self.resources.tables["TenantsTable"], 0)
        return Desk(queues, {}, tenants, self.log, Who("ana", ""), DlqProgress())

    def redrive(self, order: Order | None = None, only: QueueName | None = None, act: Act | None = None) -> MoveReport:
        desk = self.desk(only)
        found, _ = desk.look()
        return desk.carry_out(found, order or Order("redrive", None), act or self.redriving)

    def discard(self, name: str, reason: str = "poison") -> MoveReport:
        desk = self.desk()
        found, _ = desk.look()
        quarantine = aws_world(self.resources).quarantine
        act = Discarding(quarantine, reason, found.causes.why, lambda: self.now)
        return desk.carry_out(found, Order("discard", name, reason=reason), act)


@pytest.fixture
def post() -> Post:
    resources = TemplateResources({"ReplyDelaySeconds": 0}).create()
    DynamoTenants(resources.tables["TenantsTable"], 0).put(number())
    return Post(resources)


@pytest.fixture
def world(post: Post) -> World:
    return aws_world(post.resources)


# --- looking ---


def test_a_look_takes_nothing_away(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    post.put("statuses-dlq", status_body())
    post.put("statuses-dlq", "[]")
    for _ in range(2):
        found, groups = post.desk().look()
        assert len(found.letters) == 3
        assert len(groups) == 3
    assert found.unseen(INBOX) == 0


def test_ten_of_a_customers_letters_are_seen_and_the_others_counted(post: Post) -> None:
    for index in range(13):
        post.put("inbox-dlq", message_body(f"wamid.{index}"))
    found, _ = post.desk().look()
    assert (len(found.letters), found.unseen(INBOX)) == (10, 3)


def test_the_functions_log_is_asked(post: Post) -> None:
    _log(
        "deployed",
        {"message": "received", "correlation_id": "wamid.1"},
        {"error": "KeyError", "correlation_id": "wamid.1", "error_at": ["receive.py:70"]},
    )
    post.put("inbox-dlq", message_body("wamid.1"))
    _, groups = replace(post.desk(), functions={"message-handler": "deployed"}).look()
    assert [group.why for group in groups] == ["KeyError at receive.py:70"]


def test_a_function_that_never_ran_has_no_log(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    _, groups = replace(post.desk(), functions={"message-handler": "never-ran"}).look()
    assert [group.why for group in groups] == [NOTHING_LOGGED]


# --- redriving ---


def test_each_customers_order_is_kept(post: Post) -> None:
    for index in range(25):
        for customer in ("alice", "bob"):
            post.put("inbox-dlq", message_body(f"wamid.{customer}.{index}"), customer)
    report = post.redrive()
    assert report.counts == {"redriven": 50}
    assert report.ok
    arrived = post.ids("inbox")
    for customer in ("alice", "bob"):
        ours = [name for name in arrived if customer in name]
        assert ours == [f"wamid.{customer}.{index}" for index in range(25)]
    assert post.drain("inbox-dlq") == []


def test_group_and_body_stay_as_they_were(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"), "alice")
    post.redrive()
    message = post.drain("inbox")[0]
    assert message["Attributes"]["MessageGroupId"] == "alice"
    assert json.loads(message["Body"]) == message_body("wamid.1")


def test_attributes_go_along(post: Post) -> None:
    given: Any = {
        "trace": {"DataType": "String", "StringValue": "1"},
        "raw": {"DataType": "Binary", "BinaryValue": b"2"},
    }
    client("sqs").send_message(QueueUrl=post.urls["statuses-dlq"], MessageBody="{}", MessageAttributes=given)
    post.redrive()
    assert post.drain("statuses")[0]["MessageAttributes"] == given


def test_what_fails_again_at_once_is_not_swallowed_the_second_time(post: Post) -> None:
    """Within five minutes SQS takes a message with the same deduplication id, and drops it."""
    body = message_body("wamid.1")
    post.put("inbox", body)  # Meta sent it, just now
    assert post.ids("inbox") == ["wamid.1"]
    for _ in range(3):
        client("sqs").send_message(
            QueueUrl=post.urls["inbox-dlq"],
            MessageBody=json.dumps(body),
            MessageGroupId="alice",
            MessageDeduplicationId=f"{time.monotonic_ns()}",
        )
        post.redrive()
        assert post.ids("inbox") == ["wamid.1"]


def test_a_redrive_that_dies_before_the_delete_is_swallowed_when_it_runs_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    with monkeypatch.context() as patched:
        patched.setattr(client("sqs"), "delete_message", _killed)
        with pytest.raises(KeyboardInterrupt):
            post.redrive()
    assert post.log.newest(1)[0].state is ActionState.FAILED
    assert post.redrive().counts == {"redriven": 1}
    assert post.ids("inbox") == ["wamid.1"]


def test_nothing_is_deleted_that_was_not_sent_and_nothing_overtakes_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(3):
        post.put("inbox-dlq", message_body(f"wamid.alice.{index}"), "alice")
    post.put("inbox-dlq", message_body("wamid.bob.0"), "bob")
    with monkeypatch.context() as patched:
        patched.setattr(client("sqs"), "send_message", _refusing("wamid.alice.0", client("sqs").send_message))
        report = post.redrive()
    assert report.counts == {"redriven": 1, "failed": 1}
    assert not report.ok
    assert post.ids("inbox") == ["wamid.bob.0"]
    assert post.log.newest(1)[0].state is ActionState.FAILED
    post.redrive()
    assert post.ids("inbox") == [f"wamid.alice.{index}" for index in range(3)]


def test_when_nothing_goes_it_gives_up(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(30):
        post.put("statuses-dlq", {**status_body(), "n": index})
    with monkeypatch.context() as patched:
        patched.setattr(client("sqs"), "send_message", _refusing("", client("sqs").send_message))
        assert post.redrive().counts == {"failed": 5}
    assert post.redrive().counts == {"redriven": 30}


def test_two_operators_at_once_move_each_letter_once(post: Post) -> None:
    for index in range(12):
        for customer in ("alice", "bob"):
            post.put("inbox-dlq", message_body(f"wamid.{customer}.{index}"), customer)
    inner: list[MoveReport] = []

    def meanwhile(queue: DeadLetters, held: Held, letter: Letter) -> Moved:
        if not inner:  # between two letters of the first operator
            inner.append(MoveReport.model_construct())
            inner[0] = post.redrive()
        return post.redriving(queue, held, letter)

    outer = post.redrive(act=meanwhile)
    assert outer.counts["redriven"] + inner[0].counts.get("redriven", 0) == 24
    arrived = post.ids("inbox")
    assert len(arrived) == 24
    for customer in ("alice", "bob"):
        ours = [name for name in arrived if customer in name]
        assert ours == [f"wamid.{customer}.{index}" for index in range(12)]


def test_what_somebody_has_in_hand_is_left_alone(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    other = post.desk().queues[0].take()
    found, _ = post.desk().look()
    assert found.depths[INBOX].in_flight == 1
    assert post.redrive().counts == {}
    post.desk().queues[0].give_back(other)
    assert post.redrive().counts == {"redriven": 1}


def test_a_letter_whose_lock_is_lost_is_left_alone(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    monkeypatch.setattr(queues_module, "LOCK_SECONDS", 0)
    monkeypatch.setattr(client("sqs"), "change_message_visibility", _refused)
    assert post.redrive().counts == {}
    assert post.ids("inbox") == []


def test_an_interrupted_redrive_finishes_its_letter_and_can_be_run_again(post: Post) -> None:
    for index in range(15):
        post.put("inbox-dlq", message_body(f"wamid.{index}"))
    moved: list[str] = []

    def interrupted(queue: DeadLetters, held: Held, letter: Letter) -> Moved:
        moved.append(letter.update_id)
        if len(moved) == 12:
            os.kill(os.getpid(), signal.SIGINT)
        return post.redriving(queue, held, letter)

    report = post.redrive(act=interrupted)
    assert (report.counts, report.interrupted, report.ok) == ({"redriven": 12}, True, False)
    assert post.log.newest(1)[0].state is ActionState.INTERRUPTED
    assert post.redrive().counts == {"redriven": 3}
    assert post.ids("inbox") == [f"wamid.{index}" for index in range(15)]


def test_a_limit(post: Post) -> None:
    for index in range(5):
        post.put("inbox-dlq", message_body(f"wamid.{index}"))
    assert post.redrive(Order("redrive", None, 2)).counts == {"redriven": 2}
    assert post.ids("inbox") == ["wamid.0", "wamid.1"]
    assert post.ids("inbox-dlq") == ["wamid.2", "wamid.3", "wamid.4"]


def test_one_group_alone(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    post.put("inbox-dlq", message_body("wamid.2", type="image"))
    post.put("inbox-dlq", message_body("wamid.3"))
    _, groups = post.desk().look()
    texts = next(group for group in groups if group.type == "text")
    assert post.redrive(Order("redrive", texts.fingerprint)).counts == {"redriven": 2}
    assert post.ids("inbox") == ["wamid.1", "wamid.3"]
    assert post.ids("inbox-dlq") == ["wamid.2"]


def test_one_queue_alone(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    post.put("statuses-dlq", status_body())
    assert post.redrive(only=STATUSES).counts == {"redriven": 1}
    assert post.ids("inbox-dlq") == ["wamid.1"]


def test_a_fingerprint_of_nothing(post: Post) -> None:
    with pytest.raises(OpsError, match="0c1f77aa"):
        post.redrive(Order("redrive", "0c1f77aa"))
    assert post.log.newest(1) == []


def test_a_rehearsal_does_nothing(post: Post, world: World) -> None:
    world.record(recording())
    post.put("replies-dlq", asdict(job()))
    post.put("inbox-dlq", message_body("wamid.1"))
    post.now = after(hours=25)
    before = world.look.everything()
    desk = post.desk()
    found, _ = desk.look()
    report = desk.rehearse(found, Order("redrive", None), post.redriving)
    assert report.counts == {"redriven": 1, "handed_over": 1}
    assert report.dry_run
    assert world.look.everything() == before
    assert len(desk.look()[0].letters) == 2
    assert post.drain("inbox") == post.drain("replies") == []


def test_a_rehearsal_counts_what_it_cannot_see(post: Post) -> None:
    for index in range(13):
        post.put("inbox-dlq", message_body(f"wamid.{index}"))
    desk = post.desk()
    found, _ = desk.look()
    everything, some = (desk.rehearse(found, Order("redrive", None, most), post.redriving) for most in (None, 4))
    assert (everything.counts, everything.unseen) == ({"redriven": 10}, 3)
    assert (some.counts, some.unseen) == ({"redriven": 4}, 0)


# --- stale replies ---


def test_a_reply_within_the_window_goes_back_to_work(post: Post, world: World) -> None:
    world.record(recording())
    post.put("replies-dlq", asdict(job()))
    assert post.redrive().counts == {"redriven": 1}
    assert json.loads(post.drain("replies")[0]["Body"]) == asdict(job())


def test_a_stale_reply_goes_to_a_person_and_not_to_the_customer(post: Post, world: World) -> None:
    world.record(recording())
    post.put("replies-dlq", asdict(job()))
    post.now = after(hours=25)
    assert post.redrive().counts == {"handed_over": 1}
    assert post.drain("replies") == post.drain("replies-dlq") == []
    assert world.conversation(job().customer_id).owner is Owner.WAITING
    assert [str(called.reason) for called in post.escalations.published] == ["window_closed"]


def test_redriven_twice_a_person_is_called_once(post: Post, world: World) -> None:
    world.record(recording())
    post.now = after(hours=25)
    for _ in range(2):
        post.put("replies-dlq", {**asdict(job()), "again": time.monotonic_ns()})
    assert post.redrive().counts == {"handed_over": 1, "settled": 1}
    assert len(post.escalations.published) == 1
    assert world.look.usage(ACME, "2026-11")["escalations"] == 1


def test_a_person_who_cannot_be_called_keeps_the_letter(post: Post, world: World) -> None:
    world.record(recording())
    post.put("replies-dlq", asdict(job()))
    post.now, post.escalations.down = after(hours=25), True
    assert post.redrive().counts == {"failed": 1}
    post.escalations.down = False
    assert post.redrive().counts == {"settled": 1}
    assert len(post.escalations.published) == 1


# --- discarding ---


def test_what_is_discarded_is_kept_whole(post: Post) -> None:
    post.put("inbox-dlq", "not JSON: please call 12025550143", "alice")
    name = post.desk().look()[1][0].fingerprint
    assert post.discard(name, "written by hand").counts == {"discarded": 1}
    assert post.drain("inbox-dlq") == post.drain("inbox") == []
    look = AwsLook(post.resources)
    [(update_id, reason, at)] = look.quarantined()
    assert (reason, at) == ("discarded", post.now)
    raw = unpack(look.row("ConversationsTable", keys.quarantined(update_id))["raw"])
    assert raw["body"] == "not JSON: please call 12025550143"
    assert (raw["queue"], raw["group"], raw["discarded_because"]) == ("inbox", "alice", "written by hand")
    assert raw["fingerprint"] == name


def test_what_the_quarantine_cannot_hold_is_not_discarded(post: Post) -> None:
    noise = random.Random(5).randbytes(450_000).hex()  # noqa: S311 (what no compression makes smaller)
    client("sqs").send_message(QueueUrl=post.urls["statuses-dlq"], MessageBody=noise)
    name = post.desk().look()[1][0].fingerprint
    report = post.discard(name)
    assert report.counts == {"failed": 1}
    assert "too big" in next(iter(report.errors))
    assert len(post.drain("statuses-dlq")) == 1


def test_a_quarantine_that_is_down_keeps_the_letter(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.put("statuses-dlq", "[]")
    name = fingerprint(post.desk().look()[0].letters[0], "MalformedRecordError: is not a JSON object")
    with monkeypatch.context() as patched:
        put = client("dynamodb").put_item
        patched.setattr(client("dynamodb"), "put_item", _refusing("quarantine#", put))
        assert post.discard(name).counts == {"failed": 1}
    assert len(post.drain("statuses-dlq")) == 1


# --- the operators' log ---


def test_each_action_is_recorded(post: Post) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    post.put("statuses-dlq", "[]")
    post.redrive(only=INBOX)
    post.discard(post.desk().look()[1][0].fingerprint, "nobody's")
    discarded, redriven = post.log.newest(10)
    assert (redriven.operator, redriven.command, redriven.subject) == ("ana", "dlq redrive", "all of inbox-dlq")
    assert (dict(redriven.counts), redriven.state) == ({"redriven": 1}, ActionState.DONE)
    assert (discarded.command, discarded.reason, dict(discarded.counts)) == (
        "dlq discard",
        "nobody's",
        {"discarded": 1},
    )


def test_nothing_to_do_is_not_recorded(post: Post) -> None:
    assert post.redrive().counts == {}
    assert post.log.newest(1) == []


def test_what_cannot_be_recorded_is_not_done(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.put("inbox-dlq", message_body("wamid.1"))
    with monkeypatch.context() as patched, suppress(Exception):
        patched.setattr(client("dynamodb"), "put_item", _refused)
        post.redrive()
    assert post.ids("inbox") == []
    assert post.ids("inbox-dlq") == ["wamid.1"]


def _log(function: str, *lines: Mapping[str, Any]) -> None:
    logs: Any = boto3.client("logs")
    name = f"/aws/lambda/{function}"
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="worker")
    events = [{"timestamp": int(time.time() * 1000), "message": json.dumps(line)} for line in lines]
    logs.put_log_events(logGroupName=name, logStreamName="worker", logEvents=events)


def _killed(**_: Any) -> None:
    raise KeyboardInterrupt


def _refused(**_: Any) -> None:
    raise ClientError({"Error": {"Code": "InternalError", "Message": ""}}, "call")


def _refusing(what: str, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """The call, but not for whatever has these words in it."""

    def call(**given: Any) -> Any:
        return _refused() if what in str(given) else otherwise(**given)

    return call


# --- files ---


def test_a_media_job_goes_back_to_its_queue(post: Post) -> None:
    post.put("media-dlq", media_job_body())
    report = post.redrive(only=QueueName.MEDIA)
    assert report.counts == {Moved.REDRIVEN: 1}
    assert [json.loads(message["Body"]) for message in post.drain("media")] == [media_job_body()]
