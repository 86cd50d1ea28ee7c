"""The app secret is rotated by command while Meta goes on calling."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from ops import target
from ops.secrets.commands import app
from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature
from ops.target import Target
from tests.stack.deployed import Deployed, wait_until
from tests.stack.envelopes import of_messages, text_message
from tests.stack.phone import new_customer
from tests.stack.workers import kill, workers

NEW = "an-app-secret-of-meta-made-anew"


@dataclass(frozen=True)
class Platform:
    stack: Deployed

    def rotate(self, *options: str, typed: str = "") -> None:
        result = CliRunner().invoke(app, ["rotate", "app-secret", *options], input=f"{typed}\n")
        assert result.exit_code == 0, result.output

    def signed_by(self, secret: str) -> int:
        message = text_message(new_customer(), f"wamid.rotated{new_customer()}", "Hello")
        body = json.dumps(of_messages(self.stack.tenant("maple-home"), [message])).encode()
        return self.stack.post(body, {SIGNATURE_HEADER: signature(body, secret)}).status_code

    def forget(self) -> None:
        """Workers that remember what was before, or have doubted within the minute, are replaced."""
        for pid in workers(self.stack, "webhook"):
            kill(pid)
        wait_until(self._answers, 20, "the webhook to answer again")

    def _answers(self) -> bool:
        return self.stack.http.get(self.stack.file.webhook_url).status_code == 403


@pytest.fixture
def platform(stack: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    file = stack.file
    found = Target(file.stack_name, True, file.tables, file.queues, file.topics, file.functions, file.buckets)
    monkeypatch.setattr(target, "find", lambda *_: found)
    platform, before = Platform(stack), stack.file.app_secret
    yield platform
    platform.rotate("--finish", "--at-once")
    platform.rotate(typed=before)
    platform.rotate("--finish", "--at-once")
    platform.forget()


def test_nothing_is_refused_that_meta_signed(stack: Deployed, platform: Platform) -> None:
    before = stack.file.app_secret
    platform.forget()
    assert platform.signed_by(before) == 200
    platform.rotate(typed=NEW)
    assert [platform.signed_by(secret) for secret in (NEW, before, NEW, "unknown")] == [200, 200, 200, 401]
    platform.rotate("--finish", "--at-once")
    platform.forget()
    assert [platform.signed_by(secret) for secret in (NEW, before)] == [200, 401]
