"""Meta batches up to a thousand updates into one call, of up to 3 MB."""

from __future__ import annotations

import json
from collections import Counter

from ops.outcomes.states import FinalState
from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature
from tests.stack.deployed import Deployed, message_item, status_item
from tests.stack.envelopes import message, of_messages, status, text_message
from tests.stack.phone import new_customer, told_by

CUSTOMERS, MESSAGES_OF_EACH, STATUSES = 50, 8, 600
LENGTH = 3_000_000


def test_every_one_of_a_thousand_updates_in_3_mb_is_handled(stack: Deployed) -> None:
    tenant = stack.tenant("maple-home")
    customers = [new_customer() for _ in range(CUSTOMERS)]
    thoughts = "Grüße, ёлки, 木の板 und noch ein Gedanke dazu. " * 60
    writing = [
        text_message(customer, f"wamid.large-{c}-{m}", f"{m}: {thoughts}")
        if m % 2
        else message(customer, f"wamid.large-{c}-{m}", "reaction", {"message_id": "wamid.before", "emoji": "👍"})
        for m in range(MESSAGES_OF_EACH)
        for c, customer in enumerate(customers)
    ]
    tidings = [status(customers[n % CUSTOMERS], f"wamid.sent-{n}", "delivered") for n in range(STATUSES)]
    envelope = of_messages(tenant, writing, tidings)
    envelope["padding"] = "x" * (LENGTH - len(json.dumps(envelope, ensure_ascii=False).encode()))
    body = json.dumps(envelope, ensure_ascii=False).encode()
    assert len(body) >= LENGTH
    assert len(writing) + len(tidings) == 1000
    stack.told.update(private for customer in customers for private in told_by(customer, thoughts))
    stack.wait_until_idle()
    before = stack.usage("maple-home")

    answer = stack.post(body, {SIGNATURE_HEADER: signature(body, stack.file.app_secret)})

    assert answer.status_code == 200, answer.text
    items = [
        *(message_item(tenant, one["id"]) for one in writing),
        *(status_item(tenant, one["id"], "delivered") for one in tidings),
    ]
    stack.wait_until_idle(seconds=120)
    outcomes = stack.settled(items)
    assert all(outcome.settled for outcome in outcomes), Counter(outcomes)
    found = Counter(outcome.state for outcome in outcomes)
    # Reactions and statuses are kept; texts that no catalogue answers call a person.
    assert found == {
        FinalState.RECORDED: STATUSES + CUSTOMERS * MESSAGES_OF_EACH // 2,
        FinalState.ESCALATED: CUSTOMERS * MESSAGES_OF_EACH // 2,
    }
    counted = stack.usage("maple-home") - before
    assert (counted["messages"], counted["customers"]) == (CUSTOMERS * MESSAGES_OF_EACH, CUSTOMERS)
