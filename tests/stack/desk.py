"""The API as a seller's admin asks it."""

from __future__ import annotations

from typing import Any

import httpx

from domain.customers import CustomerIdentity
from tests.stack.phone import Chat
from tests.stack.rescue import SELLER


def told(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def customer_id(chat: Chat) -> str:
    return CustomerIdentity(phone=chat.customer.wa_id).first_customer_id(SELLER)
