from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from domain.access import Role
from ops.outcomes.items import Item
from tests.stack.deployed import Deployed, wait_until
from tests.stack.phone import Chat, chat_with, control
from tests.stack.rescue import Rescued, rescue
from tests.stack.test_log_in import bearer, tokens

_FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _FOLDER in item.path.parents:
            item.add_marker(pytest.mark.stack)


@pytest.fixture
def api(stack: Deployed) -> Iterator[httpx.Client]:
    """As a seller's admin."""
    headers = bearer(tokens(stack, Role.TENANT_ADMIN)["AccessToken"])
    base_url = f"{stack.file.front_url}/api/v1"
    with httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@dataclass(frozen=True)
class UnclearSends:
    """Two replies that Meta accepted without saying so. Their jobs come back after a minute."""

    with_status: Chat
    without_status: Chat
    asked_with: Item
    asked_without: Item


@pytest.fixture(scope="session")
def unclear_sends(stack: Deployed) -> UnclearSends:
    with_status, without_status = chat_with(stack), chat_with(stack)
    for chat in (with_status, without_status):
        chat.order_fault("reset_after_accept")
    asked_with = with_status.say("How much is the Cast Iron Skillet 10 inch?")
    with_status.next_answer()
    wait_until(lambda: with_status.answers[0]["status"] == "delivered", 10, "the statuses of the first")
    control(stack, "POST", "faults", {"webhooks": {"statuses": False}})
    asked_without = without_status.say("How much is the Copper Bottom Saucepan 2 quart?")
    without_status.next_answer()
    wait_until(lambda: without_status.answers[0]["status"] == "delivered", 10, "the second to be delivered")
    control(stack, "POST", "faults", {"webhooks": {"statuses": True}})
    return UnclearSends(with_status, without_status, asked_with, asked_without)


@pytest.fixture(scope="session")
def rescued(stack: Deployed) -> Rescued:
    """The note to its customer waits a minute for the rest of a burst that lagged so far behind."""
    return rescue(stack)


@pytest.fixture(scope="session", autouse=True)
def _begin_what_takes_a_minute(unclear_sends: UnclearSends, rescued: Rescued) -> None:
    """Before all other tests, so that the minute is over when they are done."""
