"""The day's customers under numbers that are new to the stack, so that each run is a day of its own.

Only the last two digits change: a number of a range reserved for fiction (555-0104) stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from adapters import dynamodb_keys as keys
from adapters.dynamodb_keys import Key
from domain.customers import CustomerIdentity
from domain.tenants import TenantId
from ops.demo.script import Customer, Step
from ops.errors import OpsError

_NUMBERS = 100


def cast(steps: Sequence[Step], known: Callable[[Iterable[Key]], bool]) -> list[Step]:
    """`known` tells whether the stack has one of these customers already."""
    for shift in range(_NUMBERS):
        shifted = [step.model_copy(update={"customer": _shifted(step.customer, shift)}) for step in steps]
        if not known([key for step in shifted for key in customer_keys(step)]):
            return shifted
    raise OpsError("the demo has used up its customers", "`ai-marketplace local reset` begins anew")


def customer_keys(step: Step) -> list[Key]:
    """Of the rows by which the step's customer may be known: by phone number, by user id."""
    if step.tenant is None:
        return []
    phone, user_id = step.customer.wa_id, step.customer.user_id
    identities = [CustomerIdentity(phone=phone)] if phone else []
    identities += [CustomerIdentity(user_id=user_id)] if user_id else []
    return [keys.customer(TenantId(step.tenant), identity) for identity in identities]


def _shifted(customer: Customer, shift: int) -> Customer:
    moved = {name: _moved(value, shift) for name in ("wa_id", "user_id") if (value := getattr(customer, name))}
    return customer.model_copy(update=moved)


def _moved(identity: str, shift: int) -> str:
    return f"{identity[:-2]}{(int(identity[-2:]) + shift) % _NUMBERS:02}"
