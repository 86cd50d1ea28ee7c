"""A seller's letters on the dead-letter queues. Everybody else's are given back untouched."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from adapters.dead_letters.queues import Held
from adapters.dynamodb_customer_places import letter_body
from domain.customer_data import Subject
from domain.tenants import TenantId
from ops.customers.dead_letters import DeadLettersPlace


def _none(tenant_id: TenantId) -> Collection[str]:  # noqa: ARG001 (as `numbers`)
    return ()


@dataclass(frozen=True)
class TenantLetters(DeadLettersPlace):
    numbers: Callable[[TenantId], Collection[str]] = field(default=_none)

    def _is_theirs(self, held: Held, tenant_id: TenantId, subject: Subject) -> bool:  # noqa: ARG002 (of all customers)
        body = letter_body(held.body) or {}
        if "tenant_id" in body:
            return bool(body["tenant_id"] == tenant_id)
        return not {str(body.get("phone_number_id")), str(body.get("waba_id"))}.isdisjoint(self.numbers(tenant_id))


@dataclass(frozen=True, slots=True)
class TenantDeadLettersPlace:
    letters: TenantLetters
    name: str = "dead-letters"
    closes: bool = False

    def count(self, tenant_id: TenantId) -> int:
        return sum(1 for _ in self.letters.records(tenant_id, _anybody(tenant_id)))

    def erase(self, tenant_id: TenantId) -> int:
        return self.letters.erase(tenant_id, _anybody(tenant_id))


def _anybody(tenant_id: TenantId) -> Subject:
    return Subject(tenant_id, (), ())
