"""How a command names a customer: a number belongs neither into a shell's history nor into the list of processes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.customer_data import Asked

TenantOption = Annotated[str, typer.Option("--tenant", help="Id of the seller whose customer it is.")]
PhoneOption = Annotated[
    str | None,
    typer.Option("--phone", help="As WhatsApp gives it. `-` reads it from stdin: then no shell's history keeps it."),
]
UserIdOption = Annotated[str | None, typer.Option("--user-id", help="The BSUID, where WhatsApp gives no phone.")]
CustomerIdOption = Annotated[str | None, typer.Option("--customer-id", help="Our own id of the customer.")]

_FROM_STDIN = "-"


def asked_for(phone: str | None, user_id: str | None, customer_id: str | None) -> Asked:
    from domain.customer_data import Asked
    from domain.customers import CustomerId

    given = [name for name in (phone, user_id, customer_id) if name]
    if len(given) != 1:
        raise typer.BadParameter("name one of --phone, --user-id and --customer-id")
    if phone == _FROM_STDIN:
        phone = sys.stdin.readline()
    if phone is not None:
        digits = "".join(character for character in phone if character.isdigit())
        if not digits:
            raise typer.BadParameter("is not a phone number", param_hint="--phone")
        return Asked(identity=digits)
    return Asked(identity=user_id) if user_id else Asked(customer_id=CustomerId(customer_id or ""))
