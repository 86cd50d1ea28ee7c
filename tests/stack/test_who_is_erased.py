"""Behind test_what_is_left: an erased customer is in no row, and stays in the month's counts."""

from __future__ import annotations

import httpx

from tests.stack.deployed import Deployed
from tests.stack.desk import customer_id, told
from tests.stack.phone import chat_with


def test_an_admin_erases_a_customer(stack: Deployed, api: httpx.Client) -> None:
    chat = chat_with(stack)
    chat.say("How much is the Cast Iron Skillet 10 inch?")
    assert chat.next_answer()
    at = f"/customers/{customer_id(chat)}"
    assert told(api.get(at))
    assert told(api.post(f"{at}/erase"))["places"]
    assert api.get(at).status_code == 404
