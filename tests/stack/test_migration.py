"""The earlier system's tables under live writes: copied, killed twice, gone on with, compared, cut over.

MIGRATED_CONVERSATIONS=10000 sets how many conversations there are (docs/migration.md tells of such a run).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.dynamodb_migrations import DynamoMigrations
from adapters.dynamodb_usage import read_usage
from domain.tenants import TenantId
from ops.stack_file import StackTenant
from tests.legacy_system import LegacySystem
from tests.stack.deployed import Deployed, wait_until
from tests.stack.envelopes import of_messages, text_message
from tests.stack.phone import Customer

CONVERSATIONS = int(os.environ.get("MIGRATED_CONVERSATIONS", "40"))
_LIVE = min(CONVERSATIONS, 500)
_PAUSE_SECONDS = 0.2
_SECONDS = 600 * (1 + CONVERSATIONS // 1000)


@dataclass
class LiveWrites:
    """Customers of the earlier system who go on writing."""

    legacy: LegacySystem
    more: Counter[int] = field(default_factory=Counter)
    _stopped: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        thread = threading.Thread(target=self._write)
        thread.start()
        try:
            yield
        finally:
            self.stop()
            thread.join()

    def _write(self) -> None:
        n = 0
        while not self._stopped.wait(_PAUSE_SECONDS):
            self.more[n % _LIVE] += 1
            self.legacy.write(n % _LIVE, self.more[n % _LIVE])
            n += 7

    def stop(self) -> None:
        self._stopped.set()


@pytest.fixture
def legacy(stack: Deployed) -> Iterator[LegacySystem]:  # noqa: ARG001 (the AWS on which its tables are made)
    system = LegacySystem("earlier").create().fill(CONVERSATIONS)
    yield system
    system.drop()


def _command(stack: Deployed, folder: Path, *arguments: str) -> list[str]:
    given = ["--legacy-prefix", "earlier", "--folder", str(folder), "--home", str(stack.home.root), "--output", "json"]
    return [sys.executable, "-m", "ops.cli", "migrate", *arguments, *given]


def _told(stack: Deployed, folder: Path, *arguments: str) -> dict[str, Any]:
    command = _command(stack, folder, *arguments)
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603 (our own)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def _copied(stack: Deployed) -> int:
    """Conversations of which it is written down that they are copied."""
    parts = DynamoMigrations(stack.file.tables["conversations"]).all()
    counts = [one.told["counts"] for one in parts if one.name.startswith("copy#earlier-conversations#")]
    return sum(int(count["read"]) for count in counts)


def _killed_at_work(stack: Deployed, folder: Path, share: float) -> int:
    """When so many are copied, and at least one more than before. Returns how many had been by then."""
    enough = max(_copied(stack), int(CONVERSATIONS * share))
    command = _command(stack, folder, "run", "--rate", str(CONVERSATIONS))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 (our own)
        wait_until(lambda: _copied(stack) > enough or process.poll() is not None, _SECONDS, "the copy to go on")
        assert process.poll() is None, "it had ended before it was killed"
        process.send_signal(signal.SIGKILL)
    return _copied(stack)


def test_a_migration_under_live_writes_that_is_killed_twice(
    stack: Deployed, legacy: LegacySystem, tmp_path: Path
) -> None:
    writes, began = LiveWrites(legacy), time.monotonic()
    with writes.going_on():
        killed_at = [_killed_at_work(stack, tmp_path, share) for share in (0.2, 0.5)]
        _told(stack, tmp_path, "run")
        verified = _told(stack, tmp_path, "verify")
        writes.stop()  # Meta calls the new system
    verdict = _told(stack, tmp_path, "cutover", "--webhook-switched", "--quiet-seconds", "1")

    assert 0 < killed_at[0] < killed_at[1] <= CONVERSATIONS
    assert (verified["not_arrived"], verified["without_a_legacy_row"], verdict["unfit"]) == ([], [], 0)
    for table in verdict["tables"]:
        assert (table["expected"], table["expected_checksum"]) == (table["standing"], table["standing_checksum"])
    _assert_every_message_stands_once(stack, legacy, writes)
    _assert_usage_as_it_was(stack, legacy)
    _assert_nothing_is_counted_again(stack, legacy)
    told = f"{CONVERSATIONS} conversations, {writes.more.total()} live writes, {time.monotonic() - began:.0f} s"
    sys.stdout.write(f"{told}, killed at {killed_at}, rows {[table['standing'] for table in verdict['tables']]}\n")


def _assert_every_message_stands_once(stack: Deployed, legacy: LegacySystem, writes: LiveWrites) -> None:
    sent = [
        message["messageId"]
        for n in range(CONVERSATIONS)
        for message in legacy.conversation(n, writes.more[n])["messages"]
    ]
    rows = [row for row in stack.rows("conversations") if row.get("tenantId") in legacy.sellers]
    assert Counter(row["messageId"] for row in rows if "direction" in row) == Counter(sent)


def _assert_usage_as_it_was(stack: Deployed, legacy: LegacySystem) -> None:
    for seller in legacy.sellers:
        counted = read_usage(stack.file.tables["tenant-usage"], TenantId(seller), "2026-01")
        assert counted == {"messages": CONVERSATIONS, "replies": CONVERSATIONS}


def _assert_nothing_is_counted_again(stack: Deployed, legacy: LegacySystem) -> None:
    """What the earlier system has recorded, and Meta sends again to the new one."""
    seller = legacy.seller_of(0)
    tenant = StackTenant(
        id=seller,
        name=seller,
        phone_number_id=legacy.sellers[seller],
        waba_id=f"2{legacy.sellers[seller]}",
        display_phone_number="+1 301 555 0100",
    )
    before = stack.usage(seller)
    again = text_message(Customer(legacy.phone(0), ""), "wamid.legacy-0-0", "Question 0 of 0")
    assert stack.post_signed(of_messages(tenant, [again])).status_code == 200
    stack.wait_until_idle()
    assert stack.usage(seller) == before
