"""What of the day no log line may tell."""

from __future__ import annotations

from collections.abc import Iterator

from ops.demo.evidence import Evidence
from ops.local.demo_data import DemoTenant
from ops.outcomes.log_search import Private
from ops.stack_file import StackFile

_SHORTEST_TEXT = 5
"""Shorter texts stand in log lines by chance."""


def private(evidence: Evidence, stack: StackFile, tenants: list[DemoTenant]) -> list[Private]:
    return sorted({*_customers(evidence), *_texts(evidence), *_secrets(stack, tenants)}, key=lambda one: one.value)


def _customers(evidence: Evidence) -> Iterator[Private]:
    for written in evidence.written:
        customer = written.step.customer
        yield Private("a profile name", customer.name)
        yield from (Private("a customer's number", value) for value in (customer.wa_id, customer.user_id) if value)


def _texts(evidence: Evidence) -> Iterator[Private]:
    for _, conversation in evidence.chats:
        words = [message.words for message in conversation.messages]
        words += [reply.text for reply in conversation.replies]
        yield from (Private("a message's text", text) for text in words if len(text) >= _SHORTEST_TEXT)


def _secrets(stack: StackFile, tenants: list[DemoTenant]) -> Iterator[Private]:
    yield Private("the app secret", stack.app_secret)
    yield Private("the verify token", stack.verify_token)
    for tenant in tenants:
        yield Private("an access token", tenant.access_token)
        yield Private("a seller's number", tenant.number.display_phone_number)
