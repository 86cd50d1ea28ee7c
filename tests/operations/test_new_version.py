"""A new version over a running stack, while customers write: nothing is lost, and nobody is told anything twice."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from ops.cli import app
from ops.local import deploy
from ops.local.places import REPOSITORY
from ops.local.progress import Progress
from ops.local.stack import Stack
from ops.outcomes.states import FinalState, ItemOutcome
from tests.operations.conftest import Deployment, WithAlarmEmail
from tests.stack import sam
from tests.stack.deployed import Deployed
from tests.stack.phone import chat_with, control, sends
from tests.stack.steady_sender import SteadySender

SELLER = "maple-home"
QUESTION = "How much is the Cast Iron Skillet 10 inch?"
OLD_WORDS, NEW_WORDS = "in stock (", "on the shelf ("
PAUSE, SETTLED = 0.25, 90
"""Seconds between messages, and until all is answered at the latest."""
VISIBLE_AGAIN = 12
"""Seconds. The emulator ends workers of a changed function in the middle of their work; AWS lets them finish."""
CHANGES = (
    ("src/domain/wording.py", '"en": "in stock"', '"en": "on the shelf"'),
    ("template.yaml", "      Timeout: 15\n", "      Timeout: 14\n"),
    ("template.yaml", "VisibilityTimeout: 90 #", f"VisibilityTimeout: {VISIBLE_AGAIN} #"),
    ("template.yaml", "VisibilityTimeout: 180 #", f"VisibilityTimeout: {VISIBLE_AGAIN} #"),
    ("samconfig.toml", "IndexDelaySeconds=2", "IndexDelaySeconds=1"),
)
"""Code of every function, a function's and some queues' settings, and a parameter that is another's environment."""


@dataclass(frozen=True)
class Changed:
    running: Deployed
    sender: SteadySender
    began: float
    ended: float
    outcomes: list[ItemOutcome]
    """Of what the sender's every message came to."""
    before: str
    """What a customer reads who asks then."""
    after: str


@pytest.fixture(scope="module")
def changed(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    """The old version is put back, for whoever comes after."""
    version = new_version(tmp_path_factory.mktemp("version"))
    with httpx.Client(timeout=60, trust_env=False) as http:
        running = Deployed(deployment.home, deployment.aws, deployment.file, deployment.home.build, sam.runtime(), http)
        sender = SteadySender(running, running.tenant(SELLER), QUESTION, PAUSE)
        with quick_redelivery(running), no_statuses(running), old_version_after(running):
            with sender.at_work():
                before = answer(running)
                began = time.monotonic()
                put(running, version)
                ended = time.monotonic()
                after = answer(running)
            outcomes = running.settled(sender.items, SETTLED)
            running.wait_until_idle()
            yield Changed(running, sender, began, ended, outcomes, before, after)


def new_version(folder: Path) -> WithAlarmEmail:
    for part in ("src", "layers"):
        shutil.copytree(REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(REPOSITORY / name, folder / name)
    for name, old, new in CHANGES:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return WithAlarmEmail(folder)


def put(running: Deployed, project: WithAlarmEmail) -> None:
    """As `ai-marketplace local up` does it: built, uploaded, UpdateStack."""
    settings = running.home.settings()
    assert settings is not None
    Stack(running.home, project, Progress(Console(quiet=True))).up(settings)


def answer(running: Deployed) -> str:
    chat = chat_with(running)
    chat.say(QUESTION)
    return chat.next_answer(seconds=SETTLED)


@contextmanager
def quick_redelivery(running: Deployed) -> Iterator[None]:
    with running.visibility("inbox", VISIBLE_AGAIN), running.visibility("replies", VISIBLE_AGAIN):
        yield


@contextmanager
def no_statuses(running: Deployed) -> Iterator[None]:
    """Each would have a worker of its own, whose files the emulator deletes before it answers anybody else."""
    control(running, "POST", "faults", {"webhooks": {"statuses": False}})
    try:
        yield
    finally:
        control(running, "POST", "faults", {"webhooks": {"statuses": True}})


@contextmanager
def old_version_after(running: Deployed) -> Iterator[None]:
    try:
        yield
    finally:
        put(running, WithAlarmEmail())


def time_out(running: Deployed, function: str) -> int:
    return running.aws.functions().get_function_configuration(FunctionName=running.file.functions[function])["Timeout"]


def test_the_new_version_is_what_runs_after(changed: Changed) -> None:
    deployed = deploy.describe(changed.running.aws, changed.running.file.stack_name)

    assert deployed is not None
    assert (deployed.status, deployed.parameters["IndexDelaySeconds"]) == ("UPDATE_COMPLETE", "1")
    assert time_out(changed.running, "message-handler") == 14
    assert OLD_WORDS in changed.before
    assert NEW_WORDS in changed.after


def test_customers_wrote_all_the_while(changed: Changed) -> None:
    assert changed.sender.accepted_between(changed.began, changed.ended) > 2
    assert changed.sender.never_taken == 0, changed.sender.refused


def test_every_message_that_was_taken_is_answered_and_none_twice(changed: Changed) -> None:
    tries = Counter(send["body"]["to"] for send in sends(changed.running))
    answers = [tries[one.customer.wa_id] for one in changed.sender.accepted]

    assert [one for one in changed.outcomes if one.state not in {FinalState.ANSWERED, FinalState.ESCALATED}] == []
    assert [
        outcome
        for outcome, times in zip(changed.outcomes, answers, strict=True)
        if times > 1 or (outcome.state is FinalState.ANSWERED and times == 0)
    ] == []


def test_nothing_is_dead_and_the_books_add_up(changed: Changed) -> None:
    running = changed.running
    done = CliRunner().invoke(app, ["reconcile", "--home", str(running.home.root), "--output", "json"])

    assert {depth.queue: depth.total for depth in running.queues.depths() if depth.dead_letters and depth.total} == {}
    assert done.exit_code == 0, done.output
    books = json.loads(done.stdout)
    assert books["adds_up"]
    assert sum(day["received"] for day in books["days"]) >= len(changed.sender.accepted)
    assert sum(day["pending"] for day in books["days"]) == 0
